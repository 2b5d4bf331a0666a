"""Any sentence-transformers cross-encoder as a reader: it ranks, no more."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.errors import ModelError
from qa.neural.reader.reader_protocol import NOT_READ, encodable
from qa.schema import Reading, Span

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReader:
    """A model that gives a pair of texts one score, loaded at first use.

    Its score is no probability of an answer and it finds no words, so the gate
    and the evidence do without it.

    Args:
        name: A folder, or a hub name where hub access is on.

    Raises:
        ModelError: From ``read``: there is no such model, or it gives other
            than one score a pair.
    """

    def __init__(self, name: str) -> None:
        self.name = name.rstrip("/").rpartition("/")[2]
        self.where = name
        self._lock = threading.Lock()
        self._loaded: CrossEncoder | None = None

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[Span]] = (),  # noqa: ARG002 - it only ranks
    ) -> tuple[Reading, ...]:
        """See ``Reader.read``; it judges no sentence."""
        rows = [row for row, passage in enumerate(passages) if passage.strip()]
        pairs = [(encodable(question), encodable(passages[row])) for row in rows]
        scores = self._model().predict(pairs).tolist() if pairs else []
        found = {
            row: Reading(score, None, None)
            for row, score in zip(rows, scores, strict=True)
        }
        return tuple(found.get(row, NOT_READ) for row in range(len(passages)))

    def _model(self) -> CrossEncoder:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.where)
            return self._loaded


def _load(name: str) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name, activation_fn=torch.nn.Identity())
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise ModelError(
            f"the reader {name} cannot be loaded ({exc}); check the setting `reader`"
        ) from exc
    if model.num_labels != 1:
        raise ModelError(
            f"the reader {name} gives {model.num_labels} scores a pair, not one; "
            "choose a cross-encoder for ranking in the setting `reader`"
        )
    return model
