"""Changing the index: vectors are cached as they come, a generation is published
in one transaction, and a kill at any moment leaves the old one answering.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from qa.errors import BuildLockedError, IndexDamagedError
from qa.index.catalogue import (
    DOCUMENT_COLUMNS,
    FILE,
    FORMAT,
    TABLES,
    connect,
    damage_reported,
    read_meta,
    to_document,
)
from qa.index.vectors import Floats, VectorFile, VectorIndex
from qa.lexicon import stems
from qa.schema import Document, Passage, Source

_LOCK = "build.lock"


@dataclass(frozen=True, slots=True)
class VectorText:
    """A text that wants a vector, and the hash that the vector is cached under."""

    hash: bytes
    text: str


@dataclass(frozen=True, slots=True)
class NewSeed:
    """A seed file to index: its documents, and for each passage its texts.

    ``texts[i][j]`` are the texts of passage ``j`` of document ``i``: first the
    passage's own, then one for each sentence (none where there is only one).
    """

    file: str
    sha256: str
    documents: tuple[Document, ...]
    passages: tuple[tuple[Passage, ...], ...]
    texts: tuple[tuple[tuple[VectorText, ...], ...], ...]


class IndexWriter:
    """The builder's side of an index folder, held by one process at a time."""

    def __init__(self, folder: Path, db: sqlite3.Connection, embedder: str) -> None:
        self._folder = folder
        self._db = db
        self._embedder = embedder

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, embedder: str) -> Iterator[IndexWriter]:
        """Lock the index, making it if there is none.

        Raises:
            BuildLockedError: Another process is building.
            IndexDamagedError: The folder or the catalogue cannot be used.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise IndexDamagedError(
                f"{folder}: cannot be made ({exc.strerror})"
            ) from exc
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as exc:
            raise BuildLockedError(_locked_by(folder)) from exc
        except OSError as exc:
            raise IndexDamagedError(
                f"{folder}: cannot be written ({exc.strerror})"
            ) from exc
        try:
            (folder / f"{_LOCK}.pid").write_text(str(os.getpid()), encoding="ascii")
            with damage_reported(folder):
                db = _open_catalogue(folder)
                try:
                    yield cls(folder, db, embedder)
                finally:
                    db.close()
        finally:
            (folder / f"{_LOCK}.pid").unlink(missing_ok=True)
            lock.release()

    def seeds(self) -> dict[str, str]:
        """sha256 by seed file, as indexed."""
        return dict(self._db.execute("SELECT file, sha256 FROM seeds").fetchall())

    def documents(self, file: str) -> list[Document]:
        """The documents of an indexed seed."""
        rows = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents d "
            "WHERE d.seed = ? ORDER BY d.rowid",
            [file],
        )
        return [to_document(row) for row in rows]

    def is_current(self, settings: str) -> bool:
        """Whether the published generation has this embedder, these passage
        settings, and a vector file that is intact.
        """
        meta = read_meta(self._db)
        if (meta.get("embedder"), meta.get("passages")) != (self._embedder, settings):
            return False
        file = VectorFile(
            meta["vector_file"], int(meta["vector_size"]), meta["vector_sha256"]
        )
        try:
            VectorIndex.load(self._folder, file)
        except (OSError, IndexDamagedError):
            return False
        return True

    def splits_as(self, settings: str) -> bool:
        """Whether what is indexed was split with these settings."""
        return read_meta(self._db).get("passages", settings) == settings

    def missing(self, texts: Iterable[VectorText]) -> list[VectorText]:
        """Those whose vector is not cached, each once, in order."""
        unique = {text.hash: text for text in texts}
        for (known,) in self._db.execute(
            "SELECT text_hash FROM vectors WHERE embedder = ?", [self._embedder]
        ):
            unique.pop(known, None)
        return list(unique.values())

    def cache(self, texts: Sequence[VectorText], vectors: Floats) -> None:
        """Commit vectors, so that a killed build embeds nothing twice."""
        values = [
            (text.hash, self._embedder, vector.astype(np.float16).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", values
            )

    def publish(
        self, new: Sequence[NewSeed], removed: Iterable[str], *, settings: str
    ) -> int:
        """Make a new generation visible in one step.

        The FAISS file is written beside the old one before the transaction
        that names it commits; what is no longer needed goes afterwards.

        Args:
            new: Added and changed seeds, all their vectors cached.
            removed: Seed files that go.
            settings: How passages were split, for ``is_current``.

        Returns:
            The number of the new generation.
        """
        with self._transaction():
            for file in [*removed, *(seed.file for seed in new)]:
                self._delete(file)
            for seed in new:
                self._insert(seed)
            generation = int(read_meta(self._db).get("generation", "0")) + 1
            written = self._write_vectors(generation)
            self._db.execute(
                "DELETE FROM vectors WHERE text_hash NOT IN "
                "(SELECT text_hash FROM embedded) OR embedder <> ?",
                [self._embedder],
            )
            self._set_meta(
                embedder=self._embedder,
                passages=settings,
                generation=str(generation),
                passage_count=str(self._count("passages")),
                vector_file=written.name,
                vector_size=str(written.size),
                vector_sha256=written.sha256,
            )
        self._collect(written.name)
        return generation

    def _delete(self, seed: str) -> None:
        keys = [
            key
            for (key,) in self._db.execute(
                "SELECT p.key FROM passages p JOIN documents d ON d.id = p.document "
                "WHERE d.seed = ?",
                [seed],
            )
        ]
        for key in keys:
            self._db.execute(
                "INSERT INTO passages_fts (passages_fts, rowid, title, heading, text) "
                "SELECT 'delete', key, title, heading, text FROM passage_texts "
                "WHERE key = ?",
                [key],
            )
            self._db.execute("DELETE FROM embedded WHERE passage = ?", [key])
            self._db.execute("DELETE FROM passages WHERE key = ?", [key])
        self._db.execute("DELETE FROM documents WHERE seed = ?", [seed])
        self._db.execute("DELETE FROM seeds WHERE file = ?", [seed])

    def _insert(self, seed: NewSeed) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._db.execute(
            "INSERT INTO seeds VALUES (?, ?, ?)", [seed.file, seed.sha256, now]
        )
        parts = zip(seed.documents, seed.passages, seed.texts, strict=True)
        for document, passages, texts in parts:
            self._insert_document(seed.file, document)
            for passage, vector_texts in zip(passages, texts, strict=True):
                self._insert_passage(document.source, passage, vector_texts)

    def _insert_document(self, seed: str, document: Document) -> None:
        source = document.source
        headings = [[h.start, h.end, h.level] for h in document.headings]
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                source.id,
                seed,
                source.file,
                source.title,
                json.dumps(source.authors, ensure_ascii=False),
                source.publisher,
                source.published,
                source.url,
                source.retrieved,
                document.text,
                json.dumps(headings),
                json.dumps(document.pages),
            ],
        )

    def _insert_passage(
        self, source: Source, passage: Passage, texts: Sequence[VectorText]
    ) -> None:
        spans = [[span.start, span.end] for span in passage.sentences]
        key = self._db.execute(
            "INSERT INTO passages "
            "(id, document, start, end, heading, sentences, pages, stems) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                passage.id,
                passage.document_id,
                passage.start,
                passage.end,
                passage.heading,
                json.dumps(spans),
                json.dumps(passage.pages),
                _stems(source, passage),
            ],
        ).lastrowid
        assert key is not None  # noqa: S101 - an INSERT always has one
        self._db.execute(
            "INSERT INTO passages_fts (rowid, title, heading, text) "
            "SELECT key, title, heading, text FROM passage_texts WHERE key = ?",
            [key],
        )
        self._db.executemany(
            "INSERT INTO embedded VALUES (?, ?, ?)",
            [(key, number, text.hash) for number, text in enumerate(texts)],
        )

    def _write_vectors(self, generation: int) -> VectorFile:
        rows = self._db.execute(
            "SELECT e.passage, v.vector FROM embedded e JOIN vectors v "
            "ON v.text_hash = e.text_hash AND v.embedder = ? "
            "WHERE e.number = 0 ORDER BY e.passage",
            [self._embedder],
        ).fetchall()
        ids = np.array([row[0] for row in rows], np.int64)
        data = b"".join(row[1] for row in rows)
        vectors = np.frombuffer(data, np.float16).astype(np.float32)
        shape = (len(ids), -1) if len(ids) else (0, 1)
        index = VectorIndex.of(ids, vectors.reshape(shape))
        try:
            return index.save(self._folder, f"vectors-{generation}.faiss")
        except OSError as exc:
            raise IndexDamagedError(
                f"{self._folder}: cannot be written ({exc.strerror}); nothing was "
                "changed, free some space or check the folder and build again"
            ) from exc

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _set_meta(self, **values: str) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items())
        )

    def _collect(self, keep: str) -> None:
        """Delete vector files of other generations, finished or not."""
        for path in self._folder.glob("vectors-*.faiss*"):
            if path.name != keep:
                path.unlink(missing_ok=True)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _open_catalogue(folder: Path) -> sqlite3.Connection:
    path = folder / FILE
    if path.exists() and path.stat().st_size:
        return connect(folder)
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(
        f"BEGIN; {TABLES} INSERT INTO meta VALUES ('format', '{FORMAT}'); COMMIT;"
    )
    return db


def _stems(source: Source, passage: Passage) -> str:
    stated = [source.title, *source.authors, source.publisher, passage.heading]
    lines = [" ".join(stems(" ".join(stated)))]
    for span in passage.sentences:
        text = passage.text[span.start - passage.start : span.end - passage.start]
        lines.append(" ".join(stems(text)))
    return "\n".join(lines)


def _locked_by(folder: Path) -> str:
    try:
        pid = (folder / f"{_LOCK}.pid").read_text(encoding="ascii")
    except OSError:
        pid = "unknown"
    return f"{folder}: process {pid} is building this index; wait for it to finish"


def delete_index(folder: Path) -> None:
    """Remove the files of an index, and nothing else in its folder.

    Raises:
        BuildLockedError: Another process is building.
    """
    try:
        with FileLock(folder / _LOCK, timeout=0):
            for pattern in (f"{FILE}*", "vectors-*.faiss*"):
                for path in folder.glob(pattern):
                    path.unlink(missing_ok=True)
    except Timeout as exc:
        raise BuildLockedError(_locked_by(folder)) from exc
