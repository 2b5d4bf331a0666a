"""The vectors that a catalogue keeps by text, for a builder: which are there, adding
some, those of passages, and which are of no use any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from qa.index.protocol import VectorText
from qa.index.rows import Row, checked, to_vectors, vector_check
from qa.index.vectors import Floats, Ids

_ASKED_AT_ONCE = 500
_PASSAGE = 4
"""Columns that come before a vector's."""
_UNUSED = """
DELETE FROM vectors WHERE id IN (SELECT vector FROM loose) AND (
    embedder <> ? OR NOT EXISTS (SELECT 1 FROM embedded e WHERE e.vector = vectors.id)
)
"""
# The join is spelled out so that SQLite goes by passage, whatever it guesses.
_OF_PASSAGES = """
SELECT p.key, p.vectors, p.stems, p.stems_crc, v.id, v.text_hash, v.vector, v.crc
FROM passages p
CROSS JOIN vectors v ON v.id = json_extract(p.vectors, '$[0]') AND v.embedder = ?
WHERE p.key > ? ORDER BY p.key LIMIT ?
"""


def missing(
    db: sqlite3.Connection, texts: Iterable[VectorText], embedder: str
) -> list[VectorText]:
    """Those of which there is no vector, each once, in order."""
    unique = {text.hash: text for text in texts}
    hashes = list(unique)
    for first in range(0, len(hashes), _ASKED_AT_ONCE):
        asked = hashes[first : first + _ASKED_AT_ONCE]
        for (known,) in db.execute(
            "SELECT text_hash FROM vectors WHERE embedder = ? AND text_hash IN "
            f"({', '.join('?' * len(asked))})",
            [embedder, *asked],
        ):
            unique.pop(known, None)
    return list(unique.values())


def add(
    db: sqlite3.Connection, texts: Sequence[VectorText], vectors: Floats, embedder: str
) -> None:
    """Add vectors of texts that have none, loose until a passage uses them."""
    rows: list[Row] = []
    (last,) = db.execute("SELECT max(id) FROM vectors").fetchone()
    for text, vector in zip(texts, vectors, strict=True):
        number = (last or 0) + 1 + len(rows)
        data = vector.astype(np.float16).tobytes()
        crc = vector_check(number, text.hash, data)
        rows.append((number, text.hash, embedder, data, crc))
    db.executemany("INSERT INTO vectors VALUES (?, ?, ?, ?, ?)", rows)
    loose = [row[:1] for row in rows]
    db.executemany("INSERT OR IGNORE INTO loose VALUES (?)", loose)


def of_passages(
    db: sqlite3.Connection, embedder: str, *, above: int, most: int
) -> tuple[Ids, Floats]:
    """Keys and own vectors of at most so many passages with keys above one.

    Raises:
        DamagedRowError: A passage or a vector is not what was written.
    """
    rows = db.execute(_OF_PASSAGES, [embedder, above, most]).fetchall()
    keys = [checked(row[:_PASSAGE])[0] for row in rows]
    return np.array(keys, np.int64), to_vectors([row[_PASSAGE:] for row in rows])


def drop_unused(db: sqlite3.Connection, embedder: str) -> None:
    """Delete loose vectors that no passage uses or that another embedder gave."""
    db.execute(_UNUSED, [embedder])
    db.execute("DELETE FROM loose")
