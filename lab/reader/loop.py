"""One worker's life: draw, learn, meet the others, save and measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import torch
import torch.distributed

from lab.reader.batches import batched, collate, numbered
from lab.reader.marked_mixture import MarkedMixture
from lab.reader.mixture import Mixture
from lab.reader.model import Batch, load_start, losses, total
from lab.reader.plan import Plan, Progress, Report, Step, Supplies
from lab.training.body import computing_type, set_dropout
from lab.training.checkpoint import Weights


@dataclass(frozen=True, slots=True)
class Links:
    """How a worker hears and speaks.

    Attributes:
        stop: Whether the run is to be saved and ended.
        tell: Takes progress; called by the first worker only.
    """

    stop: Callable[[], bool]
    tell: Progress


def work(rank: int, supplies: Supplies, folder: Path, plan: Plan, links: Links) -> None:
    """Train from the folder's checkpoint, or the start, to the end or a stop.

    With several workers, the process group must be there.
    """
    from transformers import AutoTokenizer

    torch.manual_seed(plan.seed)
    network = load_start(supplies.start, dropout=plan.dropout)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.bert.to(computing_type(device))
    network.to(device).train()
    tokenizer = AutoTokenizer.from_pretrained(supplies.start, local_files_only=True)
    weights = Weights(network, plan)
    first = weights.restore(folder)
    supply = _supply(supplies, tokenizer, plan, first, rank)
    began = time.monotonic()
    sums: dict[str, float] = {}
    since = first
    for update, batch in enumerate(supply, first):
        # subtle: a seed an update, so that a resumed run drops the same places
        torch.manual_seed((plan.seed * 1_000_003 + update) * 64 + rank)
        set_dropout(network, plan.dropout_at(update))
        parts = losses(network, batch.to(device))
        loss = total(parts)
        loss.backward()
        stop = weights.update(plan, update, stop=links.stop())
        for name, part in parts.items():
            sums[name] = sums.get(name, 0.0) + part.item()
        done = update + 1
        if rank == 0:
            links.tell(Step(done, plan.updates, loss.item()))
        if not stop and done % plan.save_every and done != plan.updates:
            continue
        if rank == 0:
            weights.save(folder, done)
            means = {name: value / (done - since) for name, value in sums.items()}
            figures = {} if stop else _measured(network, weights, supplies, tokenizer)
            seconds = time.monotonic() - began
            links.tell(Report(done, plan.updates, seconds, means, figures))
        sums, since = {}, done
        if stop:
            return


def _supply(
    supplies: Supplies, tokenizer: Any, plan: Plan, first: int, rank: int
) -> Iterator[Batch]:
    """Batches from an update on, the same whether or not the run was cut there."""
    mixture = Mixture(supplies.corpus, supplies.weights, supplies.corpus.paragraphs)
    marked = None
    if supplies.marked:
        marked = MarkedMixture(*zip(*supplies.marked, strict=True))
    size = plan.batch // plan.workers
    for chunk in range(first // plan.chunk, -(-plan.updates // plan.chunk)):
        rng = Random(f"{plan.seed}/{chunk}/{rank}")
        start = chunk * plan.chunk
        share = plan.pseudo_share(start)
        draws = (
            marked.draw(rng)
            if marked is not None and rng.random() < plan.marked
            else (mixture.draw(rng, share),)
            for _ in count()
        )
        examples = numbered(draws, size * plan.chunk)
        order = Random(f"{plan.seed}/{chunk}")
        for update, batch in enumerate(batched(examples, size, order), start):
            if first <= update < plan.updates:
                yield collate(tokenizer, batch, longest=plan.longest)


def _measured(
    network: Any, weights: Weights, supplies: Supplies, tokenizer: Any
) -> dict[str, float]:
    network.eval()
    with torch.no_grad(), weights.averaged():
        figures = supplies.measure(network, tokenizer)
    network.train()
    return figures
