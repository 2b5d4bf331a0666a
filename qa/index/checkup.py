"""Everything in a catalogue, looked at once: what a builder does before it adds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing

from qa.index.catalogue import TABLES
from qa.index.rows import (
    DOCUMENT_COLUMNS,
    SOURCE_COLUMNS,
    DamagedRowError,
    Row,
    check_number,
    checked,
    to_vectors,
)
from qa.index.seal import check_sums, sums_in

_SOURCE_WIDTH = SOURCE_COLUMNS.count(",") + 1
# What passages name is what is noted as in use, and there.
_USES = "SELECT DISTINCT value, passages.key FROM passages, json_each(vectors)"
_MISCOUNTED = f"""
SELECT (SELECT count(*) FROM ({_USES})) <> (SELECT count(*) FROM embedded)
    OR EXISTS ({_USES} EXCEPT SELECT vector, passage FROM embedded)
"""
_WITHOUT_VECTOR = """
SELECT count(*) FROM embedded LEFT JOIN vectors
    ON vectors.id = embedded.vector AND embedder = ?
WHERE vectors.crc IS NULL
"""
_DOCUMENTS = f"SELECT d.source_crc, {DOCUMENT_COLUMNS}, d.crc FROM documents d"
# By the table and not by an index, which may say something else than the table.
_PASSAGES = """
SELECT document, start, end, key, id, heading, sentences, pages, crc, vectors, stems,
    stems_crc
FROM passages NOT INDEXED ORDER BY key
"""


def check_all(connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
    """Check every page and every row.

    Raises:
        sqlite3.DatabaseError: Something is not what was written.
    """
    (found,) = connection.execute("PRAGMA quick_check (1)").fetchone()
    if found != "ok":
        raise DamagedRowError(found)
    _check_schema(connection)
    for row in connection.execute("SELECT id, text_hash, vector, crc FROM vectors"):
        to_vectors([row])
    for row in connection.execute(_DOCUMENTS):
        _check_document(row)
    _check_passages(connection)
    if "generation" in meta:
        check_sums(connection, sums_in(meta))
        _check_counts(connection, meta["embedder"])


def _check_schema(connection: sqlite3.Connection) -> None:
    """Compare the tables' definitions; those inside full-text search are its own."""
    own = "SELECT sql FROM sqlite_schema WHERE name NOT GLOB 'passages_fts_*'"
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(TABLES)
        expected = set(empty.execute(own))
    if set(connection.execute(own)) != expected:
        raise DamagedRowError("a table is not as it was made")


def _check_document(row: Row) -> None:
    document = checked(row[1:])
    if check_number(document[:_SOURCE_WIDTH]) != row[0]:
        raise DamagedRowError("a source is not what was written")


def _check_passages(connection: sqlite3.Connection) -> None:
    """Each with the piece of its document that it is."""
    document: Row = ("",)
    for row in connection.execute(_PASSAGES):
        identifier, start, end, key, *shown, crc, vectors, stems, stems_crc = row
        if document[0] != identifier:
            document = _find_document(connection, identifier)
        if not isinstance(start, int) or not isinstance(end, int):
            raise DamagedRowError("an offset is no number")
        text = document[_SOURCE_WIDTH][start:end]
        source = document[:_SOURCE_WIDTH]
        own, *shown = shown
        checked((key, own, identifier, start, end, text, *shown, *source, crc))
        checked((key, vectors, stems, stems_crc))


def _find_document(connection: sqlite3.Connection, identifier: object) -> Row:
    row: Row | None = connection.execute(
        f"{_DOCUMENTS} WHERE d.id = ?", [identifier]
    ).fetchone()
    if row is None:
        raise DamagedRowError("an article is missing")
    return checked(row[1:])


def _check_counts(connection: sqlite3.Connection, embedder: str) -> None:
    (miscounted,) = connection.execute(_MISCOUNTED).fetchone()
    (bare,) = connection.execute(_WITHOUT_VECTOR, [embedder]).fetchone()
    if miscounted or bare:
        raise DamagedRowError("vectors are missing")
