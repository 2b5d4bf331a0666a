"""What was measured of questions to the gate's weights, with figures out of fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from lab.errors import TrainingError
from lab.gate.measuring import Measured
from lab.logistic import logistic_fit
from qa.answering.gate import Coverage, features
from qa.evaluation.scoring import auroc
from qa.schema import Strictness

_FOLDS = 5
_RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
_BINS = 10
_DIGITS = 4
_SHARES = tuple(n / 100 for n in range(50, 100, 5))
"""Of the questions with an answer, tried in turn."""
_ROUNDS = 10
"""In which passages are chosen, where they do not stay the same before."""
_Passages = Sequence[np.ndarray]
"""Of each question (P, F): the features of its P passages."""


def fit_gate_weights(found: Sequence[Measured], *, refused: float) -> dict[str, Any]:
    """Weights with a reading and without, and figures on questions not learnt from.

    Half of the questions written to have no answer is more than people ask of their
    own articles. So those with an answer weigh a share that is the least with which,
    read and out of fold, few enough of them are refused. Questions weigh the same, not
    data sets: one of a few questions would decide as much as one of hundreds. The
    penalty is that which loses least out of fold, by article.
    No weight is below 0: a part that would have one is left out, so that more
    coverage never makes an answer less likely. A question is as the passage that makes
    most of it, as weighed: it is chosen and the weights are fitted in turn, as in
    Andrews et al. 2003, "Support Vector Machines for Multiple-Instance Learning".

    Args:
        found: What was measured.
        refused: The share of the answerable questions that may be refused where
            both errors cost the same.

    Raises:
        TrainingError: There are too few questions, or too few articles.
    """
    truth = np.array([item.asked.answerable for item in found], float)
    folds = np.array([_fold(item.asked.title) for item in found])
    for fold in range(_FOLDS):
        if not 0 < truth[folds != fold].sum() < (folds != fold).sum():
            raise TrainingError("there are too few questions to fit a gate on")
    for share in _SHARES:
        stored = {
            part: _fit_part(
                [getattr(item, part) for item in found], found, share, folds
            )
            for part in ("read", "unread")
        }
        at = stored["read"]["figures"]["thresholds"][str(Strictness.BALANCED)]
        if at["refused"] <= refused:
            break
    return {"format": 1, "answerable_share": share, **stored}


def _fit_part(
    coverages: Sequence[Sequence[Coverage]],
    found: Sequence[Measured],
    share: float,
    folds: np.ndarray,
) -> dict[str, Any]:
    passages = [_rows(each) for each in coverages]
    truth = np.array([item.asked.answerable for item in found], float)
    weights = balanced(found, share)
    tried = {
        ridge: _out_of_fold(passages, truth, weights, folds, ridge) for ridge in _RIDGES
    }
    ridge = min(_RIDGES, key=lambda ridge: _log_loss(tried[ridge], truth, weights))
    *coefficients, bias = _fit(passages, truth, weights, ridge).round(_DIGITS).tolist()
    return {
        "bias": bias,
        **dict(zip(features(coverages[0][0]), coefficients, strict=True)),
        "figures": {"ridge": ridge, **gate_figures(found, tried[ridge], weights)},
    }


def _rows(coverages: Sequence[Coverage]) -> np.ndarray:
    return np.array([list(features(coverage).values()) for coverage in coverages])


def _out_of_fold(
    passages: _Passages,
    truth: np.ndarray,
    weights: np.ndarray,
    folds: np.ndarray,
    ridge: float,
) -> np.ndarray:
    """Probabilities (N,), each of weights that did not learn from it."""
    chances = np.zeros(len(truth))
    for fold in range(_FOLDS):
        out = folds == fold
        inside = [
            each for each, is_out in zip(passages, out, strict=True) if not is_out
        ]
        outside = [each for each, is_out in zip(passages, out, strict=True) if is_out]
        learnt = _fit(inside, truth[~out], weights[~out], ridge)
        chances[out] = _chances(outside, learnt)
    return chances


def _log_loss(chances: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    of_truth = np.where(truth == 1, chances, 1 - chances)
    return float(-(weights * np.log(of_truth + 1e-12)).sum())


def gate_figures(
    found: Sequence[Measured], chances: np.ndarray, weights: np.ndarray
) -> dict[str, Any]:
    """How well probabilities tell questions with an answer from those without.

    Args:
        found: The questions.
        chances: (N,), their probabilities.
        weights: (N,), how much each counts.
    """
    truth = np.array([item.asked.answerable for item in found])
    kinds = Counter((i.asked.origin, i.asked.answerable) for i in found)
    return {
        "n": len(found),
        "questions": {
            f"{origin}, {'' if answerable else 'un'}answerable": count
            for (origin, answerable), count in sorted(kinds.items())
        },
        "auroc": _rounded(auroc(chances[truth].tolist(), chances[~truth].tolist())),
        "calibration_error": _rounded(_calibration_error(chances, truth, weights)),
        "thresholds": {
            str(strictness): _at(strictness.threshold, chances, truth, weights)
            for strictness in Strictness
        },
    }


def _at(
    threshold: float, chances: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> Mapping[str, float]:
    """Of the questions answered from there on the share that could not be; the share
    of the answerable that is refused.
    """
    passed = chances >= threshold
    risk = weights[passed & ~truth].sum() / max(weights[passed].sum(), 1e-9)
    refused = weights[~passed & truth].sum() / weights[truth].sum()
    return {
        "probability": _rounded(threshold),
        "answered": _rounded(weights[passed].sum() / weights.sum()),
        "risk": _rounded(risk),
        "refused": _rounded(refused),
    }


def _fit(
    passages: _Passages, truth: np.ndarray, weights: np.ndarray, ridge: float
) -> np.ndarray:
    """Coefficients, none below 0, then the bias; at first the best hits are chosen."""
    chosen = [0] * len(passages)
    for _ in range(_ROUNDS):
        rows = np.array([each[n] for each, n in zip(passages, chosen, strict=True)])
        found = _fit_rows(rows, truth, weights, ridge)
        before, chosen = chosen, [int((p @ found[:-1]).argmax()) for p in passages]
        if chosen == before:
            break
    return found


def _chances(passages: _Passages, learnt: np.ndarray) -> np.ndarray:
    """Probabilities (N,), of the passage that makes most of each question."""
    most = np.array([(each @ learnt[:-1]).max() for each in passages])
    chances: np.ndarray = 1 / (1 + np.exp(-(most + learnt[-1])))
    return chances


def _fit_rows(
    rows: np.ndarray, truth: np.ndarray, weights: np.ndarray, ridge: float
) -> np.ndarray:
    """The same, of one passage a question."""
    kept = list(range(rows.shape[1]))
    found = np.zeros(rows.shape[1] + 1)
    while True:
        *some, bias = logistic_fit(rows[:, kept], truth, ridge=ridge, weights=weights)
        below = [column for column, value in zip(kept, some, strict=True) if value < 0]
        if not below:
            found[kept], found[-1] = some, bias
            return found
        kept = [column for column in kept if column not in below]


def balanced(found: Sequence[Measured], share: float) -> np.ndarray:
    """A weight a question, the same for all with an answer and for all without; they
    add up to the number of questions.

    Args:
        found: The questions.
        share: Of all weight what those with an answer have.
    """
    truth = np.array([item.asked.answerable for item in found])
    shares = np.where(truth, share / truth.sum(), (1 - share) / (~truth).sum())
    weights: np.ndarray = len(found) * shares
    return weights


def _calibration_error(
    chances: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> float:
    """Expected calibration error over ten bins of equal width.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2.
    """
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    gaps = (
        abs((weights[inside] * (truth[inside] - chances[inside])).sum())
        for inside in (bins == number for number in range(_BINS))
    )
    return float(sum(gaps) / weights.sum())


def _fold(title: str) -> int:
    return int(sha256(title.encode()).hexdigest(), 16) % _FOLDS


def _rounded(value: float) -> float:
    return round(float(value), 3)
