"""What is told without a reader: changes between versions, lists, acronyms, rows of
tables, and what many articles say together; exact, or left to the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.answering.acronyms import (
    acronym_asked,
    is_known_as,
    may_be_spelt_out,
    names_shortened,
    spelt_out,
)
from qa.answering.across import told_across
from qa.answering.captions import captioned, label_asked
from qa.answering.changes import asks_for_changes, changed
from qa.answering.facts import Statement
from qa.answering.items import lists_asked
from qa.answering.rows import Row, rows_asked, rows_in
from qa.answering.years import of_year_named
from qa.index import Snapshot, Store, TextQuery
from qa.language.text import stem, tokens
from qa.retrieval.versions import versions_in
from qa.schema import Hit, Intent, Passage, Question, Source

_Told = tuple[Sequence[Statement], str]
"""What is told, and what was counted or compared for it."""
_LookUp = Callable[[Question, Sequence[Hit]], _Told]
_LOOKED_AT = 300
"""Passages that have the words which are looked for."""
_LISTS = _TABLES = 8
"""Passages found first, in which lists and tables are looked for."""
_TABLE_PASSAGES = 500
"""Passages that are read of each article with such a table."""


class LookUps:
    """Looks up what a question asks for.

    Args:
        index: Of the articles.
    """

    def __init__(self, index: Store) -> None:
        self._index = index

    def told(self, question: Question, hits: Sequence[Hit]) -> _Told:
        """What the first look-up that knows tells, and what was counted for it."""
        look_ups: list[_LookUp] = [self._changes]
        if question.intent is Intent.CONTENT:
            look_ups += [_listed, self._spelt_out, self._captioned]
            look_ups += [self._rows, self._across]
        for look_up in look_ups:
            told, note = look_up(question, hits)
            if told:
                return told, note
        return (), ""

    def unspelt(self, question: Question) -> str:
        """A line that no article says what the acronym stands for that is asked for."""
        acronym, alone = acronym_asked(question.search)
        if not alone or may_be_spelt_out(acronym, self._having(acronym, question)):
            return ""
        return f"The articles do not say what {acronym} stands for."

    def of_year_named(
        self, question: Question, hits: Sequence[Hit]
    ) -> tuple[tuple[Hit, ...], str]:
        """The passages that may tell of the year that is asked about; see ``years``."""
        with self._index.snapshot() as snapshot:
            return of_year_named(question, hits, snapshot.document)

    def shortened(self, question: Question) -> Iterator[Question]:
        """The question with an acronym for a name that articles write so, for each."""
        for name, acronym, search in names_shortened(question.search):
            if is_known_as(name, acronym, self._having(acronym, question)):
                yield replace(question, search=search)

    def _changes(self, question: Question, hits: Sequence[Hit]) -> _Told:
        """What has changed in the article that was found first in several versions."""
        found = versions_in(hits) if asks_for_changes(question.search) else []
        if not found:
            return (), ""
        with self._index.snapshot() as snapshot:
            said = [_said(snapshot, version) for version in found[0]]
        return changed(question.search, said), ""

    def _rows(self, question: Question, hits: Sequence[Hit]) -> _Told:
        """What the rows of tables tell, of the articles whose rows were found."""
        near = [(hit.passage, hit.source) for hit in hits[:_TABLES]]
        articles = dict.fromkeys(row.source.id for row in rows_in(near))
        if not articles:
            return (), ""
        rows: list[Row] = []
        with self._index.snapshot() as snapshot:
            for article in articles:
                keys = snapshot.keys_in(article)[:_TABLE_PASSAGES]
                rows += rows_in(snapshot.passages(keys).values())
        return rows_asked(question.search, rows)

    def _captioned(self, question: Question, hits: Sequence[Hit]) -> _Told:
        """The captions of the figure that is asked about, of the articles found."""
        if not (label := label_asked(question)):
            return (), ""
        articles = dict.fromkeys(hit.source.id for hit in hits[:_TABLES])
        with self._index.snapshot() as snapshot:
            documents = [snapshot.document(article) for article in articles]
        return captioned(label, documents), ""

    def _across(self, question: Question, _: Sequence[Hit]) -> _Told:
        """What sentences of many articles tell together."""
        if question.filters:
            return (), ""

        def having(words: Sequence[str]) -> list[tuple[Passage, Source]]:
            said = dict.fromkeys(t for t in tokens(question.search) if stem(t) in words)
            with self._index.snapshot() as snapshot:
                return _with_words(snapshot, tuple(said))

        return told_across(question.search, having)

    def _spelt_out(self, question: Question, _: Sequence[Hit]) -> _Told:
        """The sentence that says what an acronym stands for."""
        acronym, _alone = acronym_asked(question.search)
        return spelt_out(acronym, self._having(acronym, question)), ""

    def _having(self, word: str, question: Question) -> list[tuple[Passage, Source]]:
        """Passages with a word, of the articles that a question may be about."""
        if not word:
            return []
        with self._index.snapshot(question.filters) as snapshot:
            return _with_words(snapshot, (word,))


def _with_words(
    snapshot: Snapshot, words: tuple[str, ...]
) -> list[tuple[Passage, Source]]:
    """The passages that hold all of some words, best first."""
    best = snapshot.search_text(TextQuery(words, "and"), _LOOKED_AT)
    found = snapshot.passages(key for key, _ in best)
    return [found[key] for key, _ in best]


def _listed(question: Question, hits: Sequence[Hit]) -> _Told:
    """The list that is asked for, or an item of it."""
    return lists_asked(question.search, hits[:_LISTS]), ""


def _said(snapshot: Snapshot, source: Source) -> list[Statement]:
    """The sentences of an article."""
    keys = snapshot.keys_in(source.id)
    passages = snapshot.passages(keys)
    return [
        Statement(passage.sentence(number), source, (span,))
        for passage, _ in (passages[key] for key in keys)
        for number, span in enumerate(passage.sentences)
    ]
