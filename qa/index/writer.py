"""Changing the index: vectors are cached as they come, a generation is published
in one transaction, and a kill at any moment leaves the old one answering.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

from qa.errors import CatalogueDamagedError, IndexDamagedError
from qa.index import cached
from qa.index.catalogue import (
    FILE,
    connect,
    damage_reported,
    read_meta,
    write_meta,
)
from qa.index.contents import delete_seed, insert_seed, vectors_of
from qa.index.lock import builder_lock
from qa.index.protocol import NewSeed, VectorText
from qa.index.rows import DOCUMENT_COLUMNS, checked, to_document
from qa.index.salvage import (
    SET_ASIDE,
    forget_damage,
    open_or_salvage,
    report_damage,
)
from qa.index.seal import check_lists, checksum
from qa.index.segments import (
    Segment,
    SegmentWriter,
    are_intact,
    sealed_up_to,
    segments_in,
    to_meta,
)
from qa.index.vectors import Floats, Ids
from qa.schema import Document

_VECTOR_FILES = "vectors-*.faiss*"
_CACHE = "PRAGMA cache_size = -262144"
"""KiB: texts' hashes are inserted all over their list."""
_FRESH = 10
"""Seconds for which what was checked is taken to be so."""
_STEPS = 10_000
"""Of SQLite's machine, after which a check sees that it is not wanted any more."""


class SqliteWriter:
    """The builder's side of an index folder; see ``Writer``."""

    def __init__(
        self,
        folder: Path,
        db: sqlite3.Connection,
        embedder: str,
        repaired: str,
        checked: Future[None],
    ) -> None:
        self._folder = self.scratch = folder
        self._db = db
        self._checked = checked
        self._checked_until = time.monotonic() + _FRESH
        self._embedder = embedder
        self.repaired = repaired
        meta = read_meta(db)
        self._last = max(int(meta.get("generation", "0")), _last_on_disk(folder))
        self._collect(segments_in(meta))

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, embedder: str) -> Iterator[SqliteWriter]:
        """See ``Store.writer``."""
        with builder_lock(folder):
            try:
                with damage_reported(folder):
                    db, repaired = open_or_salvage(folder)
                    db.execute(_CACHE)
                    with closing(db), _checking(folder) as checked:
                        yield cls(folder, db, embedder, repaired, checked)
            except CatalogueDamagedError:
                report_damage(folder)
                raise

    def seeds(self) -> dict[str, str]:
        """See ``Writer``."""
        return dict(self._db.execute("SELECT file, sha256 FROM seeds").fetchall())

    def looks(self) -> dict[str, str]:
        """See ``Writer``."""
        return dict(self._db.execute("SELECT file, seen FROM looks").fetchall())

    def note_looks(self, looks: Mapping[str, str]) -> None:
        """See ``Writer``."""
        if looks:
            with self._transaction():
                self._note(looks)

    def _note(self, looks: Mapping[str, str]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO looks VALUES (?, ?)", looks.items()
        )
        self._db.execute("DELETE FROM looks WHERE file NOT IN (SELECT file FROM seeds)")

    def documents(self, file: str) -> list[Document]:
        """See ``Writer``."""
        rows = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS}, d.crc FROM documents d "
            "WHERE d.seed = ? ORDER BY d.rowid",
            [file],
        )
        return [to_document(checked(row)) for row in rows]

    def is_current(self, settings: str) -> bool:
        """See ``Writer``; the vector files have to be intact."""
        meta = read_meta(self._db)
        if (meta.get("embedder"), meta.get("passages")) != (self._embedder, settings):
            return False
        return are_intact(self._folder, segments_in(meta))

    def forget_unused(self) -> None:
        """See ``Writer``."""
        found = self._db.execute("SELECT EXISTS (SELECT 1 FROM loose)")
        if found.fetchone()[0]:
            with self._transaction():
                cached.drop_unused(self._db, self._embedder)

    def splits_as(self, settings: str) -> bool:
        """See ``Writer``."""
        return read_meta(self._db).get("passages", settings) == settings

    def missing(self, texts: Iterable[VectorText]) -> list[VectorText]:
        """See ``Writer``."""
        return cached.missing(self._db, texts, self._embedder)

    def cache(self, texts: Sequence[VectorText], vectors: Floats) -> None:
        """See ``Writer``."""
        with self._transaction():
            cached.add(self._db, texts, vectors, self._embedder)

    def publish(
        self,
        new: Iterable[NewSeed],
        removed: Iterable[str],
        *,
        settings: str,
        looks: Mapping[str, str] | None = None,
    ) -> int:
        """See ``Writer``.

        FAISS files are written beside the old ones before the transaction
        that names them commits; what is no longer needed goes afterwards.
        """
        gone: list[int] = []
        with self._transaction():
            meta = read_meta(self._db)
            self._require_whole(meta)
            same = meta.get("embedder") == self._embedder
            segments = segments_in(meta) if same else ()
            vectors = int(meta.get("vector_count", "0"))
            for file in removed:
                vectors -= vectors_of(self._db, file)
                gone += delete_seed(self._db, file)
            for seed in new:
                vectors += sum(len({t.hash for t in p}) for d in seed.texts for p in d)
                insert_seed(
                    self._db,
                    seed,
                    embedder=self._embedder,
                    above=sealed_up_to(segments),
                )
            self._last += 1
            written = self._write_vectors(segments, gone)
            cached.drop_unused(self._db, self._embedder)
            self._note(looks or {})
            self._describe(written, settings, vectors)
        self._collect(written)
        return self._last

    def _require_whole(self, meta: Mapping[str, str]) -> None:
        """Damage must not be written down as whole: what was checked long ago, or has
        been written since, is checked again.
        """
        if time.monotonic() < self._checked_until:
            self._checked.result()
        else:
            check_lists(self._db, meta)
        self._checked_until = 0.0

    def _describe(
        self, written: Sequence[Segment], settings: str, vectors: int
    ) -> None:
        # subtle: full-text search holds words back until the commit or a savepoint
        self._db.execute("SAVEPOINT described")
        self._db.execute("RELEASE described")
        # What programs before this one wrote in place of `lists` would be out of date.
        self._db.execute("DELETE FROM meta WHERE key = 'searched'")
        write_meta(
            self._db,
            embedder=self._embedder,
            passages=settings,
            generation=str(self._last),
            seed_count=self._count("seeds"),
            document_count=self._count("documents"),
            passage_count=self._count("passages"),
            vector_count=str(vectors),
            segments=to_meta(written),
            lists=checksum(self._db),
        )

    def _write_vectors(
        self, segments: Sequence[Segment], gone: Sequence[int]
    ) -> tuple[Segment, ...]:
        try:
            writer = SegmentWriter(
                self._folder, f"vectors-{self._last}", self._read_vectors
            )
            return writer.write(segments, gone)
        except OSError as exc:
            raise IndexDamagedError(
                f"{self._folder}: cannot be written ({exc.strerror}); nothing was "
                "changed, free some space or check the folder and build again"
            ) from exc

    def _read_vectors(self, above: int, most: int) -> tuple[Ids, Floats]:
        return cached.of_passages(self._db, self._embedder, above=above, most=most)

    def _count(self, table: str) -> str:
        return str(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _collect(self, keep: Iterable[Segment]) -> None:
        """Delete vector files of other generations, finished or not."""
        names = {segment.file.name for segment in keep}
        for path in self._folder.glob(_VECTOR_FILES):
            if path.name not in names and path.is_file():
                path.unlink(missing_ok=True)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # subtle: on a full disk SQLite has rolled back by itself
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


@contextmanager
def _checking(folder: Path) -> Iterator[Future[None]]:
    """Check what searches walk through, as it is now, while something else is done;
    what is not done in the end is not waited for.
    """
    stop = Event()
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            yield beside.submit(_check, folder, stop)
        finally:
            stop.set()


def _check(folder: Path, stop: Event) -> None:
    with closing(connect(folder)) as db:
        db.set_progress_handler(stop.is_set, _STEPS)
        db.execute("BEGIN")
        check_lists(db, read_meta(db))


def _last_on_disk(folder: Path) -> int:
    """The highest generation that has a file, so that no name is used twice."""
    names = (path.stem for path in folder.glob("vectors-*.faiss"))
    numbers = (name.split("-")[1] for name in names)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def delete_index(folder: Path) -> None:
    """Remove the files of an index, and nothing else in its folder.

    Raises:
        BuildLockedError: Another process is building.
        IndexDamagedError: The folder cannot be written.
    """
    if not folder.is_dir():
        return
    with builder_lock(folder):
        forget_damage(folder)
        for pattern in (f"{FILE}*", f"{SET_ASIDE}*", _VECTOR_FILES):
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
