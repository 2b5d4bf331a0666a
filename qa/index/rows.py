"""Values to rows of the catalogue and back; a row carries a check number.

SQLite does not notice when bytes on the disk change. So each row that an answer
is made of ends in a CRC-32 of the other columns, and no row is believed before
it was compared: a flipped byte is damage, never a wrong quote.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any
from zlib import crc32

import numpy as np

from qa.index.vectors import Floats
from qa.language.text import stems
from qa.schema import Document, Heading, Passage, Source, Span, Table

Row = tuple[Any, ...]

SOURCE_COLUMNS = (
    "d.id, d.file, d.title, d.authors, d.publisher, d.published, d.url, d.retrieved"
)
DOCUMENT_COLUMNS = (
    f"{SOURCE_COLUMNS}, d.text, d.headings, d.pages, d.tables, d.units, d.seed"
)
PASSAGE_COLUMNS = (
    "p.key, p.id, p.document, p.start, p.end, t.text, p.heading, p.sentences, p.pages"
)
_PASSAGE_WIDTH = 9


class DamagedRowError(sqlite3.DatabaseError):
    """A row is not what was written, or is not there; see ``damage_reported``."""


def check_number(values: Iterable[object]) -> int:
    """CRC-32 of values and of where each one ends."""
    crc = 0
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode()
        crc = crc32(data, crc32(b"%d:" % len(data), crc))
    return crc


def checked(row: Row) -> Row:
    """A row without its last column, which is the check number of the others.

    Raises:
        DamagedRowError: It is another.
    """
    if check_number(row[:-1]) != row[-1]:
        raise DamagedRowError("a row is not what was written")
    return row[:-1]


def with_check(*values: object) -> Row:
    """A row whose last column is the check number of the others."""
    return (*values, check_number(values))


def from_source(source: Source) -> Row:
    """``SOURCE_COLUMNS`` of a source."""
    return (
        source.id,
        source.file,
        source.title,
        json.dumps(source.authors, ensure_ascii=False),
        source.publisher,
        source.published,
        source.url,
        source.retrieved,
    )


def to_source(row: Row) -> Source:
    """A checked row of ``SOURCE_COLUMNS``."""
    return Source(
        id=row[0],
        file=row[1],
        title=row[2],
        authors=tuple(json.loads(row[3])),
        publisher=row[4],
        published=row[5],
        url=row[6],
        retrieved=row[7],
    )


def from_document(document: Document, seed: str) -> Row:
    """``DOCUMENT_COLUMNS`` of a document of a seed file."""
    headings = [[h.start, h.end, h.level] for h in document.headings]
    return (
        *from_source(document.source),
        document.text,
        json.dumps(headings),
        _from_pages(document.pages, document.pictures),
        json.dumps([astuple(table) for table in document.tables]),
        json.dumps([[span.start, span.end] for span in document.units]),
        seed,
    )


def to_document(row: Row) -> Document:
    """A checked row of ``DOCUMENT_COLUMNS``."""
    headings = tuple(Heading(*values) for values in json.loads(row[9]))
    tables = tuple(
        Table(start, end, tuple(heads), *rest)
        for start, end, heads, *rest in json.loads(row[11])
    )
    units = tuple(Span(*values) for values in json.loads(row[12]))
    pages, pictures = _to_pages(row[10])
    return Document(to_source(row), row[8], headings, pages, tables, units, pictures)


def from_passage(key: int, passage: Passage) -> Row:
    """``PASSAGE_COLUMNS`` of a passage."""
    spans = [[span.start, span.end] for span in passage.sentences]
    return (
        key,
        passage.id,
        passage.document_id,
        passage.start,
        passage.end,
        passage.text,
        passage.heading,
        json.dumps(spans),
        _from_pages(passage.pages, passage.pictures),
    )


def to_passage(row: Row) -> tuple[Passage, Source]:
    """A checked row of ``PASSAGE_COLUMNS`` and ``SOURCE_COLUMNS``."""
    spans = tuple(Span(start, end) for start, end in json.loads(row[7]))
    passage = Passage(
        row[1], row[2], row[3], row[4], row[5], row[6], spans, *_to_pages(row[8])
    )
    return passage, to_source(row[_PASSAGE_WIDTH:])


def _from_pages(pages: Sequence[int], pictures: Sequence[int]) -> str:
    """A list of pages; where some are pictures, a pair of it and the list of these."""
    return json.dumps([pages, pictures] if pictures else pages)


def _to_pages(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    values = json.loads(text)
    paired = bool(values) and isinstance(values[0], list)
    pages, pictures = values if paired else (values, ())
    return tuple(pages), tuple(pictures)


def stem_lines(source: Source, passage: Passage) -> str:
    """The words of a passage for scoring: a line for the title, then a sentence."""
    stated = [source.title, *source.authors, source.publisher, passage.heading]
    told = map(passage.sentence, range(len(passage.sentences)))
    return "\n".join(" ".join(stems(text)) for text in (" ".join(stated), *told))


def vector_check(number: int, text_hash: bytes, vector: bytes) -> int:
    """CRC-32, begun with its id, of what a vector is cached under and of itself.

    A question reads hundreds of them: this takes a third of ``check_number``.
    """
    return crc32(vector, crc32(text_hash, number))


def to_vectors(rows: Sequence[Row]) -> Floats:
    """The vectors of rows (id, text hash, vector, check number), shape (n, d).

    Raises:
        DamagedRowError: One is not what was written.
    """
    try:
        intact = all(vector_check(*row[:3]) == row[3] for row in rows)
        data = b"".join(row[2] for row in rows)
    except TypeError as exc:  # where a blob was, there is something else
        raise DamagedRowError("a vector is not what was written") from exc
    if not intact:
        raise DamagedRowError("a vector is not what was written")
    vectors = np.frombuffer(data, np.float16).astype(np.float32)
    return vectors.reshape((len(rows), -1) if rows else (0, 1))
