"""Words that turn a statement round."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from qa.language.text import stem
from qa.language.word_lists import pairs


def opposites(word: str) -> frozenset[str]:
    """The stems that say the opposite of a stem."""
    return _sides().get(word, frozenset())


@cache
def _sides() -> Mapping[str, frozenset[str]]:
    """Each stem to the stems on the other side of its lines."""
    found: dict[str, set[str]] = {}
    for sides in pairs("opposites"):
        left, right = (set(map(stem, side)) for side in sides)
        for word in left:
            found.setdefault(word, set()).update(right - left)
        for word in right:
            found.setdefault(word, set()).update(left - right)
    return {word: frozenset(others) for word, others in found.items()}
