"""Questions to a head of intents, with the figures of its cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.intent.asked import Asked
from lab.intent.head import fit_head
from qa.question.intent_head import (
    CONTENT,
    INTENTS,
    IntentHead,
    Layers,
    digest,
    told_by,
)

Encode = Callable[[Sequence[str]], np.ndarray]

_FOLDS = 5
_RUNS = 3
"""Cross-validations with other folds; one alone moves what is chosen by chance."""
_DIGITS = 3
_GRID = (0.001, 0.002, 0.005, *(n / 100 for n in range(1, 51)))
"""Probabilities of content from which on a question is one."""


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
    """Fit a head, and choose out of fold from when on a question is one of content.

    Args:
        asked: Questions, masked.
        encode: Texts to vectors, (N, D).
        embedder: The name of what encodes.
        seed: Decides the folds and where fitting begins.
        cost: How many questions searched in vain are as bad as one about the content
            that is never searched; what is chosen is the cheapest out of fold.
    """
    vectors = encode([item.question for item in asked])
    wanted = np.array([INTENTS.index(item.intent) for item in asked])
    runs = [_out_of_fold(vectors, wanted, seed + run) for run in range(_RUNS)]
    chances, known = np.concatenate(runs), np.tile(wanted, _RUNS)
    most = _cheapest(chances, known, cost)
    told = told_by(chances, most)
    fit = fit_head(vectors, wanted, classes=len(INTENTS), seed=seed)
    layers = Layers(fit.hidden.round(_DIGITS), fit.output.round(_DIGITS))
    figures = {
        "questions": len(wanted),
        "accuracy": round(float((chances.argmax(axis=1) == known).mean()), 3),
        "accuracy_when_sure": round(float((told == known).mean()), 3),
        "content_misread": round(float((told[known == CONTENT] != CONTENT).mean()), 3),
    }
    return Fitted(IntentHead(embedder, layers, most), figures)


def to_json(fitted: Fitted, data: Mapping[str, str]) -> dict[str, Any]:
    """What ``read_head`` reads, and what people want to know of it.

    Args:
        fitted: The head.
        data: The sha256 of each file that was learnt from.
    """
    head = fitted.head
    hidden, output = head.layers.hidden.tolist(), head.layers.output.tolist()
    return {
        "format": 2,
        "embedder": head.embedder,
        "data": dict(data),
        "cross_validated": dict(fitted.figures),
        "content_at_most": head.content_at_most,
        "intents": list(INTENTS),
        "sha256": digest(hidden, output),
        "hidden": hidden,
        "output": output,
    }


def _out_of_fold(vectors: np.ndarray, wanted: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities (N, intents), each row from a head that did not learn from it."""
    folds = np.random.default_rng(seed).permutation(len(wanted)) % _FOLDS
    chances = np.zeros((len(wanted), len(INTENTS)))
    for fold in range(_FOLDS):
        out = folds == fold
        head = fit_head(vectors[~out], wanted[~out], classes=len(INTENTS), seed=seed)
        chances[out] = head.chances(vectors[out])
    return chances


def _cheapest(chances: np.ndarray, wanted: np.ndarray, cost: float) -> float:
    """The probability of content from which on taking a question for it costs least."""

    def price(most: float) -> float:
        wrong = told_by(chances, most) != wanted
        return float(np.where(wanted == CONTENT, cost, 1.0)[wrong].sum())

    return min(_GRID, key=price)
