"""A linear head over question vectors: multinomial logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def fit_head(
    vectors: np.ndarray,
    wanted: Sequence[int] | np.ndarray,
    *,
    classes: int,
    ridge: float,
) -> np.ndarray:
    """Weights (classes, D + 1), the bias last, by L-BFGS.

    Hastie, Tibshirani and Friedman 2009, section 4.4, with an L2 penalty on all but
    the bias; each class weighs the same.

    Args:
        vectors: (N, D).
        wanted: The class of each row.
        classes: Their number.
        ridge: The penalty.
    """
    from scipy.optimize import minimize

    design = np.column_stack((vectors, np.ones(len(vectors))))
    truth = np.eye(classes)[np.asarray(wanted)]
    weights = (truth / truth.sum(axis=0)).sum(axis=1) / classes

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        head = flat.reshape(classes, -1)
        chances = softmax(design @ head.T)
        penalised = head.copy()
        penalised[:, -1] = 0
        value = -(weights * np.log((chances * truth).sum(axis=1) + 1e-12)).sum()
        slope = ((chances - truth) * weights[:, None]).T @ design
        return (
            float(value + ridge / 2 * (penalised**2).sum()),
            (slope + ridge * penalised).ravel(),
        )

    start = np.zeros(classes * design.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return np.asarray(found.x.reshape(classes, -1))


def softmax(odds: np.ndarray) -> np.ndarray:
    """Probabilities of each row."""
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
