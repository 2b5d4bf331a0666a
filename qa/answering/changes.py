"""What has changed between two versions of an article: the sentences that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from qa.answering.facts import Statement
from qa.language.text import content_stems, normalise, numbers
from qa.retrieval.versions import CHANGES

_SAID = frozenset(content_stems("between two new old way"))
"""Said of versions, whatever has changed."""
_ALIKE = 55
"""Of a hundred: sentences of two versions that say something of the same thing."""


def asks_for_changes(question: str) -> bool:
    """Whether a question is about how something has changed."""
    return CHANGES.search(question) is not None


def changed(question: str, versions: Sequence[Sequence[Statement]]) -> list[Statement]:
    """What the older version says and the newer one says instead, in turn, as far as it
    has words of the question; all of it where the question names only the article.

    Args:
        question: That asks for changes.
        versions: Of one article, the oldest first: its sentences, as quotes.
    """
    years = numbers(question)
    named = [v for v in versions if v and v[0].source.published[:4] in years]
    first = named[0] if named and named[0] is not versions[-1] else versions[0]
    last = named[-1] if len(named) > 1 else versions[-1]
    source = first[0].source
    date = 10 if source.published[:4] == last[0].source.published[:4] else 4
    about = content_stems(CHANGES.sub("", question))
    wanted = set(about) - _SAID - years - set(content_stems(source.title))
    return [
        replace(said, text=f"In {said.source.published[:date]}: {said.text}")
        for pair in _pairs(first, last)
        if not wanted or wanted & set(content_stems(" ".join(s.text for s in pair)))
        for said in pair
    ]


def _pairs(
    first: Sequence[Statement], last: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Sentences of the older version with those that stand for them in the newer."""
    kept = {normalise(s.text) for s in first} & {normalise(s.text) for s in last}
    new = [s for s in last if normalise(s.text) not in kept]
    for old in (s for s in first if normalise(s.text) not in kept):
        alike = {n: fuzz.ratio(old.text, s.text) for n, s in enumerate(new)}
        best = max(alike, key=lambda n: alike[n], default=None)
        if best is not None and alike[best] >= _ALIKE:
            yield old, new.pop(best)
