"""Master weights, their average, the optimiser; saved whole and restored exactly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from lab.errors import TrainingError
from qa.neural.pair_network import FILES

CHECKPOINT = "checkpoint.safetensors"
AVERAGED = "averaged.safetensors"
FORMAT = 1
FROZEN = "bert.embeddings.word_embeddings.weight"
"""Taken from the model that training began with."""


class Schedule(Protocol):
    """What of a run's plan decides its updates."""

    @property
    def peak(self) -> float:
        """The highest learning rate."""

    @property
    def decay(self) -> float:
        """AdamW's weight decay, on matrices only."""

    @property
    def workers(self) -> int:
        """Processes that meet once an update."""

    def learning_rate(self, update: int) -> float:
        """At an update, from 0."""

    def kept_average(self, update: int) -> float:
        """Share of the moving average kept at an update."""


class Weights:
    """Master weights in float32, their moving average, and the optimiser.

    The network may compute in bfloat16; AdamW (Loshchilov and Hutter 2019) updates
    the master copies, whose gradients are views of one flat vector that the
    workers add up.
    """

    def __init__(self, network: Any, plan: Schedule) -> None:
        named = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
        self.names = [n for n, _ in named]
        self.live = [p for _, p in named]
        self.master = [p.detach().float().clone() for p in self.live]
        self.average = [m.clone() for m in self.master]
        flat = [m for m in self.master if m.ndim < 2]
        full = [m for m in self.master if m.ndim >= 2]
        groups = [
            {"params": full, "weight_decay": plan.decay},
            {"params": flat, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(
            groups, lr=plan.peak, betas=(0.9, 0.98), eps=1e-6, fused=True
        )
        sizes = [m.numel() for m in self.master]
        # The last place is no gradient: workers that want to stop add 1 there.
        self._shared = torch.zeros(sum(sizes) + 1, device=self.master[0].device)
        for master, piece in zip(
            self.master, self._shared[:-1].split(sizes), strict=True
        ):
            master.grad = piece.view_as(master)

    def update(self, plan: Schedule, update: int, *, stop: bool) -> bool:
        """One step from the gradients of all workers.

        Args:
            plan: The run's.
            update: Its number, from 0.
            stop: Whether this worker was asked to stop.

        Returns:
            Whether any worker was; all get the same answer at the same update.
        """
        gradients = [master.grad for master in self.master]
        torch._foreach_copy_(gradients, [live.grad for live in self.live])
        self._shared[-1] = float(stop)
        if plan.workers > 1:
            torch.distributed.all_reduce(self._shared)
            self._shared[:-1] /= plan.workers
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = plan.learning_rate(update)
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(self.live, self.master)
            share = 1 - plan.kept_average(update)
            torch._foreach_lerp_(self.average, self.master, share)
        for live in self.live:
            live.grad = None
        return bool(self._shared[-1])

    def save(self, folder: Path, update: int) -> None:
        """Write a checkpoint; the rename makes it whole or absent."""
        tensors = {}
        for name, master, mean in zip(
            self.names, self.master, self.average, strict=True
        ):
            state = self.optimizer.state[master]
            tensors[f"master.{name}"] = master
            tensors[f"average.{name}"] = mean
            tensors[f"first.{name}"] = state["exp_avg"]
            tensors[f"second.{name}"] = state["exp_avg_sq"]
        facts = {"update": str(update)}
        means = dict(zip(self.names, self.average, strict=True))
        write_tensors(means, folder / AVERAGED, facts)
        write_tensors(tensors, folder / CHECKPOINT, facts)

    def restore(self, folder: Path) -> int:
        """Read the checkpoint, if there is one; the update to go on from."""
        update = saved_update(folder)
        if not update:
            return 0
        device = self.master[0].device
        tensors = load_file(folder / CHECKPOINT, device=str(device))
        with torch.no_grad():
            for name, live, master, mean in zip(
                self.names, self.live, self.master, self.average, strict=True
            ):
                master.copy_(tensors[f"master.{name}"])
                mean.copy_(tensors[f"average.{name}"])
                live.copy_(master)
                self.optimizer.state[master] = {
                    "step": torch.tensor(float(update), device=device),
                    "exp_avg": tensors[f"first.{name}"].clone(),
                    "exp_avg_sq": tensors[f"second.{name}"].clone(),
                }
        return update

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The network computes with the average inside, with its own after."""
        try:
            self._show(self.average)
            yield
        finally:
            self._show(self.master)

    def _show(self, tensors: list[Any]) -> None:
        with torch.no_grad():
            torch._foreach_copy_(self.live, tensors)


def saved_update(folder: Path) -> int:
    """The update of the folder's checkpoint; 0 where there is none.

    Raises:
        TrainingError: It cannot be read.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return 0
    try:
        with safe_open(path, framework="pt") as file:
            return int((file.metadata() or {})["update"])
    except (SafetensorError, OSError, KeyError, ValueError) as exc:
        raise TrainingError(
            f"{path}: the checkpoint is damaged; delete {folder} to begin anew"
        ) from exc


def write_tensors(tensors: dict[str, Any], path: Path, facts: dict[str, str]) -> None:
    """Write a safetensors file beside its place, then put it there."""
    partial = path.with_suffix(".partial")
    save_file({k: v.contiguous() for k, v in tensors.items()}, partial, facts)
    partial.replace(path)


def write_json(values: dict[str, Any], path: Path) -> None:
    """Write JSON for people to read too."""
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def write_model(
    network: Any, start: Path, out: Path, settings: dict[str, Any], name: str
) -> dict[str, Any]:
    """Write a folder that the product loads, its settings last.

    Weights are stored as float16, the tokenizer and the configuration are those of
    the model that training began with; a model card that is there stays.

    Args:
        network: With the weights to store.
        start: Folder of the model that training began with.
        out: Where to.
        settings: What to put into the file of settings beside the digests.
        name: Of that file.

    Returns:
        What was written to it.

    Raises:
        TrainingError: The folder cannot be written.
    """
    tensors = {
        name: tensor.to(torch.float16)
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_tensors(tensors, out / "model.safetensors", {"format": "pt"})
        if start.resolve() != out.resolve():
            shutil.copyfile(start / "tokenizer.json", out / "tokenizer.json")
        config = json.loads((start / "config.json").read_text(encoding="utf-8"))
        config.pop("_name_or_path", None)
        write_json(config, out / "config.json")
        digests = {
            file: sha256((out / file).read_bytes()).hexdigest() for file in FILES
        }
        written = {"format": FORMAT, "sha256": digests, **settings}
        write_json(written, out / name)
    except OSError as exc:
        raise TrainingError(
            f"{out}: the model cannot be written there ({exc.strerror}); name another "
            "folder with --out, with the same --work nothing is trained anew"
        ) from exc
    return written


def load_averaged(
    network: Any, averaged: Path, *, begun: Path | None = None, keep: float = 0.0
) -> None:
    """Put a run's averaged weights into a network, in evaluation mode.

    Args:
        network: Of the run's kind.
        averaged: What it ended with.
        begun: What it began with, with a share to keep: heads that it had are then
            the mean of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
            models").
        keep: That share.

    Raises:
        TrainingError: They are not weights of this network.
    """
    weights = load_file(averaged)
    before = load_file(begun) if begun and keep else {}
    for name in weights.keys() & before.keys():
        weights[name] = weights[name].lerp(before[name].float(), keep)
    fit = network.load_state_dict(weights, strict=False)
    absent = set(fit.missing_keys) - {FROZEN}
    if fit.unexpected_keys or absent:
        raise TrainingError(
            f"{averaged}: not weights of this network; delete its folder to begin anew"
        )
    network.eval()
