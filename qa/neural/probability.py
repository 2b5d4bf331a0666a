"""Log-odds of a model to a probability."""

from __future__ import annotations

import math


def probability(odds: float) -> float:
    """The logistic function of log-odds, safe at both ends."""
    if odds < 0:
        return math.exp(odds) / (1 + math.exp(odds))
    return 1 / (1 + math.exp(-odds))
