"""A reader's folder: ``reader.json`` says what its weights are and how to use them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import ModelError

SETTINGS: Final = "reader.json"
FILES: Final = ("model.safetensors", "config.json", "tokenizer.json")


class Calibration(BaseModel):
    """Log-odds of an answer: weights of the network's two scores, and a bias."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    answerable: float
    span: float
    bias: float

    def odds(self, *, answerable: float, span: float) -> float:
        """Log-odds that the passage answers."""
        return self.answerable * answerable + self.span * span + self.bias


class Line(BaseModel):
    """Log-odds of a sentence, of the mean logit of its tokens."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    weight: float
    bias: float

    def odds(self, logit: float) -> float:
        """Calibrated log-odds."""
        return self.weight * logit + self.bias


class SentenceCalibration(BaseModel):
    """How probably a sentence belongs in the answer, and states it outright."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    belongs: Line
    direct: Line


class ReaderSettings(BaseModel):
    """What ``reader.json`` says; training writes it.

    Attributes:
        sha256: Of each file that the reader loads, by name.
        longest: Tokens read at once, question and special tokens included.
        overlap: Tokens that two windows of a longer passage share.
        longest_span: Tokens of an answer at most.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[2]
    sha256: dict[str, str]
    longest: int
    overlap: int
    longest_span: int
    calibration: Calibration
    sentences: SentenceCalibration


def read_settings(folder: Path) -> ReaderSettings:
    """Read ``reader.json``.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    path = folder / SETTINGS
    try:
        return ReaderSettings.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise ModelError(
            f"{path}: cannot be read ({exc.strerror}); "
            "install or train the reader again"
        ) from exc
    except ValidationError as exc:
        where = ".".join(str(step) for step in exc.errors()[0]["loc"])
        raise ModelError(
            f"{path}: not the settings of a reader ({where or 'no JSON'}); "
            "install or train the reader again"
        ) from exc
