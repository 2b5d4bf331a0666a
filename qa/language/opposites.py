"""Words that turn a statement round: opposites, and verbs seen from the other side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from qa.language.text import stem
from qa.language.word_lists import pairs


def opposites(word: str) -> frozenset[str]:
    """The stems that say the opposite of a stem."""
    return _sides("opposites").get(word, frozenset())


def converses(word: str) -> frozenset[str]:
    """The stems that say the same of the other party: of "sell", "buy"."""
    return _sides("converses").get(word, frozenset())


@cache
def _sides(name: str) -> Mapping[str, frozenset[str]]:
    """Each stem to the stems on the other side of its lines."""
    found: dict[str, set[str]] = {}
    for sides in pairs(name):
        left, right = (set(map(stem, side)) for side in sides)
        for word in left:
            found.setdefault(word, set()).update(right - left)
        for word in right:
            found.setdefault(word, set()).update(left - right)
    return {word: frozenset(others) for word, others in found.items()}
