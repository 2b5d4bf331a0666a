"""What a seed file puts into the catalogue, and how it goes again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from qa.index.protocol import NewSeed, VectorText
from qa.index.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    DamagedRowError,
    Row,
    check_number,
    checked,
    from_document,
    from_passage,
    from_source,
    stem_lines,
    with_check,
)
from qa.schema import Document, Passage, Source


def delete_seed(db: sqlite3.Connection, file: str) -> list[int]:
    """Remove a seed and all that came from it; its vectors are loose then.

    Returns:
        The keys of its passages.

    Raises:
        DamagedRowError: A row of it is not what was written: the full-text table
            could not be rid of words that are not there any more.
    """
    _check_rows(db, file)
    keys = db.execute(
        "SELECT p.key FROM passages p JOIN documents d ON d.id = p.document "
        "WHERE d.seed = ?",
        [file],
    ).fetchall()
    for key in keys:
        vectors = (
            "SELECT value FROM passages, json_each(vectors) WHERE passages.key = ?"
        )
        db.execute(
            "INSERT INTO passages_fts (passages_fts, rowid, title, heading, text) "
            "VALUES ('delete', ?, ?, ?, ?)",
            _words(db, *key),
        )
        db.execute(f"INSERT OR IGNORE INTO loose {vectors}", key)
        db.execute(
            f"DELETE FROM embedded WHERE vector IN ({vectors}) AND passage = ?",
            [*key, *key],
        )
        db.execute("DELETE FROM passages WHERE key = ?", key)
    db.execute("DELETE FROM documents WHERE seed = ?", [file])
    db.execute("DELETE FROM seeds WHERE file = ?", [file])
    return [number for (number,) in keys]


def vectors_of(db: sqlite3.Connection, file: str) -> int:
    """How many vectors the passages of a seed have."""
    found = db.execute(
        "SELECT count(*) FROM (SELECT DISTINCT p.key, v.value FROM documents d "
        "JOIN passages p ON p.document = d.id, json_each(p.vectors) v "
        "WHERE d.seed = ?)",
        [file],
    )
    return int(found.fetchone()[0])


def _check_rows(db: sqlite3.Connection, file: str) -> None:
    documents = f"{DOCUMENT_COLUMNS}, d.crc FROM documents d"
    passages = (
        f"{PASSAGE_COLUMNS}, {SOURCE_COLUMNS}, p.crc FROM documents d "
        "JOIN passages p ON p.document = d.id JOIN passage_texts t ON t.key = p.key"
    )
    for columns in (documents, passages):
        for row in db.execute(f"SELECT {columns} WHERE d.seed = ?", [file]):
            checked(row)


def insert_seed(
    db: sqlite3.Connection, seed: NewSeed, *, embedder: str, above: int
) -> None:
    """Add a seed with its documents and passages, whose keys are above ``above``.

    Raises:
        DamagedRowError: The embedder's vector of a text is not cached.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute("INSERT INTO seeds VALUES (?, ?, ?)", [seed.file, seed.sha256, now])
    parts = zip(seed.documents, seed.passages, seed.texts, strict=True)
    for document, passages, texts in parts:
        insert_document(db, document, seed.file)
        for passage, vector_texts in zip(passages, texts, strict=True):
            (last,) = db.execute("SELECT max(key) FROM passages").fetchone()
            key = max(last or 0, above) + 1
            vectors = [_vector(db, text, embedder) for text in vector_texts]
            _insert_passage(db, key, document.source, passage, vectors)


def insert_document(db: sqlite3.Connection, document: Document, seed: str) -> None:
    """Add a document of an indexed seed."""
    row = from_document(document, seed)
    db.execute(
        "INSERT INTO documents (id, file, title, authors, publisher, published, url, "
        "retrieved, text, headings, pages, tables, units, seed, crc, source_crc) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*with_check(*row), check_number(from_source(document.source))],
    )


def _vector(db: sqlite3.Connection, text: VectorText, embedder: str) -> int:
    row = db.execute(
        "SELECT id FROM vectors WHERE text_hash = ? AND embedder = ?",
        [text.hash, embedder],
    ).fetchone()
    if row is None:
        raise DamagedRowError("a vector is missing")
    return int(row[0])


def _insert_passage(
    db: sqlite3.Connection,
    key: int,
    source: Source,
    passage: Passage,
    vectors: Sequence[int],
) -> None:
    row = from_passage(key, passage)
    crc = check_number((*row, *from_source(source)))
    words = stem_lines(source, passage)
    db.execute(
        "INSERT INTO passages (key, id, document, start, end, heading, sentences, "
        "pages, crc, vectors, stems, stems_crc) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        # All of the row but its text, which the document holds.
        [*row[:5], *row[6:], crc, *with_check(key, json.dumps(vectors), words)[1:]],
    )
    db.execute(
        "INSERT INTO passages_fts (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
        _words(db, key),
    )
    db.executemany(
        "INSERT OR IGNORE INTO embedded VALUES (?, ?)",
        [(vector, key) for vector in vectors],
    )


def _words(db: sqlite3.Connection, key: int) -> Row:
    """What full-text search reads of a passage.

    It is read first: a statement that reads and writes might have to be undone, for
    which full-text search writes down all words that it holds back.
    """
    row: Row | None = db.execute(
        "SELECT key, searchable(title), searchable(heading), searchable(text) "
        "FROM passage_texts WHERE key = ?",
        [key],
    ).fetchone()
    if row is None:
        raise DamagedRowError("a passage's article is missing")
    return row
