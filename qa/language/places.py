"""Countries, regions and faiths: one name for all words that belong to a place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from qa.language.word_lists import table


def place(word: str) -> str | None:
    """The name of the place that a word without accents belongs to, if any."""
    forms = _forms()
    low = word.lower()
    return forms.get(low) or forms.get(_singular(low)) or forms.get(_singular(word))


@cache
def _forms() -> Mapping[str, str]:
    forms = table("places")
    return {**forms, **{name: name for name in forms.values()}}


def _singular(word: str) -> str:
    """Without the ending of a people: "Danes", but "the Americas" are a place."""
    return word if word.endswith("as") else word.removesuffix("s")
