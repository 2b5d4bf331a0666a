"""From a finished run to the folder that the product's reader loads."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from lab.errors import TrainingError
from lab.reader.calibration import calibrate
from lab.reader.checkpoint import write_tensors
from lab.reader.data import Corpus
from lab.reader.held_out import LONGEST_SPAN
from lab.reader.marked import Marked
from lab.reader.marked_calibration import calibrate_sentences
from lab.reader.model import load_start
from qa.neural.reader import FILES
from qa.neural.reader.reader_network import ReaderNetwork

FORMAT = 2
_FROZEN = "bert.embeddings.word_embeddings.weight"
_READING = {"longest": 256, "overlap": 64, "longest_span": LONGEST_SPAN}


def load_trained(start: Path, averaged: Path, keep: float = 0.0) -> ReaderNetwork:
    """The network of a run's averaged weights, float32.

    Args:
        start: What the run began with.
        averaged: What it ended with.
        keep: Share of the start's weights in the mean of both, where it has such
            (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").

    Raises:
        TrainingError: They are not weights of this network.
    """
    network = load_start(start, dropout=0.0)
    weights = load_file(averaged)
    if keep:
        before = network.state_dict()
        for name in weights.keys() & load_file(start / FILES[0]).keys():
            weights[name] = weights[name].lerp(before[name], keep)
    fit = network.load_state_dict(weights, strict=False)
    absent = set(fit.missing_keys) - {_FROZEN}
    if fit.unexpected_keys or absent:
        raise TrainingError(
            f"{averaged}: not weights of this network; delete its folder to begin anew"
        )
    network.eval()
    return network


def export(
    start: Path,
    averaged: Path,
    held_out: Corpus,
    out: Path,
    marked: Sequence[Marked] = (),
    *,
    keep: float = 0.0,
) -> dict[str, Any]:
    """Calibrate on held-out questions, marked ones too, and write the reader's folder.

    Weights are stored as float16. `reader.json`, with the sha256 of each
    other file, is written last; a model card that is there stays.

    Returns:
        What was written to `reader.json`.

    Raises:
        TrainingError: The folder cannot be written.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(start, local_files_only=True)
    network = load_trained(start, averaged, keep)
    calibration = calibrate(network, tokenizer, held_out, marked)
    sentences = calibrate_sentences(network, tokenizer, marked)
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
        _write_json(config, out / "config.json")
        digests = {
            name: hashlib.sha256((out / name).read_bytes()).hexdigest()
            for name in FILES
        }
        settings: dict[str, Any] = {"format": FORMAT, "sha256": digests, **_READING}
        settings |= {"calibration": calibration, "sentences": sentences}
        _write_json(settings, out / "reader.json")
    except OSError as exc:
        raise TrainingError(
            f"{out}: the reader cannot be written there ({exc.strerror}); name "
            "another folder with --out, with the same --work nothing is trained anew"
        ) from exc
    return settings


def _write_json(values: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
