"""What decides a run, what it learns from, and what it says of itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.errors import TrainingError
from lab.reader.data import Corpus
from lab.reader.marked import Marked

_MOST_WORKERS = 4


def _default_workers() -> int:
    return min(_MOST_WORKERS, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the weights, beside data and versions.

    Two phases under one learning rate: before the turn mostly pseudo-questions,
    after it mostly people's questions, and only then dropout.

    Attributes:
        updates: Length of the run; the learning rate falls to 0 at its end.
        turn: Share of the updates after which the second phase begins.
        pseudo: Share of pseudo-questions before and after the turn.
        marked: Share of draws of questions with marked sentences, where there are
            any; one gives up to three examples.
        dropout: In the second phase; 0 in the first.
        batch: Examples an update, over all workers; a multiple of ``workers``.
        longest: Tokens of question and passage together.
        peak: Highest learning rate, after ``warm_up`` updates.
        decay: AdamW's weight decay, on matrices only.
        average: Share of the moving average of weights kept at an update.
        chunk: Updates whose examples are drawn, and sorted by length, at once.
        save_every: Updates between checkpoints; does not change the weights.
    """

    updates: int = 4000
    turn: float = 0.25
    pseudo: tuple[float, float] = (0.8, 0.2)
    marked: float = 0.6
    dropout: float = 0.1
    batch: int = 60
    longest: int = 256
    peak: float = 3e-4
    warm_up: int = 200
    decay: float = 0.01
    average: float = 0.99
    seed: int = 7
    workers: int = field(default_factory=_default_workers)
    chunk: int = 60
    save_every: int = 200

    def __post_init__(self) -> None:
        if self.batch % self.workers:
            raise TrainingError(
                f"--batch {self.batch} cannot be shared out among {self.workers} "
                f"workers; take a multiple, {self.workers * 15} for example"
            )

    def learning_rate(self, update: int) -> float:
        """Linear up for ``warm_up`` updates (a fifth at most), then linear down."""
        warm_up = max(1, min(self.warm_up, self.updates // 5))
        rising = (update + 1) / warm_up
        falling = (self.updates - update) / max(1, self.updates - warm_up)
        return self.peak * min(rising, falling)

    def is_second_phase(self, update: int) -> bool:
        """Whether an update lies after the turn."""
        return update >= self.turn * self.updates

    def pseudo_share(self, update: int) -> float:
        """Share of pseudo-questions at an update."""
        return self.pseudo[self.is_second_phase(update)]

    def dropout_at(self, update: int) -> float:
        """Dropout at an update."""
        return self.dropout if self.is_second_phase(update) else 0.0

    def kept_average(self, update: int) -> float:
        """Share of the moving average kept at an update; less at the beginning."""
        return min(self.average, (1 + update) / (10 + update))


@dataclass(frozen=True, slots=True)
class Step:
    """One update done; the loss is the first worker's, all tasks together."""

    update: int
    updates: int
    loss: float


@dataclass(frozen=True, slots=True)
class Report:
    """A checkpoint written.

    Attributes:
        seconds: Since this process took the run up.
        loss: Mean of each task since the last checkpoint.
        held_out: Figures on held-out questions; empty where a stop was asked for.
    """

    update: int
    updates: int
    seconds: float
    loss: dict[str, float]
    held_out: dict[str, float]


Progress = Callable[[Step | Report], None]
Measure = Callable[[Any, Any], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Supplies:
    """What a run learns from and is watched on.

    Attributes:
        start: Folder of the model to start from.
        corpus: People's questions and all paragraphs, the held-out ones gone;
            pseudo-questions are asked of these paragraphs.
        weights: How often each question is drawn, in the order of the corpus.
        held_out: Questions and paragraphs kept out.
        measure: Network and tokenizer to figures on the held-out questions.
        marked: Questions with marked sentences, and how often each is drawn.
        held_out_marked: Those kept out.
    """

    start: Path
    corpus: Corpus
    weights: tuple[float, ...]
    held_out: Corpus
    measure: Measure
    marked: tuple[tuple[Marked, float], ...] = ()
    held_out_marked: tuple[Marked, ...] = ()
