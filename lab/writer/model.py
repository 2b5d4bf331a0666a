"""The model that the writer is trained on: a GGUF file's body with an adapter."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lab.writer.batches import IGNORED, Batch

LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def load_with_adapter(path: Path, *, rank: int, alpha: int, first: int) -> Any:
    """A causal model in bfloat16, frozen, with a low-rank adapter (Hu et al. 2021,
    "LoRA") on the linear layers of its blocks from the first on.

    Below the first nothing is to be learnt, so no gradient is computed there.
    """
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, GgufConfig
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(
        str(path.parent),
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
        local_files_only=True,
    )
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        target_modules=list(LINEAR),
        layers_to_transform=list(range(first, model.config.num_hidden_layers)),
    )
    with warnings.catch_warnings():
        # peft asks for an attribute that transformers has renamed
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config, autocast_adapter_dtype=False)


def loss_of(model: Any, batch: Batch) -> Tensor:
    """Mean cross-entropy of the answers' tokens."""
    causal = model.get_base_model()
    hidden = causal.model(input_ids=batch.ids, use_cache=False).last_hidden_state
    said = batch.targets != IGNORED
    logits = causal.lm_head(hidden[said]).float()
    return torch.nn.functional.cross_entropy(logits, batch.targets[said])
