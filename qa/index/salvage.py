"""A catalogue that cannot be used any more: set aside, and what is intact of it
taken over, so that nothing is embedded again that need not be.

Vectors whose check number holds stay; documents stay too, for seeds that cannot
be read today. Passages, lists and the full-text table are made anew by the build.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from qa.errors import CatalogueDamagedError, IndexOutdatedError
from qa.index.catalogue import (
    FILE,
    TABLES,
    TROUBLE,
    connect,
    create,
    damage_reported,
    read_meta,
    write_meta,
)
from qa.index.checkup import check_all
from qa.index.contents import insert_document
from qa.index.rows import (
    DOCUMENT_COLUMNS,
    DamagedRowError,
    Row,
    check_number,
    to_document,
    vector_check,
)
from qa.index.trust import is_reported, is_trusted
from qa.index.vectors import sync_folder

SET_ASIDE = "catalogue.damaged.sqlite"
_NEW = f"{FILE}.new"
_COPY = f"{FILE}.copy"
_LOGS = ("-wal", "-shm")
_PAGE = 4096
_SIZE_IN_PAGES = slice(28, 32)
_ROUNDING = 0.01
_RANGES = 256
_LEAST_VECTOR = 128
"""Bytes of one, no more than most are."""
_MOST_ID = 2**63 - 1


def open_or_salvage(folder: Path) -> tuple[sqlite3.Connection, str]:
    """The builder's connection, to a new catalogue where the old one is no use.

    Returns:
        The connection, and what was wrong and what was saved, or an empty text.

    Raises:
        IndexDamagedError: The folder cannot be used.
        IndexMismatchError: A later version of this program wrote the catalogue.
    """
    for path in folder.glob(f"{FILE}.*"):
        path.unlink()
    if not (folder / FILE).exists():
        create(folder / _NEW).close()
        _replace(folder, keep=False)
        return connect(folder), ""
    try:
        return _connect_whole(folder), ""
    except IndexOutdatedError:
        trouble, damaged = "was in an earlier format", False
    except CatalogueDamagedError:
        trouble, damaged = f"was damaged, it is kept as {SET_ASIDE}", True
    vectors, documents = _salvage(folder, damaged=damaged)
    _replace(folder, keep=damaged)
    saved = f"{vectors} of the vectors and {documents} of the articles were taken over"
    return connect(folder), f"{folder / FILE}: {trouble}; {saved}"


def _connect_whole(folder: Path) -> sqlite3.Connection:
    db = connect(folder)
    try:
        with damage_reported(folder):
            _check(folder, db)
    except BaseException:
        db.close()
        raise
    return db


def _check(folder: Path, db: sqlite3.Connection) -> None:
    if is_reported(folder):
        raise DamagedRowError("somebody found it damaged")
    if not is_trusted(folder):
        check_all(db, read_meta(db))


def _salvage(folder: Path, *, damaged: bool) -> tuple[int, int]:
    """Make the new catalogue; returns how many vectors and documents it has."""
    with closing(create(folder / _NEW)) as new:
        new.execute("BEGIN")
        for first_page in (False, True) if damaged else (False,):
            with _copy(folder, first_page=first_page) as old:
                columns = _vector_columns(old)
                checks = damaged or "crc" in columns
                rows = _vector_rows(old, columns, (folder / FILE).stat().st_size)
                _take_vectors(rows, new, checks=checks)
                _take_documents(old, new, checks=checks)
        new.execute("INSERT INTO loose SELECT id FROM vectors")
        write_meta(new, passages="taken over: to be split again")
        new.execute("COMMIT")
        counts = new.execute(
            "SELECT (SELECT count(*) FROM vectors), (SELECT count(*) FROM documents)"
        )
        vectors, documents = counts.fetchone()
    return vectors, documents


def _vector_columns(old: sqlite3.Connection) -> Set[str]:
    """Rows have check numbers since format 3 and ids since format 5."""
    try:
        columns = old.execute("PRAGMA table_info (vectors)").fetchall()
    except TROUBLE:
        columns = []
    return {column[1] for column in columns} or {"id", "crc"}


@contextmanager
def _copy(folder: Path, *, first_page: bool) -> Iterator[sqlite3.Connection]:
    """A copy of the catalogue to read from, made readable where that can be.

    Args:
        folder: The index folder.
        first_page: Put the first page of an empty catalogue in place of its own.
            It says where the tables begin, which is the same in each catalogue.
    """
    copy = folder / _COPY
    shutil.copyfile(folder / FILE, copy)
    log = folder / f"{FILE}-wal"
    if first_page:
        _replace_first_page(copy)
    elif log.exists():
        shutil.copyfile(log, folder / f"{_COPY}-wal")
    db = sqlite3.connect(copy, isolation_level=None)
    try:
        db.text_factory = _lenient
        # Reads a file also when it is shorter than it says.
        db.execute("PRAGMA writable_schema = ON")
        yield db
    finally:
        db.close()
        for path in folder.glob(f"{_COPY}*"):
            path.unlink()


def _lenient(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _replace_first_page(path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(TABLES)
        page = bytearray(empty.serialize()[:_PAGE])
    pages = path.stat().st_size // _PAGE
    page[_SIZE_IN_PAGES] = pages.to_bytes(4, "big")
    with path.open("r+b") as stream:
        stream.write(page)


def _take_vectors(
    rows: Iterable[Row], new: sqlite3.Connection, *, checks: bool
) -> None:
    (last,) = new.execute("SELECT max(id) FROM vectors").fetchone()
    number = (last or 0) + 1
    for old_number, text_hash, embedder, vector, crc in rows:
        if not isinstance(text_hash, bytes) or not isinstance(vector, bytes):
            continue
        stated = vector_check(old_number, text_hash, vector)
        if stated == crc if checks else _is_unit(vector):
            number += new.execute(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?, ?)",
                [
                    number,
                    text_hash,
                    embedder,
                    vector,
                    vector_check(number, text_hash, vector),
                ],
            ).rowcount


def _vector_rows(
    old: sqlite3.Connection, columns: Set[str], size: int
) -> Iterator[Row]:
    """In small ranges, so that a damaged page costs few rows."""
    crc = "crc" if "crc" in columns else "NULL"
    number, ranges = "0", _hash_ranges()
    if "id" in columns:
        number, ranges = "id", _id_ranges(size)
    key = "id" if "id" in columns else "text_hash"
    for between in ranges:
        yield from _from_both_ends(
            old,
            f"SELECT {number}, text_hash, embedder, vector, {crc} FROM vectors "
            f"WHERE {key} BETWEEN ? AND ? ORDER BY {key}",
            between,
        )


def _hash_ranges() -> Iterator[Sequence[object]]:
    for first in range(_RANGES):
        yield bytes([first]), bytes([first]) + b"\xff" * 32


def _id_ranges(size: int) -> Iterator[Sequence[object]]:
    """As if a file of so many bytes were full of small ones; then all above."""
    width = size // _LEAST_VECTOR // _RANGES + 1
    for first in range(0, _RANGES * width, width):
        yield first, first + width - 1
    yield _RANGES * width, _MOST_ID


def _is_unit(vector: bytes) -> bool:
    """Whether a vector without a check number is one at least in form."""
    if not vector or len(vector) % 2:
        return False
    values = np.frombuffer(vector, np.float16).astype(np.float32)
    return bool(
        np.isfinite(values).all() and abs(np.linalg.norm(values) - 1) < _ROUNDING
    )


def _take_documents(
    old: sqlite3.Connection, new: sqlite3.Connection, *, checks: bool
) -> None:
    taken = {row[0] for row in new.execute("SELECT id FROM documents")}
    for row in _document_rows(old, checks=checks):
        *values, crc = row
        identifier, seed = values[0], values[-1]
        if identifier in taken or (checks and check_number(values) != crc):
            continue
        taken.add(identifier)
        # Without a sha256, so that the file is read again if it can be.
        new.execute("INSERT OR IGNORE INTO seeds VALUES (?, '', '')", [seed])
        insert_document(new, to_document(tuple(values)), seed)


def _document_rows(old: sqlite3.Connection, *, checks: bool) -> Iterator[Row]:
    crc = "d.crc" if checks else "NULL"
    columns = f"{DOCUMENT_COLUMNS}, {crc}"
    return _from_both_ends(old, f"SELECT {columns} FROM documents d ORDER BY d.rowid")


def _from_both_ends(
    old: sqlite3.Connection, query: str, arguments: Sequence[object] = ()
) -> Iterator[Row]:
    """Rows up to a damaged page, and then from the end down to it."""
    try:
        yield from old.execute(query, arguments)
    except TROUBLE:
        with suppress(*TROUBLE):
            yield from old.execute(f"{query} DESC", arguments)


def _replace(folder: Path, *, keep: bool) -> None:
    """Put the new catalogue in the place of the old one."""
    path, aside = folder / FILE, folder / SET_ASIDE
    if keep:
        for old in folder.glob(f"{SET_ASIDE}*"):
            old.unlink()
        _link(path, aside)
    for log in _LOGS:
        path.with_name(f"{FILE}{log}").unlink(missing_ok=True)
    (folder / _NEW).replace(path)
    sync_folder(folder)


def _link(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # not on this file system
        shutil.copyfile(path, other)
