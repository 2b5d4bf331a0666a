"""What was measured of sentences to weights and thresholds, figures out of fold."""

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


def fit_evidence_weights(
    found: Sequence[Found], *, to_the_point: float, whole: float, beside: float
) -> dict[str, Any]:
    """Weights, and the thresholds of what is shown and of what answers are made from.

    Args:
        found: What was measured, over several articles.
        to_the_point: Of the sentences shown the share that has to belong, out of
            fold; the threshold is the lowest that does.
        whole: Of the sentences that belong, in the passages found, the share that
            has to be among those that answers are made from; the threshold is the
            highest that does, and not above the other.
        beside: See ``Bearing``.

    Raises:
        TrainingError: There are too few questions, or too few articles.
    """
    folds = np.array([_fold(item.title) for item in found])
    chances: list[np.ndarray] = [np.zeros(0)] * len(found)
    for fold in range(_FOLDS):
        others = [item for item, f in zip(found, folds, strict=True) if f != fold]
        learnt = _fit(others)
        for row in np.flatnonzero(folds == fold).tolist():
            chances[row] = _chances(found[row], learnt)
    figures = {t: shown_figures(found, chances, t, beside) for t in _THRESHOLDS}
    good = [t for t in _THRESHOLDS if figures[t]["to_the_point"] >= to_the_point]
    best = max(_THRESHOLDS, key=lambda t: figures[t]["to_the_point"])
    shown = good[0] if good else best
    kept = {t: _share_given(found, chances, t) for t in _THRESHOLDS}
    enough = [t for t in _THRESHOLDS if kept[t] >= whole and t <= shown]
    given = max(enough, default=_THRESHOLDS[0])
    weights = _fit(found)
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
        "shown": shown,
        "given": given,
        "beside": beside,
        "figures": {
            "questions": len(found),
            "sentences": len(pairs),
            "auroc": round(ranked, 3),
            "gold_given": round(kept[given], 3),
            **figures[shown],
        },
    }


def shown_figures(
    found: Sequence[Found],
    chances: Sequence[np.ndarray],
    threshold: float,
    beside: float,
) -> dict[str, float]:
    """What answers would cite, if they cited what reaches the threshold.

    Args:
        found: The questions.
        chances: For each the probabilities of its sentences.
        threshold: From which on they are shown; the likeliest always is.
        beside: Of its probability the share from which on another is.
    """
    shown, firsts, gold = [], [], 0
    for item, each in zip(found, chances, strict=True):
        gold += item.gold
        if not len(each):
            continue
        most = each.max()
        least = max(min(threshold, most), beside * most)
        sure = [n for n, c in enumerate(each) if c >= least]
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


def _share_given(
    found: Sequence[Found], chances: Sequence[np.ndarray], threshold: float
) -> float:
    """Of the sentences found that belong, how many reach a threshold."""
    gold = np.array([s.gold for item in found for s in item.sentences])
    return float((np.concatenate(chances)[gold] >= threshold).mean())


def _fit(found: Sequence[Found]) -> np.ndarray:
    """A weight for each feature, none below 0, then the bias."""
    rows = np.array([s.features for item in found for s in item.sentences], float)
    truth = np.array([s.gold for item in found for s in item.sentences], float)
    if not 0 < truth.sum() < len(truth):
        raise TrainingError("there are too few questions to fit evidence on")
    kept = list(range(len(FEATURES)))
    learnt = np.zeros(len(FEATURES) + 1)
    while True:
        *some, bias = logistic_fit(rows[:, kept], truth, ridge=_RIDGE)
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
