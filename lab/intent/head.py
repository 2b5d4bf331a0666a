"""A small head over question vectors: one hidden layer, the mean of several fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from qa.question.intent_head import Layers

UNITS: Final = 64
"""Of the hidden layer of one fit."""
FITS: Final = 3
_EPOCHS: Final = 30
_BATCH: Final = 64
_RATE: Final = 3e-3
_DECAY: Final = 0.05
_DROPPED: Final = (0.2, 0.3)
"""Shares of the vector and of the hidden layer that are dropped while learning."""
_SCALE: Final = 6.5
"""A unit vector's numbers times this are large enough to learn from at that rate."""


def fit_head(
    vectors: np.ndarray,
    wanted: Sequence[int] | np.ndarray,
    *,
    classes: int,
    seed: int,
) -> Layers:
    """Fit by AdamW with dropout, ``FITS`` times, and take the mean of the logits: one
    layer that holds the units of all.

    A class weighs by the root of how rare it is.

    Args:
        vectors: (N, D), of unit length.
        wanted: The class of each row.
        classes: Their number.
        seed: Of the first fit; the others count on from it.
    """
    fits = [_fitted(vectors, wanted, classes, seed + n) for n in range(FITS)]
    output = [fit.output[:, :-1] for fit in fits]
    bias = np.sum([fit.output[:, -1:] for fit in fits], axis=0)
    hidden = np.vstack([fit.hidden for fit in fits])
    return Layers(hidden, np.hstack([*output, bias]) / FITS)


def _fitted(
    vectors: np.ndarray, wanted: Sequence[int] | np.ndarray, classes: int, seed: int
) -> Layers:
    import torch
    from torch import nn

    torch.manual_seed(seed)
    first = nn.Linear(vectors.shape[1], UNITS)
    second = nn.Linear(UNITS, classes)
    of_vector, of_hidden = map(nn.Dropout, _DROPPED)
    network = nn.Sequential(of_vector, first, nn.ReLU(), of_hidden, second)
    rows = torch.tensor(vectors * _SCALE, dtype=torch.float32)
    truth = torch.tensor(np.asarray(wanted))
    counts = np.maximum(np.bincount(wanted, minlength=classes), 1)
    weights = torch.tensor(np.sqrt(len(truth) / classes / counts), dtype=torch.float32)
    loss = nn.CrossEntropyLoss(weight=weights)
    steps = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(rows)).split(_BATCH):
            steps.zero_grad()
            loss(network(rows[batch]), truth[batch]).backward()
            steps.step()
    hidden, output = _numbers(first), _numbers(second)
    hidden[:, :-1] *= _SCALE
    return Layers(hidden, output)


def _numbers(layer: Any) -> np.ndarray:
    """The weights of a layer with the bias as the last column."""
    weights, bias = (p.detach().numpy() for p in (layer.weight, layer.bias))
    return np.column_stack((weights, bias)).astype(float)
