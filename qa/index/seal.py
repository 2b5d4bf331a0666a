"""Sums of what a search walks through, where no single row can be checked.

A damaged posting of the full-text table would silently rank a passage wrongly, a
damaged entry of a list would silently leave one out, and a damaged table definition
do anything. So each entry has a check number, a build writes down their sums, and a
reader compares these: all of them when it opens an index, and what has changed since
when it meets a new generation. The texts and vectors, which are most of a catalogue,
are not in it: their rows are checked when they are read (``rows``).

Sums, as in AdHash (Bellare and Micciancio 1997), can be carried on: an addition takes
the check numbers of the entries it found and adds those that it left. What was
damaged before stays in the difference for good, so that no builder can seal it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.index.rows import DamagedRowError, Row

Sums = Mapping[str, int]
"""By list and part of it."""

_WHOLE = 63
_AT_ONCE = 2_000
_PAGE, _POSTING = 40, 37
"""Bits below the number of a segment: ours, and those of FTS5 (fts5_index.c)."""
_MODULUS = 2**64
# The finaliser of SplitMix64 (Steele et al. 2014); the first two are any odd numbers.
_FACTORS = (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93)
_MIXED = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = np.uint64(31)


@dataclass(frozen=True, slots=True)
class _List:
    """Entries that a search walks through, each a number and bytes.

    Attributes:
        name: Of its sums.
        number: SQL of an entry's number.
        data: SQL of its bytes.
        source: What is read: the index where that is what searches go by.
        shift: The number's bits that do not tell its part.
        changed: By what the entries that changed are found again; by nothing where
            there are so few that all are read.
    """

    name: str
    number: str
    data: str
    source: str
    shift: int = _WHOLE
    changed: Literal["", "passages", "segments", "postings"] = ""

    def query(self, where: str = "") -> str:
        return f"SELECT {self.number}, {self.data} FROM {self.source} {where}"


_DEFINITION = "type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')"
_BY_ID = "documents INDEXED BY sqlite_autoindex_documents_1"
_BY_SEED = "documents INDEXED BY documents_seed"
_SEED = "file || ' ' || sha256 || ' ' || added"
_LISTS = (
    _List("definitions", "0", f"CAST({_DEFINITION} AS BLOB)", "sqlite_schema"),
    _List("seeds", "0", f"CAST({_SEED} AS BLOB)", "seeds"),
    _List("documents", "rowid", "CAST(id AS BLOB)", _BY_ID),
    _List("documents by seed", "rowid", "CAST(seed AS BLOB)", _BY_SEED),
    _List("text settings", "0", "CAST(k || ' ' || v AS BLOB)", "passages_fts_config"),
    _List(
        "passages",
        "key",
        "CAST(document AS BLOB)",
        "passages INDEXED BY passages_document",
        changed="passages",
    ),
    _List(
        "text lengths",
        "id",
        "sz",
        "passages_fts_docsize",
        shift=16,
        changed="passages",
    ),
    # Parts of these two are the segments that full-text search writes and merges.
    _List(
        "text pages",
        f"segid * {1 << _PAGE} + pgno",
        "term",
        "passages_fts_idx",
        shift=_PAGE,
        changed="segments",
    ),
    _List(
        "postings",
        "id",
        "block",
        "passages_fts_data",
        shift=_POSTING,
        changed="postings",
    ),
)
_FOUND_AGAIN = {
    # By the table, since an index has no such order: what it says is what changed.
    "passages": "key",
    "text lengths": "id",
    "text pages": "segid",
    "postings": "id",
}


def sums(connection: sqlite3.Connection) -> dict[str, int]:
    """Of all lists, in the running transaction."""
    total: dict[str, int] = {}
    for listed in _LISTS:
        _add(total, listed, connection.execute(listed.query()))
    return total


def to_meta(total: Sums) -> str:
    """For the catalogue's description."""
    return json.dumps(total)


def sums_in(meta: Mapping[str, str]) -> dict[str, int]:
    """As the catalogue's description states them."""
    return dict(json.loads(meta["searched"]))


def check_sums(
    connection: sqlite3.Connection, stated: Sums, known: Sums | None = None
) -> None:
    """Compare the lists with what was written down.

    Args:
        connection: In a transaction.
        stated: The sums there should be.
        known: Sums of parts that were found whole before; these are not read again.

    Raises:
        DamagedRowError: They are others.
    """
    if known is None:
        found = sums(connection)
    else:
        found = dict(_changed_sums(connection, stated, known))
        stated = {part: stated.get(part, 0) for part in found}
    if found != stated:
        raise DamagedRowError("the full-text table or a list is not what was written")


def _changed_sums(
    connection: sqlite3.Connection, stated: Sums, known: Sums
) -> Iterator[tuple[str, int]]:
    parts = {part for part, _ in stated.items() ^ known.items()}
    for listed in _LISTS:
        for part in sorted(parts):
            name, _, number = part.rpartition(" ")
            if name != listed.name:
                continue
            first = int(number) << listed.shift
            where = "" if listed.shift == _WHOLE else f"WHERE {listed.number} BETWEEN "
            where += f"{first} AND {first + (1 << listed.shift) - 1}" if where else ""
            total: dict[str, int] = {}
            _add(total, listed, connection.execute(listed.query(where)))
            yield part, total.get(part, 0)


class Watch:
    """Which postings a connection changes, so that sums can be carried on.

    Args:
        connection: The only one that writes; not yet in its transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        # subtle: full-text search writes out what it holds back before any statement
        # that might have to be undone. A trigger that could fail would make it do so
        # within itself, without end. This one cannot fail.
        connection.execute("CREATE TEMP TABLE touched (id INTEGER PRIMARY KEY)")
        for change, row in (("INSERT", "new"), ("DELETE", "old")):
            connection.execute(
                f"CREATE TEMP TRIGGER touch_{change} AFTER {change} "
                "ON main.passages_fts_data BEGIN "
                f"INSERT OR REPLACE INTO touched VALUES ({row}.id); END"
            )

    def forget(self) -> None:
        """Begin anew, in a transaction."""
        self._db.execute("DELETE FROM touched")

    def carried_on(
        self, stated: Sums, before: sqlite3.Connection, passages: Iterable[int]
    ) -> dict[str, int]:
        """The sums after what was changed.

        Args:
            stated: The sums before.
            before: A connection that still sees the catalogue as it was.
            passages: Keys of those that came or went.
        """
        postings = [number for (number,) in self._db.execute("SELECT id FROM touched")]
        segments = sorted({number >> _POSTING for number in postings})
        changed = {
            "passages": sorted(passages),
            "segments": segments,
            "postings": postings,
        }
        total = dict(stated)
        for listed in _LISTS:
            for connection, sign in ((before, -1), (self._db, 1)):
                for rows in _entries(connection, listed, changed):
                    _add(total, listed, rows, sign=sign)
        return {part: value for part, value in total.items() if value}


def _entries(
    connection: sqlite3.Connection, listed: _List, changed: Mapping[str, Sequence[int]]
) -> Iterator[sqlite3.Cursor]:
    """Those that may have changed, and perhaps others."""
    if not listed.changed:
        yield connection.execute(listed.query())
        return
    keys = changed[listed.changed]
    where = f"WHERE {_FOUND_AGAIN[listed.name]} IN (SELECT value FROM json_each(?))"
    query = replace(listed, source=listed.source.split()[0]).query(where)
    for first in range(0, len(keys), _AT_ONCE):
        asked = json.dumps(keys[first : first + _AT_ONCE])
        yield connection.execute(query, [asked])


def _add(
    total: dict[str, int], listed: _List, rows: sqlite3.Cursor, *, sign: int = 1
) -> None:
    """Add check numbers of entries to the sums of their parts, or take them away."""
    while found := rows.fetchmany(_AT_ONCE):
        numbers, values = _check_numbers(found)
        parts = numbers >> listed.shift
        for part in np.unique(parts).tolist():
            name = f"{listed.name} {part}"
            value = int(values[parts == part].sum(dtype=np.uint64))
            total[name] = (total.get(name, 0) + sign * value) % _MODULUS


def _check_numbers(rows: Sequence[Row]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The numbers of entries, and 64 bits that say number and bytes; shape (n,)."""
    numbers, data = zip(*rows, strict=True)
    try:
        whole = np.array(numbers)
        crcs = np.fromiter(map(crc32, data), np.uint64, len(data))
    except (TypeError, ValueError, OverflowError) as exc:
        raise DamagedRowError("an entry is not what was written") from exc
    if whole.dtype != np.int64:
        raise DamagedRowError("an entry's number is none")
    first, second = map(np.uint64, _FACTORS)
    mixed = whole.astype(np.uint64) * first + (crcs + np.uint64(1)) * second
    for shift, factor in _MIXED:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return whole, mixed ^ (mixed >> _LAST_SHIFT)
