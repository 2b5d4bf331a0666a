"""Lists that are quoted whole, and the one item of them that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.language.numbers import place_of
from qa.language.sentences import enumerates, sentence_spans
from qa.language.text import content_stems, stem, tokens
from qa.schema import Evidence, Span

_LINE = re.compile(r"\S(?:(?!\n\n).)*", re.DOTALL)
_INLINE = re.compile(r"(?<!\S)\(?(?:[a-h]|[1-9]|i{1,3}|iv|vi{0,3})\)\s+")
_BETWEEN = re.compile(r"[\s,;]*(?:\b(?:and|or)\s*)?$")
_SEVERAL = 2


def is_itemised(quote: str) -> bool:
    """Whether a quote is a list: a sentence has one paragraph."""
    return "\n\n" in quote


def in_one_line(quote: str) -> str:
    """A quote on one line; the items of a list get the marks between them that their
    lines were instead of.
    """
    lines = [" ".join(line.split()) for line in quote.split("\n\n")]
    marked = [line if line[-1:] in ",;:.?!" else f"{line};" for line in lines[:-1]]
    return " ".join([*marked, lines[-1]])


def item_asked(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The item that a question asks for by its place, "the third condition", of the
    lists that speak of such things; empty where it asks for none.
    """
    found = []
    for word, thing in pairwise(tokens(question)):
        if (place := place_of(word.lower())) is None:
            continue
        for listed in evidence:
            said = f"{listed.heading} {listed.text}"
            items = _items(listed.text)
            if place <= len(items) and stem(thing) in content_stems(said):
                found.append(_part(listed, items[place - 1]))
    return tuple(found)


def _items(quote: str) -> list[Span]:
    """Where the items of a list stand in it, without what leads in to them: lines,
    "(a) …; (b) …", or sentences with "First, …", "Second, …".
    """
    lines = [Span(*line.span()) for line in _LINE.finditer(quote)]
    if len(lines) > 1:
        said = [quote[line.start : line.end] for line in lines]
        led = said[0].endswith(":") or said[0][-1] == "." != said[1][-1]
        return lines[led:]
    marks = [mark.span() for mark in _INLINE.finditer(quote)]
    if len(marks) < _SEVERAL:
        starts = [
            s.start for s in sentence_spans(quote) if enumerates(quote[s.start :])
        ]
        marks = [(start, start) for start in starts]
    if len(marks) < _SEVERAL:
        return []
    ends = [*(start for start, _ in marks[1:]), len(quote)]
    parts = [quote[mark[1] : end] for mark, end in zip(marks, ends, strict=True)]
    return [
        Span(begin, begin + len(_BETWEEN.sub("", part)))
        for (_, begin), part in zip(marks, parts, strict=True)
    ]


def _part(listed: Evidence, item: Span) -> Evidence:
    start, end = listed.start + item.start, listed.start + item.end
    text = listed.text[item.start : item.end]
    return replace(listed, start=start, end=end, text=text, answer=None)
