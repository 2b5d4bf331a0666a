"""What there is to answer a question from: stated facts, or passages, and how likely
these answer.

The answerer, evaluation, ``/retrieve`` and assistants all search here, so that a
question means the same to each of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.answering.facts import Statement, of_author, state_facts, unstated
from qa.answering.gate import Coverage, cover
from qa.answering.lookups import LookUps
from qa.answering.results import best_told, in_turn
from qa.answering.rows import of_rows_named
from qa.answering.sections import headed
from qa.answering.speakers import said_by
from qa.errors import QuestionError
from qa.index import Snapshot, Store, index_term
from qa.language.text import content_stems, names, reads_as_english
from qa.question import SUMMED, Wishes, understand
from qa.question.coreference import refers_back
from qa.question.scope import topic_quoted
from qa.question.shape import shape_of
from qa.question.spelling import Vocabulary, respelt
from qa.retrieval.retriever import Retriever
from qa.retrieval.versions import of_one_version, of_year
from qa.schema import Filters, Hit, Intent, Question, Signal, Source, Turn

QUESTION_LENGTH = 2000
Gate = Callable[[Coverage], float]
"""How probably a passage that was found answers."""
_SENTENCES = 4
"""Of an answer in prose, unless the question wants another length."""
_PER_DOCUMENT = 3
"""Passages of one article at most, where several are asked for."""
_AS_GOOD = 0.85
"""Share of the best score from which on the article spoken of last is meant."""
Language = Literal["English", ""]
_ENGLISH_ONLY = (
    "The default models read English, and this question or the articles near it are in "
    "another language; name a model that reads it: the setting `embedder`."
)
_NOTHING_NAMED = "The question names nothing that could be searched for."
_DOUBT = 0.5
"""Probability of an answer below which a question is put in another way."""
_STATED = 10
"""Rows and sentences of one answer at most."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question.

    Attributes:
        hits: Best first; of stated facts, the passages that state them.
        facts: What the catalogue states; empty where it is not asked, or cannot tell.
        answerability: Probability that an answer can be given, in [0, 1]; 1 for
            stated facts and for a summary, which need no passage to answer.
        notes: As ``Answer.notes``.
        unread: Why the models may have missed an answer; empty where nothing says so.
    """

    hits: tuple[Hit, ...]
    facts: tuple[Statement, ...]
    answerability: float
    notes: tuple[str, ...] = ()
    unread: str = ""


class Finder:
    """Understands questions and finds what answers them.

    Args:
        retriever: Finds passages.
        index: What the retriever searches; knows the articles.
        sentences: Of an answer in prose.
        wishes: Tells what a question wants; None leaves it to the words.
        gate: Tells how probably what was found answers; None lets all through.
        reads: The one language that the models read; empty for any.
    """

    def __init__(
        self,
        retriever: Retriever,
        index: Store,
        *,
        sentences: int = _SENTENCES,
        wishes: Wishes | None = None,
        gate: Gate | None = None,
        reads: Language = "",
    ) -> None:
        self._retriever = retriever
        self._index = index
        self._look_ups = LookUps(index)
        self._sentences = sentences
        self._wishes = wishes
        self._gate = gate
        self._reads = reads
        self._known: tuple[int, Sequence[Source]] | None = None

    def understand(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> tuple[Question, ...]:
        """What was written comes to; several questions where several are asked.

        Raises:
            QuestionError: It is empty or too long.
        """
        asked, notes = self._respelt(check_question(text))
        understood = understand(
            asked,
            history,
            filters,
            sources=self._sources,
            sentences=self._sentences,
            wishes=self._wishes,
        )
        return tuple(
            self._of_section(replace(question, notes=notes)) for question in understood
        )

    def _of_section(self, question: Question) -> Question:
        """A question about what a heading says, word for word, as one to sum up what
        stands below it.
        """
        heading = topic_quoted(question.search)
        files = question.filters.files if question.filters and heading else ()
        if question.intent is not Intent.CONTENT or not 0 < len(files) <= SUMMED:
            return question
        with self._index.snapshot(question.filters) as snapshot:
            articles = tuple(
                source
                for source in snapshot.sources()
                if headed(snapshot.document(source.id), heading)
            )
        if not articles:
            return question
        shape = shape_of(question.text, self._sentences, summed=len(articles))
        return replace(
            question,
            intent=Intent.SUMMARY,
            articles=articles,
            section=heading,
            shape=shape,
        )

    def _respelt(self, text: str) -> tuple[str, tuple[str, ...]]:
        with self._index.snapshot() as snapshot:

            def occurs(terms: Sequence[str]) -> list[str]:
                return [t for t, n in snapshot.frequencies(terms).items() if n]

            known = Vocabulary(
                index_term, occurs, snapshot.terms_like, snapshot.written
            )
            return respelt(text, known)

    def find(self, question: Question) -> Findings:
        """What answers a question; the catalogue is asked before any search.

        Raises:
            QaError: What retrieval raises.
        """
        found = self._find(question)
        if not found.facts and found.answerability < _DOUBT:
            for short in self._look_ups.shortened(question):
                found = max(found, self._find(short), key=lambda f: f.answerability)
        return replace(found, notes=(*question.notes, *found.notes))

    def _find(self, question: Question) -> Findings:
        named = question.articles or question.intent in {Intent.LIST, Intent.COUNT}
        if question.intent.is_catalogue and named:
            facts = self._facts(question, ())
            if facts:
                with self._index.snapshot() as snapshot:
                    return Findings(_stating(snapshot, facts), facts, 1.0)
        names = content_stems(question.search) or question.context
        if question.intent is Intent.CONTENT and not names:
            return Findings((), (), 0.0, (_NOTHING_NAMED,))
        question, hits, dated = self._dated(question)
        facts = self._facts(question, hits) if question.intent.is_catalogue else ()
        if not facts and (
            note := unstated(question, hits) or self._look_ups.unspelt(question)
        ):
            return Findings(hits, (), 0.0, (note,))
        if facts or question.intent is Intent.SUMMARY:
            return Findings(hits, facts, 1.0)
        hits, notes = of_one_version(question.text, said_by(question.text, hits))
        notes = (*dated, *notes)
        told, note = self._look_ups.told(question, hits)
        told = told or self._of_author(question, hits)
        if told:
            more = f"The first {_STATED} are shown." if told[_STATED:] else ""
            notes = tuple(filter(None, [*notes, note, more]))
            return Findings(hits, tuple(told[:_STATED]), 1.0, notes)
        hits = of_rows_named(question.search, hits)
        naming, note = self._look_ups.of_year_named(question, hits)
        if note:
            return Findings(hits, (), 0.0, (*notes, note))
        answerability = (
            max(map(self._gate, cover(question, naming))) if self._gate else 1.0
        )
        unread = self._unread(question, naming)
        return Findings(naming, (), answerability, notes, unread)

    def _of_author(
        self, question: Question, hits: Sequence[Hit]
    ) -> tuple[Statement, ...]:
        """Who an author is, as his articles tell it; left to the reader where they do
        not and the passage found first speaks of somebody of that name.
        """
        if question.intent is not Intent.CONTENT:
            return ()
        with self._index.snapshot() as snapshot:
            told, works = of_author(
                question.search,
                lambda: self._sources(question.filters),
                snapshot.document,
            )
        own = {statement.source.id for statement in works}
        others = [hit for hit in hits[:1] if hit.source.id not in own]
        best = best_told(others[0]) if others and not told else None
        said = "" if best is None else others[0].passage.sentence(best)
        spoken_of = names(said) & set(content_stems(question.search))
        return () if spoken_of else (*told, *works)

    def _dated(
        self, question: Question
    ) -> tuple[Question, tuple[Hit, ...], tuple[str, ...]]:
        """The question as put to the version of an article that it names, what answers
        it, and which version that is.
        """
        hits = self._in_context(question)
        dated, notes = of_year(question, hits)
        return dated, self._in_context(dated) if notes else hits, notes

    def _unread(self, question: Question, hits: Sequence[Hit]) -> str:
        """That the models read English alone, where something else is to be read."""
        near = " ".join(hit.passage.text for hit in hits[:1])
        read = all(map(reads_as_english, (question.text, near)))
        return "" if read or self._reads != "English" else _ENGLISH_ONLY

    def _retrieve(self, question: Question) -> tuple[Hit, ...]:
        several = question.intent is Intent.COMPARISON
        files = tuple(source.file for source in question.articles)
        return self._retriever.retrieve(
            question.search,
            question.context,
            Filters(files=files) if files else question.filters,
            per_document=_PER_DOCUMENT if several else None,
        )

    def _in_context(self, question: Question) -> tuple[Hit, ...]:
        """What answers a question that may lean on those before it.

        One that points back does. Another is of the article spoken of last where that
        answers it as well as any, and else a new topic.
        """
        if not question.context or refers_back(question.text, loosely=False):
            return self._retrieve(question)
        alone = self._retrieve(replace(question, context=""))
        before = replace(question, search=question.context, context="")
        spoken_of = {hit.source.id for hit in self._retrieve(before)[:1]}
        on_topic = tuple(hit for hit in alone if hit.source.id in spoken_of)
        if not on_topic or on_topic[0].score < _AS_GOOD * alone[0].score:
            return alone
        return self._retrieve(question) if on_topic[0] is alone[0] else on_topic

    def search(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> Findings:
        """What an answer would be drawn from, without one; of several questions
        asked at once the passages in turn, and the most certain.

        Raises:
            QuestionError: The text is empty or too long.
            QaError: What retrieval raises.
        """
        found = [self.find(q) for q in self.understand(text, history, filters)]
        return Findings(
            hits=in_turn([part.hits for part in found]),
            facts=tuple(fact for part in found for fact in part.facts),
            answerability=max(part.answerability for part in found),
            notes=tuple(dict.fromkeys(note for part in found for note in part.notes)),
            unread=next((part.unread for part in found if part.unread), ""),
        )

    def _sources(self, filters: Filters | None) -> Sequence[Source]:
        with self._index.snapshot(filters) as snapshot:
            if filters:
                return snapshot.sources()
            known = self._known
            if known is None or known[0] != snapshot.generation:
                known = self._known = (snapshot.generation, snapshot.sources())
            return known[1]

    def _facts(self, question: Question, hits: Sequence[Hit]) -> tuple[Statement, ...]:
        with self._index.snapshot(question.filters) as snapshot:
            return state_facts(
                question, hits, sources=snapshot.sources, document=snapshot.document
            )


def _stating(snapshot: Snapshot, facts: Sequence[Statement]) -> tuple[Hit, ...]:
    """The passages that hold the words which state facts, once each."""
    found: dict[str, Hit] = {}
    for fact in facts:
        passages = snapshot.passages(snapshot.keys_in(fact.source.id))
        for passage, source in passages.values():
            scores = tuple(
                float(any(s.start <= p.start < s.end for p in fact.places))
                for s in passage.sentences
            )
            if any(scores):
                stated = Signal(1.0, None)
                hit = Hit(passage, source, 1.0, stated, Signal(0.0, None), scores)
                found.setdefault(passage.id, hit)
    return tuple(found.values())


def check_question(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionError: It is empty or too long.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question has to be text, not {question!r}")
    question = question.encode("utf-8", "ignore").decode("utf-8").strip()
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in question):
        raise QuestionError("the question is empty; ask something about the articles")
    if len(question) > QUESTION_LENGTH:
        raise QuestionError(
            f"the question has {len(question):,} characters; "
            f"shorten it to {QUESTION_LENGTH:,}"
        )
    return question
