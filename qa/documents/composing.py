"""Blocks to a document: its canonical text, and where its headings, pages, tables and
what is read and quoted as one stand in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate

from qa.documents.blocks import SPEAKER, SPEAKER_IN_ROLE, Block, Metadata, Row
from qa.language.sentences import enumerates, sentence_spans
from qa.language.text import is_content, tokens
from qa.schema import Document, Heading, Source, Span, Table

_SHORT = 420
"""Characters of a list, or a turn, that is read and quoted as one."""
_POINTS = 240
"""Characters of points in prose; of longer ones each sentence is read by itself."""
_HEAD_WORDS = 3
"""Of a heading that stands in its paragraph, at most."""
_HEADS = 3
"""Paragraphs with one that a text has, at least."""
_CLOSING = "\"'”’»)"
_LABELLED = 1 / 3
"""Share of paragraphs that name who speaks, or have a heading in them, at least."""


def compose(file: str, blocks: Iterable[Block], metadata: Metadata) -> Document:
    """Join blocks into a document's canonical text, one blank line between them.

    Args:
        file: Where it came from, as in ``Source.file``.
        blocks: In reading order.
        metadata: Its ``title`` may be empty; then the first words stand for it.

    Returns:
        The document; its id is derived from ``file`` and the text.
    """
    blocks = list(blocks)
    parts: list[str] = []
    headings: list[Heading] = []
    pages: list[int] = []
    tables: list[Table] = []
    before: Row | None = None
    length = 0
    for block in blocks:
        for page, turn in enumerate((0, *block.turns), block.page):
            pages += [length + turn] * (page - len(pages))
        if block.kind == "heading":
            headings.append(Heading(length, length + len(block.text), block.level))
        if block.row:
            end = length + len(block.text)
            if before and _goes_on(before, block.row):
                tables[-1] = _longer(tables[-1], block.row, end)
            else:
                tables.append(_begun(block.row, length, end))
        before = block.row
        parts.append(block.text)
        length += len(block.text) + 2
    pages[:1] = [0] * bool(pages)  # a title from elsewhere stands on the first page
    text = "\n\n".join(parts)
    digest = sha256(f"{file}\0{text}".encode()).hexdigest()[:16]
    source = Source(
        id=digest,
        file=file,
        title=metadata.title or _opening_words(text),
        authors=metadata.authors,
        publisher=metadata.publisher,
        published=metadata.published,
        url=metadata.url,
    )
    found = (*_lists_in(blocks), *_points_in(blocks), *_short_turns(blocks))
    units = tuple(_with_others(found, _run_in_heads(blocks)))
    return Document(source, text, tuple(headings), tuple(pages), tuple(tables), units)


def _lists_in(blocks: Sequence[Block]) -> Iterator[Span]:
    """Each short list with the sentence that leads in to it, as the span of it in the
    canonical text.

    "Open on: Monday, Friday" is one thing to find, to read and to quote; of a long
    list each item is, and so is each sentence of a list that neither a colon announces
    nor a heading right above it.
    """
    start = 0
    lead: Span | None = None
    items: list[Span] = []
    sentences = announced = False
    for block in (*blocks, Block("heading", "")):
        whole = Span(start, start + len(block.text))
        if block.kind != "item" or (items and block.level):
            if announced or not sentences:
                yield from _unit(lead, items, fewest=1 if announced and lead else 2)
            lead, items, sentences, announced = None, [], False, False
        if block.kind == "item":
            lead = None if block.level else lead
            ends = block.text.rstrip(_CLOSING).endswith((".", "!"))
            sentences = sentences or (not items and ends)
            items.append(whole)
        elif block.kind == "paragraph":
            lead = next(iter(sentence_spans(block.text, start)[-1:]), None)
            announced = block.text.endswith(":")
        elif block.kind == "heading":
            announced = True
        start = whole.end + 2


def _points_in(blocks: Sequence[Block]) -> Iterator[Span]:
    """The points of a paragraph, "First, …" to "Third, …", with the sentence before."""
    start = 0
    for block in blocks:
        spans = sentence_spans(block.text) if block.kind == "paragraph" else []
        points = [n for n, s in enumerate(spans) if enumerates(block.text[s.start :])]
        if len(points) > 1:
            first, last = spans[max(0, points[0] - 1)], spans[points[-1]]
            if last.end - first.start <= _POINTS:
                yield Span(start + first.start, start + last.end)
        start += len(block.text) + 2


def _run_in_heads(blocks: Sequence[Block]) -> list[Span]:
    """Each heading that stands in its paragraph, "Opening. Tuesdays from five to
    eight.", with the sentence behind it, which may not say what it is about; none where
    few paragraphs have one.
    """
    found = []
    start = paragraphs = 0
    for block in blocks:
        spans = sentence_spans(block.text) if block.kind == "paragraph" else []
        paragraphs += bool(spans)
        if len(spans) > 1 and _is_run_in(block.text[: spans[0].end]):
            whole = Span(start + spans[0].start, start + spans[1].end)
            found += [whole] * (whole.end - whole.start <= _POINTS)
        start += len(block.text) + 2
    return found if len(found) >= max(_HEADS, _LABELLED * paragraphs) else []


def _with_others(units: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Units, and of the others those that overlap none of them, in order."""
    known = sorted(units, key=lambda unit: unit.start)
    starts = [unit.start for unit in known]
    apart = []
    for other in others:
        before = bisect_left(starts, other.end)
        if before == 0 or known[before - 1].end <= other.start:
            apart.append(other)
    return sorted((*known, *apart), key=lambda unit: unit.start)


def _is_run_in(sentence: str) -> bool:
    short = len(tokens(sentence)) <= _HEAD_WORDS and sentence.endswith(".")
    return short and sentence[0].isupper()


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker of a transcript says at once, as the span of it in the canonical
    text; ``speaker`` ends with a colon.
    """

    start: int
    end: int
    speaker: str


def long_turns(document: Document) -> Iterator[Turn]:
    """The turns of a document that are several sentences to read and to quote."""
    texts = document.text.split("\n\n")
    starts = [0, *accumulate(len(text) + 2 for text in texts)]
    said: list[str | None] = list(texts)
    apart = [(heading.start, heading.end) for heading in document.headings]
    apart += [(table.start, table.end) for table in document.tables]
    for span in apart:
        first, after = (bisect_left(starts, place) for place in span)
        said[first:after] = [None] * (after - first)
    units = {unit.start for unit in document.units}
    for turn in _turns(said, texts):
        several = len(sentence_spans(document.text[turn.start : turn.end])) > 1
        if several and turn.start not in units:
            yield turn


def _short_turns(blocks: Sequence[Block]) -> Iterator[Span]:
    """The turns that are short: "JON AKER: No. We need larger meshes." A sentence
    without its speaker may be taken for another's.
    """
    said = [block.text if block.kind == "paragraph" else None for block in blocks]
    for turn in _turns(said, [block.text for block in blocks]):
        if turn.end - turn.start <= _SHORT:
            yield Span(turn.start, turn.end)


def _turns(said: Sequence[str | None], texts: Sequence[str]) -> Iterator[Turn]:
    """The turns among paragraphs; of what is none, such as a heading, ``said`` is None.

    In a transcript a turn goes on over paragraphs that name no speaker, but for what
    stands in brackets, and for a question that the next turn answers.
    """
    labels = _labels(said)
    speakers = Counter(label[0] for label in labels if label)
    if len(speakers) < 2:
        return
    told = [text for text in said[labels.index(next(filter(None, labels))) :] if text]
    talk = max(speakers.values()) > 1 and speakers.total() >= _LABELLED * len(told)
    turn: Turn | None = None
    start = 0
    for number, (label, text) in enumerate(zip(labels, texts, strict=True)):
        end = start + len(text)
        goes_on = talk and said[number] is not None and text[:1] not in "[("
        asks = text.endswith("?") and any(labels[number + 1 : number + 2])
        if label:
            if turn:
                yield turn
            turn = Turn(start, end, label[0])
        elif turn and goes_on and not asks:
            turn = replace(turn, end=end)
        elif turn:
            yield turn
            turn = None
        start = end + 2
    if turn:
        yield turn


def _labels(said: Sequence[str | None]) -> list[re.Match[str] | None]:
    """Who speaks at the beginning of each paragraph; told with what they are only where
    many paragraphs begin so: "In Porto, three things matter:" is nobody.
    """
    plain = [SPEAKER.match(text or "") for text in said]
    roles = [SPEAKER_IN_ROLE.match(text or "") for text in said]
    named = [match if match and is_content(match[1]) else None for match in roles]
    found = [a or b for a, b in zip(plain, named, strict=True)]
    many = sum(map(bool, found)) >= _LABELLED * sum(map(bool, said))
    return found if many else plain


def _unit(lead: Span | None, items: Sequence[Span], *, fewest: int) -> Iterator[Span]:
    unit = Span((lead or items[0]).start, items[-1].end) if items else Span(0, 0)
    if len(items) >= fewest and unit.end - unit.start <= _SHORT:
        yield unit


def _goes_on(before: Row, row: Row) -> bool:
    """Whether two blocks that follow each other are rows of one table."""
    told = (before.heads, before.labelled, before.caption)
    same = told == (row.heads, row.labelled, row.caption)
    return same and (before.is_head or not row.is_head)


def _begun(row: Row, start: int, end: int) -> Table:
    head_rows = int(row.is_head)
    return Table(start, end, row.heads, row.labelled, head_rows, row.caption)


def _longer(table: Table, row: Row, end: int) -> Table:
    return replace(table, end=end, head_rows=table.head_rows + row.is_head)


def _opening_words(text: str, limit: int = 80) -> str:
    """The first words of a text, with an ellipsis where it goes on."""
    line = " ".join(text[: limit * 2].split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
