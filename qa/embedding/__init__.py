"""Texts to unit vectors: the ``Embedder`` protocol and its adapters.

``transformer`` runs any sentence-transformers model in torch; ``quick`` runs one
that was exported, which starts without torch; ``choosing`` takes the one at first
use and for bulk work the other.
"""

from qa.embedding.choosing import BulkEmbedder, LazyEmbedder
from qa.embedding.cosines import Cosines
from qa.embedding.protocol import Embedder, Vectors
from qa.embedding.quick import ExportedEmbedder
from qa.embedding.transformer import SentenceTransformerEmbedder

__all__ = [
    "BulkEmbedder",
    "Cosines",
    "Embedder",
    "ExportedEmbedder",
    "LazyEmbedder",
    "SentenceTransformerEmbedder",
    "Vectors",
]
