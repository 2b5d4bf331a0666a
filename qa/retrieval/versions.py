"""Versions of an article: the same title and authors, another date, which may stand in
brackets behind the title, "Our shop (rules of March 2020)", where both say much the
same.

The newest answers, unless a question asks for a year that another is of, or how things
have changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.documents.metadata import iso_date
from qa.language.text import content_stems, numbers
from qa.schema import Filters, Hit, Question, Source

CHANGES = re.compile(
    r"\b(?:chang\w+|differ\w*|compar\w+|versions?|over time)\b", re.IGNORECASE
)
"""Asks how something has changed; "Chang" is a name."""
_OVER_TIME = re.compile(rf"{CHANGES.pattern}|\b(?:since|between)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previous|former)\b")
_TITLED = re.compile(r"(?P<title>.*\S)\s*[(\[](?P<date>[^()\[\]]+)[)\]]")
_EDITION = re.compile(
    r"^\D*\b(?:of|from)\b|\b(?:updated?|version|edition|revised)\b", re.IGNORECASE
)
"""Beside the date in brackets: "2024 update", "new rules from April 2024"."""
_ALIKE = 0.25
"""Of the words of two articles that are found, the share that both have: of minutes and
reports of several years, which one title names too, it is lower."""
_NEWEST = "“{}” is there in {} versions; the newest is that of {}."
_VERSION = "“{}” is there in {} versions; this is that of {}."
_TELLS = 0.8
"""Share of the best score from which on a version is taken to answer."""


def of_one_version(
    question: str, hits: Sequence[Hit]
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """Hits without those of other versions, and a line for each article that has any.

    Args:
        question: As asked.
        hits: Best first.
    """
    if _OVER_TIME.search(question):
        return tuple(hits), ()
    years = numbers(question)
    left_out: set[str] = set()
    notes = []
    for versions in versions_in(hits):
        asked = [s for s in versions if s.published[:4] in years]
        meant = (asked or versions)[-1]
        best = {
            s.id: max(h.score for h in hits if h.source.id == s.id) for s in versions
        }
        told = _VERSION
        if best[meant.id] >= _TELLS * max(best.values()):
            left_out |= {s.id for s in versions} - {meant.id}
        else:
            meant, told = versions[-1], _NEWEST
        notes.append(told.format(meant.title, len(versions), meant.published))
    return tuple(hit for hit in hits if hit.source.id not in left_out), tuple(notes)


def of_year(
    question: Question, hits: Sequence[Hit]
) -> tuple[Question, tuple[str, ...]]:
    """The question put to the version of the year that it names, or to the one before
    the newest where the previous state is asked for, without these words, which that
    version need not say; and a line that says so. Else the question as it is.
    """
    if question.filters or _OVER_TIME.search(question.text):
        return question, ()
    for versions in versions_in(hits):
        words = [(source, source.published[:4]) for source in versions]
        if earlier := _EARLIER.search(question.search):
            words.append((versions[-2], earlier[0]))
        for source, word in words:
            named = re.compile(rf"\s*\b(?:(?:in|of|for|during|by)\s+)?{word}\b")
            search = named.sub("", question.search)
            texts = [hit.passage.text for hit in hits if hit.source.id == source.id]
            if search != question.search and not any(word in text for text in texts):
                files = Filters(files=[source.file])
                note = _VERSION.format(source.title, len(versions), source.published)
                return replace(question, search=search, filters=files), (note,)
    return question, ()


def versions_in(hits: Sequence[Hit]) -> list[list[Source]]:
    """The articles that were found in several versions, the oldest version first; not
    those of which none comes close to the best hit, since others answer.
    """
    found: defaultdict[tuple[str, tuple[str, ...]], dict[str, Source]] = defaultdict(
        dict
    )
    words: defaultdict[str, set[str]] = defaultdict(set)
    close: set[str] = set()
    titled: set[str] = set()
    least = _TELLS * max((hit.score for hit in hits), default=0.0)
    for hit in hits:
        source = _dated(hit.source)
        if source is not hit.source:
            titled.add(source.id)
        words[source.id] |= set(content_stems(hit.passage.text))
        if source.published:
            found[source.title.casefold(), source.authors][source.published] = source
        if hit.score >= least:
            close.add(source.id)
    versions = []
    for by_date in found.values():
        dated = [by_date[date] for date in sorted(by_date)]
        ids = {source.id for source in dated}
        said = [words[source.id] for source in dated]
        if len(dated) > 1 and close & ids and (not titled & ids or _alike(said)):
            versions.append(dated)
    return versions


def _alike(articles: Sequence[set[str]]) -> bool:
    """Whether each says much of what the next one does, by their words."""
    return all(len(a & b) >= _ALIKE * len(a | b) for a, b in pairwise(articles))


def _dated(source: Source) -> Source:
    """The article under its title without the date in brackets behind it, and of that
    date: a report on one year may appear in the next.
    """
    titled = _TITLED.fullmatch(source.title)
    date = iso_date(_EDITION.sub("", titled["date"])) if titled else ""
    if titled is None or not date:
        return source
    return replace(source, title=titled["title"], published=date)
