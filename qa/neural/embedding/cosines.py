"""Cosines of texts with texts, remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.neural.embedding.encoder_protocol import Embedder


class Cosines:
    """Cosine of a text with each of several, embedding what is asked for again once.

    Args:
        embedder: Whose vectors are compared.
        kept: Texts whose vectors are remembered.
    """

    def __init__(self, embedder: Embedder, kept: int = 4096) -> None:
        self._embedder = embedder
        self._kept = kept
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.RLock()

    def __call__(self, text: str, others: Sequence[str]) -> list[float]:
        """One cosine for each of the others."""
        with self._lock:
            self.remember((text, *others))
            here = self._vectors[text]
            return [float(self._vectors[other] @ here) for other in others]

    def remember(self, texts: Iterable[str]) -> None:
        """Embed what is new, in one go; if that is too much, forget all else."""
        wanted = list(dict.fromkeys(texts))
        with self._lock:
            new = [text for text in wanted if text not in self._vectors]
            if len(self._vectors) + len(new) > self._kept:
                self._vectors.clear()
                new = wanted
            if new:
                vectors = self._embedder.encode_documents(new)
                self._vectors.update(zip(new, vectors, strict=True))
