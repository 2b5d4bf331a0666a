"""Texts to unit vectors: the ``Embedder`` protocol and its adapters.

``transformer`` runs any sentence-transformers model in torch; ``quick`` runs one
that was exported, which starts without torch; ``bulk`` is the fastest way to embed
much; ``choosing`` decides at first use.
"""

from qa.embedding.bulk import run_in_torch
from qa.embedding.choosing import BulkEmbedder, LazyEmbedder
from qa.embedding.cosines import Cosines
from qa.embedding.protocol import Embedder, Vectors
from qa.embedding.quick import ExportedEmbedder, run_exported
from qa.embedding.transformer import SentenceTransformerEmbedder

__all__ = [
    "BulkEmbedder",
    "Cosines",
    "Embedder",
    "ExportedEmbedder",
    "LazyEmbedder",
    "SentenceTransformerEmbedder",
    "Vectors",
    "run_exported",
    "run_in_torch",
]
