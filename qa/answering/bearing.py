"""How probably a sentence belongs in the answer, by what the reader says of it.

What it says of the sentence, how the sentence stands to the one that states the answer,
and what it is worth to retrieval go into a logistic regression, which ``python -m lab
fit-evidence`` fits. Below one threshold a sentence is not shown, below another
nothing is made of it either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, ValidationError

from qa.answering.worth import worth
from qa.errors import ModelError
from qa.neural.probability import probability
from qa.schema import Hit, SentenceReading

EVIDENCE: Final = "evidence.json"
FEATURES: Final = ("belongs", "before", "worth", "first")
_SURE: Final = 0.001
"""Nothing is taken to be more certain than this, or its opposite."""
_FAULT: Final = (
    "{path}: holds no weights of evidence ({place}: {fault}); install the package "
    "again, or fit it with: python -m lab fit-evidence"
)
_FAR: Final = 5
"""Sentences that are further away than this are as good as that far."""


@dataclass(frozen=True, slots=True)
class Best:
    """The highest score of a passage found, and what the best sentence is worth."""

    passage: float
    sentence: float


def best_of(hits: Sequence[Hit]) -> Best:
    """What the sentences of the hits are held against."""
    return Best(
        max((hit.score for hit in hits), default=0.0),
        max(
            (worth(h, n) for h in hits for n in range(len(h.sentence_scores))),
            default=0.0,
        ),
    )


def features(hit: Hit, number: int, best: Best) -> tuple[float, ...] | None:
    """What is weighed of a sentence; None where the reader has not judged it.

    Args:
        hit: The passage it stands in.
        number: Of the sentence in its passage, from 0.
        best: Of all that was found.

    Returns:
        In the order of ``FEATURES``: log-odds that it belongs; how far it stands
        before the lead of its passage; how much less it is worth than the best;
        whether the passage is the best. What counts against it is below 0.
    """
    reading = hit.reading
    if reading is None or reading.sentences is None:
        return None
    before = max(0, lead_of(reading.sentences) - number)
    return (
        log_odds(reading.sentences[number].belongs),
        -float(min(_FAR, before)),
        worth(hit, number) - best.sentence,
        -float(hit.score < best.passage),
    )


def lead_of(sentences: Sequence[SentenceReading]) -> int:
    """The number of the sentence that most probably belongs and states the answer."""
    sums = [log_odds(s.belongs) + log_odds(s.direct) for s in sentences]
    return sums.index(max(sums))


def log_odds(chance: float) -> float:
    """Of a probability, within what anything is certain of."""
    certain = min(max(chance, _SURE), 1 - _SURE)
    return math.log(certain / (1 - certain))


@dataclass(frozen=True, slots=True)
class Bearing:
    """A logistic regression of the features.

    Attributes:
        bias: Of the log-odds.
        weights: One for each of ``FEATURES``.
        shown: The probability from which on a sentence is shown.
        given: That from which on answers are made of it; at most the other.
    """

    bias: float
    weights: tuple[float, ...]
    shown: float
    given: float

    def __call__(self, hit: Hit, number: int, best: Best) -> float | None:
        """The probability that a sentence belongs in the answer; see ``features``."""
        values = features(hit, number, best)
        if values is None:
            return None
        pairs = zip(self.weights, values, strict=True)
        return probability(self.bias + sum(w * value for w, value in pairs))


class _Stored(BaseModel):
    """``evidence.json``; its figures stand there for people."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    bias: float
    weights: dict[str, NonNegativeFloat]
    shown: float = Field(gt=0, lt=1)
    given: float = Field(gt=0, lt=1)


def read_bearing(folder: Path) -> Bearing:
    """The weights of a folder.

    Raises:
        ModelError: The file is not there, or a weight is missing, no number or
            below 0.
    """
    path = folder / EVIDENCE
    try:
        stored = _Stored.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise ModelError(
            f"{path}: cannot be read ({exc.strerror}); install the package again"
        ) from exc
    except ValidationError as exc:
        place = ".".join(map(str, exc.errors()[0]["loc"])) or "the file"
        fault = exc.errors()[0]["msg"]
        raise ModelError(_FAULT.format(path=path, place=place, fault=fault)) from exc
    if absent := [name for name in FEATURES if name not in stored.weights]:
        raise ModelError(
            _FAULT.format(path=path, place=absent[0], fault="is not there")
        )
    weights = tuple(stored.weights[name] for name in FEATURES)
    return Bearing(stored.bias, weights, stored.shown, stored.given)
