"""The network before training, what a batch holds, and the losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface, BertModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask
from transformers.utils import logging

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
    logging.set_verbosity_error()  # its report on the pooling layer is no news
    logging.disable_progress_bar()
    AttentionInterface.register("lean", lean_attention)
    # subtle: without a mask of its own name, an attention is given none at all
    AttentionMaskInterface.register("lean", eager_mask)
    bert = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        attn_implementation="lean",
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,
        local_files_only=True,
    )
    network = ReaderNetwork(bert)
    bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    return network


def lean_attention(
    _module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: object,
) -> tuple[Tensor, None]:
    """Plain attention in the body's own type: on CPU the fastest to train."""
    scale = scaling if scaling is not None else query.shape[-1] ** -0.5
    scores = (query * scale) @ key.transpose(-1, -2)
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    mixed = scores.softmax(dim=-1) @ value
    return mixed.transpose(1, 2).contiguous(), None
