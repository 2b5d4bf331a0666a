"""What this machine's processor does well, and how much of it a question may take."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def computes_bfloat16() -> bool:
    """Whether it multiplies bfloat16 itself, not by way of float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def promises_bfloat16() -> bool:
    """The same, asked of Linux instead of torch; False elsewhere."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
            lines = (line for line in stream if line.startswith(("flags", "Features")))
            flags = set(next(lines, "").split())
    except OSError:
        return False
    return not flags.isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})


def usable_cores() -> int:
    """Cores this process may use: its affinity and its control group's quota."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        cores = os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as stream:  # noqa: PTH123
            quota, period = stream.read().split()
    except (OSError, ValueError):
        return cores
    if quota == "max":
        return cores
    return max(1, min(cores, int(quota) // int(period)))


def threads_for_question() -> int:
    """Half of the cores, at least one.

    A matrix product waits for its slowest thread: with one on every core, a question
    takes seconds as soon as another program is busy too (figures in DECISIONS.md).
    """
    return max(1, usable_cores() // 2)


def take_threads(*, for_bulk: bool) -> None:
    """Set torch's threads: all cores for bulk work, half of them for a question."""
    import torch

    torch.set_num_threads(usable_cores() if for_bulk else threads_for_question())


def side_by_side(
    work: Callable[[T], R], items: Iterable[T], workers: int
) -> Iterator[R]:
    """The results in order, several computed at a time, each on a thread of its own.

    Threads that share one computation wait for the slowest of them; on a busy
    machine it is faster to give each a computation. A single worker is the caller.
    """
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, items)
