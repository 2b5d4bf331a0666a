"""The index on disk: one SQLite catalogue, the single source of truth, and one
FAISS file derived from it.

``writer`` changes it under a lock and flips to a new generation in one
transaction; ``snapshot`` reads one generation and never waits.
"""

from qa.index.catalogue import IndexedSeed, Stats
from qa.index.snapshot import Index, Snapshot, Stems
from qa.index.writer import IndexWriter, NewSeed, VectorText, delete_index

__all__ = [
    "Index",
    "IndexWriter",
    "IndexedSeed",
    "NewSeed",
    "Snapshot",
    "Stats",
    "Stems",
    "VectorText",
    "delete_index",
]
