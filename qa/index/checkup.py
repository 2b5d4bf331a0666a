"""Everything in a catalogue, looked at once: what a builder does before it adds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from qa.index.rows import (
    DOCUMENT_COLUMNS,
    SOURCE_COLUMNS,
    DamagedRowError,
    Row,
    check_number,
    checked,
    to_vectors,
)
from qa.index.seal import check_digest

# A passage's texts are numbered 0, 1, 2 … without a gap, each with a vector.
_MISCOUNTED = """
SELECT count(*) FROM passages LEFT JOIN (
    SELECT passage, count(*) AS rows, sum(number) AS numbers, max(number) AS last
    FROM embedded GROUP BY passage
) ON passage = key
WHERE rows IS NOT vectors OR numbers IS NOT vectors * (vectors - 1) / 2
    OR last IS NOT vectors - 1
"""
_WITHOUT_VECTOR = """
SELECT count(*) FROM embedded LEFT JOIN vectors
    ON vectors.text_hash = embedded.text_hash AND embedder = ?
WHERE vectors.crc IS NULL
"""
_DOCUMENTS = f"SELECT d.source_crc, {DOCUMENT_COLUMNS}, d.crc FROM documents d"
_PASSAGES = f"""
SELECT p.start, p.end, p.key, p.id, p.document, p.start, p.end, p.heading,
    p.sentences, p.pages, {SOURCE_COLUMNS}, p.crc, p.key, p.vectors, p.stems,
    p.stems_crc
FROM passages p JOIN documents d ON d.id = p.document WHERE p.document = ?
"""


def check_all(connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
    """Check every page and every row.

    Raises:
        sqlite3.DatabaseError: Something is not what was written.
    """
    (found,) = connection.execute("PRAGMA quick_check (1)").fetchone()
    if found != "ok":
        raise DamagedRowError(found)
    for row in connection.execute("SELECT text_hash, vector, crc FROM vectors"):
        to_vectors([row])
    for source_crc, *document in connection.execute(_DOCUMENTS):
        _check_document(connection, source_crc, tuple(document))
    if "generation" in meta:
        check_digest(connection, meta["searched"])
        _check_counts(connection, meta["embedder"])


def _check_document(
    connection: sqlite3.Connection, source_crc: int, document: Row
) -> None:
    identifier, text = document[0], document[7]
    checked(document)
    if check_number(document[:7]) != source_crc:
        raise DamagedRowError("a source is not what was written")
    for start, end, *row in connection.execute(_PASSAGES, [identifier]):
        passage, words = row[:-4], row[-4:]
        if not isinstance(start, int) or not isinstance(end, int):
            raise DamagedRowError("an offset is no number")
        checked((*passage[:5], str(text)[start:end], *passage[5:]))
        checked(tuple(words))


def _check_counts(connection: sqlite3.Connection, embedder: str) -> None:
    (miscounted,) = connection.execute(_MISCOUNTED).fetchone()
    (bare,) = connection.execute(_WITHOUT_VECTOR, [embedder]).fetchone()
    if miscounted or bare:
        raise DamagedRowError("vectors are missing")
