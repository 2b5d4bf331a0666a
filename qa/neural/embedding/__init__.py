"""Texts to unit vectors: the ``Embedder`` protocol and its adapters.

``transformer`` runs any sentence-transformers model in torch; ``quick`` runs one
that was exported, which starts without torch; ``bulk`` is the fastest way to embed
much; ``choosing`` decides at first use.
"""

from qa.neural.embedding.bulk import run_in_torch
from qa.neural.embedding.choosing import BulkEmbedder, LazyEmbedder
from qa.neural.embedding.cosines import Cosines
from qa.neural.embedding.encoder_protocol import Embedder, Vectors
from qa.neural.embedding.quick import ExportedEmbedder, run_exported
from qa.neural.embedding.transformer import SentenceTransformerEmbedder

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
