"""Trains the writer's adapter, in steps that can be taken up again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from lab.errors import TrainingError
from lab.training.checkpoint import AVERAGED, Weights, write_json
from lab.writer.batches import Batch, Encoder, batches
from lab.writer.examples import Drawing, read_rows
from lab.writer.model import load_with_adapter, loss_of

_PLAN: Final = "plan.json"
_FREE: Final = frozenset({"updates", "save_every", "watched"})
"""May change while a run is taken up again."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the weights, beside data and versions.

    Attributes:
        updates: Length of the run. The learning rate is level but for the last
            quarter, so that a run may be taken up again with another length.
        batch: Examples an update.
        first_block: The adapter lies on the blocks from this one on.
        average: Share of the moving average of weights kept at an update.
        save_every: Updates between checkpoints; does not change the weights.
        watched: Batches of held-out examples to measure at a checkpoint.
    """

    updates: int = 900
    batch: int = 4
    rank: int = 16
    alpha: int = 32
    first_block: int = 10
    peak: float = 8e-4
    warm_up: int = 20
    decay: float = 0.0
    average: float = 0.98
    seed: int = 31
    save_every: int = 20
    watched: int = 4
    workers: int = field(default=1, init=False)

    def learning_rate(self, update: int) -> float:
        """Linear up for ``warm_up`` updates, level, linear down in the last quarter."""
        falling = 4 * (self.updates - update) / self.updates
        return self.peak * max(0.0, min((update + 1) / self.warm_up, falling, 1.0))

    def kept_average(self, update: int) -> float:
        """Share of the moving average kept at an update; less at the beginning."""
        return min(self.average, (1 + update) / (10 + update))


def train(shared: Path, model: Path, folder: Path, plan: Plan, tell: Tell) -> Path:
    """Train, or go on from the checkpoint.

    Args:
        shared: The folder that holds ``train``.
        model: The GGUF file that the adapter is for.
        folder: Of the checkpoints.
        tell: Told a line at each checkpoint.

    Returns:
        The file of the adapter's averaged weights, float32.

    Raises:
        TrainingError: The folder holds another run.
    """
    _check_folder(folder, plan)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    network = load_with_adapter(
        model, rank=plan.rank, alpha=plan.alpha, first=plan.first_block
    )
    network.to(device).train()
    weights = Weights(network, plan)
    first = weights.restore(folder)
    supply, held_out = _supplies(shared / "train", Encoder(model), plan, first)
    watched = [next(held_out).to(device) for _ in range(plan.watched)]
    began, lost = time.monotonic(), 0.0
    for done in range(first + 1, plan.updates + 1):
        loss = loss_of(network, next(supply).to(device))
        loss.backward()
        weights.update(plan, done - 1, stop=False)
        lost += float(loss.detach())
        if done % plan.save_every and done != plan.updates:
            continue
        weights.save(folder, done)
        with weights.averaged():
            unseen = _mean_loss(network, watched)
        seconds, mean, lost = time.monotonic() - began, lost / plan.save_every, 0.0
        tell(
            f"update {done} of {plan.updates}, {seconds:.0f} s: "
            f"loss {mean:.3f}, held out {unseen:.3f}"
        )
    return folder / AVERAGED


def _supplies(
    data: Path, encoder: Encoder, plan: Plan, first: int
) -> tuple[Iterator[Batch], Iterator[Batch]]:
    """Batches to learn from, from the first on, and others."""
    train, dev = (Drawing(read_rows(data, part)) for part in ("train", "dev"))
    return (
        batches(train, encoder, size=plan.batch, seed=plan.seed, first=first),
        batches(dev, encoder, size=8, seed=0),
    )


def _mean_loss(network: Any, watched: list[Batch]) -> float:
    network.eval()
    with torch.no_grad():
        losses = [float(loss_of(network, batch)) for batch in watched]
    network.train()
    return sum(losses) / len(losses)


def _check_folder(folder: Path, plan: Plan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _PLAN
    wanted = {k: v for k, v in asdict(plan).items() if k not in _FREE}
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise TrainingError(
            f"{folder}: holds a run of another plan; name another folder with --work, "
            "or delete this one"
        )
    write_json(wanted, path)
