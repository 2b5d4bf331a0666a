"""Inflected English words and their base forms.

A stemmer cuts off endings and cannot know that "bought" is "buy", "buses" is "bus" and
"children" is "child"; a dictionary does.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lemminflect import getAllLemmas

_SAFE = frozenset({"NOUN", "VERB"})
"""Of adjectives the base form says less: "better" is not "good", nor "oldest" "old"."""
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=50_000)
def base_form(word: str) -> str:
    """The base form of a word in lower case, "buy" of "bought"; the word itself where
    the dictionary has none, or several: "left" may be "leave", or a side.
    """
    found = getAllLemmas(word)
    forms = {form for of_kind in found.values() for form in of_kind}
    return forms.pop() if len(forms) == 1 and found.keys() <= _SAFE else word


def in_base_forms(text: str) -> str:
    """A text with its inflected words in base form, all else as it is."""
    return _WORD.sub(_base_form_of, text)


def _base_form_of(match: re.Match[str]) -> str:
    word = match[0]
    base = base_form(word.lower())
    return word if base == word.lower() else base
