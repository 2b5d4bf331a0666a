"""Changing an index on shared storage: new versions of its tables, which nobody reads,
and then the one row that names them.

A builder that is killed leaves versions that no row names; the next one goes back to
those that are named. Two builders at once see each other's versions, and stop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import numpy as np

from qa.errors import IndexDamagedError
from qa.index.lance.generations import NAME, Generation
from qa.index.lance.rows import (
    DOCUMENT,
    Row,
    from_document,
    from_passage,
    to_document,
)
from qa.index.lance.tables import Database, Table, listed, literal, locked
from qa.index.lock import builder_lock
from qa.index.protocol import NewSeed, VectorText
from qa.index.vectors import Floats
from qa.schema import Document

_CACHED_AT_ONCE = 8_192
"""Vectors; a builder that is killed loses the last ones."""
_WRITTEN_AT_ONCE = 5_000
"""Passages."""
_ASKED_AT_ONCE = 2_000
_STILL_READ = timedelta(hours=1)
"""Since a generation was published, those before it are not read any more."""
_BY_FILE = ("seeds", "documents", "terms")

_Item = TypeVar("_Item")


class LanceWriter:
    """The builder's side of an index on shared storage; see ``Writer``."""

    def __init__(self, database: Database, embedder: str, scratch: Path) -> None:
        self.repaired = ""
        self.scratch = scratch
        self._database = database
        self._embedder = embedder
        # Vectors of two embedders never lie in one table.
        self._tag = blake2b(embedder.encode(), digest_size=6).hexdigest()
        self._names = set(database.names())
        self._generations = self._newest(NAME)
        self._published = Generation.newest(self._generations, database.address)
        self._looks = self._newest("looks")
        self._forget_before()
        self._tables = {name: self._as_published(name, name) for name in _BY_FILE}
        self._cached = self._newest(f"vectors-{self._tag}")
        self._pending: dict[str, Row] = {}
        self._known: set[int] | None = None

    @classmethod
    @contextmanager
    def open(
        cls, database: Database, *, embedder: str, scratch: Path
    ) -> Iterator[LanceWriter]:
        """See ``Store.writer``; a builder on another machine is noticed in writing."""
        with builder_lock(scratch):
            writer = cls(database, embedder, scratch)
            try:
                yield writer
            finally:
                writer._write_vectors()

    def _newest(self, name: str) -> Table:
        return self._database.find(name) or self._database.create(name)

    def _as_published(self, what: str, name: str, dimension: int = 0) -> Table:
        """A table as it is published; empty where it is not."""
        stated = self._published.tables.get(what) if self._published else None
        if stated and stated[0] == name:
            table = self._database.open(name)
            table.put_back(stated[1])
            return table
        if name in self._names:
            self._database.drop([name])
        self._names.add(name)
        return self._database.create(name, dimension=dimension)

    def _forget_before(self) -> None:
        """Delete versions and tables that are not published, once nobody can be reading
        them.
        """
        if self._published is None:
            return
        made = datetime.fromisoformat(self._published.made)
        if datetime.now(UTC) - made <= _STILL_READ:
            return
        for name, version in self._published.tables.values():
            self._database.open(name).forget_before(version)
        named = {name for name, _ in self._published.tables.values()}
        of_others = {
            name
            for name in self._names - named
            if name.startswith(("passages-", "vectors-")) and self._tag not in name
        }
        self._database.drop(sorted(of_others))
        self._generations.delete(f"number < {self._published.number}")
        for table in (self._generations, self._looks):
            table.settle()
            table.forget_before(table.version)

    def seeds(self) -> dict[str, str]:
        """See ``Writer``."""
        rows = self._tables["seeds"].rows(["file", "sha256"])
        return {row["file"]: row["sha256"] for row in rows}

    def looks(self) -> dict[str, str]:
        """See ``Writer``."""
        rows = self._looks.rows(["file", "seen"])
        return {row["file"]: row["seen"] for row in rows}

    def note_looks(self, looks: Mapping[str, str]) -> None:
        """See ``Writer``."""
        if looks:
            there = self.seeds()
            rows = [{"file": f, "seen": s} for f, s in looks.items() if f in there]
            self._looks.upsert(rows)
            gone = sorted(self.looks().keys() - there.keys())
            for files in _parts(gone, _ASKED_AT_ONCE):
                self._looks.delete(f"file IN {listed(files)}")

    def documents(self, file: str) -> list[Document]:
        """See ``Writer``."""
        columns = ["place", "source", *DOCUMENT]
        rows = self._tables["documents"].rows(columns, f"seed = {literal(file)}")
        rows.sort(key=lambda row: int(row["place"]))
        return [to_document(row) for row in rows]

    def splits_as(self, settings: str) -> bool:
        """See ``Writer``."""
        return self._published is None or self._published.settings == settings

    def is_current(self, settings: str) -> bool:
        """See ``Writer``."""
        there = self._published
        return there is not None and (there.embedder, there.settings) == (
            self._embedder,
            settings,
        )

    def forget_unused(self) -> None:
        """See ``Writer``; those of passages that went stay."""
        self._pending = {}
        self._known = None
        self._cached = self._as_published("vectors", f"vectors-{self._tag}")

    def missing(self, texts: Iterable[VectorText]) -> list[VectorText]:
        """See ``Writer``."""
        unique = {text.hash.hex(): text for text in texts}
        if self._known is None:
            rows = self._cached.rows(["prefix"])
            self._known = {row["prefix"] for row in rows}
        # Only what may be there is asked for, which of new articles is nothing.
        asked = [h for h in unique if _prefix(h) in self._known]
        known = self._vectors(asked).keys() | self._pending.keys()
        return [text for name, text in unique.items() if name not in known]

    def cache(self, texts: Sequence[VectorText], vectors: Floats) -> None:
        """See ``Writer``; written some thousands at a time, and at the end."""
        for text, vector in zip(texts, vectors.astype(np.float16), strict=True):
            name = text.hash.hex()
            self._pending[name] = {
                "hash": name,
                "prefix": _prefix(name),
                "data": vector.tobytes(),
            }
        if len(self._pending) >= _CACHED_AT_ONCE:
            self._write_vectors()

    def _write_vectors(self) -> None:
        self._cached.append(list(self._pending.values()))
        if self._known is not None:
            self._known.update(row["prefix"] for row in self._pending.values())
        self._pending = {}

    def _vectors(self, hashes: Sequence[str]) -> dict[str, bytes]:
        """Vectors by the hash of their text, of those that are cached."""
        return {
            row["hash"]: row["data"]
            for part in _parts(hashes, _ASKED_AT_ONCE)
            for row in self._cached.rows(["hash", "data"], f"hash IN {listed(part)}")
        }

    def publish(
        self,
        new: Iterable[NewSeed],
        removed: Iterable[str],
        *,
        settings: str,
        looks: Mapping[str, str] | None = None,
    ) -> int:
        """See ``Writer``.

        Raises:
            BuildLockedError: Another machine builds this index.
            IndexDamagedError: A vector is not cached, or the storage fails.
        """
        self._write_vectors()
        self._cached.settle()
        dimension = self._dimension()
        name = f"passages-{self._tag}-{dimension}"
        passages = self._as_published("passages", name, dimension)
        counts: Counter[str] = Counter()
        for files in _parts(list(removed), _ASKED_AT_ONCE):
            self._remove(files, passages, counts)
        self._insert(new, passages, counts)
        self._count(counts)
        tables = self._tables | {"passages": passages}
        for table in tables.values():
            table.settle()
        number = self._commit(tables | {"vectors": self._cached}, settings)
        self.note_looks(looks or {})
        return number

    def _dimension(self) -> int:
        rows = self._cached.rows(["data"], most=1)
        return len(rows[0]["data"]) // np.dtype(np.float16).itemsize if rows else 1

    def _remove(
        self, files: Sequence[str], passages: Table, counts: Counter[str]
    ) -> None:
        """Remove seeds, and take the words of their passages off the counts."""
        if self._published is None:
            return
        where = f"seed IN {listed(files)}"
        # Another embedder's passages lie in another table.
        before = self._database.open(*self._published.tables["passages"])
        for row in before.rows(["words"], where):
            counts.subtract(set(row["words"].split()))
        passages.delete(where)
        self._tables["documents"].delete(where)
        self._tables["seeds"].delete(f"file IN {listed(files)}")

    def _insert(
        self, new: Iterable[NewSeed], passages: Table, counts: Counter[str]
    ) -> None:
        """Add seeds, and the words of their passages to the counts."""
        rows: dict[str, list[Row]] = {"seeds": [], "documents": [], "passages": []}
        now = datetime.now(UTC).isoformat(timespec="seconds")

        def write() -> None:
            self._fill(rows["passages"])
            passages.upsert(rows.pop("passages"))
            for name, of_table in rows.items():
                self._tables[name].upsert(of_table)
            rows.update(seeds=[], documents=[], passages=[])

        for seed in new:
            rows["seeds"].append(
                {"file": seed.file, "sha256": seed.sha256, "added": now}
                | {"passages": sum(map(len, seed.passages))}
            )
            for place, document in enumerate(seed.documents):
                rows["documents"].append(from_document(document, seed.file, place))
                texts = seed.texts[place]
                for passage, own in zip(seed.passages[place], texts, strict=True):
                    row = from_passage(passage, document.source, seed.file, own)
                    counts.update(set(row["words"].split()))
                    rows["passages"].append(row)
            if len(rows["passages"]) >= _WRITTEN_AT_ONCE:
                write()
        write()

    def _fill(self, passages: Sequence[Row]) -> None:
        """Put the vectors of their texts into rows of passages."""
        wanted = {name for row in passages for name in row["hashes"]}
        known = self._vectors(sorted(wanted))
        if len(known) < len(wanted):
            raise IndexDamagedError(
                f"{self._database.address}: a vector is missing; run `qa build` again"
            )
        for row in passages:
            own = [known[name] for name in row.pop("hashes")]
            row["vectors"] = b"".join(own)
            row["vector"] = np.frombuffer(own[0], np.float16)

    def _count(self, counts: Counter[str]) -> None:
        """Change how many passages hold each word."""
        terms = self._tables["terms"]
        changed = sorted(term for term, number in counts.items() if number)
        for part in _parts(changed, _ASKED_AT_ONCE * 5):
            found = terms.rows(["term", "passages"], f"term IN {listed(part)}")
            before = {row["term"]: row["passages"] for row in found}
            now = {term: before.get(term, 0) + counts[term] for term in part}
            terms.upsert([{"term": t, "passages": n} for t, n in now.items() if n])
            if gone := [term for term, number in now.items() if not number]:
                terms.delete(f"term IN {listed(gone)}")

    def _commit(self, tables: Mapping[str, Table], settings: str) -> int:
        """Name the versions of the tables: from now on they are the index."""
        number = self._published.number + 1 if self._published else 1
        generation = Generation(
            number=number,
            builder=uuid4().hex,
            made=datetime.now(UTC).isoformat(),
            embedder=self._embedder,
            settings=settings,
            seeds=tables["seeds"].count(),
            documents=tables["documents"].count(),
            passages=tables["passages"].count(),
            vectors=tables["vectors"].count(),
            tables={what: (t.name, t.version) for what, t in tables.items()},
        )
        # Whoever has written since has gone back to the generation before this one.
        changed = [self._generations, *(t for w, t in tables.items() if w != "vectors")]
        if any(table.refresh() for table in changed):
            raise locked(self._database.address)
        self._generations.append([generation.row()])
        self._published = Generation.newest(self._generations, self._database.address)
        if self._published != generation:
            raise locked(self._database.address)
        return number


def _prefix(text_hash: str) -> int:
    return int(text_hash[:16], 16) >> 1


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[n : n + size] for n in range(0, len(items), size))
