"""A sentence as the tests see it: words, names, clauses, and what stands beside.

Phrases that mean one word ("behind the scenes") become that word first, and
places are known by one name ("Sino-" is China, "Russian" Russia).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.language.numbers import number_of
from qa.language.places import is_place_name
from qa.language.text import (
    folded,
    has_negation,
    is_content,
    on_one_line,
    stem,
    without_possessive,
    written_tokens,
)
from qa.language.word_lists import table

_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_SHORT_MONTHS = dict(zip(calendar.month_abbr, calendar.month_name, strict=True)) | {
    "Sept": "September"
}
_BREAKS = frozenset(
    ", ; : ( ) and but while although though whereas which who because".split()
)
_PREPOSITIONS = frozenset(
    """of in on at to from by with for against into over under between among through
    about toward towards than as after before during via within without since
    until""".split()
)
_LIGHT = frozenset("the a an his her its their our new old great".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: As written, without a possessive.
        stem: What it is compared by.
        relation: The preposition it depends on; "'s" before what it owns.
        clause: The number of its clause.
        start: Its number in the sentence.
    """

    text: str
    stem: str
    content: bool
    name: bool
    negation: bool
    relation: str
    clause: int
    start: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence taken apart.

    Attributes:
        text: Plain, with known phrases as one word.
        written: As it was.
    """

    text: str
    words: tuple[Word, ...]
    written: str

    def as_written(self, word: Word) -> str:
        """A word as a reader finds it, which may be a phrase."""
        return next(
            (
                found.group()
                for found in _phrases().finditer(folded(self.written))
                if _one_word(found) == word.text
            ),
            word.text,
        )

    @property
    def content(self) -> list[Word]:
        """The words that carry meaning of their own."""
        return [word for word in self.words if word.content]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the content words."""
        return frozenset(word.stem for word in self.words if word.content)

    @property
    def all_stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(word.stem for word in self.words)

    @property
    def names(self) -> frozenset[str]:
        """The stems of the names."""
        return frozenset(word.stem for word in self.words if word.name)

    def clauses(self) -> list[list[Word]]:
        """Its words by clause."""
        found: dict[int, list[Word]] = {}
        for word in self.words:
            found.setdefault(word.clause, []).append(word)
        return list(found.values())


def plain(text: str) -> str:
    """Text with plain quotes and dashes, known phrases as one word, dates spelled."""
    text = _ISO.sub(_spelled_date, on_one_line(text))
    return _phrases().sub(_one_word, text)


@lru_cache(maxsize=8192)
def statement(text: str) -> Statement:
    """Take a sentence apart."""
    clean = plain(text)
    tokens = written_tokens(clean)
    words: list[Word] = []
    relation, clause = "", 0
    capitals = {t for t in tokens[1:] if t[:1].isupper()}
    for place, token in enumerate(tokens):
        low = token.lower()
        if low in _BREAKS or not token[0].isalnum():
            clause += low in _BREAKS
            relation = "" if low in _BREAKS else relation
            if not token[0].isalnum():
                continue
        bare = without_possessive(token)
        owns = token.endswith("'s") and bare != token
        is_month = bare == "May" and place > 0
        content = is_month or (is_content(bare) and not bare.isdigit())
        name = content and _is_name(bare, tokens, place, capitals)
        words.append(
            Word(
                text=bare,
                stem=canonical(bare),
                content=content or bare[0].isdigit(),
                name=name,
                negation=has_negation(token),
                relation="'s" if owns else relation,
                clause=clause,
                start=place,
            )
        )
        if low in _PREPOSITIONS:
            relation = "to" if low.startswith("toward") else low
        elif content and not name and low not in _LIGHT:
            relation = ""
    return Statement(clean, tuple(words), " ".join(text.split()))


@lru_cache(maxsize=50_000)
def canonical(token: str) -> str:
    """A word's stem, a place's name, a month's full name, a number's digits."""
    if token[0].isdigit():
        return token.replace(",", "")
    bare = token.removesuffix("'s")
    if number := number_of(bare.lower()):
        return f"{number:g}"
    return stem(_SHORT_MONTHS.get(bare, bare))


def _is_name(token: str, tokens: list[str], place: int, capitals: set[str]) -> bool:
    if not token[0].isupper():
        return False
    starts = place == 0 or tokens[place - 1] in {":", '"'}
    if not starts:
        return True
    low = token.lower()
    if low.endswith(("ing", "ed", "ly")):
        return is_place_name(low)
    follows = tokens[place + 1][:1].isupper() if place + 1 < len(tokens) else False
    return (
        is_place_name(low)
        or token in capitals
        or (len(token) > 1 and token.isupper())
        or (follows and tokens[place + 1] != "I")
    )


@cache
def _phrases() -> re.Pattern[str]:
    """Any known phrase, the longest first."""
    known = sorted(table("phrases"), key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"[\s-]") for phrase in known)
    return re.compile(rf"\b(?:{'|'.join(escaped)})\b", re.IGNORECASE)


def _one_word(found: re.Match[str]) -> str:
    return table("phrases")[re.sub(r"[\s-]", " ", found.group().lower())]


def _spelled_date(found: re.Match[str]) -> str:
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= 12:
        return found.group()
    return f"{day} {calendar.month_name[month]} {year}"
