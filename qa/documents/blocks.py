"""Blocks: the paragraphs and headings of an article before they become text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from qa.schema import Document

_NAME = r"[^\W\d_a-z][\w.'’-]*"
SPEAKER = re.compile(rf"{_NAME}(?: {_NAME}){{0,3}}(?: \([^()]{{1,40}}\))?:(?=\s)")
"""Who speaks in a transcript, before what he says."""
SPEAKER_IN_ROLE = re.compile(
    rf"({_NAME})(?: {_NAME}){{1,3}}, [^():.!?;\n]{{1,40}}:(?=\s)"
)
"""The same with what they are, "Ann Oake, keeper of the pier:"; much else looks so."""


Kind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Row:
    """The table that a block is a row of; see ``schema.Table``.

    Attributes:
        is_head: Whether it is heads itself.
        caption: Of the table, where it is not in each row's words.
    """

    heads: tuple[str, ...]
    labelled: bool = True
    is_head: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, a row of a table or another line that stands by
    itself, or a heading.

    Attributes:
        level: Of a heading, 1 for the title; of an item 1 where it begins a list of
            its own, which the paragraph before it does not lead in to.
        row: Of a row of a table; None of other lines that stand by themselves.
        page: Page on which it begins, from 1; 0 where the format has no pages.
        turns: Offsets in ``text`` at which the next pages begin.
    """

    kind: Kind
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


def unread_pages(file: str, pages: Sequence[int], reason: str) -> Unread:
    """Pages that could not be read, with their runs closed up: pages 1-3, 7."""
    runs = groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])
    spans = [[page for _, page in run] for _, run in runs]
    shown = [f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans]
    noun = "pages " if len(pages) > 1 else "page "
    return Unread(f"{file}, {noun}{', '.join(shown)}", reason)


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
        pictures: Pages, from 1, whose text was recognised in a picture.
    """

    blocks: Sequence[Block]
    metadata: Metadata = field(default_factory=Metadata)
    unread: Sequence[Unread] = ()
    left_out: Sequence[LeftOut] = ()
    name: str = ""
    pictures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a seed holds, what of it could not be read, and what was left out."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
