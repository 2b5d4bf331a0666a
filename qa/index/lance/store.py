"""The readers' side of an index on shared storage: each question gets one whole
generation, and a new one is picked up by the next.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from qa.errors import IndexMismatchError, IndexMissingError
from qa.index.lance.generations import NAME, Generation
from qa.index.lance.rows import FIELDS, kind_of
from qa.index.lance.snapshot import LanceSnapshot
from qa.index.lance.tables import Database, Table
from qa.index.lance.writer import LanceWriter
from qa.index.lock import builder_lock
from qa.index.protocol import Stats
from qa.schema import Filters


class LanceStore:
    """An index on shared storage; see ``Store``.

    Args:
        address: ``s3://bucket/path`` or a folder.
        embedder: Id of the embedder that questions are embedded with.
        scratch: A folder of this machine, for builds.

    Raises:
        SettingsError: LanceDB is not installed.
    """

    def __init__(self, address: str, *, embedder: str, scratch: Path) -> None:
        self._database = Database(address)
        self._embedder = embedder
        self._scratch = scratch
        self._lock = threading.Lock()
        self._generations: Table | None = None
        self._opened: tuple[Generation, Mapping[str, Table]] | None = None

    @contextmanager
    def snapshot(self, filters: Filters | None = None) -> Iterator[LanceSnapshot]:
        """See ``Store``."""
        yield LanceSnapshot(*self._current(), filters)

    def stats(self) -> Stats:
        """See ``Store``; the bytes are those of this generation."""
        generation, tables = self._current()
        return Stats(
            generation=generation.number,
            embedder=generation.embedder,
            seeds=generation.seeds,
            documents=generation.documents,
            passages=generation.passages,
            vectors=generation.vectors,
            bytes=sum(table.bytes() for table in tables.values()),
        )

    def writer(self) -> AbstractContextManager[LanceWriter]:
        """See ``Store``."""
        return LanceWriter.open(
            self._database, embedder=self._embedder, scratch=self._scratch
        )

    def _current(self) -> tuple[Generation, Mapping[str, Table]]:
        """The newest generation and its tables, opened once for all questions."""
        with self._lock:
            if self._generations is None:
                self._generations = self._database.find(NAME)
                if self._generations is None:
                    raise self._missing()
            elif not self._generations.refresh() and self._opened:
                return self._opened
            generation = Generation.newest(self._generations, self._database.address)
            if generation is None:
                raise self._missing()
            if generation.embedder != self._embedder:
                raise IndexMismatchError(
                    f"{self._database.address}: was built with the embedder "
                    f"{generation.embedder}, the settings name {self._embedder}; "
                    "run `qa build`"
                )
            tables = {
                what: self._database.open(name, version)
                for what, (name, version) in generation.tables.items()
            }
            self._opened = generation, tables | {"looks": self._database.open("looks")}
            return self._opened

    def _missing(self) -> IndexMissingError:
        address = self._database.address
        return IndexMissingError(f"{address}: no index yet; run `qa build`")


def delete_shared(address: str, *, scratch: Path) -> None:
    """Remove the tables of an index, and nothing else at its address.

    Raises:
        BuildLockedError: Another process of this machine is building.
        IndexDamagedError: The storage fails.
        SettingsError: LanceDB is not installed.
    """
    database = Database(address)
    with builder_lock(scratch):
        names = [name for name in database.names() if kind_of(name) in FIELDS]
        # Generations first, so that no reader finds one whose tables are gone.
        database.drop(sorted(names, key=lambda name: name != NAME))
