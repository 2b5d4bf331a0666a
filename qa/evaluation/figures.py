"""Figures: a mean over questions, with the interval that its sample leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2_000
_LEVEL = 0.95
_SEED = 20_240_521
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A weighted mean over questions; weight 0 leaves a question out.

    Weights make ratios whose denominator is itself random, such as "of the
    abstentions, the share on unanswerable questions", plain means as well.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def value(self) -> float:
        """The mean; 0 where nothing has weight."""
        total = sum(self.weights)
        pairs = zip(self.values, self.weights, strict=True)
        return sum(v * w for v, w in pairs) / total if total else 0.0

    def interval(self) -> tuple[float, float] | None:
        """The percentile bootstrap's 95 % interval, resampling questions.

        Seeded, 2,000 resamples (Efron and Tibshirani 1993, section 13.3). None
        where nothing has weight: an interval of nothing would be a guess. Where
        all questions agree it has no width, which says nothing of other
        questions: none wrong of n leaves up to about 3/n (the rule of three).
        """
        if not any(self.weights):
            return None
        values, weights = np.array(self.values), np.array(self.weights)
        means = _resampled_means(values * weights, weights)
        tail = (1 - _LEVEL) / 2
        low, high = np.quantile(means, [tail, 1 - tail])
        return float(low), float(high)


def _resampled_means(
    products: np.ndarray[tuple[int], np.dtype[np.float64]],
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Means of the resamples, those that drew nothing with weight left out."""
    generator = np.random.default_rng(_SEED)
    count = len(weights)
    rows = max(1, _CELLS // count)
    means = []
    for start in range(0, _RESAMPLES, rows):
        size = (min(rows, _RESAMPLES - start), count)
        drawn = generator.integers(0, count, size)
        totals = weights[drawn].sum(axis=1)
        kept = totals > 0
        means.append(products[drawn].sum(axis=1)[kept] / totals[kept])
    return np.concatenate(means)


def mean_of(values: Iterable[float]) -> Figure:
    """The plain mean; truth values give a share."""
    collected = tuple(float(value) for value in values)
    return Figure(collected, (1.0,) * len(collected))


def share_among(pairs: Iterable[tuple[bool, bool]]) -> Figure:
    """Of the questions where the second is true, the share where the first is."""
    collected = tuple(pairs)
    return Figure(
        tuple(float(holds) for holds, _ in collected),
        tuple(float(counts) for _, counts in collected),
    )
