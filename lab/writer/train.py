"""Trains a LoRA adapter (Hu et al. 2021) on the generator's own weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from lab.training.body import computing_type
from lab.training.checkpoint import AVERAGED, Weights
from lab.training.plan import Falling, claim_folder
from lab.writer.examples import NOTHING, Example, Taught, Teacher

TARGETS: Final = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""The layers that are adapted, as transformers and as GGUF name them."""
_STEP: Final = 16
_SEED_OF_HELD_OUT: Final = 5

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan(Falling):
    """Everything that decides the weights, beside data and versions.

    Attributes:
        updates: Length of the run; the learning rate falls to 0 at its end.
        batch: Examples an update.
        rank, alpha: Of the adapter; what it adds is scaled by their quotient.
        average: Share of the moving average of weights kept at an update.
        save_every: Updates between checkpoints; does not change the weights.
    """

    updates: int = 140
    batch: int = 16
    rank: int = 16
    alpha: int = 32
    peak: float = 1e-3
    warm_up: int = 30
    decay: float = 0.0
    average: float = 0.97
    seed: int = 7
    save_every: int = 25
    workers: int = field(default=1, init=False)


def adapted(gguf: Path, plan: Plan, device: torch.device) -> Any:
    """The generator's network with an adapter that changes nothing yet."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    base = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=computing_type(device)
    )
    config = LoraConfig(
        r=plan.rank,
        lora_alpha=plan.alpha,
        target_modules=list(TARGETS),
        task_type="CAUSAL_LM",
    )
    network = get_peft_model(base, config, autocast_adapter_dtype=False)
    return network.to(device)


def loss_of(network: Any, examples: Sequence[Example]) -> tuple[Tensor, int]:
    """Cross-entropy of the answers' tokens, in nats, summed, and their number."""
    longest = max(len(e.ids) for e in examples)
    width = -(-longest // _STEP) * _STEP
    base = network.get_base_model()
    device = base.device
    ids = torch.zeros(len(examples), width, dtype=torch.long)
    targets = torch.full((len(examples), width), NOTHING)
    mask = torch.zeros(len(examples), width, dtype=torch.long)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        targets[row, :length] = torch.tensor(example.targets)
        mask[row, :length] = 1
    states = base.model(
        input_ids=ids.to(device), attention_mask=mask.to(device), use_cache=False
    ).last_hidden_state
    # Of 49,152 words each, only where there is one to learn.
    learnt = (targets != NOTHING).to(device)
    logits = base.lm_head(states[learnt]).float()
    wanted = targets.to(device)[learnt]
    return functional.cross_entropy(logits, wanted, reduction="sum"), len(wanted)


def train(
    gguf: Path,
    rows: Sequence[Taught],
    dev: Sequence[Taught],
    teacher: Teacher,
    folder: Path,
    plan: Plan,
    tell: Tell,
) -> tuple[Path, float]:
    """Train, or go on from the checkpoint in a folder.

    Args:
        gguf: The generator.
        rows: What is learnt.
        dev: What the loss is told of.
        teacher: Makes examples of both.
        folder: Of the checkpoints.
        plan: How.
        tell: Told a line at each checkpoint.

    Returns:
        The file of averaged weights of the adapter, float32, and their mean loss on
        what was held out, in nats a token.

    Raises:
        TrainingError: The folder holds another run.
    """
    claim_folder(folder, plan, data=_digest(gguf, rows))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    network = adapted(gguf, plan, device).train()
    weights = Weights(network, plan)
    first = weights.restore(folder)
    rng = Random(_SEED_OF_HELD_OUT)
    watched = sorted(
        (teacher.example(row, rng) for row in dev), key=lambda e: len(e.ids)
    )
    began = time.monotonic()
    total, count = 0.0, 0
    for update, batch in enumerate(teacher.batches(rows, plan.batch, plan.seed)):
        if update < first:
            continue
        if update >= plan.updates:
            break
        loss, tokens = loss_of(network, batch)
        (loss / tokens).backward()
        weights.update(plan, update, stop=False)
        total, count = total + float(loss.detach()), count + tokens
        done = update + 1
        if done % plan.save_every and done != plan.updates:
            continue
        weights.save(folder, done)
        with weights.averaged():
            held = measured(network, watched, plan.batch)
        tell(
            f"update {done} of {plan.updates}, {time.monotonic() - began:.0f} s: "
            f"loss {total / count:.3f}, held out {held:.3f} nats a token"
        )
        total, count = 0.0, 0
    with weights.averaged():
        return folder / AVERAGED, measured(network, watched, plan.batch)


def measured(network: Any, examples: Sequence[Example], batch: int) -> float:
    """Mean loss a token, in nats."""
    with torch.no_grad():
        parts = [
            loss_of(network, examples[first : first + batch])
            for first in range(0, len(examples), batch)
        ]
    return sum(float(loss) for loss, _ in parts) / sum(n for _, n in parts)


def _digest(gguf: Path, rows: Sequence[Taught]) -> str:
    """Of the generator and of what it learns."""
    return sha256(gguf.read_bytes() + repr(rows).encode()).hexdigest()
