"""Irregular forms of English words and their base forms.

A stemmer cuts off endings and cannot know that "bought" is "buy", "buses" is "bus" and
"children" is "child".
"""

from __future__ import annotations

from qa.language.word_lists import table


def base_form(word: str) -> str:
    """The base form of an irregular word in lower case, "buy" of "bought"; any other
    word itself.
    """
    return table("base_forms").get(word, word)
