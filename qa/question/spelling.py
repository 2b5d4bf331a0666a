"""Words of a question that occur nowhere in the library, and what they are taken for.

A mistyped word is taken for the nearest one of the library, by the optimal string
alignment distance, in which two letters that changed places are one mistake; a word
that is English for the library's word with the same beginning, "criticism" for
"criticised". What was taken for what is said with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.language.numbers import place_of, quantities
from qa.language.text import is_content, is_english, tokens, without_accents
from qa.language.word_lists import words

_SHORTEST, _LONG = 4, 8
"""Letters of a word that may be mistyped in one, and in two."""
_ROOT = 6
_ENDING = 3
"""Letters of a common beginning at least, and of what may follow it."""
_NAME = 6


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the words of a library.

    Attributes:
        term: A word as it is searched for: without its ending.
        occurs: Which words occur, up to their endings.
        near: Terms that begin with the same letter as one and are about as long.
        written: A word as the library writes it, for a term; empty for none.
    """

    term: Callable[[str], str]
    occurs: Callable[[Sequence[str]], Iterable[str]]
    near: Callable[[str], Sequence[str]]
    written: Callable[[str], str]


def respelt(question: str, known: Vocabulary) -> tuple[str, tuple[str, ...]]:
    """A question in words of the library, and a line for each word that was changed."""
    said = [w for w in dict.fromkeys(tokens(question)) if _may_be_mistyped(w)]
    occurring = set(known.occurs(said)) if said else set()
    first = next(iter(tokens(question)), "")
    notes = []
    for word in said:
        if word in occurring:
            continue
        name = word[0].isupper() and word != first and not question.isupper()
        if meant := _meant(word, known, name=name, asks=word == first):
            question = re.sub(rf"\b{re.escape(word)}\b", meant, question)
            if is_content(meant):
                notes.append(f"Searched for “{meant}”: “{word}” occurs nowhere.")
    return question, tuple(notes)


def _may_be_mistyped(word: str) -> bool:
    typed = word.isascii() or word[0].isupper()  # "costó" is meant so, if no name
    counts = place_of(word.lower()) or quantities(word)  # "second" is not "secondly"
    long = word.isalpha() and len(word) >= _SHORTEST
    return typed and long and not counts and is_content(word)


def _meant(word: str, known: Vocabulary, *, name: bool, asks: bool) -> str:
    """What a word is taken for, that which asks before others at the beginning of a
    question; empty where that is itself.
    """
    plain = without_accents(word).lower()
    term = known.term(word)
    near = known.near(term)
    if is_english(plain):
        longer = [t for t in near if _continues(t, term)]
        return known.written(min(longer, key=len)) if longer else ""
    most = 1 + (len(plain) >= _LONG and not name)
    if name and len(plain) < _NAME:
        return ""
    small = sorted(
        (w for w in words("stop_words") if len(w) >= _SHORTEST),
        key=lambda w: (not (asks and w.startswith("wh")), -len(w), w),
    )
    if not name and (found := _nearest(plain, small, 1)):
        return found
    found = _nearest(term, near, most)
    return known.written(found) if found else ""


def _continues(longer: str, term: str) -> bool:
    more = len(longer) - len(term)
    return len(term) >= _ROOT and 0 < more <= _ENDING and longer.startswith(term)


def _nearest(word: str, among: Sequence[str], most: int) -> str:
    found = process.extractOne(word, among, scorer=OSA.distance, score_cutoff=most)
    return found[0] if found else ""
