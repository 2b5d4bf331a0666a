"""Any sentence-transformers model, run by torch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import ModelError
from qa.neural.embedding.encoder_protocol import Vectors, unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, loaded from a folder at first use.

    Args:
        name: A folder, or a hub name where hub access is on.
        id: See ``Embedder.id``.
        batch: Texts encoded at once.

    Raises:
        ModelError: From any use, when the model cannot be loaded or its
            vectors are not finite (damaged weights).
    """

    def __init__(self, name: str | Path, *, id: str, batch: int = 32) -> None:
        self.where = str(name)
        self.id = id
        self._batch = batch
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._autocast: Any = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model().get_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        """Tokens read at most, special tokens included."""
        return int(self._model().max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        if not texts:
            return []
        encoded = self._model().tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_documents``."""
        return self._encode(self._model().encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_queries``."""
        return self._encode(self._model().encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        from qa.neural.processors import take_threads

        take_threads(for_bulk=len(texts) > self._batch)
        with self._lock, self._autocast():
            raw = encode(list(texts), batch_size=self._batch, show_progress_bar=False)
        return unit_rows(raw, self.where)

    def _model(self) -> SentenceTransformer:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        from qa.neural.processors import computes_bfloat16

        transformers_logging.disable_progress_bar()

        try:
            model = SentenceTransformer(self.where)
        except (OSError, ValueError, KeyError, RuntimeError) as exc:
            raise ModelError(
                f"the embedder {self.where} cannot be loaded ({exc}); "
                "check the setting `embedder`"
            ) from exc
        native = model.device.type == "cpu" and computes_bfloat16()
        # bfloat16 where the processor computes in it: over twice as fast, and
        # the vectors, renormalised in float32, agree to a cosine of 0.9999.
        self._autocast = lambda: torch.autocast(
            model.device.type, dtype=torch.bfloat16, enabled=native
        )
        return model
