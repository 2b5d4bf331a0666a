"""The year asked about: what tells of other years, in an article that does not name it,
does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.answering.results import best_told
from qa.documents.bylines import MONTH
from qa.question.period import period_asked
from qa.schema import Document, Hit, Intent, Question

_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)\b(?![’'/–-])"
_ASKED = re.compile(rf"\b(?:in|during|year|{MONTH})\s+{_YEAR}", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?:in|during|since|from|until|before|after|by|year|{MONTH})\s+{_YEAR}",
    re.IGNORECASE,
)
"""A number is a year by what stands before it: "in 2021", "May 2021"."""
_OTHER = "What was found tells of other years, not of {}."


def of_year_named(
    question: Question, hits: Sequence[Hit], document: Callable[[str], Document]
) -> tuple[tuple[Hit, ...], str]:
    """The passages that may tell of the year that is asked about, and a line where none
    may; all passages where no single year is.

    Args:
        hits: Found for the question.
        document: Loads a document by id.
    """
    years = {match["year"] for match in _ASKED.finditer(question.search)}
    if question.intent is not Intent.CONTENT or len(years) != 1:
        return tuple(hits), ""
    (year,) = years
    of_others = {
        hit.passage.id
        for hit in hits
        if _tells_of_others(hit, year) and not _names(document(hit.source.id), year)
    }
    kept = tuple(hit for hit in hits if hit.passage.id not in of_others)
    return kept, _OTHER.format(year) if hits and not kept else ""


def _tells_of_others(hit: Hit, year: str) -> bool:
    """Whether the sentence that answers best states years, and not this one among or
    between them: "In 2022 there were 90", not "since 2019".
    """
    best = _best(hit)
    said = "" if best is None else hit.passage.sentence(best)
    period = period_asked(said) if _TOLD.search(said) else None
    return period is not None and not period.first <= year <= period.last


def _best(hit: Hit) -> int | None:
    said = hit.reading.sentences if hit.reading else None
    if not said:
        return best_told(hit)
    return max(range(len(said)), key=lambda number: said[number].direct)


def _names(document: Document, year: str) -> bool:
    """Whether an article names a year: in its text, title or date, as the end of
    "2020/21", as "'21", or by its decade.
    """
    short, before = year[2:], int(year) - 1
    ways = rf"{year}|{before} ?[/–-] ?{short}|[’']{short}|{year[:3]}0[’']?s"
    named = re.compile(rf"(?<!\d)(?:{ways})(?!\d)")
    source = document.source
    return any(map(named.search, (document.text, source.title, source.published)))
