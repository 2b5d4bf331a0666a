"""Reading the index: every question sees exactly one generation."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import snowballstemmer

from qa.errors import (
    FilterError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index.catalogue import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    IndexedSeed,
    Stats,
    connect,
    damage_reported,
    read_meta,
    to_document,
    to_passage,
    to_source,
)
from qa.index.vectors import Floats, VectorFile, VectorIndex
from qa.lexicon import without_accents
from qa.schema import Document, Filters, Passage, Source

_TRIES = 20
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stems:
    """The words of a passage, stemmed: of its title, and by sentence."""

    title: frozenset[str]
    sentences: tuple[tuple[str, ...], ...]


class Snapshot:
    """One generation of the index, for the length of one read transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        vectors: VectorIndex,
        *,
        meta: Mapping[str, str],
    ) -> None:
        self._db = connection
        self._vectors = vectors
        self._embedder = meta["embedder"]
        self.generation = int(meta["generation"])
        self.passage_count = int(meta["passage_count"])

    def search_vectors(
        self, query: Floats, k: int, within: Sequence[int] | None = None
    ) -> list[int]:
        """Keys of the passages nearest to a unit vector, shape (d,), best first.

        Args:
            query: The vector.
            k: At most this many.
            within: Passage keys to search in; None for all.
        """
        ids = None if within is None else np.asarray(within, np.int64)
        found, _ = self._vectors.search(query, k, ids)
        return [int(key) for key in found]

    def cosines(
        self, query: Floats, keys: Sequence[int]
    ) -> dict[int, tuple[float, ...]]:
        """Exact similarities of a query with each passage and its sentences.

        Returns:
            For each key first the passage's, then one for each of its
            sentences; a passage of one sentence has its own only.
        """
        if not keys:
            return {}
        rows = self._db.execute(
            "SELECT e.passage, v.vector FROM embedded e JOIN vectors v "
            "ON v.text_hash = e.text_hash AND v.embedder = ? "
            "WHERE e.passage IN (SELECT value FROM json_each(?)) "
            "ORDER BY e.passage, e.number",
            [self._embedder, str(list(keys))],
        ).fetchall()
        data = b"".join(vector for _, vector in rows)
        vectors = np.frombuffer(data, np.float16).reshape(-1, len(query))
        scores = vectors.astype(np.float32) @ query
        found: dict[int, list[float]] = {key: [] for key in keys}
        for (key, _), score in zip(rows, scores, strict=True):
            found[key].append(float(score))
        if not all(found.values()):
            raise IndexDamagedError(
                "vectors are missing from the catalogue; run `qa build --fresh`"
            )
        return {key: tuple(values) for key, values in found.items()}

    def stems(self, keys: Sequence[int]) -> dict[int, Stems]:
        """The words of passages, for scoring without reading their text."""
        rows = self._db.execute(
            "SELECT key, stems FROM passages "
            "WHERE key IN (SELECT value FROM json_each(?))",
            [str(list(keys))],
        )
        found = {}
        for key, stems in rows:
            title, *sentences = stems.split("\n")
            found[key] = Stems(
                frozenset(title.split()), tuple(tuple(s.split()) for s in sentences)
            )
        return found

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each term, up to inflection."""
        found = {}
        for term in terms:
            row = self._db.execute(
                "SELECT doc FROM terms WHERE term = ?", [_index_term(term)]
            ).fetchone()
            found[term] = int(row[0]) if row else 0
        return found

    def search_text(
        self,
        match: str,
        k: int,
        *,
        weights: tuple[float, float, float],
        within: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Keys and BM25 scores (higher is better) of an FTS5 query, best first.

        Args:
            match: FTS5 query with every term quoted.
            k: At most this many.
            weights: Of title, heading and text.
            within: Passage keys to search in; None for all.
        """
        if not match:
            return []
        restriction = ""
        if within is not None:
            restriction = "AND rowid IN (SELECT value FROM json_each(?))"
        arguments: list[object] = [*weights, match]
        if within is not None:
            arguments.append(str(list(within)))
        rows = self._db.execute(
            "SELECT rowid, bm25(passages_fts, ?, ?, ?) AS score FROM passages_fts "
            f"WHERE passages_fts MATCH ? {restriction} ORDER BY score, rowid LIMIT ?",
            [*arguments, k],
        )
        return [(key, -score) for key, score in rows]

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """Passages by key, with their sources."""
        wanted = str(list(keys))
        rows = self._db.execute(
            f"SELECT p.key, {PASSAGE_COLUMNS}, {SOURCE_COLUMNS} FROM passages p "
            "JOIN passage_texts t ON t.key = p.key "
            "JOIN documents d ON d.id = p.document "
            "WHERE p.key IN (SELECT value FROM json_each(?))",
            [wanted],
        )
        return {row[0]: (to_passage(row[1:9]), to_source(row[9:])) for row in rows}

    def keys_of(self, filters: Filters) -> list[int]:
        """Keys of the passages of the documents that pass the filters.

        Raises:
            FilterError: A filter names what is not in the library, or leaves
                nothing of it.
        """
        sources = self.sources()
        _check(filters, sources)
        allowed = [source.id for source in sources if _passes(source, filters)]
        if not allowed:
            raise FilterError("no article passes these filters; widen them")
        rows = self._db.execute(
            "SELECT key FROM passages "
            "WHERE document IN (SELECT value FROM json_each(?)) ORDER BY key",
            [json.dumps(allowed)],
        )
        return [key for (key,) in rows]

    def keys_in(self, document: str) -> list[int]:
        """Keys of the passages of one document, by id, in order."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document = ? ORDER BY key", [document]
        )
        return [key for (key,) in rows]

    def document(self, identifier: str) -> Document:
        """A document by id.

        Raises:
            KeyError: There is none with this id.
        """
        row = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents d WHERE d.id = ?",
            [identifier],
        ).fetchone()
        if row is None:
            raise KeyError(identifier)
        return to_document(row)

    def sources(self) -> tuple[Source, ...]:
        """All documents' sources, by file."""
        rows = self._db.execute(
            f"SELECT {SOURCE_COLUMNS} FROM documents d ORDER BY d.seed, d.rowid"
        )
        return tuple(to_source(row) for row in rows)

    def seeds(self) -> tuple[IndexedSeed, ...]:
        """The indexed seed files, by name."""
        rows = self._db.execute(
            "SELECT s.file, s.sha256, (SELECT count(*) FROM documents d "
            "JOIN passages p ON p.document = d.id WHERE d.seed = s.file) "
            "FROM seeds s ORDER BY s.file"
        )
        return tuple(IndexedSeed(*row) for row in rows)

    def vector_count(self) -> int:
        """Vectors of passages and sentences."""
        row = self._db.execute("SELECT count(*) FROM embedded").fetchone()
        return int(row[0])

    def counts(self) -> tuple[int, int, int]:
        """Seeds, documents and passages."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM seeds), (SELECT count(*) FROM documents), "
            "(SELECT count(*) FROM passages)"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])


_PORTER = snowballstemmer.stemmer("porter")


def _index_term(term: str) -> str:
    """A word as the full-text table's tokenizer stores it."""
    return str(_PORTER.stemWord(without_accents(term).lower()))


def _check(filters: Filters, sources: Sequence[Source]) -> None:
    files = {name for s in sources for name in (s.file, s.file.split("#")[0])}
    for name in filters.files:
        if name not in files:
            raise FilterError(f"there is no article {name!r}; `qa status` lists them")
    publishers = {source.publisher.casefold() for source in sources}
    for name in filters.publishers:
        if name.casefold() not in publishers:
            known = ", ".join(sorted({s.publisher for s in sources if s.publisher}))
            raise FilterError(f"there is no publisher {name!r}; known are: {known}")
    for date in (filters.since, filters.until):
        if date and not _ISO.fullmatch(date):
            raise FilterError(f"{date!r} is no date; write 2016, 2016-03 or 2016-03-22")


def _passes(source: Source, filters: Filters) -> bool:
    """Dates compare at the precision of the shorter one: 2016-03 is in 2016."""
    if filters.files and not {source.file, source.file.split("#")[0]} & set(
        filters.files
    ):
        return False
    publishers = {name.casefold() for name in filters.publishers}
    if publishers and source.publisher.casefold() not in publishers:
        return False
    date, since, until = source.published, filters.since, filters.until
    if (since or until) and not date:
        return False
    if since and date[: len(since)] < since[: len(date)]:
        return False
    return not (until and date[: len(until)] > until[: len(date)])


class Index:
    """The reader's side of an index folder; picks up new generations by itself.

    Args:
        folder: The index folder.
        embedder: Id of the embedder that questions are embedded with.
    """

    def __init__(self, folder: Path, *, embedder: str) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.Lock()
        self._loaded: tuple[VectorFile, VectorIndex] | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One consistent generation; use it in one thread and let go of it.

        Raises:
            IndexMissingError: Nothing is built yet.
            IndexDamagedError: A file is not what was written.
            IndexMismatchError: Another embedder or format.
        """
        with (
            closing(connect(self._folder)) as connection,
            damage_reported(self._folder),
        ):
            meta, vectors = self._begin(connection)
            yield Snapshot(
                connection,
                vectors,
                meta=meta,
            )

    def stats(self) -> Stats:
        """What the index holds and what it takes on disk."""
        with self.snapshot() as snapshot:
            seeds, documents, passages = snapshot.counts()
            return Stats(
                generation=snapshot.generation,
                embedder=self._embedder,
                seeds=seeds,
                documents=documents,
                passages=passages,
                vectors=snapshot.vector_count(),
                bytes=sum(
                    p.stat().st_size for p in self._folder.iterdir() if p.is_file()
                ),
            )

    def _begin(
        self, connection: sqlite3.Connection
    ) -> tuple[dict[str, str], VectorIndex]:
        """Start a read transaction together with the vectors that belong to it.

        A builder may flip and delete the old file between the two steps; then
        the newer generation is read instead.
        """
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            meta = read_meta(connection)
            self._check(meta)
            try:
                return meta, self._vectors(meta)
            except FileNotFoundError:
                connection.execute("ROLLBACK")
        raise IndexDamagedError(
            f"{self._folder / meta['vector_file']}: is missing; run `qa build` "
            "(nothing is embedded again)"
        )

    def _check(self, meta: dict[str, str]) -> None:
        if "generation" not in meta:
            raise IndexMissingError(f"{self._folder}: no index yet; run `qa build`")
        if meta["embedder"] != self._embedder:
            raise IndexMismatchError(
                f"{self._folder}: was built with the embedder {meta['embedder']}, "
                f"the settings name {self._embedder}; run `qa build`"
            )

    def _vectors(self, meta: dict[str, str]) -> VectorIndex:
        file = VectorFile(
            meta["vector_file"], int(meta["vector_size"]), meta["vector_sha256"]
        )
        with self._lock:
            if self._loaded is None or self._loaded[0] != file:
                self._loaded = file, VectorIndex.load(self._folder, file)
            return self._loaded[1]
