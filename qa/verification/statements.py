"""A sentence as the tests see it: words, names and clauses.

Phrases that mean one word ("behind the scenes") become that word first, and
places are known by one name ("Sino-" is China, "Russian" Russia).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.language.numbers import number_of
from qa.language.text import (
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


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: As written, without a possessive.
        stem: What it is compared by.
        clause: The number of its clause.
    """

    text: str
    stem: str
    content: bool
    name: bool
    negation: bool
    clause: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence taken apart.

    Attributes:
        text: Plain, with known phrases as one word.
    """

    text: str
    words: tuple[Word, ...]

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
    clause = 0
    capitals = {t for t in tokens[1:] if t[:1].isupper()}
    for place, token in enumerate(tokens):
        low = token.lower()
        if low in _BREAKS or not token[0].isalnum():
            clause += low in _BREAKS
            if not token[0].isalnum():
                continue
        bare = without_possessive(token)
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
                clause=clause,
            )
        )
    return Statement(clean, tuple(words))


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
        return False
    follows = tokens[place + 1][:1].isupper() if place + 1 < len(tokens) else False
    return (
        token in capitals
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
