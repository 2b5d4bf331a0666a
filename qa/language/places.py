"""Countries, regions and faiths: one name for all words that belong to a place.

A capital is another name than its country ("Moscow" is not "Russia"), though a
writer may mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from qa.language.word_lists import table, words


def place(word: str) -> str | None:
    """The name of the place that a word without accents belongs to, if any."""
    forms = _forms()
    low = word.lower()
    return forms.get(low) or forms.get(_singular(low)) or forms.get(_singular(word))


def is_place_name(word: str) -> bool:
    """Whether a word is the name of a place wherever it stands, also at the start of
    a sentence, where every word has a capital.
    """
    low = word.lower()
    known = place(low) is not None or low in _seats()
    return known and not {low, _singular(low)} & words("ambiguous_places")


def governed_from(seat: str) -> frozenset[str]:
    """The places whose government sits in a town, by any case of its name."""
    return _seats().get(seat.lower(), frozenset())


@cache
def _forms() -> Mapping[str, str]:
    forms = table("places")
    return {**forms, **{name: name for name in forms.values()}}


@cache
def _seats() -> Mapping[str, frozenset[str]]:
    seats = table("seats").items()
    return {seat.lower(): frozenset(places.split()) for seat, places in seats}


def _singular(word: str) -> str:
    """Without the ending of a people: "Danes", but "the Americas" are a place."""
    return word if word.endswith("as") else word.removesuffix("s")
