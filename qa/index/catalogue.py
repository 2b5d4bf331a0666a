"""The catalogue's tables, and rows to values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from qa.schema import Document, Heading, Passage, Source, Span

FORMAT = 3
FILE = "catalogue.sqlite"

# Passage texts are not stored twice: the full-text table and every reader take
# them from the document through the view. `embedded` numbers the texts of a
# passage that have a vector: 0 the passage itself, then its sentences; `stems`
# are its words for scoring: a line for the title, then one a sentence.
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seeds (
    file TEXT PRIMARY KEY, sha256 TEXT NOT NULL, added TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    seed TEXT NOT NULL REFERENCES seeds (file),
    file TEXT NOT NULL,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,
    publisher TEXT NOT NULL,
    published TEXT NOT NULL,
    url TEXT NOT NULL,
    retrieved TEXT NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    pages TEXT NOT NULL
);
CREATE INDEX documents_seed ON documents (seed);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents (id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    heading TEXT NOT NULL,
    sentences TEXT NOT NULL,
    pages TEXT NOT NULL,
    stems TEXT NOT NULL
);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE embedded (
    passage INTEGER NOT NULL,
    number INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    PRIMARY KEY (passage, number)
) WITHOUT ROWID;
CREATE TABLE vectors (
    text_hash BLOB NOT NULL,
    embedder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, embedder)
) WITHOUT ROWID;
CREATE VIEW passage_texts AS
    SELECT passages.key AS key,
        documents.title || ' ' || documents.authors || ' ' || documents.publisher
            AS title,
        passages.heading AS heading,
        substr(documents.text, passages.start + 1, passages.end - passages.start)
            AS text
    FROM passages JOIN documents ON documents.id = passages.document;
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    title, heading, text,
    content = 'passage_texts', content_rowid = 'key',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE terms USING fts5vocab (passages_fts, row);
"""


@dataclass(frozen=True, slots=True)
class IndexedSeed:
    """A seed file as indexed."""

    file: str
    sha256: str
    passages: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What the index holds."""

    generation: int
    embedder: str
    seeds: int
    documents: int
    passages: int
    vectors: int
    bytes: int


def connect(folder: Path) -> sqlite3.Connection:
    """Open the catalogue for one thread's use; transactions are explicit.

    Raises:
        IndexMissingError: There is none.
        IndexDamagedError: It is no catalogue, or one that SQLite cannot read.
        IndexMismatchError: It was written by another version of this program.
    """
    path = folder / FILE
    if not path.exists():
        raise IndexMissingError(f"{folder}: no index yet; run `qa build`")
    with damage_reported(folder):
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            found = read_meta(connection).get("format", "")
        except BaseException:
            connection.close()
            raise
    if found != str(FORMAT):
        connection.close()
        raise IndexMismatchError(
            f"{path}: has format {found or 'unknown'}, this program reads {FORMAT}; "
            "run `qa build --fresh`"
        )
    return connection


@contextmanager
def damage_reported(folder: Path) -> Iterator[None]:
    """Turn SQLite's report of a damaged file into ours."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        if "no such table" not in str(exc) and "malformed" not in str(exc):
            raise IndexDamagedError(
                f"{folder / FILE}: cannot be used ({exc}); check the folder, "
                "or run `qa build --fresh`"
            ) from exc
        raise _damaged(folder) from exc
    except sqlite3.DatabaseError as exc:
        raise _damaged(folder) from exc


def _damaged(folder: Path) -> IndexDamagedError:
    return IndexDamagedError(
        f"{folder / FILE}: is damaged; run `qa build --fresh` (the seeds are not "
        "touched)"
    )


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """The catalogue's own description: format, embedder, generation and more."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


SOURCE_COLUMNS = (
    "d.id, d.file, d.title, d.authors, d.publisher, d.published, d.url, d.retrieved"
)


def to_source(row: tuple[str, ...]) -> Source:
    """A row of ``SOURCE_COLUMNS``."""
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


DOCUMENT_COLUMNS = f"{SOURCE_COLUMNS}, d.text, d.headings, d.pages"


def to_document(row: tuple[str, ...]) -> Document:
    """A row of ``DOCUMENT_COLUMNS``."""
    headings = tuple(Heading(*values) for values in json.loads(row[9]))
    return Document(to_source(row), row[8], headings, tuple(json.loads(row[10])))


PASSAGE_COLUMNS = (
    "p.id, p.document, p.start, p.end, t.text, p.heading, p.sentences, p.pages"
)


def to_passage(row: tuple[str, str, int, int, str, str, str, str]) -> Passage:
    """A row of ``PASSAGE_COLUMNS``."""
    spans = tuple(Span(start, end) for start, end in json.loads(row[6]))
    pages = tuple(json.loads(row[7]))
    return Passage(row[0], row[1], row[2], row[3], row[4], row[5], spans, pages)
