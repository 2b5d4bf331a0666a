"""The ``Embedder`` protocol, and what its adapters share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Maps texts to unit vectors whose inner product is their similarity."""

    @property
    def id(self) -> str:
        """Names the weights: vectors of one id may be compared."""

    @property
    def where(self) -> str:
        """The folder or address it comes from."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """Tokens read at most, special tokens included."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: float32, shape (len(texts), dimension), unit rows."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, with the model's query prompt where it has one."""


def unit_rows(raw: Any, where: str) -> Vectors:
    """Rows of length one, in float32.

    Args:
        raw: Shape (n, d), of any length and float type.
        where: The embedder, to be named.

    Raises:
        ModelError: They are not finite or have no length: damaged weights.
    """
    vectors = np.asarray(raw, np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(vectors).all() or (norms < 0.5).any():
        raise ModelError(
            f"the embedder {where} gives broken vectors: its weights are "
            "damaged; install it again"
        )
    return np.asarray(vectors / norms, np.float32)
