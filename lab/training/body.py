"""The body that a training begins with: a BERT, its word embeddings frozen."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, BertModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask
from transformers.utils import logging

from qa.neural.processors import computes_bfloat16


def load_body(folder: Path, *, dropout: float) -> BertModel:
    """The body in a folder: of an embedder, or of a trained network over pairs."""
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
        dtype=torch.float32,
        local_files_only=True,
    )
    bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    return bert


def computing_type(device: torch.device) -> torch.dtype:
    """What a body computes in to be trained: bfloat16, but float32 on a processor that
    would emulate it, fifteen times slower.
    """
    if device.type == "cuda" or computes_bfloat16():
        return torch.bfloat16
    return torch.float32


def set_dropout(network: nn.Module, rate: float) -> None:
    """The share of places that training leaves out."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate


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
