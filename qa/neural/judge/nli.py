"""Any cross-encoder for natural language inference as a judge."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from qa.errors import ModelError
from qa.neural.judge.judge_protocol import Opinion
from qa.neural.texts import encodable
from qa.schema import Strictness

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_NEEDED: Final = {
    Strictness.LENIENT: 0.85,
    Strictness.BALANCED: 0.95,
    Strictness.STRICT: 2.0,
}
"""Its own probability is taken at its word: nobody calibrated it here."""
_ENTAILED: Final = ("entailment", "entailed", "supported", "support")


class NliJudge:
    """A model that tells whether a premise entails a hypothesis, loaded at first use.

    It names no words that it objects to.

    Args:
        name: A folder, or a hub name where hub access is on.

    Raises:
        ModelError: From ``weigh``: there is no such model, or none of its labels
            is entailment and it has more than one.
    """

    def __init__(self, name: str) -> None:
        self.name = name.rstrip("/").rpartition("/")[2]
        self.where = name
        self._lock = threading.Lock()
        self._loaded: tuple[CrossEncoder, int] | None = None

    def needed(
        self,
        strictness: Strictness,
        *,
        cut: bool = False,  # noqa: ARG002 # nothing is known of cut ones
    ) -> float:
        """See ``Judge.needed``; the same for cut sentences."""
        return _NEEDED[strictness]

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Opinion, ...]:
        """See ``Judge.weigh``; the evidence is the premise."""
        rows = [row for row, (claim, _) in enumerate(pairs) if claim.strip()]
        found = [Opinion(0.0)] * len(pairs)
        if rows:
            model, label = self._model()
            texts = [(encodable(pairs[r][1]), encodable(pairs[r][0])) for r in rows]
            scores = model.predict(texts, apply_softmax=label >= 0)
            for row, score in zip(rows, scores.tolist(), strict=True):
                found[row] = Opinion(score if label < 0 else score[label])
        return tuple(found)

    def _model(self) -> tuple[CrossEncoder, int]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.where)
            return self._loaded


def _load(name: str) -> tuple[CrossEncoder, int]:
    """The model, and which label is entailment; -1 where it gives one probability."""
    import torch
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name)
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise ModelError(
            f"the judge {name} cannot be loaded ({exc}); check the setting `judge`"
        ) from exc
    if model.num_labels == 1:
        model.activation_fn = torch.nn.Sigmoid()
        return model, -1
    labels = {int(k): str(v).lower() for k, v in model.config.id2label.items()}
    entailed = [number for number, label in labels.items() if label in _ENTAILED]
    if not entailed:
        known = ", ".join(labels.values())
        raise ModelError(
            f"the judge {name} has no label “entailment” but {known}; choose a "
            "cross-encoder for NLI in the setting `judge`"
        )
    return model, entailed[0]
