"""Irregular forms of English words and their base forms.

A stemmer cuts off endings and cannot know that "bought" is "buy", "buses" is "bus" and
"children" is "child".
"""

from __future__ import annotations

import re

from qa.language.word_lists import table

_WORD = re.compile(r"[^\W\d_]+")


def base_form(word: str) -> str:
    """The base form of an irregular word in lower case, "buy" of "bought"; any other
    word itself.
    """
    return table("base_forms").get(word, word)


def in_base_forms(text: str) -> str:
    """A text with its irregular forms in base form, all else as it is."""
    irregular = table("base_forms")
    return _WORD.sub(lambda m: irregular.get(m[0].lower(), m[0]), text)
