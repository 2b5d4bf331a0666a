"""The catalogue: its tables, how it is opened, and what its damage is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from qa.errors import (
    CatalogueDamagedError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index.rows import DamagedRowError, check_number
from qa.language.text import searchable

FORMAT = 8
FILE = "catalogue.sqlite"
PAGE = 32_768
"""Bytes; with SQLite's 4,096 what belongs together lies in many places of the disk."""
# Python cannot even say what SQLite complains of where that quotes damaged text.
TROUBLE = (sqlite3.DatabaseError, UnicodeDecodeError)
_UNREADABLE = "Could not decode"
_SICK = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_MISMATCH"}
_NO_ROOM = {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR"}

# Passage texts are not stored twice: the full-text table and every reader take
# them from the document through the view. Its `vectors` are the ids of its texts'
# vectors: the passage itself, then its sentences; `stems` are its words for scoring:
# a line for the title, then one a sentence. `embedded` says which passages a vector is
# used by, and `loose` which vectors may be of no use any more. Ids are given in the
# order of embedding, so that what a question reads of a passage lies together.
# `looks` spares a build the reading of seeds that have not changed.
# What `crc` and its like cover is said in rows.py.
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seeds (
    file TEXT PRIMARY KEY, sha256 TEXT NOT NULL, added TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE looks (file TEXT PRIMARY KEY, seen TEXT NOT NULL) WITHOUT ROWID;
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
    source_crc INTEGER NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    pages TEXT NOT NULL,
    tables TEXT NOT NULL,
    units TEXT NOT NULL,
    crc INTEGER NOT NULL
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
    crc INTEGER NOT NULL,
    vectors TEXT NOT NULL,
    stems TEXT NOT NULL,
    stems_crc INTEGER NOT NULL
);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE embedded (
    vector INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    PRIMARY KEY (vector, passage)
) WITHOUT ROWID;
CREATE TABLE loose (vector INTEGER PRIMARY KEY);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    text_hash BLOB NOT NULL,
    embedder TEXT NOT NULL,
    vector BLOB NOT NULL,
    crc INTEGER NOT NULL,
    UNIQUE (text_hash, embedder)
);
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
CREATE VIRTUAL TABLE term_places USING fts5vocab (passages_fts, instance);
"""


def has_index(folder: Path) -> bool:
    """Whether something was built there; it may be of no use all the same."""
    return (folder / FILE).is_file()


def connect(folder: Path) -> sqlite3.Connection:
    """Open the catalogue for one thread's use; transactions are explicit.

    Raises:
        IndexMissingError: There is none.
        CatalogueDamagedError: It is not what was written.
        IndexDamagedError: It cannot be used for another reason.
        IndexMismatchError: Another version of this program wrote it.
    """
    path = folder / FILE
    if not path.exists():
        raise IndexMissingError(f"{folder}: no index yet; run `qa build`")
    with damage_reported(folder):
        connection = _open(path)
        try:
            _check_format(path, read_meta(connection))
        except BaseException:
            connection.close()
            raise
    return connection


def create(path: Path) -> sqlite3.Connection:
    """Make an empty catalogue."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute("PRAGMA journal_mode = WAL")
        _teach(connection)
        connection.executescript(f"BEGIN; {TABLES}")
        write_meta(connection, format=str(FORMAT))
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path) -> sqlite3.Connection:
    """Open for reading and writing, or as it is where no file can be written beside."""
    address = path.resolve().as_uri()
    try:
        return _connected(f"{address}?mode=rw")
    except sqlite3.OperationalError as exc:
        log = path.with_name(f"{path.name}-wal")
        # What is in a log can be read with a file beside it only.
        if _kind(exc) not in _NO_ROOM or (log.exists() and log.stat().st_size):
            raise
    return _connected(f"{address}?mode=ro&immutable=1")


def _connected(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA cell_size_check = ON")
        _teach(connection)
        # Reads the file, which opening alone does not.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _teach(connection: sqlite3.Connection) -> None:
    """Let statements say how full-text search is to read a text."""
    connection.create_function("searchable", 1, searchable, deterministic=True)


def _check_format(path: Path, meta: Mapping[str, str]) -> None:
    """The check number is made alike in each format: damage is no other format."""
    check_meta(meta)
    found = meta.get("format", "unknown")
    if found != str(FORMAT):
        raise IndexMismatchError(
            f"{path}: has format {found}, this program reads {FORMAT}; run "
            "`qa build --fresh`"
        )


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """The catalogue's own description: format, embedder, generation and more."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def check_meta(meta: Mapping[str, str]) -> None:
    """Compare the description with its check number.

    Raises:
        DamagedRowError: It is another.
    """
    if meta.get("crc") != _meta_crc(meta):
        raise DamagedRowError("the description is not what was written")


def write_meta(connection: sqlite3.Connection, **values: str) -> None:
    """Change the catalogue's description, within a transaction."""
    meta = read_meta(connection) | values
    meta["crc"] = _meta_crc(meta)
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _meta_crc(meta: Mapping[str, str]) -> str:
    return str(check_number(sorted(f"{k}={v}" for k, v in meta.items() if k != "crc")))


@contextmanager
def damage_reported(folder: Path) -> Iterator[None]:
    """Turn SQLite's report of a file that cannot be used into ours."""
    try:
        yield
    except TROUBLE as exc:
        if _is_damage(exc):
            raise CatalogueDamagedError(
                f"{folder / FILE}: is damaged; run `qa build`, which saves what is "
                "intact (the seeds are not touched)"
            ) from exc
        raise IndexDamagedError(
            f"{folder / FILE}: cannot be used ({exc}); nothing that was indexed is "
            "lost: check the space and the permissions there and try again"
        ) from exc


def _is_damage(error: Exception) -> bool:
    """Damaged content, as opposed to a disk that is full or a file in use."""
    if isinstance(error, DamagedRowError | UnicodeDecodeError):
        return True
    return _UNREADABLE in str(error) or _kind(error) in _SICK


def _kind(error: Exception) -> str:
    """The name of SQLite's primary result code: SQLITE_CORRUPT_VTAB is _CORRUPT."""
    return "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
