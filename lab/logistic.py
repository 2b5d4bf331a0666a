"""Logistic regression for a few features, as the gate and the calibrations of reader
and judge are fitted.
"""

from __future__ import annotations

import numpy as np

_STEPS = 50


def logistic_fit(
    features: np.ndarray,
    truth: np.ndarray,
    *,
    ridge: float,
    weights: np.ndarray | None = None,
) -> list[float]:
    """Coefficients, then the bias, by Newton's method.

    Hastie, Tibshirani and Friedman 2009, section 4.4.1, with an L2 penalty on the
    coefficients of the standardised features.

    Args:
        features: (N, F).
        truth: (N,), 0 or 1.
        ridge: The penalty; the bias has none.
        weights: (N,), how often each row counts; once if not given.
    """
    scale = features.std(axis=0) + 1e-9
    middle = features.mean(axis=0)
    design = np.column_stack(((features - middle) / scale, np.ones(len(truth))))
    penalty = np.diag([ridge] * features.shape[1] + [0.0])
    counts = np.ones(len(truth)) if weights is None else weights
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(design @ found)))
        slope = design.T @ (counts * (chance - truth)) + penalty @ found
        spread = counts * chance * (1 - chance)
        curve = design.T @ (design * spread[:, None]) + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(found)), slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    coefficients = found[:-1] / scale
    return [*coefficients.tolist(), float(found[-1] - coefficients @ middle)]
