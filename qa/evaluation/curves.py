"""Curves: quality against depth, and risk against coverage; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEPTH = 10


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What answering only at or above a threshold would bring.

    Attributes:
        coverage: Share of the questions answered.
        risk: Share of those that could not be answered right.
    """

    threshold: float
    coverage: float
    risk: float


def hit_curve(ranks: Sequence[int | None]) -> tuple[float, ...]:
    """hit@k for k from 1 to 10."""
    count = max(1, len(ranks))
    return tuple(
        sum(rank is not None and rank <= k for rank in ranks) / count
        for k in range(1, DEPTH + 1)
    )


def risk_curve(
    scores: Sequence[float], wrong: Sequence[bool]
) -> tuple[CoveragePoint, ...]:
    """Risk against coverage, from the most certain questions to all.

    After El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
    Classification". Questions of equal score are answered together.
    """
    ranked = sorted(zip(scores, wrong, strict=True), key=lambda pair: -pair[0])
    points: list[CoveragePoint] = []
    errors = 0
    for number, (score, is_wrong) in enumerate(ranked, 1):
        errors += is_wrong
        if number == len(ranked) or ranked[number][0] < score:
            point = CoveragePoint(score, number / len(ranked), errors / number)
            points.append(point)
    return tuple(points)


def area(points: Sequence[CoveragePoint]) -> float:
    """Mean risk over all coverages (AURC), lower is better."""
    before = 0.0
    total = 0.0
    for point in points:
        total += (point.coverage - before) * point.risk
        before = point.coverage
    return total


def thin(
    points: Sequence[CoveragePoint], count: int = 100
) -> tuple[CoveragePoint, ...]:
    """At most ``count`` points, evenly spread, the first and last kept."""
    if len(points) <= count:
        return tuple(points)
    last = len(points) - 1
    return tuple(points[round(i * last / (count - 1))] for i in range(count))
