"""From a finished run to the folder that the product's reader loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lab.reader.calibration import calibrate
from lab.reader.data import Corpus
from lab.reader.held_out import LONGEST_SPAN
from lab.reader.model import load_start
from lab.training.checkpoint import load_averaged, write_model
from qa.neural.reader import SETTINGS
from qa.neural.reader.reader_network import ReaderNetwork

_READING = {"longest": 256, "overlap": 64, "longest_span": LONGEST_SPAN}


def load_trained(start: Path, averaged: Path) -> ReaderNetwork:
    """The network of a run's averaged weights, float32.

    Raises:
        TrainingError: They are not weights of this network.
    """
    network = load_start(start, dropout=0.0)
    load_averaged(network, averaged)
    return network


def export(start: Path, averaged: Path, held_out: Corpus, out: Path) -> dict[str, Any]:
    """Calibrate on held-out questions and write the reader's folder.

    Returns:
        What was written to `reader.json`.

    Raises:
        TrainingError: The folder cannot be written.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(start, local_files_only=True)
    network = load_trained(start, averaged)
    calibration = calibrate(network, tokenizer, held_out)
    settings = {**_READING, "calibration": calibration}
    return write_model(network, start, out, settings, SETTINGS)
