"""How probably a sentence belongs in the answer, by what the reader says of it.

What it says of the sentence, beside what it says of the passage, and how well sentence
and passage were found go into a logistic regression, which ``python -m lab
fit-evidence`` fits. Below one threshold, or far below the likeliest one, a sentence is
not shown; below another nothing is made of it either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, FiniteFloat

from qa.neural.probability import probability
from qa.neural.weights import Weight, read_fitted
from qa.schema import Hit, SentenceReading

EVIDENCE: Final = "evidence.json"
_SURE: Final = 0.001
"""Nothing is taken to be more certain than this, or its opposite."""
_FAR: Final = 5
"""Sentences, or passages, that are further away than this are as good as that far."""


@dataclass(frozen=True, slots=True)
class Best:
    """What the sentences found are held against.

    Attributes:
        scores: Of the passages found.
        relevance: The highest that the reader finds in a passage, log-odds.
    """

    scores: tuple[float, ...]
    relevance: float


def best_of(hits: Sequence[Hit]) -> Best:
    """Of the hits together."""
    return Best(
        tuple(hit.score for hit in hits),
        max((h.reading.relevance for h in hits if h.reading), default=0.0),
    )


def features(hit: Hit, number: int, best: Best) -> tuple[float, ...] | None:
    """What is weighed of a sentence; None where the reader has not judged it.

    Args:
        hit: The passage it stands in.
        number: Of the sentence in its passage, from 0.
        best: Of all that was found.

    Returns:
        In the order of ``FEATURES``: log-odds that it belongs; how much they are
        above those that its passage answers, and those that it states the answer; how
        far it stands before the lead of its passage, below 0; its score from
        retrieval; how much less relevant its passage is than the most relevant; how
        many passages score higher, below 0.
    """
    reading = hit.reading
    if reading is None or reading.sentences is None or reading.answerable is None:
        return None
    said = reading.sentences[number]
    belongs = log_odds(said.belongs)
    return (
        belongs,
        belongs - log_odds(reading.answerable),
        belongs - log_odds(said.direct),
        -float(min(_FAR, max(0, _lead_of(reading.sentences) - number))),
        hit.sentence_scores[number],
        reading.relevance - best.relevance,
        -float(min(_FAR, sum(score > hit.score for score in best.scores))),
    )


def _lead_of(sentences: Sequence[SentenceReading]) -> int:
    """The number of the sentence that most probably belongs and states the answer."""
    sums = [log_odds(s.belongs) + log_odds(s.direct) for s in sentences]
    return sums.index(max(sums))


def log_odds(chance: float) -> float:
    """Of a probability, within what anything is certain of."""
    certain = min(max(chance, _SURE), 1 - _SURE)
    return math.log(certain / (1 - certain))


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the ``FEATURES``, in their order."""

    belongs: Weight
    above_passage: Weight
    above_direct: Weight
    before: Weight
    score: Weight
    relevance: Weight
    rank: Weight


FEATURES: Final = Weights.__slots__
Threshold = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Bearing:
    """A logistic regression of the features.

    Attributes:
        bias: Of the log-odds.
        shown: The probability from which on a sentence is shown.
        given: That from which on answers are made of it; at most the other.
        beside: The share of the likeliest one's probability from which on a sentence
            is shown beside it.
    """

    bias: FiniteFloat
    weights: Weights
    shown: Threshold
    given: Threshold
    beside: Share

    def __call__(self, hit: Hit, number: int, best: Best) -> float | None:
        """The probability that a sentence belongs in the answer; see ``features``."""
        values = features(hit, number, best)
        if values is None:
            return None
        weighed = zip(astuple(self.weights), values, strict=True)
        return probability(self.bias + sum(w * value for w, value in weighed))


def read_bearing(folder: Path) -> Bearing:
    """The weights of a folder.

    Raises:
        ModelError: The file is not there, or a weight is missing, no number or
            below 0.
    """
    return read_fitted(folder / EVIDENCE, Bearing, "fit-evidence")
