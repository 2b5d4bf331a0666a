"""Questions to a head of intents, with the figures of its cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.intent.asked import Asked
from lab.intent.head import fit_head, softmax
from qa.question.intent_head import INTENTS, IntentHead, digest

Encode = Callable[[Sequence[str]], np.ndarray]

_RIDGES = (1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
_FOLDS = 5
_DIGITS = 3
_GRID = tuple(n / 100 for n in range(50, 100))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head, and what is to be said of it: probabilities out of fold and choices."""

    head: IntentHead
    figures: Mapping[str, float]


def fit_intents(
    asked: Sequence[Asked],
    encode: Encode,
    *,
    embedder: str,
    seed: int,
    cost: float,
) -> Fitted:
    """Fit a head; the penalty is that which cross-validates best.

    Args:
        asked: Questions, masked.
        encode: Texts to vectors, (N, D).
        embedder: The name of what encodes.
        seed: Decides the folds.
        cost: How many questions searched in vain are as bad as one about the content
            that is never searched; the threshold is the cheapest out of fold.
    """
    vectors = encode([item.question for item in asked])
    wanted = np.array([INTENTS.index(item.intent) for item in asked])
    folds = np.random.default_rng(seed).permutation(len(wanted)) % _FOLDS
    tried = {ridge: _out_of_fold(vectors, wanted, folds, ridge) for ridge in _RIDGES}
    ridge = min(_RIDGES, key=lambda r: _log_loss(tried[r], wanted))
    chances = tried[ridge]
    threshold = _threshold(chances, wanted, cost)
    weights = fit_head(vectors, wanted, classes=len(INTENTS), ridge=ridge)
    weights = weights.round(_DIGITS)
    sure = chances.max(axis=1) >= threshold
    told = np.where(sure, chances.argmax(axis=1), 0)
    figures = {
        "questions": len(wanted),
        "ridge": ridge,
        "accuracy": round(float((chances.argmax(axis=1) == wanted).mean()), 3),
        "accuracy_from_threshold": round(float((told == wanted).mean()), 3),
        "content_misread": round(float((told[wanted == 0] != 0).mean()), 3),
    }
    head = IntentHead(embedder, weights[:, :-1], weights[:, -1], threshold)
    return Fitted(head, figures)


def to_json(fitted: Fitted, data: Mapping[str, str]) -> dict[str, Any]:
    """What ``read_head`` reads, and what people want to know of it.

    Args:
        fitted: The head.
        data: The sha256 of each file that was learnt from.
    """
    head = fitted.head
    weights, bias = head.weights.tolist(), head.bias.tolist()
    return {
        "format": 1,
        "embedder": head.embedder,
        "data": dict(data),
        "cross_validated": dict(fitted.figures),
        "threshold": head.threshold,
        "intents": list(INTENTS),
        "sha256": digest(weights, bias),
        "bias": bias,
        "weights": weights,
    }


def _out_of_fold(
    vectors: np.ndarray, wanted: np.ndarray, folds: np.ndarray, ridge: float
) -> np.ndarray:
    """Probabilities (N, intents), each row from a head that did not learn from it."""
    chances = np.zeros((len(wanted), len(INTENTS)))
    for fold in range(_FOLDS):
        out = folds == fold
        head = fit_head(vectors[~out], wanted[~out], classes=len(INTENTS), ridge=ridge)
        chances[out] = softmax(vectors[out] @ head[:, :-1].T + head[:, -1])
    return chances


def _log_loss(chances: np.ndarray, wanted: np.ndarray) -> float:
    return float(-np.log(chances[np.arange(len(wanted)), wanted] + 1e-12).mean())


def _threshold(chances: np.ndarray, wanted: np.ndarray, cost: float) -> float:
    """The probability below which taking a question for content costs least."""
    best, likely = chances.argmax(axis=1), chances.max(axis=1)

    def price(threshold: float) -> float:
        told = np.where(likely >= threshold, best, 0)
        wrong = told != wanted
        return float(np.where(wanted == 0, cost, 1.0)[wrong].sum())

    return min(_GRID, key=price)
