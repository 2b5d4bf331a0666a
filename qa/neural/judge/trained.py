"""The project's own judge: MiniLM trained on fair sentences and subtly false ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from qa.neural.exported import Stored
from qa.neural.judge.judge_protocol import Opinion
from qa.neural.judge.judge_stored import read_settings
from qa.neural.memory import give_back
from qa.neural.pair_network import (
    SPECIAL_TOKENS,
    Loaded,
    Run,
    batched,
    load,
    load_network,
    run_in_torch,
)
from qa.neural.probability import probability
from qa.neural.processors import side_by_side
from qa.schema import Span, Strictness

INPUTS: Final = ("ids", "mask", "types", "claim")
_CLAIM_SHARE: Final = 2
"""A sentence takes at most half of the tokens read at once."""
_MOST_WORDS: Final = 4
_BESIDE: Final = 0.4
"""Share of the strongest word's objection from which on its neighbour belongs to it."""
_TELLING: Final = 0.45
"""Share of all objection that a few words must carry to be named."""
_STRICT: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """A sentence and evidence as tokens; ``offsets`` are the sentence's."""

    row: int
    claim: tuple[int, ...]
    evidence: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        return len(self.claim) + len(self.evidence) + SPECIAL_TOKENS


class TrainedJudge:
    """Judges with weights that ``python -m lab train-judge`` made.

    Args:
        folder: ``judge.json`` and the files it names, checked by whoever hands it
            in; they are loaded at first use.
        name: See ``Judge.name``.
        exported: Finds the network exported of it; None, or without it, torch runs.

    Raises:
        ModelError: ``judge.json`` cannot be used; from ``weigh``, when the other
            files are not there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        exported: Callable[[], Stored | None] = lambda: None,
    ) -> None:
        self.name = name
        self.where = str(folder)
        self._folder = folder
        self._exported = exported
        self._settings = read_settings(folder)
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None

    def needed(self, strictness: Strictness, *, cut: bool = False) -> float:
        """See ``Judge.needed``; as measured on claims kept out of training."""
        needed = self._settings.needed_of_cuts if cut else self._settings.needed
        return {
            Strictness.LENIENT: needed.lenient,
            Strictness.BALANCED: needed.balanced,
            Strictness.STRICT: _STRICT,
        }[strictness]

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Opinion, ...]:
        """See ``Judge.weigh``; of very long evidence the beginning counts."""
        model = self._model()
        tokens = {text: model.tokens(text) for pair in pairs for text in pair}
        found: list[Opinion] = [Opinion(0.0)] * len(pairs)
        rows = [
            self._pair(row, tokens[claim], tokens[evidence])
            for row, (claim, evidence) in enumerate(pairs)
            if claim.strip()
        ]
        batches = list(batched(rows, lambda pair: pair.length, model.run.batch_tokens))
        every = side_by_side(partial(self._read, model), batches, model.run.workers)
        for batch, opinions in zip(batches, every, strict=True):
            for pair, opinion in zip(batch, opinions, strict=True):
                claim, _ = pairs[pair.row]
                found[pair.row] = _in_words(opinion, claim)
        give_back()
        return tuple(found)

    def _pair(self, row: int, claim: Any, evidence: Any) -> _Pair:
        most = self._settings.longest - SPECIAL_TOKENS
        said = claim.ids[: most // _CLAIM_SHARE]
        offsets = claim.offsets[: len(said)]
        known = evidence.ids[: most - len(said)]
        return _Pair(row, tuple(said), tuple(known), tuple(offsets))

    def _read(self, model: Loaded, batch: Sequence[_Pair]) -> list[_Told]:
        ids, mask, types = model.arrays([(p.claim, p.evidence) for p in batch])
        inside = np.zeros_like(ids, dtype=bool)
        for row, pair in enumerate(batch):
            inside[row, 1 : len(pair.claim) + 1] = True
        support, objection = model.run.logits(ids, mask, types, inside)
        fit = self._settings.calibration
        odds = (fit.support * support + fit.bias).tolist()
        return [
            _Told(
                probability(odds[row]),
                pair.offsets,
                _shares(objection[row, 1 : len(pair.claim) + 1]),
            )
            for row, pair in enumerate(batch)
        ]

    def _model(self) -> Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = load(
                    self._folder, self._exported(), INPUTS, _run_in_torch
                )
            return self._loaded


@dataclass(frozen=True, slots=True)
class _Told:
    """Support, and each token's share of the objection."""

    support: float
    offsets: tuple[tuple[int, int], ...]
    shares: Sequence[float]


def _run_in_torch(folder: Path) -> Run:
    from qa.neural.judge.judge_network import JudgeNetwork

    return run_in_torch(load_network(folder, JudgeNetwork))


def _shares(objection: Any) -> list[float]:
    """Softmax of the tokens' scores."""
    if not len(objection):
        return []
    weights = np.exp(objection - objection.max())
    return (weights / weights.sum()).tolist()  # type: ignore[no-any-return]


def _in_words(told: _Told, claim: str) -> Opinion:
    """The opinion, with the few neighbouring words that carry ``_TELLING`` of the
    objection, if any do.
    """
    words: list[tuple[int, int, float]] = []
    for (start, end), share in zip(told.offsets, told.shares, strict=True):
        if not claim[start:end].strip():
            continue
        joins = words and words[-1][1] == start and claim[start - 1 : end].isalnum()
        if joins:
            first, _, before = words[-1]
            words[-1] = (first, end, before + share)
        else:
            words.append((start, end, share))
    if not words:
        return Opinion(told.support)
    top = max(range(len(words)), key=lambda i: words[i][2])
    least = _BESIDE * words[top][2]
    low = high = top
    while high - low + 1 < _MOST_WORDS:
        left = words[low - 1][2] if low else 0.0
        right = words[high + 1][2] if high + 1 < len(words) else 0.0
        if max(left, right) < least:
            break
        low, high = (low - 1, high) if left >= right else (low, high + 1)
    carried = sum(share for _, _, share in words[low : high + 1])
    if carried < _TELLING:
        return Opinion(told.support)
    start, end = words[low][0], words[high][1]
    if not claim[start:end].strip(" .,;:!?"):
        return Opinion(told.support)
    return Opinion(told.support, Span(start, end))
