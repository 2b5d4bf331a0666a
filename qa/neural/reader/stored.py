"""A reader's folder: ``reader.json`` says what its weights are and how to use them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from qa.neural.pair_network import Stated, Values, read_stated

SETTINGS: Final = "reader.json"


class Calibration(Values):
    """Log-odds of an answer: weights of the network's two scores, and a bias."""

    answerable: float
    span: float
    bias: float

    def odds(self, *, answerable: float, span: float) -> float:
        """Log-odds that the passage answers."""
        return self.answerable * answerable + self.span * span + self.bias


class Line(Values):
    """Log-odds of a sentence, of the mean logit of its tokens."""

    weight: float
    bias: float

    def odds(self, logit: float) -> float:
        """Calibrated log-odds."""
        return self.weight * logit + self.bias


class SentenceCalibration(Values):
    """How probably a sentence belongs in the answer, and states it outright."""

    belongs: Line
    direct: Line


class ReaderSettings(Stated):
    """What ``reader.json`` says; training writes it.

    Attributes:
        overlap: Tokens that two windows of a longer passage share.
        longest_span: Tokens of an answer at most.
    """

    format: Literal[2]
    overlap: int
    longest_span: int
    calibration: Calibration
    sentences: SentenceCalibration


def read_settings(folder: Path) -> ReaderSettings:
    """Read ``reader.json``.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    return read_stated(folder / SETTINGS, ReaderSettings, "reader")
