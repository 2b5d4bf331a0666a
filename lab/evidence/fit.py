"""What was measured of sentences to weights and a threshold, figures out of fold."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from lab.errors import TrainingError
from lab.evidence.measuring import Found
from lab.logistic import logistic_fit
from qa.answering.bearing import FEATURES
from qa.evaluation.scoring import auroc

_FOLDS = 5
_RIDGE = 1.0
_DIGITS = 4
_MOST = 4
"""Sentences of an answer in prose."""
_THRESHOLDS = tuple(n / 100 for n in range(10, 91))
_FIRST = FEATURES.index("first")


def fit_evidence_weights(
    found: Sequence[Found], *, to_the_point: float, elsewhere: float = 1.0
) -> dict[str, Any]:
    """Weights and the lowest threshold with which answers keep to the point.

    Args:
        found: What was measured, over several articles.
        to_the_point: Of the sentences shown out of fold the share that has to belong.
        elsewhere: Log-odds that a sentence loses outside of the best passage. All
            that answers a marked question stands in one passage, so that learnt
            from these it would be as good as all.

    Raises:
        TrainingError: There are too few questions, or too few articles.
    """
    folds = np.array([_fold(item.title) for item in found])
    chances: list[np.ndarray] = [np.zeros(0)] * len(found)
    for fold in range(_FOLDS):
        others = [item for item, f in zip(found, folds, strict=True) if f != fold]
        learnt = _fit(others, elsewhere)
        for row in np.flatnonzero(folds == fold).tolist():
            chances[row] = _chances(found[row], learnt)
    figures = {t: shown_figures(found, chances, t) for t in _THRESHOLDS}
    good = [t for t in _THRESHOLDS if figures[t]["to_the_point"] >= to_the_point]
    best = max(_THRESHOLDS, key=lambda t: figures[t]["to_the_point"])
    threshold = good[0] if good else best
    weights = _fit(found, elsewhere)
    pairs = [
        (chance, sentence.gold)
        for item, each in zip(found, chances, strict=True)
        for chance, sentence in zip(each.tolist(), item.sentences, strict=True)
    ]
    ranked = auroc(
        [c for c, gold in pairs if gold], [c for c, gold in pairs if not gold]
    )
    return {
        "format": 1,
        "bias": round(float(weights[-1]), _DIGITS),
        "weights": {
            name: round(float(weight), _DIGITS)
            for name, weight in zip(FEATURES, weights, strict=False)
        },
        "threshold": threshold,
        "figures": {
            "questions": len(found),
            "sentences": len(pairs),
            "auroc": round(ranked, 3),
            **figures[threshold],
        },
    }


def shown_figures(
    found: Sequence[Found], chances: Sequence[np.ndarray], threshold: float
) -> dict[str, float]:
    """What answers would cite, if they cited what reaches the threshold.

    Args:
        found: The questions.
        chances: For each the probabilities of its sentences.
        threshold: From which on they are shown; the likeliest always is.
    """
    shown, firsts, gold = [], [], 0
    for item, each in zip(found, chances, strict=True):
        gold += item.gold
        if not len(each):
            continue
        sure = [n for n, c in enumerate(each) if c >= min(threshold, each.max())]
        sure.sort(key=lambda n: -each[n] * (1 + item.sentences[n].direct))
        answer = [item.sentences[n].gold for n in sure[:_MOST]]
        shown += answer
        firsts.append(answer[0])
    return {
        "shown": len(shown),
        "to_the_point": round(sum(shown) / max(1, len(shown)), 3),
        "first_to_the_point": round(sum(firsts) / max(1, len(firsts)), 3),
        "gold_cited": round(sum(shown) / max(1, gold), 3),
    }


def _fit(found: Sequence[Found], elsewhere: float) -> np.ndarray:
    """A weight for each feature, none below 0, then the bias."""
    rows = np.array([s.features for item in found for s in item.sentences], float)
    truth = np.array([s.gold for item in found for s in item.sentences], float)
    if not 0 < truth.sum() < len(truth):
        raise TrainingError("there are too few questions to fit evidence on")
    known = elsewhere * rows[:, _FIRST]
    kept = [column for column in range(len(FEATURES)) if column != _FIRST]
    learnt = np.zeros(len(FEATURES) + 1)
    learnt[_FIRST] = elsewhere
    while True:
        *some, bias = logistic_fit(rows[:, kept], truth, ridge=_RIDGE, offset=known)
        below = [column for column, value in zip(kept, some, strict=True) if value < 0]
        if not below:
            learnt[kept], learnt[-1] = some, bias
            return learnt
        kept = [column for column in kept if column not in below]


def _chances(item: Found, learnt: np.ndarray) -> np.ndarray:
    rows = np.array([s.features for s in item.sentences], float)
    if not len(rows):
        return np.zeros(0)
    return np.asarray(1 / (1 + np.exp(-(rows @ learnt[:-1] + learnt[-1]))))


def _fold(title: str) -> int:
    # Other bits than those that hold an article out, which all of these share.
    return int(sha256(title.encode()).hexdigest()[:16], 16) % _FOLDS
