"""One checksum of what a search walks through, where no single row can be checked.

A damaged posting of the full-text table would silently rank a passage wrongly, a
damaged entry of a list would silently leave one out, and a damaged table definition
do anything. So a build writes down a checksum of them, and whoever opens a generation,
to read it or to add to it, compares. The texts and vectors, which are most of a
catalogue, are not in it: their rows are checked when they are read (``rows``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from zlib import crc32

from qa.index.rows import DamagedRowError

_OF_ARTICLES = (
    "(SELECT document, group_concat(key) AS keys "
    "FROM passages INDEXED BY passages_document GROUP BY document)"
)
# What is told of each entry, and from where: the index if searches go by that one.
_LISTS = (
    (
        "type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')",
        "sqlite_schema",
    ),
    ("file || ' ' || sha256 || ' ' || added", "seeds"),
    ("rowid || ' ' || id", "documents INDEXED BY sqlite_autoindex_documents_1"),
    ("rowid || ' ' || seed", "documents INDEXED BY documents_seed"),
    ("document || ' ' || keys", _OF_ARTICLES),
    ("k || ' ' || v", "passages_fts_config"),
    ("id || sz", "passages_fts_docsize"),
    ("segid || ' ' || pgno || ' ' || term", "passages_fts_idx"),
)
# As catalogues tell it that have ``searched`` and no ``lists``.
_EARLIER = {_OF_ARTICLES: ("key || document", "passages INDEXED BY passages_document")}
_POSTINGS = "SELECT id, CAST(block AS BLOB) FROM passages_fts_data"


def checksum(connection: sqlite3.Connection, *, earlier: bool = False) -> str:
    """CRC-32 of all lists, in the running transaction; as told ``earlier``, or now."""
    crc = 0
    for told in _LISTS:
        entry, source = _EARLIER.get(told[1], told) if earlier else told
        # SQLite joins entries in a fifth of the time that fetching them takes.
        joined = f"SELECT CAST(group_concat({entry}) AS BLOB) FROM {source}"
        ((data,),) = connection.execute(joined)
        crc = crc32(data or b"", crc)
    for number, block in connection.execute(_POSTINGS):
        crc = crc32(block or b"", crc32(b"%d " % number, crc))
    return str(crc)


def check_lists(connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
    """Compare the lists with the checksum that the catalogue states, if any.

    Raises:
        DamagedRowError: It is another.
    """
    earlier = "lists" not in meta
    stated = meta.get("searched" if earlier else "lists")
    if stated and checksum(connection, earlier=earlier) != stated:
        raise DamagedRowError("the full-text table or a list is not what was written")
