"""Seed files to documents: what the articles say, without what surrounds them.

The order of the work: read bytes, decode, cut into blocks (``plain``,
``markdown``, ``records``), take the stated metadata (``metadata``), drop web
furniture (``furniture``), and join what is left into canonical text.
"""

from qa.documents.files import (
    SeedFile,
    load_documents,
    read_seed,
    scan_seeds,
    seed_text,
)

__all__ = ["SeedFile", "load_documents", "read_seed", "scan_seeds", "seed_text"]
