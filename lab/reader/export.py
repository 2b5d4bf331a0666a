"""From a finished run to the folder that the product's reader loads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab.reader.calibration import calibrate
from lab.reader.data import Corpus
from lab.reader.held_out import LONGEST_SPAN
from lab.reader.marked import Marked
from lab.reader.marked_calibration import calibrate_sentences
from lab.reader.model import load_start
from lab.training.checkpoint import load_averaged, write_model
from qa.neural.pair_network import FILES
from qa.neural.reader import SETTINGS
from qa.neural.reader.reader_network import ReaderNetwork

FORMAT = 2
_READING = {"longest": 256, "overlap": 64, "longest_span": LONGEST_SPAN}


def load_trained(start: Path, averaged: Path, keep: float = 0.0) -> ReaderNetwork:
    """The network of a run's averaged weights, float32.

    Args:
        start: What the run began with.
        averaged: What it ended with.
        keep: Share of the start's weights in the mean of both, where it has such.

    Raises:
        TrainingError: They are not weights of this network.
    """
    network = load_start(start, dropout=0.0)
    load_averaged(network, averaged, begun=start / FILES[0], keep=keep)
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
    settings = {
        "format": FORMAT,
        **_READING,
        "calibration": calibration,
        "sentences": sentences,
    }
    return write_model(network, start, out, settings, SETTINGS)
