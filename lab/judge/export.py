"""From averaged weights to the folder that the product's judge loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from lab.judge.held_out import LONGEST, HeldOut, figures_of, held_out, scores
from lab.logistic import logistic_fit
from lab.training.body import load_body
from lab.training.checkpoint import load_averaged, write_model
from qa.neural.judge import SETTINGS
from qa.neural.judge.judge_network import JudgeNetwork

FAIR: Final = 0.7
"""Of sentences that a writer drafts, the share assumed to be supported."""
PRECISION: Final = {"balanced": 0.95, "lenient": 0.85}
"""Of the sentences shown, the share that is to be supported."""
_SURE: Final = 0.75
_RESAMPLES: Final = 60
_SEED: Final = 1
_CALIBRATED: Final = ("cited", "whole", "claims", "essays", "notes", "restated")
_BARS: Final = ("cited", "cuts")
"""What the bars are taken from, of sentences in own words and of cut ones."""
_BESIDE: Final = ("essays", "notes", "restated")
"""What the first is tried on too."""


def export(start: Path, averaged: Path, shared: Path, out: Path) -> dict[str, Any]:
    """Calibrate and measure on what was held out, and write.

    The probability is a logistic regression on the network's score (Platt scaling)
    over claims with their cited sentences, whole paragraphs and public claims. What
    is needed to be shown is taken from the hand-written claims, weighed so that
    ``FAIR`` of them are supported, and for sentences in the words of their source from
    cut ones, which need as much at least: the judge has learnt from such cuts, and
    knows them better than those of a writer. What the first comes to is measured
    crosswise, on each half, parted by title, with what the other half needs; the rest
    as it is, claims over essays, short texts and restatements too.

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
    """Calibration, what is needed and figures, from scores of what was held out.

    Args:
        parts: What was held out, by name.
        odds: The network's logits of support of each part, (N,).
    """
    values = np.concatenate([odds[name] for name in _CALIBRATED])
    known = np.concatenate([parts[name].truth for name in _CALIBRATED]).astype(float)
    weight, bias = logistic_fit(values[:, None], known, ridge=0.1)
    settings: dict[str, Any] = {
        "longest": LONGEST,
        "calibration": {"support": weight, "bias": bias},
        "fair_assumed": FAIR,
    }
    figures: dict[str, Any] = {}
    for name, part in parts.items():
        figures |= figures_of(odds[name], part, name)
    chances = {n: 1 / (1 + np.exp(-(weight * odds[n] + bias))) for n in parts}
    own, cuts = _BARS
    for level, precision in PRECISION.items():
        bar = needed_surely(chances[own], parts[own], precision)
        least = max(bar, needed_surely(chances[cuts], parts[cuts], precision))
        settings.setdefault("needed", {})[level] = bar
        settings.setdefault("needed_of_cuts", {})[level] = least
        at = {name: shown(chances[name], parts[name].truth, bar) for name in _BESIDE}
        at[own] = crosswise(chances[own], parts[own], precision)
        at[cuts] = shown(chances[cuts], parts[cuts].truth, least)
        figures |= {f"{name}.at_{level}": found for name, found in at.items()}
    return settings | {"figures": _rounded(figures)}


def crosswise(chance: np.ndarray, part: HeldOut, precision: float) -> dict[str, float]:
    """What is shown of each half with what the other needs, on average."""
    truth, half = part.truth, _halves(part.titles)
    found = [
        shown(chance[b], truth[b], needed_surely(chance[a], part.of(a), precision))
        for a, b in ((half, ~half), (~half, half))
    ]
    return {name: (found[0][name] + found[1][name]) / 2 for name in found[0]}


def needed_surely(chance: np.ndarray, part: HeldOut, precision: float) -> float:
    """What three of four samples need at most: a bar set on few claims is a guess.

    Titles are drawn with replacement (Efron's bootstrap), so that claims of one
    paragraph stay together.
    """
    titles = np.array(part.titles)
    groups = [np.flatnonzero(titles == title) for title in sorted(set(part.titles))]
    rng = np.random.default_rng(_SEED)
    bars = []
    for _ in range(_RESAMPLES):
        drawn = rng.integers(0, len(groups), len(groups))
        rows = np.concatenate([groups[number] for number in drawn])
        if 0 < part.truth[rows].sum() < len(rows):  # a draw of one kind tells nothing
            bars.append(needed_for(chance[rows], part.truth[rows], precision))
    return float(np.quantile(bars, _SURE))


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
    """Whether each belongs to the first half; a title stays whole."""
    number = {title: n for n, title in enumerate(sorted(set(titles)))}
    return np.array([number[title] % 2 == 0 for title in titles])


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, dict) else round(value, 4)
        for name, value in figures.items()
    }
