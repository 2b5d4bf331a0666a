"""LanceDB tables at one version each: reading, searching, changing; errors are ours."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from qa.errors import BuildLockedError, IndexDamagedError, SettingsError
from qa.index.lance.rows import FIELDS, Row, kind_of
from qa.index.protocol import TextQuery
from qa.index.terms import index_terms
from qa.index.vectors import Floats

_INDEXED = 10_000
"""Vectors that are searched one by one; more are searched by lists."""
_VISITED, _REFINED = 50, 10
"""Lists that a search visits, and how many times ``k`` vectors it compares exactly."""
_TEXT_MEMORY = 2048
"""MB that indexing of words may take."""
_FOREVER = timedelta(days=36_500)
_MARGIN = timedelta(minutes=1)
"""By which clocks may differ."""
_SORTED = {
    "seeds": ["file"],
    "documents": ["id", "seed"],
    "terms": ["term"],
    "vectors": ["hash"],
    "passages": ["key", "document", "seed"],
}
"""Columns that rows are looked up by."""


@contextmanager
def reported(address: str) -> Iterator[None]:
    """Turn what LanceDB raises into ours.

    Raises:
        BuildLockedError: Another machine changes the same table.
        IndexDamagedError: Anything else.
    """
    try:
        yield
    except (OSError, RuntimeError, ValueError) as exc:
        if "commit conflict" in str(exc):
            raise locked(address) from exc
        (reason, *_) = str(exc).splitlines() or [type(exc).__name__]
        raise IndexDamagedError(
            f"{address}: cannot be used ({reason[:200]}); no published generation is "
            "lost: check the address, the credentials and the connection, and try again"
        ) from exc


def literal(value: str) -> str:
    """A text in a condition in SQL."""
    return "'" + value.replace("'", "''") + "'"


def listed(values: Iterable[str | int]) -> str:
    """Values for an IN of a condition; of none, what holds nothing."""
    shown = (str(v) if isinstance(v, int) else literal(v) for v in values)
    return f"({', '.join(shown) or 'NULL'})"


def locked(address: str) -> BuildLockedError:
    """That two machines build; what is published stays as it is."""
    return BuildLockedError(
        f"{address}: another machine is building this index; wait for it to finish"
    )


class Database:
    """The tables at one address.

    Args:
        address: ``s3://bucket/path`` or a folder.

    Raises:
        SettingsError: LanceDB is not installed.
    """

    def __init__(self, address: str) -> None:
        if find_spec("lancedb") is None:
            raise SettingsError(
                "store: shared storage needs LanceDB; "
                "run `pip install -c constraints.txt '.[scale]'`"
            )
        self.address = address
        self._connection: Any = None

    def _connected(self) -> Any:
        if self._connection is None:
            import lancedb

            self._connection = lancedb.connect(self.address)
        return self._connection

    def names(self) -> list[str]:
        """Of all tables."""
        with reported(self.address):
            connection, token, names = self._connected(), None, []
            while True:
                page = connection.list_tables(page_token=token)
                names += page.tables
                token = page.page_token
                if not token:
                    return names

    def open(self, name: str, version: int | None = None) -> Table:
        """A table, at its newest version if none is given."""
        with reported(self.address):
            table = self._connected().open_table(name)
            if version is not None:
                table.checkout(version)
            return Table(table, name, self.address)

    def find(self, name: str) -> Table | None:
        """A table at its newest version; None where there is none, or only the files of
        one that is being made, which ``names`` may already tell.
        """
        with reported(self.address):
            try:
                table = self._connected().open_table(name)
            except ValueError as exc:
                # LanceDB has no error of its own for it; a test notices other words.
                if str(exc) != f"Table '{name}' was not found":
                    raise
                return None
            return Table(table, name, self.address)

    def create(self, name: str, *, dimension: int = 0) -> Table:
        """A table without rows, with a ``vector`` of so many numbers unless 0."""
        import pyarrow as pa

        fields = FIELDS[kind_of(name)].items()
        columns = [(column, pa.type_for_alias(kind)) for column, kind in fields]
        if dimension:
            columns.append(("vector", pa.list_(pa.float16(), dimension)))
        with reported(self.address):
            table = self._connected().create_table(name, schema=pa.schema(columns))
            return Table(table, name, self.address)

    def drop(self, names: Sequence[str]) -> None:
        """Delete tables."""
        with reported(self.address):
            for name in names:
                self._connected().drop_table(name)


class Table:
    """One table at one version.

    Attributes:
        version: Of what is read; it grows with each change.
        dimension: Of its vectors; 0 without any.
    """

    def __init__(self, table: Any, name: str, address: str) -> None:
        self._table = table
        self.name = name
        self._address = address
        self.version = int(table.version)
        self.dimension = 0
        if "vector" in table.schema.names:
            self.dimension = int(table.schema.field("vector").type.list_size)

    def rows(
        self, columns: Sequence[str], where: str = "", *, most: int | None = None
    ) -> list[Row]:
        """Columns of the rows that meet a condition in SQL, in no order; at most so
        many.
        """
        with reported(self._address):
            query = self._table.search().select(list(columns))
            query = query.limit(most) if most else query
            found = (query.where(where) if where else query).to_arrow()
            return list(found.to_pylist())

    def count(self, where: str = "") -> int:
        """How many rows meet a condition."""
        with reported(self._address):
            return int(self._table.count_rows(where or None))

    def bytes(self) -> int:
        """What it takes."""
        with reported(self._address):
            return int(self._table.stats()["total_bytes"])

    def nearest(self, vector: Floats, k: int, where: str) -> list[int]:
        """Keys of the ``k`` rows nearest to a unit vector, best first."""
        with reported(self._address):
            query = (
                self._table.search(vector, vector_column_name="vector")
                .distance_type("cosine")
                .minimum_nprobes(_VISITED)
                .maximum_nprobes(0 if where else _VISITED)
                .refine_factor(_REFINED)
                .select(["key", "_distance"])
                .limit(k)
            )
            found = (query.where(where) if where else query).to_arrow()
            return list(found["key"].to_pylist())

    def matching(self, query: TextQuery, k: int, where: str) -> list[tuple[int, float]]:
        """Keys and BM25 scores of at most ``k`` rows, best first, ties by key."""
        asked = _text_query(query)
        if asked is None:
            return []
        with reported(self._address):
            found = self._table.search(asked, query_type="fts")
            found = found.select(["key", "_score"]).limit(k)
            rows = (found.where(where) if where else found).to_arrow()
            scores = zip(
                rows["key"].to_pylist(), rows["_score"].to_pylist(), strict=True
            )
            return sorted(scores, key=lambda pair: (-pair[1], pair[0]))

    def refresh(self) -> bool:
        """Read the newest version from now on, and say whether it is another."""
        before = self.version
        with reported(self._address):
            self._table.checkout_latest()
            self.version = int(self._table.version)
        return self.version != before

    def put_back(self, version: int) -> None:
        """Make the newest version one with the rows of an older one."""
        self.refresh()
        if self.version != version:
            with reported(self._address):
                self._table.checkout(version)
                self._table.restore()
            self.refresh()

    def upsert(self, rows: Sequence[Row]) -> None:
        """Add rows, in place of those of the same name, key or hash.

        Raises:
            BuildLockedError: Somebody else has changed the table since.
        """
        if not rows:
            return
        import pyarrow as pa

        with reported(self._address):
            data = pa.Table.from_pylist(list(rows), schema=self._table.schema)
            first = next(iter(FIELDS[kind_of(self.name)]))
            merge = self._table.merge_insert(first).when_matched_update_all()
            made = merge.when_not_matched_insert_all().execute(data)
        self._changed(made.version)

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows, whatever others add."""
        if not rows:
            return
        import pyarrow as pa

        with reported(self._address):
            data = pa.Table.from_pylist(list(rows), schema=self._table.schema)
            self.version = int(self._table.add(data).version)

    def delete(self, where: str) -> None:
        """Delete the rows that meet a condition.

        Raises:
            BuildLockedError: Somebody else has changed the table since.
        """
        with reported(self._address):
            made = self._table.delete(where)
        self._changed(made.version)

    def _changed(self, version: int) -> None:
        if version > self.version + 1:
            raise locked(self._address)
        self.version = version

    def forget_before(self, version: int, *, margin: timedelta = _MARGIN) -> None:
        """Delete the versions that were made before one, but for the last ones."""
        with reported(self._address):
            versions = self._table.list_versions()
            made = {v["version"]: v["timestamp"].timestamp() for v in versions}
            age = timedelta(seconds=time.time() - made[version])
            self._table.optimize(cleanup_older_than=age + margin)
            self.version = int(self._table.version)

    def settle(self) -> None:
        """Bring the indexes up to date and put small files together."""
        from lancedb.index import FTS, BTree, IvfRq

        kind = kind_of(self.name)
        with reported(self._address):
            there = {c for i in self._table.list_indices() for c in i.columns}
            for column in _SORTED.get(kind, ()):
                if column not in there:
                    self._table.create_index(column, config=BTree())
            if kind == "passages" and "words" not in there:
                self._table.create_index("words", config=_whitespace(FTS))
            many = kind == "passages" and self._table.count_rows() > _INDEXED
            if many and "vector" not in there:
                lists = IvfRq(distance_type="cosine")
                self._table.create_index("vector", config=lists)
            # What is older is still named by the generation that is read.
            self._table.optimize(cleanup_older_than=_FOREVER)
            self.version = int(self._table.version)


def _whitespace(config: Any) -> Any:
    """Words as ``index_terms`` gives them, parted by spaces."""
    return config(
        base_tokenizer="whitespace",
        with_position=True,
        max_token_length=None,
        lower_case=False,
        stem=False,
        remove_stop_words=False,
        ascii_folding=False,
        memory_limit=_TEXT_MEMORY,
    )


def _text_query(query: TextQuery) -> Any:
    """The same as LanceDB takes it; None where nothing can be found."""
    from lancedb.query import (
        BooleanQuery,
        FullTextOperator,
        MatchQuery,
        Occur,
        PhraseQuery,
    )

    terms = [index_terms(term) for term in query.terms]
    words = " ".join(term[0] for term in terms if len(term) == 1)
    every = query.operator == "and"
    operator = FullTextOperator.AND if every else FullTextOperator.OR
    parts = [MatchQuery(words, "words", operator=operator)] if words else []
    parts += [PhraseQuery(" ".join(t), "words") for t in terms if len(t) > 1]
    if len(parts) < 2:
        return parts[0] if parts else None
    occurs = Occur.MUST if every else Occur.SHOULD
    return BooleanQuery([(occurs, part) for part in parts])
