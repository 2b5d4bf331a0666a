"""From averaged weights to the folder that the product's judge loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from lab.judge.held_out import HeldOut, figures_of, held_out, scores
from lab.logistic import logistic_fit
from lab.training.body import load_body
from lab.training.checkpoint import load_averaged, write_model
from qa.neural.judge import SETTINGS
from qa.neural.judge.judge_network import JudgeNetwork

LONGEST: Final = 384
FAIR: Final = 0.7
"""Of sentences that a writer drafts, the share assumed to be supported."""
PRECISION: Final = {"balanced": 0.95, "lenient": 0.85}
"""Of the sentences shown, the share that is to be supported."""
_CALIBRATED: Final = ("cited", "whole", "claims")


def export(start: Path, averaged: Path, shared: Path, out: Path) -> dict[str, Any]:
    """Calibrate on one half of what was held out, measure on the other, and write.

    Halves are parted by title. The probability is a logistic regression on the
    network's score (Platt scaling) over claims with their cited sentences, whole
    paragraphs and public claims; what is needed to be shown is taken from the
    hand-written claims, weighed so that ``FAIR`` of them are supported.

    Returns:
        What was written to ``judge.json``.

    Raises:
        TrainingError: The weights are of another network, or the folder cannot be
            written.
    """
    from transformers import BertTokenizerFast

    network = JudgeNetwork(load_body(start, dropout=0.0))
    load_averaged(network, averaged)
    tokenizer = BertTokenizerFast(tokenizer_file=str(start / "tokenizer.json"))
    parts = held_out(shared)
    odds = {name: scores(network, tokenizer, p.examples) for name, p in parts.items()}
    return write_model(network, start, out, settings_of(parts, odds), SETTINGS)


def settings_of(
    parts: dict[str, HeldOut], odds: dict[str, np.ndarray]
) -> dict[str, Any]:
    """Calibration, what is needed and figures, from scores of what was held out."""
    halves = {name: _halves(part.titles) for name, part in parts.items()}
    joined = [(odds[name], parts[name].truth, halves[name]) for name in _CALIBRATED]
    columns = zip(*joined, strict=True)
    values, truth, first = (np.concatenate(column) for column in columns)
    known = truth[first].astype(float)
    weight, bias = logistic_fit(values[first, None], known, ridge=0.1)
    chance = {n: 1 / (1 + np.exp(-(weight * v + bias))) for n, v in odds.items()}
    cited, half = parts["cited"].truth, halves["cited"]
    needed = {
        name: needed_for(chance["cited"][half], cited[half], precision)
        for name, precision in PRECISION.items()
    }
    figures: dict[str, Any] = {}
    for name, part in parts.items():
        figures |= figures_of(odds[name], part, name)
    for name, bar in needed.items():
        for label, rows in (("other_half", ~half), ("all", half | ~half)):
            figures[f"{name}.{label}"] = shown(chance["cited"][rows], cited[rows], bar)
    return {
        "longest": LONGEST,
        "calibration": {"support": weight, "bias": bias},
        "needed": needed,
        "fair_assumed": FAIR,
        "figures": _rounded(figures),
    }


def needed_for(chance: np.ndarray, truth: np.ndarray, precision: float) -> float:
    """The lowest probability from which on so many of those shown are supported."""
    for bar in np.unique(chance):
        if shown(chance, truth, float(bar))["precision"] >= precision:
            return float(bar)
    return 1.0


def shown(chance: np.ndarray, truth: np.ndarray, bar: float) -> dict[str, float]:
    """What showing all from a probability on comes to; ``FAIR`` of all are fair."""
    fair = float((chance >= bar)[truth].mean())
    false = float((chance >= bar)[~truth].mean())
    all_shown = FAIR * fair + (1 - FAIR) * false
    return {
        "precision": FAIR * fair / all_shown if all_shown else 1.0,
        "caught": 1 - false,
        "false_alarms": 1 - fair,
    }


def _halves(titles: tuple[str, ...]) -> np.ndarray:
    """Whether each belongs to the half that is calibrated on; a title stays whole."""
    number = {title: n for n, title in enumerate(sorted(set(titles)))}
    return np.array([number[title] % 2 == 0 for title in titles])


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, dict) else round(value, 4)
        for name, value in figures.items()
    }
