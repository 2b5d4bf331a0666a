"""A digest of what a search walks through, where no single row can be checked.

A damaged posting of the full-text table would silently rank a passage wrongly, a
damaged entry of a list would silently leave one out, and a damaged table definition
do anything. So a build writes down one
digest of all of them, and a reader compares it once a generation, as it does with
the FAISS file. The texts and vectors, which are most of a catalogue, are not in
it: their rows are checked when they are read (``rows``).
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from qa.index.rows import DamagedRowError

_AT_ONCE = 2_000
_BLOCKS_AT_ONCE = 64
_POSTINGS = "SELECT id, block FROM passages_fts_data ORDER BY id"
# Where an index of SQLite answers these, its entries are what is read.
_WALKED = (
    "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
    "SELECT file, sha256, added FROM seeds ORDER BY file",
    "SELECT id, rowid FROM documents ORDER BY id",
    "SELECT seed, rowid FROM documents ORDER BY seed, rowid",
    # Its entries come in the order of their index: document, then key.
    "SELECT document, group_concat(key) FROM passages GROUP BY document ORDER BY 1",
    "SELECT k, v FROM passages_fts_config ORDER BY k",
    "SELECT segid, term, pgno FROM passages_fts_idx ORDER BY segid, term",
    "SELECT id, sz FROM passages_fts_docsize ORDER BY id",
)


def digest(connection: sqlite3.Connection) -> str:
    """Of the lists and the full-text table, in the running transaction."""
    state = blake2b(digest_size=16)
    for query in _WALKED:
        state.update(query.encode())
        rows = connection.execute(query)
        # Whole lists at once, since there are millions of rows; `ascii`, since what
        # `repr` prints of other letters differs between versions of Python.
        while found := rows.fetchmany(_AT_ONCE):
            state.update(ascii(found).encode())
    rows = connection.execute(_POSTINGS)
    while postings := rows.fetchmany(_BLOCKS_AT_ONCE):
        numbers, blocks = zip(*postings, strict=True)
        try:
            # Where each block ends, and then all of them as one.
            state.update(ascii((numbers, [*map(len, blocks)])).encode())
            state.update(b"".join(blocks))
        except TypeError as exc:  # where a block was, there is something else
            raise DamagedRowError("a posting is not what was written") from exc
    return state.hexdigest()


def check_digest(connection: sqlite3.Connection, stated: str) -> None:
    """Compare the lists and the full-text table with the digest written down.

    Raises:
        DamagedRowError: It is another.
    """
    if digest(connection) != stated:
        raise DamagedRowError("the full-text table or a list is not what was written")
