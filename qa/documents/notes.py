"""Marks of footnotes that stand in plain text as bare figures: "the town.12"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NOTE = re.compile(r"[ \t]*\[?(\d{1,3})[\].)]?[ \t]+\S")
_LEAST = 2
"""Notes that show, by their numbers in order, that a text has any."""


def without_marks(text: str) -> str:
    """A text without the numbers of its own notes behind words and stops.

    Only where lines below it begin with these numbers in order, and each stands in the
    text in that order: "212.14" is read as "212." then, since note 14 follows 13.
    """
    lines = text.split("\n")
    for first, numbers in _notes(lines):
        body = "\n".join(lines[:first])
        places = _marks(body, numbers)
        if len(places) == len(numbers):
            for start, end in reversed(places):
                body = body[:start] + body[end:]
            return "\n".join([body, *lines[first:]])
    return text


def _notes(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Where notes begin, each a line with the next number, and their numbers."""
    found = [(at, m[1]) for at, line in enumerate(lines) if (m := _NOTE.match(line))]
    start = 0
    for place in range(1, len(found) + 1):
        ends = (
            place == len(found) or int(found[place][1]) != int(found[place - 1][1]) + 1
        )
        if ends:
            if place - start >= _LEAST:
                yield found[start][0], [number for _, number in found[start:place]]
            start = place


def _marks(body: str, numbers: Sequence[str]) -> list[tuple[int, int]]:
    """The places of the marks, one after the other, as far as they are found."""
    places: list[tuple[int, int]] = []
    at = 0
    for number in numbers:
        mark = re.compile(rf"(?<=[^\W\d_]|[.,;:!?”’\"\')]){number}(?![\d%]|[.,]\d)")
        if (found := mark.search(body, at)) is None:
            break
        places.append(found.span())
        at = found.end()
    return places
