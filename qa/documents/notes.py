"""Marks of footnotes that stand in plain text as bare figures: "the town.12"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.documents.tables import CELLS

_NOTE = re.compile(r"[ \t]*\[?(\d{1,3})[\].)]?[ \t]+\S")
NAMED = re.compile(r"\[\^[^\]\s]+\]")
"""The mark of a note that has a name: "[^1]"."""
_NAMED_NOTE = re.compile(rf"(?m)^ {{0,3}}{NAMED.pattern}:[ \t]*")
_BEFORE = r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?”’\"')]))"
"""A word or a stop; "km2" has no mark."""
_NUMBER = re.compile(r"\d[.,]$")
_SENTENCE = re.compile(r"\s*$|\s+[^\W\d_a-zß-ÿ]")
_LEAST = 2
"""Notes that show, by their numbers in order, that a text has any; or one "[1]"."""


def without_marks(text: str) -> str:
    """A text without the marks of its own notes: "[^1]", and their numbers behind words
    and stops.

    The latter only where lines below it begin with these numbers in order, and each
    stands in the text in that order: "212.14" is read as "212." then, since note 14
    follows 13.
    """
    lines = NAMED.sub("", _NAMED_NOTE.sub("", text)).split("\n")
    for first, numbers in _notes(lines):
        body = unmarked(lines[:first], numbers)
        if body != lines[:first]:
            return "\n".join([*body, *lines[first:]])
    return "\n".join(lines)


def unmarked(lines: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """Lines without the marks of notes, where all of them stand there in order."""
    body = "\n".join(lines)
    places = _marks(body, numbers)
    if not places or len(places) < len(numbers):
        return list(lines)
    for start, end in reversed(places):
        body = body[:start] + body[end:]
    return body.split("\n")


def _notes(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Where notes begin, each a line with the next number, and their numbers."""
    found = [(at, m[1]) for at, line in enumerate(lines) if (m := _NOTE.match(line))]
    start = 0
    for place in range(1, len(found) + 1):
        ends = (
            place == len(found) or int(found[place][1]) != int(found[place - 1][1]) + 1
        )
        if ends:
            bracketed = lines[found[start][0]].lstrip().startswith("[")
            if bracketed or place - start >= _LEAST:
                yield found[start][0], [number for _, number in found[start:place]]
            start = place


def _marks(body: str, numbers: Sequence[str]) -> list[tuple[int, int]]:
    """The places of the marks, one after the other, as far as they are found."""
    places: list[tuple[int, int]] = []
    at = 0
    for number in numbers:
        sign = re.escape(number)
        mark = re.compile(rf"{_BEFORE}(?:{sign}|\[{sign}\])(?![\d%]|[.,]\d)")
        marks = (m for m in mark.finditer(body, at) if not _in_number(body, *m.span()))
        if (found := next(marks, None)) is None:
            break
        places.append(found.span())
        at = found.end()
    return places


def _in_number(body: str, start: int, end: int) -> bool:
    """Whether what may be a mark is the end of a number: of "3.1" in a cell, or where
    no sentence ends; "in 1990.1 The" has a mark.
    """
    if not _NUMBER.search(body, max(0, start - 2), start):
        return False
    line = body[body.rfind("\n", 0, start) + 1 : (body + "\n").index("\n", end)]
    return CELLS in line or not _SENTENCE.match(body, end)
