"""A question as people type it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_MISTYPED = 0.08
"""Of questions, how many have words typed wrongly."""
_ADDRESSED = 0.05
"""And how many are spoken as to somebody."""
_ADDRESSES = (
    "please tell me {}",
    "can you tell me: {}",
    "I would like to know {}",
    "I wonder, {}",
    "just curious: {}",
    "quick question - {}",
    "hi, {}",
    "{} thanks",
    "{} please",
    "now something else: {}",
    "for a talk I am giving, {}",
)
_LONG, _MOST = 4, 2
"""Letters of a word that is typed wrongly at least, and such words at most."""
_WORD = re.compile(rf"\b[a-zA-Z]{{{_LONG},}}\b")
_VOWELS = "aeiouy"


def typed(question: str, rng: Random) -> str:
    """As a sentence or without its form, so that the form tells nothing; sometimes with
    words typed wrongly, or as spoken to somebody.
    """
    question = question.strip().rstrip("?").rstrip()
    if rng.random() < _MISTYPED:
        question = _mistyped(question, rng)
    if rng.random() < _ADDRESSED:
        question = rng.choice(_ADDRESSES).format(_small(question))
    if rng.random() < 0.5:
        question = question[:1].upper() + question[1:] + "?"
    return question


def _small(question: str) -> str:
    """With a small first letter, unless the word is spelled in capitals."""
    small = question[:1].lower() + question[1:]
    return small if question[1:2].islower() else question


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
