"""The index: what was made of the seeds, kept in generations, to be searched.

``protocol`` states what its callers may ask, wherever it lies. In a folder it is one
SQLite catalogue, the single source of truth, and FAISS files derived from it:
``writer`` changes it under a lock and flips to a new generation in one transaction,
after ``salvage`` has mended what was damaged; ``live`` hands out one generation as a
``snapshot`` and never waits. ``rows`` and ``seal`` notice bytes that have changed.
"""

from qa.index.catalogue import has_index
from qa.index.live import SqliteStore
from qa.index.protocol import (
    IndexedLook,
    NewSeed,
    Snapshot,
    Stats,
    Stems,
    Store,
    TextQuery,
    VectorText,
    Writer,
)
from qa.index.terms import index_term
from qa.index.writer import delete_index

__all__ = [
    "IndexedLook",
    "NewSeed",
    "Snapshot",
    "SqliteStore",
    "Stats",
    "Stems",
    "Store",
    "TextQuery",
    "VectorText",
    "Writer",
    "delete_index",
    "has_index",
    "index_term",
]
