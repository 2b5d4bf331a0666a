"""Trains the writer's adapter, in steps that can be taken up again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from lab.errors import TrainingError
from lab.training.checkpoint import AVERAGED, Weights, write_json
from lab.writer.batches import Batch, Encoder, batches
from lab.writer.examples import Written
from lab.writer.model import load_with_adapter, loss_of

_PLAN: Final = "plan.json"
_WATCHED: Final = 32
"""Held-out examples that are watched during training."""

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
    """

    updates: int = 600
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
    encoder = Encoder(model)
    data = shared / "train" / "written"
    watched = [batch.to(device) for batch in _held_out(data / "dev.jsonl", encoder)]
    supply = batches(
        Written(data / "train.jsonl"),
        encoder,
        size=plan.batch,
        seed=plan.seed,
        first=first,
    )
    began, lost = time.monotonic(), 0.0
    for done, batch in enumerate(supply, first + 1):
        if done > plan.updates:
            break
        loss = loss_of(network, batch.to(device))
        loss.backward()
        weights.update(plan, done - 1, stop=False)
        lost += float(loss.detach())
        if done % plan.save_every and done != plan.updates:
            continue
        weights.save(folder, done)
        with weights.averaged():
            held_out = _mean_loss(network, watched)
        seconds = time.monotonic() - began
        tell(
            f"update {done} of {plan.updates}, {seconds:.0f} s: "
            f"loss {lost / plan.save_every:.3f}, held out {held_out:.3f}"
        )
        lost = 0.0
    return folder / AVERAGED


def _held_out(path: Path, encoder: Encoder) -> list[Batch]:
    supply = batches(Written(path), encoder, size=8, seed=0)
    return [next(supply) for _ in range(_WATCHED // 8)]


def _mean_loss(network: Any, watched: list[Batch]) -> float:
    network.eval()
    with torch.no_grad():
        losses = [float(loss_of(network, batch)) for batch in watched]
    network.train()
    return sum(losses) / len(losses)


def _check_folder(folder: Path, plan: Plan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _PLAN
    free = {"save_every", "updates"}
    wanted = {k: v for k, v in asdict(plan).items() if k not in free}
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise TrainingError(
            f"{folder}: holds a run of another plan; name another folder with --work, "
            "or delete this one"
        )
    write_json(wanted, path)
