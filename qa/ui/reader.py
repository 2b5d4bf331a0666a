"""An article laid out for the source panel, with the quoted words marked.

The layout is plain values; the page puts them in as text, never as markup.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import pairwise
from typing import TypedDict

from qa.errors import QaError
from qa.index import Index
from qa.render import page_numbers
from qa.schema import Citation, Document, Heading, Span
from qa.ui.markup import byline, safe_url

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n(?!\n).*\S)*")
_KEY = re.compile(r"([0-9a-f]{16})-([0-9]{1,4})")
_KEPT = 5000


class Run(TypedDict):
    """A stretch of text: part of the quote, of what answers in it, or neither."""

    text: str
    marked: bool
    answers: bool


class Block(TypedDict):
    """A paragraph (``level`` 0) or a heading."""

    level: int
    runs: list[Run]


class Page(TypedDict):
    """What the source panel shows; ``error`` is empty unless nothing can be shown."""

    title: str
    byline: str
    url: str
    blocks: list[Block]
    error: str


class Shown:
    """The citations that readers have seen, by answer; the oldest are forgotten."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, dict[int, Citation]] = OrderedDict()

    def remember(self, answer: str, citations: tuple[Citation, ...]) -> None:
        """Keep the citations of an answer in place of its earlier ones."""
        with self._lock:
            self._kept[answer] = {c.number: c for c in citations}
            self._kept.move_to_end(answer)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def find(self, key: object) -> Citation | None:
        """The citation of a key ``<answer>-<number>``; keys come from anybody."""
        match = _KEY.fullmatch(key) if isinstance(key, str) else None
        if match is None:
            return None
        with self._lock:
            return self._kept.get(match[1], {}).get(int(match[2]))


def open_citation(key: object, shown: Shown, index: Index) -> Page:
    """The article behind a citation."""
    citation = shown.find(key)
    if citation is None:
        return _nothing("This answer is no longer kept. Ask the question again.")
    try:
        with index.snapshot() as snapshot:
            document = snapshot.document(citation.document.id)
    except QaError as exc:
        return _nothing(" ".join(str(exc).split()))
    except KeyError:
        name = citation.document.file
        return _nothing(f"{name} has changed or is gone. Ask the question again.")
    return lay_out(document, Span(citation.start, citation.end), citation.answer)


def _nothing(error: str) -> Page:
    return {"title": "", "byline": "", "url": "", "blocks": [], "error": error}


def lay_out(document: Document, quote: Span, answer: Span | None = None) -> Page:
    """The whole text in blocks, in order; the title only above them.

    Args:
        document: What is shown.
        quote: The words to mark.
        answer: The words of the quote that answer, if they are known.
    """
    source = document.source
    marks = (quote, answer or Span(quote.end, quote.end))
    page = page_numbers([document.page_at(quote.start)])
    blocks = [
        _block(document.text, span, marks, level)
        for span, level in _spans(document)
        if level != 1 or _overlap(span, quote) or not _is_title(document, span)
    ]
    return {
        "title": source.title,
        "byline": ", ".join(filter(None, [byline(source), page])),
        "url": safe_url(source.url),
        "blocks": blocks,
        "error": "",
    }


def _spans(document: Document) -> Iterator[tuple[Span, int]]:
    """Paragraphs and headings with their levels, in order."""
    text_end = Heading(len(document.text), len(document.text), 0)
    start = 0
    for heading in (*document.headings, text_end):
        for match in _PARAGRAPH.finditer(document.text, start, heading.start):
            yield Span(match.start(), match.end()), 0
        if heading.start < heading.end:
            yield Span(heading.start, heading.end), heading.level
        start = heading.end


def _is_title(document: Document, span: Span) -> bool:
    return document.text[span.start : span.end].strip() == document.source.title.strip()


def _overlap(span: Span, other: Span) -> bool:
    return span.start < other.end and other.start < span.end


def _block(text: str, span: Span, marks: tuple[Span, Span], level: int) -> Block:
    quote, answer = (_within(mark, span) for mark in marks)
    edges = sorted(
        {span.start, span.end, quote.start, quote.end, answer.start, answer.end}
    )
    runs: list[Run] = [
        {
            "text": text[start:end],
            "marked": quote.start <= start < quote.end,
            "answers": answer.start <= start < answer.end,
        }
        for start, end in pairwise(edges)
    ]
    return {"level": level, "runs": runs}


def _within(mark: Span, span: Span) -> Span:
    """The part of a mark that lies in a block; empty where none does."""
    start = min(max(mark.start, span.start), span.end)
    return Span(start, max(min(mark.end, span.end), start))
