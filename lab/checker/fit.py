"""The formula of support: a logistic regression over the features of claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Protocol

import numpy as np

from lab.checker.judged import Judged
from lab.logistic import logistic_fit
from qa.verification.faults import find_faults
from qa.verification.ground import Fault, Ground, ground
from qa.verification.statements import Statement, statement
from qa.verification.support import compared, features

_BATCH = 256
_RIDGE = 3.0
_SHARES = {"wice": 2.0, "expertqa": 1.5, "asked": 0.6}
_MADE = 0.6


class RememberingCosines(Protocol):
    """Cosines of texts that can be embedded beforehand, all at once."""

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """One cosine for each of the others."""

    def remember(self, texts: Iterable[str]) -> None:
        """Embed what is new."""


def fit_formula(
    claims: Sequence[Judged],
    cosines: RememberingCosines,
    told: Callable[[int], None] = lambda _done: None,
) -> dict[str, float]:
    """Fit the weights of ``WeighedSupport`` on claims.

    Claims whose faults decide are left out: no score is asked of them. Each origin
    weighs its share, its supported claims half of that; questions that people asked
    are all supported and weigh half.
    """
    rows, truth, origins = [], [], []
    names: list[str] = []
    for start in range(0, len(claims), _BATCH):
        batch = [_opened(claim) for claim in claims[start : start + _BATCH]]
        kept = [item for item in batch if item is not None]
        cosines.remember(text for item in kept for text in compared(*item[:2]))
        for said, source, faults, claim in kept:
            values = features(said, source, faults, cosines)
            names = list(values)
            rows.append(list(values.values()))
            truth.append(float(claim.supported))
            origins.append(claim.origin if claim.origin in _SHARES else "made")
        told(min(len(claims), start + _BATCH))
    weights = _balanced(origins, truth)
    *found, bias = logistic_fit(
        np.array(rows), np.array(truth), ridge=_RIDGE, weights=weights
    )
    formula = dict(zip(names, found, strict=True)) | {"bias": bias}
    return {name: round(value, 4) for name, value in formula.items()}


def _opened(
    claim: Judged,
) -> tuple[Statement, Ground, list[Fault], Judged] | None:
    said = statement(claim.claim)
    source = ground(said, claim.evidence)
    faults = find_faults(said, source)
    if not source.sentences or any(fault.decides for fault in faults):
        return None
    return said, source, faults, claim


def drawn(
    found: Mapping[str, Sequence[Judged]], sample: int, seed: int
) -> list[Judged]:
    """What is learnt from: judged claims that are not held out, and a sample of the
    others.
    """
    rng = Random(seed)
    return [claim for claim in found["judged"] if not claim.held_out] + [
        claim
        for kind in ("made", "asked")
        for claim in rng.sample(found[kind], min(sample, len(found[kind])))
    ]


def _balanced(origins: Sequence[str], truth: Sequence[float]) -> np.ndarray:
    """A weight a claim; they add up to the number of claims."""
    kinds = list(zip(origins, truth, strict=True))
    counts = Counter(kinds)
    weights = np.array(
        [_SHARES.get(origin, _MADE) / 2 / counts[origin, t] for origin, t in kinds]
    )
    return np.asarray(weights * (len(weights) / weights.sum()))
