"""An article laid out for the source panel, with the quoted words marked.

The layout is plain values; the page puts them in as text, never as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypedDict

from qa.errors import QaError
from qa.index import Index
from qa.language.rendering import page_numbers
from qa.schema import Citation, Document, Heading, Span
from qa.ui.page.markup import byline, safe_url
from qa.ui.server.recent_answers import RecentAnswers

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n(?!\n).*\S)*")
_FORGOTTEN = "This answer is no longer kept. Ask the question again."


class TextRun(TypedDict):
    """A stretch of text: of which quote (0: none), and whether it answers."""

    text: str
    quote: int
    answers: bool


class TextBlock(TypedDict):
    """A paragraph (``level`` 0) or a heading."""

    level: int
    runs: list[TextRun]


class QuoteLink(TypedDict):
    """One citation of the answer; ``here`` if it is in the article shown."""

    key: str
    number: int
    title: str
    here: bool


class SourcePage(TypedDict):
    """What the source panel shows; ``error`` is empty unless nothing can be shown."""

    title: str
    byline: str
    url: str
    heading: str
    number: int
    quotes: list[QuoteLink]
    blocks: list[TextBlock]
    error: str


class CitationCard(TypedDict):
    """What is shown beside a citation number before it is opened."""

    before: str
    answer: str
    after: str
    title: str
    byline: str
    verdict: str
    error: str


_VERDICTS = {
    "quoted": "Quoted word for word.",
    "supported": "Checked: these words support the sentence.",
}


def open_citation(key: object, answers: RecentAnswers, index: Index) -> SourcePage:
    """The article behind a citation, with all quotes of its answer."""
    found = answers.cited(key)
    if found is None:
        return _nothing(_FORGOTTEN)
    exchange, citation = found
    try:
        with index.snapshot() as snapshot:
            document = snapshot.document(citation.document.id)
    except QaError as exc:
        return _nothing(" ".join(str(exc).split()))
    except KeyError:
        name = citation.document.file
        return _nothing(f"{name} has changed or is gone. Ask the question again.")
    page = lay_out(document, exchange.citations, citation.number)
    page["quotes"] = [
        {
            "key": f"{exchange.id}-{c.number}",
            "number": c.number,
            "title": c.document.title,
            "here": c.document.id == document.source.id,
        }
        for c in exchange.citations
    ]
    return page


def preview_citation(key: object, answers: RecentAnswers) -> CitationCard:
    """The quote behind a citation number and where it stands."""
    found = answers.cited(key)
    if found is None:
        return {**_blank_card(), "error": _FORGOTTEN}
    _, citation = found
    answer = citation.answer or Span(citation.end, citation.end)
    start, end = answer.start - citation.start, answer.end - citation.start
    place = [byline(citation.document), citation.heading, page_numbers([citation.page])]
    return {
        "before": citation.quote[:start],
        "answer": citation.quote[start:end],
        "after": citation.quote[end:],
        "title": citation.document.title,
        "byline": " · ".join(filter(None, place)),
        "verdict": _VERDICTS[citation.verdict],
        "error": "",
    }


def _blank_card() -> CitationCard:
    return {
        "before": "",
        "answer": "",
        "after": "",
        "title": "",
        "byline": "",
        "verdict": "",
        "error": "",
    }


def _nothing(error: str) -> SourcePage:
    return {
        "title": "",
        "byline": "",
        "url": "",
        "heading": "",
        "number": 0,
        "quotes": [],
        "blocks": [],
        "error": error,
    }


def lay_out(document: Document, cited: Sequence[Citation], number: int) -> SourcePage:
    """The whole text in blocks, in order; the title only above them.

    Args:
        document: What is shown.
        cited: The citations of an answer; those of other documents do not count.
        number: Which of them was opened. Where quotes overlap it is on top.
    """
    source = document.source
    marks = [c for c in cited if c.document.id == source.id]
    marks.sort(key=lambda c: (c.number != number, c.number))
    opened = marks[0]
    quoted = [Span(c.start, c.end) for c in marks]
    blocks = [
        _block(document.text, span, marks, level)
        for span, level in _spans(document)
        if level != 1
        or any(_overlap(span, quote) for quote in quoted)
        or not _is_title(document, span)
    ]
    page = page_numbers([document.page_at(opened.start)])
    return {
        **_nothing(""),
        "title": source.title,
        "byline": ", ".join(filter(None, [byline(source), page])),
        "url": safe_url(source.url),
        "heading": "" if opened.heading == source.title else opened.heading,
        "number": number,
        "blocks": blocks,
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


def _block(text: str, span: Span, marks: Sequence[Citation], level: int) -> TextBlock:
    edges = {span.start, span.end}
    for mark in marks:
        for part in (Span(mark.start, mark.end), mark.answer or span):
            edges |= {min(max(e, span.start), span.end) for e in (part.start, part.end)}
    runs = [
        _run(text[start:end], start, marks) for start, end in pairwise(sorted(edges))
    ]
    return {"level": level, "runs": runs}


def _run(text: str, start: int, marks: Sequence[Citation]) -> TextRun:
    """A stretch within which nothing changes; the first mark over it is on top."""
    over = next((m for m in marks if m.start <= start < m.end), None)
    if over is None:
        return {"text": text, "quote": 0, "answers": False}
    answer = over.answer
    answers = answer is not None and answer.start <= start < answer.end
    return {"text": text, "quote": over.number, "answers": answers}
