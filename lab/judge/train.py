"""Trains the judge: runs that differ in chance alone, whose weights are averaged.

Weights of runs from one start average to better ones than any of them has
(Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file

from lab.judge.examples import Batch, Draw, Example, chunk_of, collate, losses
from lab.judge.held_out import figures_of, held_out, scores
from lab.judge.sources import sources
from lab.training.body import computing_type, load_body
from lab.training.checkpoint import (
    AVERAGED,
    Weights,
    load_averaged,
    write_tensors,
)
from lab.training.plan import Falling, claim_folder
from qa.neural.judge import SETTINGS
from qa.neural.judge.judge_network import JudgeNetwork
from qa.neural.pair_network import FILES
from qa.neural.processors import usable_cores

_WATCHED: Final = 3
"""Of how many held-out paragraphs and claims one is watched during training."""

Tell = Callable[[str], None]
Made = list[tuple[list[Example], list[int]]]


@dataclass(frozen=True, slots=True)
class Plan(Falling):
    """Everything that decides the weights of one run, beside data and versions.

    Attributes:
        updates: Length of the run; the learning rate falls to 0 at its end.
        batch: Examples an update, at most: groups stay whole.
        dropout: Of the body; its attention has none.
        average: Share of the moving average of weights kept at an update.
        save_every: Updates between checkpoints; does not change the weights.
    """

    updates: int = 10_500
    batch: int = 128
    peak: float = 2e-4
    warm_up: int = 400
    decay: float = 0.01
    dropout: float = 0.1
    average: float = 0.999
    seed: int = 11
    save_every: int = 200
    workers: int = field(default=1, init=False)


RUNS: Final = ((11, 0.1), (12, 0.15))
"""Seed and dropout of the runs that are averaged."""


def train(shared: Path, start: Path, folder: Path, plan: Plan, tell: Tell) -> Path:
    """Train each run, or go on from its checkpoint, and average them.

    Args:
        shared: The folder that holds ``train`` and ``eval``.
        start: Folder of a trained reader, whose body training begins with, or of
            a judge, which is then trained on.
        folder: Of the checkpoints, one folder a run.
        plan: What the runs share.
        tell: Told a line at each checkpoint.

    Returns:
        The file of averaged weights, float32.

    Raises:
        TrainingError: A folder holds another run.
    """
    runs = [replace(plan, seed=seed, dropout=rate) for seed, rate in RUNS]
    ended = [
        train_one(shared, start, folder / f"run-{number}", run, tell)
        for number, run in enumerate(runs, 1)
    ]
    parts = [load_file(path) for path in ended]
    means = {
        name: torch.stack([part[name] for part in parts]).mean(dim=0)
        for name in parts[0]
    }
    write_tensors(means, folder / AVERAGED, {"update": str(plan.updates)})
    return folder / AVERAGED


def train_one(shared: Path, start: Path, folder: Path, plan: Plan, tell: Tell) -> Path:
    """Train one run; see ``train``."""
    from transformers import BertTokenizerFast

    claim_folder(folder, plan)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    network = JudgeNetwork(load_body(start, dropout=plan.dropout))
    if (start / SETTINGS).is_file():
        load_averaged(network, start / FILES[0])
    if device.type == "cpu":
        network.bert.to(computing_type(device))
    network.to(device).train()
    weights = Weights(network, plan)
    first = weights.restore(folder)
    tokenizer = BertTokenizerFast(tokenizer_file=str(start / "tokenizer.json"))
    watched = held_out(shared, share=_WATCHED)
    del watched["alone"]
    supply = _supply(shared, tokenizer, plan, device)
    began = time.monotonic()
    sums: dict[str, torch.Tensor] = {}
    for update, batch in enumerate(supply):
        if update < first:
            continue
        if update >= plan.updates:
            break
        # subtle: a seed an update, so that a resumed run drops the same places
        torch.manual_seed(plan.seed * 1_000_003 + update)
        with torch.autocast("cuda", torch.bfloat16, enabled=device.type == "cuda"):
            parts = losses(network, batch().to(device))
        torch.stack(list(parts.values())).sum().backward()
        weights.update(plan, update, stop=False)
        for name, part in parts.items():
            sums[name] = sums.get(name, 0.0) + part.detach()
        done = update + 1
        if done % plan.save_every and done != plan.updates:
            continue
        weights.save(folder, done)
        told_of = done % plan.save_every or plan.save_every
        figures = {name: float(part) / told_of for name, part in sums.items()}
        network.eval()
        with weights.averaged():
            for name, part in watched.items():
                values = scores(network, tokenizer, part.examples)
                figures[f"{name}.auc"] = figures_of(values, part, name)[f"{name}.auc"]
        network.train()
        sums = {}
        seconds = time.monotonic() - began
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        tell(f"{folder.name}, update {done} of {plan.updates}, {seconds:.0f} s: {told}")
    return folder / AVERAGED


def _supply(
    shared: Path, tokenizer: Any, plan: Plan, device: torch.device
) -> Iterator[Callable[[], Batch]]:
    """Batches to be made, the same however many processes draw them."""
    processes = max(1, usable_cores() - 2) if device.type == "cuda" else 0
    for made in _drawn(shared, plan, processes):
        for examples, groups in made:
            yield partial(collate, tokenizer, examples, groups)


def _drawn(shared: Path, plan: Plan, processes: int) -> Iterator[Made]:
    if not processes:
        draws = sources(shared)
        for chunk in count():
            yield chunk_of(draws, plan.batch, plan.seed, chunk)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_prepare, initargs=(shared,)
    ) as pool:
        waiting: deque[Future[Made]] = deque()
        for chunk in count():
            waiting.append(pool.submit(_chunk, plan.batch, plan.seed, chunk))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()


_DRAWS: list[tuple[float, Draw]] = []


def _prepare(shared: Path) -> None:
    _DRAWS.extend(sources(shared))


def _chunk(batch: int, seed: int, number: int) -> Made:
    return chunk_of(_DRAWS, batch, seed, number)
