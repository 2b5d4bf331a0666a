"""An article laid out for the source panel, with the quoted words marked.

The layout is plain values; the page puts them in as text, never as markup.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from qa.documents.tables import cells_of
from qa.errors import QaError
from qa.index import Store
from qa.language.rendering import FROM_PICTURE, page_numbers, place
from qa.schema import Citation, Document, Heading, Span, Table
from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import byline, safe_url
from qa.ui.server.recent_answers import RecentAnswers

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n(?!\n).*\S)*")
_WHOLE, _AROUND = 400, 100
"""Rows of a table that is shown whole; of a longer one, those around a marked row."""
_HIDDEN = "… {:,} rows …"
_FORGOTTEN = "This answer is no longer kept. Ask the question again."


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text: of which quote (0: none), and whether it answers."""

    text: str
    quote: int = 0
    answers: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph (``level`` 0) or a heading."""

    level: int
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: the heads of its columns and its rows, each the runs of its cells.

    A row of one cell goes over all columns. Rows far from what is marked are not
    shown; a row that says how many stands for them.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[TextRun, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class QuoteLink:
    """One citation of the answer; ``here`` if it is in the article shown."""

    key: str
    number: int
    title: str
    here: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """What the source panel shows; ``error`` says why, if it shows nothing."""

    title: str = ""
    byline: str = ""
    url: str = ""
    heading: str = ""
    number: int = 0
    quotes: tuple[QuoteLink, ...] = ()
    blocks: tuple[TextBlock | TableBlock, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class CitationCard:
    """What is shown beside a citation number before it is opened."""

    before: str = ""
    answer: str = ""
    after: str = ""
    title: str = ""
    byline: str = ""
    verdict: str = ""
    error: str = ""


_VERDICTS = {
    "quoted": "Quoted word for word.",
    "supported": "Checked: these words support the sentence.",
}


def open_citation(key: object, answers: RecentAnswers, index: Store) -> SourcePage:
    """The article behind a citation, with all quotes of its answer."""
    found = answers.cited(key)
    if found is None:
        return SourcePage(error=_FORGOTTEN)
    exchange, citation = found
    try:
        with index.snapshot() as snapshot:
            document = snapshot.document(citation.document.id)
    except QaError as exc:
        return SourcePage(error=exc.line)
    except KeyError:
        name = citation.document.file
        return SourcePage(
            error=f"{name} has changed or is gone. Ask the question again."
        )
    page = lay_out(document, exchange.citations, citation.number)
    return replace(page, quotes=tuple(_quote_links(exchange, document.source.id)))


def _quote_links(exchange: Exchange, shown: str) -> Iterator[QuoteLink]:
    for citation in exchange.citations:
        key = f"{exchange.id}-{citation.number}"
        here = citation.document.id == shown
        yield QuoteLink(key, citation.number, citation.document.title, here)


def preview_citation(key: object, answers: RecentAnswers) -> CitationCard:
    """The quote behind a citation number and where it stands."""
    found = answers.cited(key)
    if found is None:
        return CitationCard(error=_FORGOTTEN)
    _, citation = found
    answer = citation.answer or Span(citation.end, citation.end)
    start, end = answer.start - citation.start, answer.end - citation.start
    about = [byline(citation.document), citation.heading, place(citation)]
    return CitationCard(
        before=citation.quote[:start],
        answer=citation.quote[start:end],
        after=citation.quote[end:],
        title=citation.document.title,
        byline=" · ".join(filter(None, about)),
        verdict=_VERDICTS[citation.verdict],
    )


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
    blocks = tuple(_blocks(document, marks))
    page = page_numbers([document.page_at(opened.start)], source.file)
    picture = FROM_PICTURE * document.is_from_picture(opened.start)
    return SourcePage(
        title=source.title,
        byline=", ".join(filter(None, [byline(source), page, picture])),
        url=safe_url(source.url),
        heading="" if opened.heading == source.title else opened.heading,
        number=number,
        blocks=blocks,
    )


def _blocks(
    document: Document, marks: Sequence[Citation]
) -> Iterator[TextBlock | TableBlock]:
    """Headings, paragraphs, and tables where their first row would stand."""
    text, tables = document.text, document.tables
    starts = [table.start for table in tables]

    def table_at(block: tuple[Span, int]) -> int | None:
        number = bisect_right(starts, block[0].start) - 1
        return number if number >= 0 and block[0].start < tables[number].end else None

    shown = (block for block in _spans(document) if _is_shown(document, block, marks))
    for number, blocks in groupby(shown, table_at):
        if number is None:
            yield from (_block(text, span, marks, level) for span, level in blocks)
        else:
            yield _table(text, tables[number], [span for span, _ in blocks], marks)


def _is_shown(
    document: Document, block: tuple[Span, int], marks: Sequence[Citation]
) -> bool:
    """The title stands above already; marked, it is shown all the same."""
    span, level = block
    return (
        level != 1
        or not _is_title(document, span)
        or any(_is_in(m, span) for m in marks)
    )


def _table(
    text: str, table: Table, rows: Sequence[Span], marks: Sequence[Citation]
) -> TableBlock:
    """Rows that are heads of a table stand as its heads already, if not marked."""
    if table.head_rows == len(rows):
        table = replace(table, heads=(), head_rows=0)
    marked = [n for n, row in enumerate(rows) if any(_is_in(m, row) for m in marks)]
    below = [n for n in range(len(rows)) if n in marked or n >= table.head_rows]

    def is_near(number: int) -> bool:
        return len(rows) <= _WHOLE or any(abs(number - m) <= _AROUND for m in marked)

    drawn: list[tuple[tuple[TextRun, ...], ...]] = []
    for near, numbers in groupby(below, is_near):
        if near:
            drawn += (_cells(text, table, rows[n], marks) for n in numbers)
        else:
            drawn.append(((TextRun(_HIDDEN.format(len([*numbers]))),),))
    return TableBlock(table.heads, tuple(drawn))


def _cells(
    text: str, table: Table, row: Span, marks: Sequence[Citation]
) -> tuple[tuple[TextRun, ...], ...]:
    cells = cells_of(text[row.start : row.end], table)
    spans = (Span(row.start + cell.start, row.start + cell.end) for cell in cells)
    return tuple(_block(text, span, marks, 0).runs for span in spans)


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


def _is_in(mark: Citation, span: Span) -> bool:
    return span.start < mark.end and mark.start < span.end


def _block(text: str, span: Span, marks: Sequence[Citation], level: int) -> TextBlock:
    edges = {span.start, span.end}
    for mark in marks:
        for part in (Span(mark.start, mark.end), mark.answer or span):
            edges |= {min(max(e, span.start), span.end) for e in (part.start, part.end)}
    runs = (
        _run(text[start:end], start, marks) for start, end in pairwise(sorted(edges))
    )
    return TextBlock(level, tuple(runs))


def _run(text: str, start: int, marks: Sequence[Citation]) -> TextRun:
    """A stretch within which nothing changes; the first mark over it is on top."""
    over = next((m for m in marks if m.start <= start < m.end), None)
    if over is None:
        return TextRun(text)
    answer = over.answer
    answers = answer is not None and answer.start <= start < answer.end
    return TextRun(text, over.number, answers)
