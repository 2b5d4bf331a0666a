"""Years that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.language.text import numbers

_YEAR = re.compile(r"1\d{3}|20\d{2}")
_DECADE = re.compile(r"\b(?P<decade>(?:1\d|20)\d)0s\b")


def years_in(text: str) -> frozenset[str]:
    """The years 1000 to 2099 that stand in a text in figures; of "2005-06" both."""
    return frozenset(filter(_YEAR.fullmatch, numbers(text)))


def states_year(question: str, texts: Iterable[str]) -> bool:
    """Whether any text states a year that a question names, itself or in its decade
    ("the 1990s"), or one between those that it names; also where it names none.
    """
    asked = years_in(question)
    if not asked:
        return True
    stated: set[str] = set()
    for text in texts:
        stated |= years_in(text)
        for found in _DECADE.finditer(text):
            stated |= {f"{found['decade']}{unit}" for unit in range(10)}
    return any(min(asked) <= year <= max(asked) for year in stated)
