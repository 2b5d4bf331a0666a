"""How many threads a model speaks fastest with, found by trying."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

_ROUNDS: Final = 3
_TOKENS: Final = 6
_WORTH: Final = 0.9
"""Share of the first candidate's time below which another is taken."""


def candidates(cores: int) -> tuple[int, ...]:
    """Numbers worth trying: all cores but one, and half of them.

    One core is left for what else runs. Where two of them share a real one, half is
    often faster.
    """
    return tuple(dict.fromkeys((max(1, cores - 1), max(1, cores // 2))))


def take_quickest(llama: Any, numbers: Sequence[int], token: int) -> int:
    """Have a model use the number of threads that it computes a token fastest with.

    Each is tried in turn, and its best time counts, since other programs disturb.

    Args:
        llama: A ``llama_cpp.Llama``; it has read nothing afterwards.
        numbers: What to try; the first one is kept unless another is clearly faster.
        token: Any of its vocabulary.

    Returns:
        The number.
    """
    best = dict.fromkeys(numbers, float("inf"))
    for _ in range(_ROUNDS if len(best) > 1 else 0):
        for number in best:
            use(llama, number)
            llama.reset()
            llama.eval([token])  # a team of threads is made
            begun = time.perf_counter()
            for _ in range(_TOKENS):
                llama.eval([token])
            best[number] = min(best[number], time.perf_counter() - begun)
    first, chosen = numbers[0], min(best, key=best.__getitem__)
    if best[chosen] >= _WORTH * best[first]:
        chosen = first
    llama.reset()
    use(llama, chosen)
    return chosen


def use(llama: Any, number: int) -> None:
    """Have a model use so many threads."""
    import llama_cpp

    llama_cpp.llama_set_n_threads(llama.ctx, number, number)
