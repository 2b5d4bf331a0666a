"""The network before training, what a batch holds, and the losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from lab.training.body import load_body
from qa.neural.reader.reader_network import ReaderNetwork

if TYPE_CHECKING:
    from pathlib import Path

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids and targets; B examples of T tokens.

    Attributes:
        ids, mask, types: shape (B, T), what BERT takes.
        passage: (B, T), true at the passage's tokens.
        start, end: (B,), token of the span; 0 for none; IGNORED if unknown.
        answerable: (B,), 0 or 1.
        relevant: (B,), 0 or 1, NaN if unknown.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    passage: Tensor
    start: Tensor
    end: Tensor
    answerable: Tensor
    relevant: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(
            *(getattr(self, name).to(device) for name in self.__dataclass_fields__)
        )


def losses(network: ReaderNetwork, batch: Batch) -> dict[str, Tensor]:
    """Mean loss of each task over the batch."""
    spans, judged = network(batch.ids, batch.mask, batch.types, batch.passage)
    known = ~batch.relevant.isnan()
    parts = {
        name: functional.cross_entropy(spans[..., i], target, ignore_index=IGNORED)
        for i, (name, target) in enumerate((("start", batch.start), ("end", batch.end)))
    }
    parts["answerable"] = functional.binary_cross_entropy_with_logits(
        judged[:, 0], batch.answerable
    )
    parts["relevant"] = functional.binary_cross_entropy_with_logits(
        judged[:, 1][known], batch.relevant[known]
    )
    return {k: v.nan_to_num() for k, v in parts.items()}


def load_start(folder: Path, *, dropout: float) -> ReaderNetwork:
    """A network with the body's weights from `folder` and fresh heads."""
    return ReaderNetwork(load_body(folder, dropout=dropout))
