"""Versions of an article: the same title and authors, another date.

The newest answers, unless a question asks for a year that another is of, or how things
have changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from qa.language.text import numbers
from qa.schema import Filters, Hit, Question, Source

_OVER_TIME = re.compile(
    r"\b(?:chang\w+|since|differ\w*|compar\w+|between|versions?|over time)\b",
    re.IGNORECASE,
)
_VERSION = "“{}” is there in {} versions; this is that of {}."
_TELLS = 0.8
"""Share of the best score from which on the newest version is taken to answer."""


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
        if best[meant.id] >= _TELLS * max(best.values()):
            left_out |= {s.id for s in versions} - {meant.id}
            notes.append(_VERSION.format(meant.title, len(versions), meant.published))
    return tuple(hit for hit in hits if hit.source.id not in left_out), tuple(notes)


def of_year(
    question: Question, hits: Sequence[Hit]
) -> tuple[Question, tuple[str, ...]]:
    """The question put to the version of the year that it names, without the year,
    which that version need not say, and a line that says so; or the question as it is.
    """
    years = numbers(question.search)
    if question.filters or _OVER_TIME.search(question.text):
        return question, ()
    for versions in versions_in(hits):
        for source in versions:
            year = source.published[:4]
            texts = [hit.passage.text for hit in hits if hit.source.id == source.id]
            if year in years and not any(year in text for text in texts):
                named = rf"\s*\b(?:(?:in|of|for|during|by)\s+)?{year}\b"
                search = re.sub(named, "", question.search)
                files = Filters(files=[source.file])
                note = _VERSION.format(source.title, len(versions), source.published)
                return replace(question, search=search, filters=files), (note,)
    return question, ()


def versions_in(hits: Sequence[Hit]) -> list[list[Source]]:
    """The articles that were found in several versions, the oldest version first."""
    found: defaultdict[tuple[str, tuple[str, ...]], dict[str, Source]] = defaultdict(
        dict
    )
    for hit in hits:
        source = hit.source
        if source.published:
            found[source.title.casefold(), source.authors][source.published] = source
    return [
        [dated[date] for date in sorted(dated)]
        for dated in found.values()
        if len(dated) > 1
    ]
