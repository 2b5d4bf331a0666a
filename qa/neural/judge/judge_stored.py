"""A judge's folder: ``judge.json`` says what its weights are and how to use them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from qa.neural.pair_network import Stated, Values, read_stated

SETTINGS: Final = "judge.json"


class Calibration(Values):
    """Log-odds of support: a weight of the network's score, and a bias."""

    support: float
    bias: float


class Needed(Values):
    """The probability of support from which on a sentence may be shown."""

    balanced: float
    lenient: float


class JudgeSettings(Stated):
    """What ``judge.json`` says; training writes it, with figures for people.

    Attributes:
        needed: By sentences in words of their own.
        needed_of_cuts: By sentences in the words of their source, less some.
    """

    format: Literal[1]
    calibration: Calibration
    needed: Needed
    needed_of_cuts: Needed


def read_settings(folder: Path) -> JudgeSettings:
    """Read ``judge.json``.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    return read_stated(folder / SETTINGS, JudgeSettings, "judge")
