"""A question as people type it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_MISTYPED = 0.08
"""Of questions, how many have words typed wrongly."""
_LONG, _MOST = 4, 2
"""Letters of a word that is typed wrongly at least, and such words at most."""
_WORD = re.compile(rf"\b[a-zA-Z]{{{_LONG},}}\b")
_VOWELS = "aeiouy"


def typed(question: str, rng: Random) -> str:
    """As a sentence or without its form, so that the form tells nothing; sometimes with
    words typed wrongly.
    """
    question = question.strip().rstrip("?").rstrip()
    if rng.random() < _MISTYPED:
        question = _mistyped(question, rng)
    if rng.random() < 0.5:
        question = question[:1].upper() + question[1:] + "?"
    return question


def _mistyped(question: str, rng: Random) -> str:
    words = list(_WORD.finditer(question))
    wrong = rng.sample(words, min(len(words), rng.randint(1, _MOST)))
    for word in sorted(wrong, key=lambda found: -found.start()):
        question = (
            question[: word.start()] + _slip(word[0], rng) + question[word.end() :]
        )
    return question


def _slip(word: str, rng: Random) -> str:
    """Two letters changed places, one left out, one doubled, or another vowel."""
    at = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = [before + after, before + 2 * letter + after]
    slips.append(before + after[0] + letter + after[1:])
    if letter in _VOWELS:
        slips.append(before + rng.choice(_VOWELS) + after)
    return rng.choice([slip for slip in slips if slip != word])
