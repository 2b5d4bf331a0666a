"""One generation of an index on shared storage, as a question sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from qa.errors import IndexDamagedError
from qa.index.filters import check_dates, passing
from qa.index.lance.generations import Generation
from qa.index.lance.rows import (
    DOCUMENT,
    PASSAGE,
    Row,
    to_document,
    to_passage,
    to_source,
)
from qa.index.lance.tables import Table, listed, literal
from qa.index.protocol import IndexedLook, IndexedSeed, Stems, TextQuery
from qa.index.terms import as_written, index_term, lengths_like
from qa.index.vectors import Floats
from qa.schema import Document, Filters, Passage, Source

_READ = [*PASSAGE, "source", "stems", "vectors"]


class LanceSnapshot:
    """One generation; see ``Snapshot``. What was read of a passage is kept, since a
    question wants its vectors, then its words, then its text.
    """

    def __init__(
        self,
        generation: Generation,
        tables: Mapping[str, Table],
        filters: Filters | None,
    ) -> None:
        self._tables = tables
        self._read: dict[int, Row] = {}
        self.generation = generation.number
        self.passage_count = generation.passages
        self.document_count = generation.documents
        self._where = _condition(filters) if filters else ""
        if filters:
            self._check(filters)

    def _check(self, filters: Filters) -> None:
        """Raises FilterError; all sources are read only where something is wrong."""
        check_dates(filters)
        documents = self._tables["documents"]
        known = all(
            documents.count(f"file = {name} OR container = {name}")
            for name in (literal(file) for file in filters.files)
        ) and all(
            documents.count(f"publisher = {literal(name.casefold())}")
            for name in filters.publishers
        )
        if not known or not documents.count(self._where):
            passing(filters, self._sources(""))

    def search_vectors(self, query: Floats, k: int) -> list[int]:
        """See ``Snapshot``."""
        if not self.passage_count or k < 1:
            return []
        passages = self._tables["passages"]
        if query.shape != (passages.dimension,) or not np.isfinite(query).all():
            raise ValueError(f"not a finite vector of {passages.dimension} numbers")
        return passages.nearest(query, k, self._where)

    def nearest(
        self,
        query: Floats,  # noqa: ARG002
        keys: Sequence[int],
        k: int,
    ) -> list[int]:
        """See ``Snapshot``; the search itself has ranked them by their vectors."""
        return list(keys[:k])

    def search_text(self, query: TextQuery, k: int) -> list[tuple[int, float]]:
        """See ``Snapshot``."""
        if not self.passage_count:
            return []
        return self._tables["passages"].matching(query, k, self._where)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """See ``Snapshot``."""
        stored = {term: index_term(term) for term in terms}
        rows = self._tables["terms"].rows(
            ["term", "passages"], f"term IN {listed(sorted({*stored.values()}))}"
        )
        counted = {row["term"]: row["passages"] for row in rows}
        return {term: counted.get(name, 0) for term, name in stored.items()}

    def terms_like(self, term: str) -> list[str]:
        """See ``Snapshot``."""
        first, after = literal(term[0]), literal(chr(ord(term[0]) + 1))
        shortest, longest = lengths_like(term)
        rows = self._tables["terms"].rows(
            ["term"],
            f"term >= {first} AND term < {after} "
            f"AND character_length(term) BETWEEN {shortest} AND {longest}",
        )
        return [row["term"] for row in rows]

    def written(self, term: str) -> str:
        """See ``Snapshot``."""
        found = self._tables["passages"].matching(TextQuery((term,)), 1, "")
        passages = self.passages(key for key, _ in found)
        return next((as_written(term, *p) for p in passages.values()), "")

    def _passages(self, keys: Iterable[int]) -> list[Row]:
        """What is stored of passages, in the order of their keys as given."""
        wanted = list(dict.fromkeys(keys))
        new = [key for key in wanted if key not in self._read]
        if new:
            rows = self._tables["passages"].rows(_READ, f"key IN {listed(new)}")
            self._read |= {row["key"]: row for row in rows}
        if any(key not in self._read for key in wanted):
            raise IndexDamagedError("a passage is missing; run `qa build --fresh`")
        return [self._read[key] for key in wanted]

    def _vectors(self, row: Row) -> Floats:
        found = np.frombuffer(row["vectors"], np.float16).astype(np.float32)
        return found.reshape(-1, self._tables["passages"].dimension)

    def cosines(
        self, query: Floats, keys: Sequence[int]
    ) -> dict[int, tuple[float, ...]]:
        """See ``Snapshot``."""
        return {
            row["key"]: tuple((self._vectors(row) @ query).tolist())
            for row in self._passages(keys)
        }

    def sentence_vectors(self, keys: Sequence[int]) -> dict[int, Floats]:
        """See ``Snapshot``."""
        vectors = {row["key"]: self._vectors(row) for row in self._passages(keys)}
        return {key: v[1:] if len(v) > 1 else v for key, v in vectors.items()}

    def stems(self, keys: Sequence[int]) -> dict[int, Stems]:
        """See ``Snapshot``."""
        return {row["key"]: Stems.of(row["stems"]) for row in self._passages(keys)}

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """See ``Snapshot``."""
        return {row["key"]: to_passage(row) for row in self._passages(keys)}

    def _in(self, document: str, columns: Sequence[str]) -> list[Row]:
        where = f"document = {literal(document)}"
        rows = self._tables["passages"].rows([*columns, "start"], where)
        return sorted(rows, key=lambda row: int(row["start"]))

    def keys_in(self, document: str) -> list[int]:
        """See ``Snapshot``."""
        return [row["key"] for row in self._in(document, ["key"])]

    def sentence_stems(self, document: str) -> list[str]:
        """See ``Snapshot``."""
        rows = self._in(document, ["stems"])
        return [line for row in rows for line in row["stems"].split("\n")[1:]]

    def document(self, identifier: str) -> Document:
        """See ``Snapshot``."""
        rows = self._tables["documents"].rows(
            ["source", *DOCUMENT], f"id = {literal(identifier)}"
        )
        if not rows:
            raise KeyError(identifier)
        (row,) = rows
        return to_document(row)

    def sources(self, first: int = 0, most: int | None = None) -> tuple[Source, ...]:
        """See ``Snapshot``."""
        if most is None:
            return self._sources(self._where)[first:]
        rows = self._tables["documents"].rows(["id", "seed", "place"], self._where)
        rows.sort(key=lambda row: (row["seed"], row["place"]))
        wanted = [row["id"] for row in rows[first:][:most]]
        return self._sources(f"id IN {listed(wanted)}")

    def _sources(self, where: str) -> tuple[Source, ...]:
        rows = self._tables["documents"].rows(["source", "seed", "place"], where)
        rows.sort(key=lambda row: (row["seed"], row["place"]))
        return tuple(to_source(row) for row in rows)

    def seeds(self) -> tuple[IndexedSeed, ...]:
        """See ``Snapshot``."""
        rows = self._tables["seeds"].rows(["file", "sha256", "passages"])
        return tuple(sorted((IndexedSeed(**row) for row in rows), key=lambda s: s.file))

    def looks(self) -> dict[str, str]:
        """See ``Snapshot``; the newest there are, whatever the generation."""
        return self._looks("")

    def _looks(self, where: str) -> dict[str, str]:
        looks = self._tables["looks"]
        looks.refresh()
        return {row["file"]: row["seen"] for row in looks.rows(["file", "seen"], where)}

    def looks_of(self, documents: Iterable[str]) -> list[IndexedLook]:
        """See ``Snapshot``."""
        where = f"id IN {listed(documents)}"
        found = {row["seed"] for row in self._tables["documents"].rows(["seed"], where)}
        where = f"file IN {listed(sorted(found))}"
        seen = self._looks(where)
        rows = self._tables["seeds"].rows(["file", "added", "sha256"], where)
        return [
            IndexedLook(r["file"], r["added"], r["sha256"], seen.get(r["file"], ""))
            for r in sorted(rows, key=lambda row: str(row["file"]))
        ]


def _condition(filters: Filters) -> str:
    """What passes the filters, as SQL; dates as ``passing`` compares them.

    A date of lower precision sorts before those within it, so that "2016-03" is in
    what begins "2016" and ends with "2016-03-22".
    """
    parts = []
    if filters.files:
        names = listed(filters.files)
        parts.append(f"(file IN {names} OR container IN {names})")
    if filters.publishers:
        names = listed(name.casefold() for name in filters.publishers)
        parts.append(f"publisher IN {names}")
    if filters.since or filters.until:
        parts.append("published <> ''")
    if since := filters.since:
        shorter = listed([since[:4], since[:7]])
        parts.append(f"(published >= {literal(since)} OR published IN {shorter})")
    if until := filters.until:
        parts.append(f"published < {literal(until + '~')}")
    return " AND ".join(parts)
