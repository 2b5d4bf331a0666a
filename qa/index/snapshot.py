"""One generation of the index, as a question sees it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import snowballstemmer

from qa.index.catalogue import IndexedLook, IndexedSeed
from qa.index.filters import passing
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
from qa.index.vectors import Floats
from qa.language.text import tokens, without_accents
from qa.schema import Document, Filters, Passage, Source

_COMMON = 1_000
_LENGTHS = 2
"""Letters that terms which are like each other may differ by in length."""
_SCORED = 10_000
"""Passages that one full-text search scores; each takes 0.7 µs."""


@dataclass(frozen=True, slots=True)
class Stems:
    """The words of a passage, stemmed: of its title, and by sentence."""

    title: frozenset[str]
    sentences: tuple[tuple[str, ...], ...]


class Snapshot:
    """One generation of the index, for the length of one read transaction.

    Every row is compared with its check number before it is used; what was not
    written so ends the snapshot with ``CatalogueDamagedError``. ``common`` keeps how
    many passages of this generation hold a common word, for the next question.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        vectors: Segments,
        *,
        meta: Mapping[str, str],
        common: dict[str, int],
    ) -> None:
        self._db = connection
        self._vectors = vectors
        self._common = common
        self._embedder = meta["embedder"]
        self.generation = int(meta["generation"])
        self.passage_count = int(meta["passage_count"])
        self._document_count = int(meta["document_count"])

    def search_vectors(
        self, query: Floats, k: int, within: Sequence[int] | None = None
    ) -> list[int]:
        """Keys of the passages nearest to a unit vector, shape (d,), best first.

        Args:
            query: The vector.
            k: At most this many.
            within: Passage keys to search in; None for all.
        """
        if not self._document_count:
            return []
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
        ids, found, vectors = self._vectors_of(keys)
        scores = dict(zip(found, (vectors @ query).tolist(), strict=True))
        return {key: tuple(scores[vector] for vector in ids[key]) for key in keys}

    def sentence_vectors(self, keys: Sequence[int]) -> dict[int, Floats]:
        """The unit vectors of each sentence of passages, shape (sentences, d)."""
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
        ids: dict[int, list[int]] = {k: json.loads(v) for k, v, _ in self._worded(keys)}
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
        """The words of passages, for scoring without reading their text."""
        found = {}
        for key, _, stems in self._worded(keys):
            title, *sentences = stems.split("\n")
            found[key] = Stems(
                frozenset(title.split()), tuple(tuple(s.split()) for s in sentences)
            )
        return found

    def sentence_stems(self, document: str) -> list[str]:
        """The stems of each sentence of a document, by id, with spaces between."""
        rows = self._db.execute(
            "SELECT key, vectors, stems, stems_crc FROM passages "
            "WHERE document = ? ORDER BY key",
            [document],
        )
        return [line for row in rows for line in checked(row)[2].split("\n")[1:]]

    def looks(self) -> dict[str, str]:
        """What the builder noted of each seed file; see ``IndexWriter.note_looks``."""
        return dict(self._db.execute("SELECT file, seen FROM looks").fetchall())

    def looks_of(self, documents: Iterable[str]) -> list[IndexedLook]:
        """How the seed files that these documents, by id, are in looked when they were
        indexed, each once, by name.
        """
        rows = self._db.execute(
            "SELECT DISTINCT s.file, s.added, s.sha256, coalesce(l.seen, '') "
            "FROM documents d JOIN seeds s ON s.file = d.seed "
            "LEFT JOIN looks l ON l.file = s.file "
            "WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY s.file",
            [json.dumps(list(documents))],
        )
        return [IndexedLook(*row) for row in rows]

    def _worded(self, keys: Sequence[int]) -> list[Row]:
        """Key, ids of vectors and words of passages."""
        rows = self._db.execute(
            "SELECT key, vectors, stems, stems_crc FROM passages "
            "WHERE key IN (SELECT value FROM json_each(?))",
            [str(list(keys))],
        ).fetchall()
        _require(keys, rows)
        return [checked(row) for row in rows]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each term, up to inflection."""
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
        """Terms of the library that begin with the same letter and are as long, give or
        take some letters.
        """
        after = chr(ord(term[0]) + 1)
        shortest, longest = len(term) - _LENGTHS, len(term) + 2 * _LENGTHS
        rows = self._db.execute(
            "SELECT term FROM terms WHERE term >= ? AND term < ? "
            "AND length(term) BETWEEN ? AND ?",
            [term[0], after, shortest, longest],
        )
        return [found for (found,) in rows]

    def written(self, term: str) -> str:
        """A word as an article writes it, by its term; empty where none has it."""
        found = self._db.execute(
            "SELECT doc FROM term_places WHERE term = ? LIMIT 1", [term]
        ).fetchall()
        for passage, source in self.passages(key for (key,) in found).values():
            stated = [passage.text, passage.heading, source.title, *source.authors]
            for word in tokens(" ".join([*stated, source.publisher])):
                if index_term(word) == term:
                    return word
        return ""

    def search_text(
        self,
        match: str,
        k: int,
        *,
        weights: tuple[float, float, float],
        within: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Keys and BM25 scores (higher is better) of an FTS5 query, best first.

        Of very many passages that match, only the newest are scored.

        Args:
            match: FTS5 query with every term quoted.
            k: At most this many.
            weights: Of title, heading and text.
            within: Passage keys to search in; None for all.
        """
        if not match:
            return []
        restriction = ""
        arguments: list[object] = [*weights, match]
        if within is not None:
            restriction = "AND rowid IN (SELECT value FROM json_each(?))"
            arguments.append(str(list(within)))
        rows = self._db.execute(
            "SELECT key, score FROM (SELECT rowid AS key, "
            "bm25(passages_fts, ?, ?, ?) AS score FROM passages_fts "
            f"WHERE passages_fts MATCH ? {restriction} ORDER BY rowid DESC LIMIT ?) "
            "ORDER BY score, key LIMIT ?",
            [*arguments, _SCORED, k],
        )
        return [(key, -score) for key, score in rows]

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """Passages by key, with their sources; every key is one of a search."""
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

    def keys_of(self, filters: Filters) -> list[int]:
        """Keys of the passages of the documents that pass the filters.

        Raises:
            FilterError: A filter names what is not in the library, or leaves
                nothing of it.
        """
        allowed = [source.id for source in self.sources(filters)]
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
            f"SELECT {DOCUMENT_COLUMNS}, d.crc FROM documents d WHERE d.id = ?",
            [identifier],
        ).fetchone()
        if row is None:
            raise KeyError(identifier)
        return to_document(checked(row))

    def sources(self, filters: Filters | None = None) -> tuple[Source, ...]:
        """The sources of the documents that pass the filters, by file.

        Raises:
            FilterError: As ``keys_of``.
        """
        rows = self._db.execute(
            f"SELECT {SOURCE_COLUMNS}, d.source_crc FROM documents d "
            "ORDER BY d.seed, d.rowid"
        ).fetchall()
        if len(rows) != self._document_count:
            raise DamagedRowError("an article is missing")
        found = [to_source(checked(row)) for row in rows]
        return tuple(passing(filters, found) if filters else found)

    def seeds(self) -> tuple[IndexedSeed, ...]:
        """The indexed seed files, by name."""
        rows = self._db.execute(
            "SELECT s.file, s.sha256, (SELECT count(*) FROM documents d "
            "JOIN passages p ON p.document = d.id WHERE d.seed = s.file) "
            "FROM seeds s ORDER BY s.file"
        )
        return tuple(IndexedSeed(*row) for row in rows)


def _require(keys: Iterable[int], rows: Iterable[tuple[object, ...]]) -> None:
    if {row[0] for row in rows} != set(keys):
        raise DamagedRowError("a passage is missing")


_PORTER = snowballstemmer.stemmer("porter")


def index_term(term: str) -> str:
    """A word as the full-text table's tokenizer stores it."""
    return str(_PORTER.stemWord(without_accents(term).lower()))
