"""One generation of the index, as a question sees it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from qa.index.filters import passing
from qa.index.protocol import IndexedLook, IndexedSeed, Stems, TextQuery
from qa.index.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    DamagedRowError,
    Row,
    checked,
    to_document,
    to_passage,
    to_source,
    to_vectors,
)
from qa.index.segments import Segments
from qa.index.terms import as_written, index_term, lengths_like
from qa.index.vectors import Floats
from qa.schema import Document, Filters, Passage, Source

_COMMON = 1_000
_SCORED = 10_000
"""Passages that one full-text search scores; each takes 0.7 µs."""
_ESTIMATED, _TIMES = 200, 8
"""Where scores are estimates: passages found at least, and times as many as asked
for; DECISIONS.md has what that finds."""


class SqliteSnapshot:
    """One generation of the index, for the length of one read transaction.

    Every row is compared with its check number before it is used, but for which vectors
    ``nearest`` ranks by; what was not written so ends the snapshot with
    ``CatalogueDamagedError``. ``common`` keeps how many passages of this generation
    hold a common word, for the next question.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        vectors: Segments,
        *,
        meta: Mapping[str, str],
        common: dict[str, int],
        filters: Filters | None,
    ) -> None:
        self._db = connection
        self._vectors = vectors
        self._common = common
        self._embedder = meta["embedder"]
        self.generation = int(meta["generation"])
        self.passage_count = int(meta["passage_count"])
        self.document_count = int(meta["document_count"])
        self._passing: tuple[Source, ...] | None = None
        self._within: list[int] | None = None
        self._last: tuple[tuple[int, ...], list[Row]] = ((), [])
        if filters:
            self._passing = self._passing_of(filters)
            self._within = self._keys_of(self._passing)

    def search_vectors(self, query: Floats, k: int) -> list[int]:
        """See ``Snapshot``; of estimates, more than ``k``. SQLite is not asked."""
        ids = None if self._within is None else np.asarray(self._within, np.int64)
        most = k if self._vectors.is_exact else max(_ESTIMATED, _TIMES * k)
        found, _ = self._vectors.search(query, most, ids)
        return [int(key) for key in found]

    def nearest(self, query: Floats, keys: Sequence[int], k: int) -> list[int]:
        """See ``Snapshot``."""
        if self._vectors.is_exact or not keys:
            return list(keys[:k])
        # Of so many passages no more is read than their own vectors; which these are is
        # checked where the nearest are read again.
        rows = self._db.execute(
            "SELECT p.key, v.id, v.text_hash, v.vector, v.crc FROM passages p "
            "JOIN vectors v ON v.id = json_extract(p.vectors, '$[0]') "
            "WHERE p.key IN (SELECT value FROM json_each(?)) AND v.embedder = ?",
            [str(list(keys)), self._embedder],
        ).fetchall()
        _require(keys, rows)
        cosines = to_vectors([row[1:] for row in rows]) @ query
        ranked = sorted(
            (-c, row[0]) for row, c in zip(rows, cosines.tolist(), strict=True)
        )
        return [key for _, key in ranked[:k]]

    def cosines(
        self, query: Floats, keys: Sequence[int]
    ) -> dict[int, tuple[float, ...]]:
        """See ``Snapshot``."""
        if not keys:
            return {}
        ids, found, vectors = self._vectors_of(keys)
        scores = dict(zip(found, (vectors @ query).tolist(), strict=True))
        return {key: tuple(scores[vector] for vector in ids[key]) for key in keys}

    def sentence_vectors(self, keys: Sequence[int]) -> dict[int, Floats]:
        """See ``Snapshot``."""
        ids, found, vectors = self._vectors_of(keys)
        place = {vector: row for row, vector in enumerate(found)}
        # The passage's own comes first, unless its one sentence is all of it.
        rows = {key: [place[v] for v in ids[key][1:] or ids[key]] for key in keys}
        return {key: vectors[rows[key]] for key in keys}

    def _vectors_of(
        self, keys: Sequence[int]
    ) -> tuple[dict[int, list[int]], list[int], Floats]:
        """The ids of each passage's vectors, and the vectors by id in that order.

        Returns:
            Ids by key; all ids, ascending; and their vectors, shape (ids, d).
        """
        ids: dict[int, list[int]] = {
            key: json.loads(vectors) for key, vectors, _ in self._worded(keys)
        }
        wanted = sorted({vector for of_key in ids.values() for vector in of_key})
        rows = self._db.execute(
            "SELECT id, text_hash, vector, crc FROM vectors "
            "WHERE id IN (SELECT value FROM json_each(?)) AND embedder = ? ORDER BY id",
            [str(wanted), self._embedder],
        ).fetchall()
        if wanted and not rows:
            raise DamagedRowError("all vectors are missing")
        if len(rows) != len(wanted):
            raise DamagedRowError("a vector is missing")
        return ids, wanted, to_vectors(rows)

    def stems(self, keys: Sequence[int]) -> dict[int, Stems]:
        """See ``Snapshot``."""
        return {key: Stems.of(stems) for key, _, stems in self._worded(keys)}

    def sentence_stems(self, document: str) -> list[str]:
        """See ``Snapshot``."""
        rows = self._db.execute(
            "SELECT key, vectors, stems, stems_crc FROM passages "
            "WHERE document = ? ORDER BY key",
            [document],
        )
        return [line for row in rows for line in checked(row)[2].split("\n")[1:]]

    def looks(self) -> dict[str, str]:
        """See ``Snapshot``."""
        return dict(self._db.execute("SELECT file, seen FROM looks").fetchall())

    def looks_of(self, documents: Iterable[str]) -> list[IndexedLook]:
        """See ``Snapshot``."""
        rows = self._db.execute(
            "SELECT DISTINCT s.file, s.added, s.sha256, coalesce(l.seen, '') "
            "FROM documents d JOIN seeds s ON s.file = d.seed "
            "LEFT JOIN looks l ON l.file = s.file "
            "WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY s.file",
            [json.dumps(list(documents))],
        )
        return [IndexedLook(*row) for row in rows]

    def _worded(self, keys: Sequence[int]) -> list[Row]:
        """Key, ids of vectors and words of passages; what was asked for last is kept,
        since a question wants vectors and then words of the same.
        """
        if self._last[0] == tuple(keys):
            return self._last[1]
        rows = self._db.execute(
            "SELECT key, vectors, stems, stems_crc FROM passages "
            "WHERE key IN (SELECT value FROM json_each(?))",
            [str(list(keys))],
        ).fetchall()
        _require(keys, rows)
        self._last = (tuple(keys), [checked(row) for row in rows])
        return self._last[1]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """See ``Snapshot``."""
        return {term: self._frequency(index_term(term)) for term in terms}

    def _frequency(self, term: str) -> int:
        if term in self._common:
            return self._common[term]
        row = self._db.execute(
            "SELECT doc FROM terms WHERE term = ?", [term]
        ).fetchone()
        frequency = int(row[0]) if row else 0
        # SQLite counts by reading all places of a word, at some 30 ns each.
        if frequency >= _COMMON:
            self._common[term] = frequency
        return frequency

    def terms_like(self, term: str) -> list[str]:
        """See ``Snapshot``."""
        after = chr(ord(term[0]) + 1)
        rows = self._db.execute(
            "SELECT term FROM terms WHERE term >= ? AND term < ? "
            "AND length(term) BETWEEN ? AND ?",
            [term[0], after, *lengths_like(term)],
        )
        return [found for (found,) in rows]

    def written(self, term: str) -> str:
        """See ``Snapshot``."""
        found = self._db.execute(
            "SELECT doc FROM term_places WHERE term = ? LIMIT 1", [term]
        ).fetchall()
        passages = self.passages(key for (key,) in found)
        return next((as_written(term, *p) for p in passages.values()), "")

    def search_text(self, query: TextQuery, k: int) -> list[tuple[int, float]]:
        """See ``Snapshot``; of very many passages that match, only the newest are
        scored.
        """
        if not query.terms:
            return []
        quoted = ['"' + term.replace('"', '""') + '"' for term in query.terms]
        arguments: list[object] = [f" {query.operator.upper()} ".join(quoted)]
        restriction = ""
        if self._within is not None:
            restriction = "AND rowid IN (SELECT value FROM json_each(?))"
            arguments.append(str(self._within))
        rows = self._db.execute(
            "SELECT key, score FROM (SELECT rowid AS key, "
            "bm25(passages_fts) AS score FROM passages_fts "
            f"WHERE passages_fts MATCH ? {restriction} ORDER BY rowid DESC LIMIT ?) "
            "ORDER BY score, key LIMIT ?",
            [*arguments, _SCORED, k],
        )
        return [(key, -score) for key, score in rows]

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """See ``Snapshot``."""
        wanted = list(keys)
        rows = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS}, {SOURCE_COLUMNS}, p.crc FROM passages p "
            "JOIN passage_texts t ON t.key = p.key "
            "JOIN documents d ON d.id = p.document "
            "WHERE p.key IN (SELECT value FROM json_each(?))",
            [str(wanted)],
        ).fetchall()
        _require(wanted, rows)
        return {row[0]: to_passage(row) for row in map(checked, rows)}

    def keys_in(self, document: str) -> list[int]:
        """See ``Snapshot``."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document = ? ORDER BY key", [document]
        )
        return [key for (key,) in rows]

    def document(self, identifier: str) -> Document:
        """See ``Snapshot``."""
        row = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS}, d.crc FROM documents d WHERE d.id = ?",
            [identifier],
        ).fetchone()
        if row is None:
            raise KeyError(identifier)
        return to_document(checked(row))

    def sources(self, first: int = 0, most: int | None = None) -> tuple[Source, ...]:
        """See ``Snapshot``."""
        if self._passing is not None:
            return self._passing[first:][:most]
        wanted = max(0, self.document_count - first)
        wanted = wanted if most is None else min(most, wanted)
        found = self._sources(
            "ORDER BY d.seed, d.rowid LIMIT ? OFFSET ?", wanted, first
        )
        if len(found) != wanted:
            raise DamagedRowError("an article is missing")
        return found

    def _passing_of(self, filters: Filters) -> tuple[Source, ...]:
        if not filters.files or filters.publishers:
            return passing(filters, self.sources())
        # A file is a seed, or a part of one that is named behind a "#".
        seeds = {
            name[:end]
            for name in filters.files
            for end in (len(name), *(n for n, c in enumerate(name) if c == "#"))
        }
        named = self._sources(
            "WHERE d.seed IN (SELECT value FROM json_each(?)) ORDER BY d.seed, d.rowid",
            json.dumps(sorted(seeds)),
        )
        return passing(filters, named)

    def _sources(self, chosen: str, *arguments: object) -> tuple[Source, ...]:
        rows = self._db.execute(
            f"SELECT {SOURCE_COLUMNS}, d.source_crc FROM documents d {chosen}",
            arguments,
        )
        return tuple(to_source(checked(row)) for row in rows)

    def _keys_of(self, sources: Iterable[Source]) -> list[int]:
        rows = self._db.execute(
            "SELECT key FROM passages "
            "WHERE document IN (SELECT value FROM json_each(?)) ORDER BY key",
            [json.dumps([source.id for source in sources])],
        )
        return [key for (key,) in rows]

    def seeds(self) -> tuple[IndexedSeed, ...]:
        """See ``Snapshot``."""
        rows = self._db.execute(
            "SELECT s.file, s.sha256, (SELECT count(*) FROM documents d "
            "JOIN passages p ON p.document = d.id WHERE d.seed = s.file) "
            "FROM seeds s ORDER BY s.file"
        )
        return tuple(IndexedSeed(*row) for row in rows)


def _require(keys: Iterable[int], rows: Iterable[tuple[object, ...]]) -> None:
    if {row[0] for row in rows} != set(keys):
        raise DamagedRowError("a passage is missing")
