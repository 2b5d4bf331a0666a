"""The index on disk: one SQLite catalogue, the single source of truth, and one
FAISS file derived from it.

``writer`` changes it under a lock and flips to a new generation in one transaction,
after ``salvage`` has mended what was damaged; ``live`` hands out one generation as a
``snapshot`` and never waits. ``rows`` and ``seal`` notice bytes that have changed.
"""

from qa.index.catalogue import IndexedLook, IndexedSeed, Stats, has_index
from qa.index.contents import NewSeed, VectorText
from qa.index.live import Index
from qa.index.snapshot import Snapshot, Stems, index_term
from qa.index.writer import IndexWriter, delete_index

__all__ = [
    "Index",
    "IndexWriter",
    "IndexedLook",
    "IndexedSeed",
    "NewSeed",
    "Snapshot",
    "Stats",
    "Stems",
    "VectorText",
    "delete_index",
    "has_index",
    "index_term",
]
