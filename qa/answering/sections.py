"""Sections of an article by the words that people use for them: "chapter 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.language.numbers import number_of, place_of
from qa.language.text import tokens
from qa.schema import Document, Heading, Span

_HEADING = re.compile(r"(?:(?P<kind>[a-z]+)\s+)?(?P<number>\w+)\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LAST = frozenset("last final".split())


def section_of(document: Document, asked: str) -> Span | None:
    """Where the section lies that some words mean; None where there is none.

    Args:
        document: The article.
        asked: The words of a heading; "chapter 2", "second chapter"; or "end" and
            "begin" of the article.
    """
    if below := headed(document, asked):
        return below
    if asked in {"end", "begin", "start"}:
        return _edge(document, last=asked == "end")
    one, _, other = asked.partition(" ")
    kind, number = (one, other) if _number(other) else (other, one)
    found = list(sections(document, kind))
    if number not in _LAST:
        wanted = _number(number)
        found = [h for h in found if _number(_parts(document, h)[1]) == wanted][:1]
    return _below(document, found[-1]) if found else None


def headed(document: Document, words: str) -> Span | None:
    """Where something stands below the heading that some words are."""
    wanted = tokens(words.lower())
    for heading in document.headings:
        if tokens(document.text[heading.start : heading.end].lower()) == wanted:
            below = _below(document, heading)
            if document.text[heading.end : below.end].strip():
                return below
    return None


def sections(document: Document, kind: str) -> Iterator[Heading]:
    """The headings that begin with a word such as "chapter" and a number."""
    for heading in document.headings:
        word, number = _parts(document, heading)
        if word == kind and _number(number):
            yield heading


def _parts(document: Document, heading: Heading) -> tuple[str, str]:
    """A heading's first word and its number, in small letters."""
    found = _HEADING.match(document.text[heading.start : heading.end].strip().lower())
    return (found["kind"] or "", found["number"]) if found else ("", "")


def _number(word: str) -> int | None:
    """The number that a small word or Roman figure means."""
    if word.isdecimal():
        return int(word)
    if word and set(word) <= _ROMAN.keys():
        values = [_ROMAN[letter] for letter in word]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return sum(-value if value < after else value for value, after in pairs)
    value = 1 if word == "one" else number_of(word)
    return place_of(word) or (int(value) if value else None)


def _below(document: Document, heading: Heading) -> Span:
    """A heading and all below it, until one of the same level."""
    ends = (h.start for h in document.headings if h.start > heading.start)
    levels = {h.start: h.level for h in document.headings}
    end = next((e for e in ends if levels[e] <= heading.level), len(document.text))
    return Span(heading.start, end)


def _edge(document: Document, *, last: bool) -> Span:
    """The first or the last tenth of an article, at least a paragraph."""
    places = [m.start() for m in re.finditer(r"(?<=\n\n)\S", document.text)] or [0]
    size = len(document.text)
    if last:
        later = [place for place in places if place >= 0.9 * size]
        return Span(later[0] if later else places[-1], size)
    sooner = [place for place in places if 0.1 * size <= place]
    return Span(0, sooner[0] if sooner else size)
