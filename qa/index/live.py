"""The reader's side of an index folder: each question gets one whole generation."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from qa.errors import (
    CatalogueDamagedError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index.catalogue import check_meta, connect, damage_reported, read_meta
from qa.index.protocol import Stats
from qa.index.salvage import report_damage
from qa.index.seal import check_lists
from qa.index.segments import Segments, segments_in
from qa.index.snapshot import SqliteSnapshot
from qa.index.writer import SqliteWriter
from qa.schema import Filters

_TRIES = 20


class SqliteStore:
    """The reader's side of an index folder; picks up new generations by itself.

    Args:
        folder: The index folder.
        embedder: Id of the embedder that questions are embedded with.
    """

    def __init__(self, folder: Path, *, embedder: str) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.Lock()
        self._loaded: tuple[str, Segments] | None = None
        self._common: dict[str, int] = {}

    @contextmanager
    def snapshot(self, filters: Filters | None = None) -> Iterator[SqliteSnapshot]:
        """See ``Store``.

        Raises:
            CatalogueDamagedError: The catalogue is not what was written.
        """
        with self._reading() as (connection, meta, vectors):
            yield SqliteSnapshot(
                connection, vectors, meta=meta, common=self._common, filters=filters
            )

    @contextmanager
    def _reading(
        self,
    ) -> Iterator[tuple[sqlite3.Connection, dict[str, str], Segments]]:
        try:
            with (
                closing(connect(self._folder)) as connection,
                damage_reported(self._folder),
            ):
                yield connection, *self._begin(connection)
        except CatalogueDamagedError:
            report_damage(self._folder)
            raise

    def stats(self) -> Stats:
        """See ``Store``; the bytes are those of all files in the folder."""
        with self._reading() as (_, meta, _vectors):
            return Stats(
                generation=int(meta["generation"]),
                embedder=self._embedder,
                seeds=int(meta["seed_count"]),
                documents=int(meta["document_count"]),
                passages=int(meta["passage_count"]),
                vectors=int(meta["vector_count"]),
                bytes=sum(
                    p.stat().st_size for p in self._folder.iterdir() if p.is_file()
                ),
            )

    def writer(self) -> AbstractContextManager[SqliteWriter]:
        """See ``Store``."""
        return SqliteWriter.open(self._folder, embedder=self._embedder)

    def _begin(self, connection: sqlite3.Connection) -> tuple[dict[str, str], Segments]:
        """Start a read transaction together with the vectors that belong to it.

        A builder may flip and delete the old file between the two steps; then
        the newer generation is read instead.
        """
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            meta = read_meta(connection)
            self._check(meta)
            try:
                return meta, self._vectors(connection, meta)
            except FileNotFoundError as exc:
                connection.execute("ROLLBACK")
                missing = exc.filename
        raise IndexDamagedError(
            f"{missing}: is missing; run `qa build` (nothing is embedded again)"
        )

    def _check(self, meta: dict[str, str]) -> None:
        check_meta(meta)
        if "generation" not in meta:
            raise IndexMissingError(f"{self._folder}: no index yet; run `qa build`")
        if meta["embedder"] != self._embedder:
            raise IndexMismatchError(
                f"{self._folder}: was built with the embedder {meta['embedder']}, "
                f"the settings name {self._embedder}; run `qa build`"
            )

    def _vectors(
        self, connection: sqlite3.Connection, meta: dict[str, str]
    ) -> Segments:
        """The generation's vectors; what searches walk through is checked once."""
        with self._lock:
            if self._loaded is None or self._loaded[0] != meta["crc"]:
                known = self._loaded[1] if self._loaded else None
                with ThreadPoolExecutor(max_workers=1) as beside:
                    loading = beside.submit(
                        Segments.load, self._folder, segments_in(meta), known
                    )
                    check_lists(connection, meta)
                    vectors = loading.result()
                self._loaded = meta["crc"], vectors
                self._common = {}
            return self._loaded[1]
