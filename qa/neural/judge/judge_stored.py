"""A judge's folder: ``judge.json`` says what its weights are and how to use them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from qa.neural.pair_network import read_stated

SETTINGS: Final = "judge.json"


class Calibration(BaseModel):
    """Log-odds of support: a weight of the network's score, and a bias."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    support: float
    bias: float


class Needed(BaseModel):
    """The probability of support from which on a sentence may be shown."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    balanced: float
    lenient: float


class JudgeSettings(BaseModel):
    """What ``judge.json`` says; training writes it, with figures for people.

    Attributes:
        sha256: Of each file that the judge loads, by name.
        longest: Tokens of sentence and evidence together, at most.
        needed: By sentences in words of their own.
        needed_of_cuts: By sentences in the words of their source, less some.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1]
    sha256: dict[str, str]
    longest: int
    calibration: Calibration
    needed: Needed
    needed_of_cuts: Needed


def read_settings(folder: Path) -> JudgeSettings:
    """Read ``judge.json``.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    return read_stated(folder / SETTINGS, JudgeSettings, "judge")
