"""How many threads a model speaks fastest with, found by trying."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

_ROUNDS: Final = 3
_TOKENS: Final = 6
_WORTH: Final = 0.9
"""Share of the first candidate's time below which another is taken."""
_WINDOW: Final = 4
"""Tokens that a pace is measured over."""
_PATIENCE: Final = 10.0
_MOST_PATIENCE: Final = 60.0
"""Seconds before several threads are tried again."""


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


class Pace:
    """Takes one thread instead of several for as long as the machine is busy.

    Threads that share a token wait for the slowest: with other programs on the cores
    three of them take longer than one alone, which keeps its pace. Each number's
    seconds a token are measured as it speaks; the faster one goes on. Several are
    tried again after a while, and after twice that while each time it was in vain.

    Args:
        several: The number to begin with.
        use: Has the model use a number of threads.
    """

    def __init__(self, several: int, use: Callable[[int], None]) -> None:
        self._several = several
        self._numbers = tuple(dict.fromkeys((several, 1)))
        self._use = use
        self._current = several
        self._seconds: dict[int, float] = {}
        self._tried = time.perf_counter()
        self._patience = _PATIENCE
        self._begun = 0.0
        self._tokens = -1

    def begin(self) -> None:
        """Tell that a draft begins; its prompt takes what was faster lately."""
        self._tokens = -1

    def token(self) -> None:
        """Tell that a token was made."""
        now = time.perf_counter()
        self._tokens += 1
        if self._tokens == 0:
            self._begun = now
        if self._tokens < _WINDOW:
            return
        self._seconds[self._current] = (now - self._begun) / _WINDOW
        self._begun, self._tokens = now, 0
        self._take(self._next(now))

    def _next(self, now: float) -> int:
        if self._current == self._several:
            self._tried = now
        unknown = [n for n in self._numbers if n not in self._seconds]
        if unknown:
            return unknown[0]
        best = min(self._numbers, key=self._seconds.__getitem__)
        if best == self._several:
            self._patience = _PATIENCE
        elif self._current == self._several:
            self._patience = min(2 * self._patience, _MOST_PATIENCE)
        elif now - self._tried > self._patience:
            return self._several
        return best

    def _take(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self._use(number)
