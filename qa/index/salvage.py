"""A catalogue that cannot be used any more: set aside, and what is intact of it
taken over, so that nothing is embedded again that need not be.

Vectors whose check number holds stay; documents stay too, for seeds that cannot
be read today. Passages, lists and the full-text table are made anew by the build.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qa.errors import CatalogueDamagedError
from qa.index.catalogue import (
    FILE,
    PAGE,
    TABLES,
    TROUBLE,
    connect,
    create,
    write_meta,
)
from qa.index.contents import insert_document
from qa.index.rows import (
    DOCUMENT_COLUMNS,
    Row,
    check_number,
    to_document,
    vector_check,
)
from qa.index.vectors import sync_folder

SET_ASIDE = "catalogue.damaged.sqlite"
_REPORT = "catalogue.damaged"
_NEW = f"{FILE}.new"
_COPY = f"{FILE}.copy"
_LOGS = ("-wal", "-shm")
_PAGES = (PAGE, 4_096)
"""Bytes of a page of catalogues, of today's and of those before."""
_SIZE_IN_PAGES = slice(28, 32)
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
        IndexMismatchError: Another version of this program wrote the catalogue.
    """
    for path in folder.glob(f"{FILE}.*"):
        path.unlink()
    if not (folder / FILE).exists():
        create(folder / _NEW).close()
        _replace(folder, keep=False)
        return connect(folder), ""
    with suppress(CatalogueDamagedError):
        db = connect(folder)
        if not (folder / _REPORT).exists():
            return db, ""
        db.close()
    vectors, documents = _salvage(folder)
    _replace(folder, keep=True)
    forget_damage(folder)
    return connect(folder), (
        f"{folder / FILE}: was damaged, it is kept as {SET_ASIDE}; {vectors} of the "
        f"vectors and {documents} of the articles were taken over"
    )


def report_damage(folder: Path) -> None:
    """Let the next builder save what is intact, without looking for the damage."""
    with suppress(OSError):  # a reader may not be allowed to
        (folder / _REPORT).touch()


def forget_damage(folder: Path) -> None:
    """Tell the next builder nothing."""
    (folder / _REPORT).unlink(missing_ok=True)


def _salvage(folder: Path) -> tuple[int, int]:
    """Make the new catalogue; returns how many vectors and documents it has."""
    with closing(create(folder / _NEW)) as new:
        new.execute("BEGIN")
        for size in (None, *_PAGES):
            with _copy(folder, first_page=size) as old:
                _take_vectors(_vector_rows(old, (folder / FILE).stat().st_size), new)
                _take_documents(old, new)
        new.execute("INSERT INTO loose SELECT id FROM vectors")
        write_meta(new, passages="taken over: to be split again")
        new.execute("COMMIT")
        counts = new.execute(
            "SELECT (SELECT count(*) FROM vectors), (SELECT count(*) FROM documents)"
        )
        vectors, documents = counts.fetchone()
    return vectors, documents


@contextmanager
def _copy(folder: Path, *, first_page: int | None) -> Iterator[sqlite3.Connection]:
    """A copy of the catalogue to read from, made readable where that can be.

    Args:
        folder: The index folder.
        first_page: Put the first page of an empty catalogue, of so many bytes, in place
            of its own. It says where the tables begin, which is the same in each
            catalogue of such pages.
    """
    copy = folder / _COPY
    shutil.copyfile(folder / FILE, copy)
    log = folder / f"{FILE}-wal"
    if first_page:
        _replace_first_page(copy, first_page)
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


def _replace_first_page(path: Path, size: int) -> None:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.execute(f"PRAGMA page_size = {size}")
        empty.executescript(TABLES)
        page = bytearray(empty.serialize()[:size])
    pages = path.stat().st_size // size
    page[_SIZE_IN_PAGES] = pages.to_bytes(4, "big")
    with path.open("r+b") as stream:
        stream.write(page)


def _take_vectors(rows: Iterable[Row], new: sqlite3.Connection) -> None:
    (last,) = new.execute("SELECT max(id) FROM vectors").fetchone()
    number = (last or 0) + 1
    for old_number, text_hash, embedder, vector, crc in rows:
        if not isinstance(text_hash, bytes) or not isinstance(vector, bytes):
            continue
        if vector_check(old_number, text_hash, vector) == crc:
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


def _vector_rows(old: sqlite3.Connection, size: int) -> Iterator[Row]:
    """In small ranges, so that a damaged page costs few rows."""
    for between in _id_ranges(size):
        yield from _from_both_ends(
            old,
            "SELECT id, text_hash, embedder, vector, crc FROM vectors "
            "WHERE id BETWEEN ? AND ? ORDER BY id",
            between,
        )


def _id_ranges(size: int) -> Iterator[Sequence[object]]:
    """As if a file of so many bytes were full of small ones; then all above."""
    width = size // _LEAST_VECTOR // _RANGES + 1
    for first in range(0, _RANGES * width, width):
        yield first, first + width - 1
    yield _RANGES * width, _MOST_ID


def _take_documents(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    taken = {row[0] for row in new.execute("SELECT id FROM documents")}
    for row in _document_rows(old):
        *values, crc = row
        identifier, seed = values[0], values[-1]
        if identifier in taken or check_number(values) != crc:
            continue
        taken.add(identifier)
        # Without a sha256, so that the file is read again if it can be.
        new.execute("INSERT OR IGNORE INTO seeds VALUES (?, '', '')", [seed])
        insert_document(new, to_document(tuple(values)), seed)


def _document_rows(old: sqlite3.Connection) -> Iterator[Row]:
    columns = f"{DOCUMENT_COLUMNS}, d.crc"
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
