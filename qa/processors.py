"""What this machine's processor does well, and how much of it a question may take."""

from __future__ import annotations

import os

import torch


def computes_bfloat16() -> bool:
    """Whether it multiplies bfloat16 itself, not by way of float32."""
    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def take_threads(*, for_bulk: bool) -> None:
    """Set torch's threads: all cores for bulk work, half of them for a question.

    A matrix product waits for its slowest thread: with one on every core, a question
    takes seconds as soon as another program is busy too (figures in DECISIONS.md).
    """
    cores = os.cpu_count() or 1
    torch.set_num_threads(cores if for_bulk else max(1, cores // 2))
