"""Blocks: the paragraphs and headings of an article before they become text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from qa.schema import Document, Heading, Source, Table


@dataclass(frozen=True, slots=True)
class Row:
    """The table that a block is a row of; see ``schema.Table``.

    Attributes:
        is_head: Whether it is heads itself.
    """

    heads: tuple[str, ...]
    labelled: bool = True
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list or table, or a heading (level 1: the title).

    Attributes:
        row: Of an item that is a row of a table.
        page: Page on which it begins, from 1; 0 where the format has no pages.
        turns: Offsets in ``text`` at which the next pages begin.
    """

    kind: Literal["heading", "paragraph", "item"]
    text: str
    level: int = 0
    page: int = 0
    turns: tuple[int, ...] = ()
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an article states about itself; empty where it states nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    url: str = ""

    def or_else(self, other: Metadata) -> Metadata:
        """Fill each empty field from ``other``."""
        return Metadata(
            title=self.title or other.title,
            authors=self.authors or other.authors,
            publisher=self.publisher or other.publisher,
            published=self.published or other.published,
            url=self.url or other.url,
        )


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a seed that could not be read: a member, or pages; and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of a file that its document does not have, and why.

    Attributes:
        where: As in ``Source.file``; with the page where there are pages.
    """

    text: str
    reason: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One article as its format gives it.

    Attributes:
        name: Of a part of a file that holds several; follows ``#`` in ``Source.file``.
    """

    blocks: Sequence[Block]
    metadata: Metadata = field(default_factory=Metadata)
    unread: Sequence[Unread] = ()
    left_out: Sequence[LeftOut] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a seed holds, what of it could not be read, and what was left out."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def compose(file: str, blocks: Iterable[Block], metadata: Metadata) -> Document:
    """Join blocks into a document's canonical text, one blank line between them.

    Args:
        file: Where it came from, as in ``Source.file``.
        blocks: In reading order.
        metadata: Its ``title`` may be empty; then the first words stand for it.

    Returns:
        The document; its id is derived from ``file`` and the text.
    """
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
        title=metadata.title or opening_words(text),
        authors=metadata.authors,
        publisher=metadata.publisher,
        published=metadata.published,
        url=metadata.url,
    )
    return Document(source, text, tuple(headings), tuple(pages), tuple(tables))


def _goes_on(before: Row, row: Row) -> bool:
    """Whether two blocks that follow each other are rows of one table."""
    same = before.heads == row.heads and before.labelled == row.labelled
    return same and (before.is_head or not row.is_head)


def _begun(row: Row, start: int, end: int) -> Table:
    return Table(start, end, row.heads, row.labelled, int(row.is_head))


def _longer(table: Table, row: Row, end: int) -> Table:
    return replace(table, end=end, head_rows=table.head_rows + row.is_head)


def opening_words(text: str, limit: int = 80) -> str:
    """The first words of a text, with an ellipsis where it goes on."""
    line = " ".join(text[: limit * 2].split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
