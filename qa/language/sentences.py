"""Text to sentences: the one place that decides where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from qa.language.text import reads_as_english
from qa.language.word_lists import words
from qa.schema import Span

_TOKEN = re.compile(r"(?:<[^<>]{1,40}>|\W)+|\| .*", re.DOTALL)
"""No sentence of its own: a control token behind the full stop, a mark of a note, and
the next cell of a row.
"""

_NUMBER = re.compile(r"\(?(?:(?:\d{1,3}\.)*\d{1,3}|[IVX]{1,5}|[ivx]{1,5}|[A-Za-z])[.)]")
"""No sentence of its own either: what stands before a heading or an item."""
_LAST_WORD = re.compile(r"([A-Za-z]+)\.$")
_ENUMERATED = re.compile(
    r"(?:first|second|third|fourth|fifth|final|last)(?:ly)?,", re.IGNORECASE
)


def paragraph_spans(text: str, offset: int = 0) -> Iterator[Span]:
    """Spans of the paragraphs of a text, counted from an offset; not of empty ones."""
    start = offset
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield Span(start, start + len(paragraph))
        start += len(paragraph) + 2


def sentence_spans(text: str, offset: int = 0) -> list[Span]:
    """Spans of the sentences of one paragraph, counted from an offset; white space
    around them left out.
    """
    spans: list[Span] = []
    for first, after in pairwise([*_starts(text), len(text)]):
        sentence = text[first:after]
        start = first + len(sentence) - len(sentence.lstrip())
        end = start + len(sentence.strip())
        if end <= start:
            continue
        goes_on = _TOKEN.fullmatch(text[start:end]) or (spans and _goes_on(text, spans))
        if spans and goes_on:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return [Span(offset + span.start, offset + span.end) for span in spans]


def _starts(text: str) -> list[int]:
    """Where sentences begin; in another language only where they do in English too, so
    that the abbreviations of both end none ("am 11. Februar", "M. Dupont").
    """
    starts = _starts_in("en", text)
    if len(starts) < 2 or reads_as_english(text):
        return starts
    # In a second, and 100 MB: only who reads another language pays for it.
    import py3langid

    language, _ = py3langid.classify(text)
    return sorted({*starts} & {*_starts_in(language, text)})


def _starts_in(language: str, text: str) -> list[int]:
    return [b["start_index"] for b in get_sentence_boundaries(language, text)]


def _goes_on(text: str, spans: list[Span]) -> bool:
    """Whether the last sentence is a number before what follows, and no answer to the
    question before it; or ends with an abbreviation that ends none: "approx.".
    """
    start, end = spans[-1].start, spans[-1].end
    asked = len(spans) > 1 and text[spans[-2].end - 1] == "?"
    if _NUMBER.fullmatch(text, start, end) and not asked:
        return True
    last = _LAST_WORD.search(text, start, end)
    return last is not None and last[1].lower() in words("abbreviations")


def split_sentences(text: str) -> list[str]:
    """The sentences of one paragraph."""
    return [text[span.start : span.end] for span in sentence_spans(text)]


def enumerates(sentence: str) -> bool:
    """Whether a sentence says by "Firstly, …" that it is one of several points."""
    return bool(_ENUMERATED.match(sentence.lstrip()))
