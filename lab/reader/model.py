"""The network before training, what a batch holds, and the losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from lab.training.body import load_body
from qa.neural.pair_network import FILES
from qa.neural.reader import SETTINGS
from qa.neural.reader.reader_network import ReaderNetwork

if TYPE_CHECKING:
    from pathlib import Path

IGNORED = -100
NOWHERE = -1
_WEIGHTS = {"answerable": 2.0, "belongs": 3.0, "before": 3.0}
"""Of the losses; the others weigh 1. Spans lose several times as much as sentences."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids and targets; B examples of T tokens.

    Attributes:
        ids, mask, types: shape (B, T), what BERT takes.
        passage: (B, T), true at the passage's tokens.
        start, end: (B,), token of the span; 0 for none; IGNORED if unknown.
        answerable: (B,), 0 or 1.
        relevant: (B,), 0 or 1, NaN if unknown.
        sentence: (B, T), number of the token's sentence, NOWHERE outside.
        belongs, direct: (B, S), 0 or 1 a sentence, NaN if unknown.
        group: (B,), see ``Example``.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    passage: Tensor
    start: Tensor
    end: Tensor
    answerable: Tensor
    relevant: Tensor
    sentence: Tensor
    belongs: Tensor
    direct: Tensor
    group: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(
            *(getattr(self, name).to(device) for name in self.__dataclass_fields__)
        )


def losses(network: ReaderNetwork, batch: Batch) -> dict[str, Tensor]:
    """Mean loss of each task over the batch."""
    tokens, judged = network(batch.ids, batch.mask, batch.types, batch.passage)
    spans = tokens[..., :2]
    parts = {
        name: functional.cross_entropy(spans[..., i], target, ignore_index=IGNORED)
        for i, (name, target) in enumerate((("start", batch.start), ("end", batch.end)))
    }
    parts["answerable"] = functional.binary_cross_entropy_with_logits(
        judged[:, 0], batch.answerable
    )
    marked = of_sentences(tokens[..., 2:], batch.sentence, batch.belongs.shape[1])
    for name, logits in (
        ("relevant", judged[:, 1]),
        ("belongs", marked[..., 0]),
        ("direct", marked[..., 1]),
    ):
        target = getattr(batch, name)
        known = ~target.isnan()
        parts[name] = functional.binary_cross_entropy_with_logits(
            logits[known], target[known]
        )
    groups = batch.group[:, None].expand_as(batch.belongs)
    parts["before"] = ranked(marked[..., 0], batch.belongs, groups)
    parts["above"] = ranked(judged[:, 0], batch.answerable, batch.group)
    return {k: v.nan_to_num() for k, v in parts.items()}


def ranked(logits: Tensor, wanted: Tensor, groups: Tensor) -> Tensor:
    """How far what is wanted does not come before the rest of its group.

    The pairwise logistic loss (Burges et al. 2005, "Learning to rank using gradient
    descent"), a mean over pairs.

    Args:
        logits: Of any shape; of N things in all.
        wanted: The same shape, 0 or 1, NaN where unknown.
        groups: The same shape, the number of each thing's group.
    """
    yes, no = wanted == 1, wanted == 0
    pairs = groups[yes][:, None] == groups[no][None]
    margins = logits[yes][:, None] - logits[no][None]
    return functional.softplus(-margins[pairs]).mean()


def total(parts: dict[str, Tensor]) -> Tensor:
    """What is learnt from: the losses of all tasks, weighed."""
    return torch.stack([_WEIGHTS.get(k, 1.0) * v for k, v in parts.items()]).sum()


def of_sentences(tokens: Tensor, sentence: Tensor, most: int) -> Tensor:
    """Mean logits of each sentence's tokens.

    Args:
        tokens: (B, T, C).
        sentence: (B, T), see ``Batch``.
        most: Sentences of a passage.

    Returns:
        (B, most, C); 0 for a sentence without tokens.
    """
    numbers = torch.arange(most, device=sentence.device)
    inside = (sentence.unsqueeze(1) == numbers[None, :, None]).float()
    return inside @ tokens.float() / inside.sum(dim=-1, keepdim=True).clamp(min=1)


def load_start(folder: Path, *, dropout: float) -> ReaderNetwork:
    """A network with the weights of `folder`: a reader's, or a body's.

    A body gets fresh heads, and so do heads that an older reader lacks.
    """
    network = ReaderNetwork(load_body(folder, dropout=dropout))
    if (folder / SETTINGS).exists():
        network.load_state_dict(load_file(folder / FILES[0]), strict=False)
    return network
