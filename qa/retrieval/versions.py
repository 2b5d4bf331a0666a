"""Versions of an article: the same title and authors, another date.

The newest answers, unless a question asks for a year that another is of, or how things
have changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from qa.language.text import numbers
from qa.schema import Hit, Source

_OVER_TIME = re.compile(
    r"\b(?:chang\w+|since|differ\w*|compar\w+|between|versions?|over time)\b",
    re.IGNORECASE,
)
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
    for versions in _versions(hits):
        asked = [s for s in versions if s.published[:4] in years]
        meant = (asked or versions)[-1]
        best = {
            s.id: max(h.score for h in hits if h.source.id == s.id) for s in versions
        }
        if best[meant.id] >= _TELLS * max(best.values()):
            left_out |= {s.id for s in versions} - {meant.id}
            notes.append(
                f"“{meant.title}” is there in {len(versions)} versions; this is that "
                f"of {meant.published}."
            )
    return tuple(hit for hit in hits if hit.source.id not in left_out), tuple(notes)


def _versions(hits: Sequence[Hit]) -> list[list[Source]]:
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
