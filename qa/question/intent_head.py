"""What a question wants, told from its vector by a linear head.

The head is fitted by ``python -m lab fit-intent`` on questions whose names of
articles, authors and publishers are masked. Unsure, it says ``content``: a question
that is searched in vain does less harm than one that is never searched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import BaseModel

from qa.errors import ModelError
from qa.neural.weights import read_fitted
from qa.question.linking import NameMask
from qa.schema import Intent, Source

HEAD: Final = "intent.json"
INTENTS: Final = tuple(Intent)


@dataclass(frozen=True, slots=True)
class IntentHead:
    """A multinomial logistic regression over question vectors.

    Attributes:
        embedder: Whose vectors it reads.
        weights: (intents, dimension), rows in the order of ``INTENTS``.
        bias: (intents,).
        threshold: Below this probability the intent is ``content``.
    """

    embedder: str
    weights: np.ndarray
    bias: np.ndarray
    threshold: float


def classify(vector: np.ndarray, head: IntentHead) -> Intent:
    """What a question wants; ``content`` where nothing is likely enough.

    Args:
        vector: (dimension,), that of the masked question by the head's embedder.
        head: As fitted.
    """
    odds = head.weights @ vector + head.bias
    raised = np.exp(odds - odds.max())
    best = int(odds.argmax())
    likely = raised[best] / raised.sum()
    return INTENTS[best] if likely >= head.threshold else Intent.CONTENT


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question wants, and the articles that it names."""

    intent: Intent
    articles: tuple[Source, ...]


class IntentReader:
    """Tells what a question wants by the head.

    Args:
        head: As fitted.
        encode: Texts to vectors (N, dimension), by the head's embedder.
    """

    def __init__(
        self, head: IntentHead, encode: Callable[[Sequence[str]], np.ndarray]
    ) -> None:
        self._head = head
        self._encode = encode
        self._seen: tuple[Sequence[Source], NameMask] | None = None

    def __call__(self, question: str, sources: Sequence[Source]) -> Wish:
        """What a question wants.

        Args:
            question: As asked.
            sources: Of all articles; the same object is looked at once.
        """
        seen = self._seen
        if seen is None or seen[0] is not sources:
            seen = self._seen = (sources, NameMask(sources))
        text, named = seen[1].mask(question)
        vector = np.asarray(self._encode([text])[0])
        return Wish(classify(vector, self._head), named)


class _Stored(BaseModel):
    """What ``intent.json`` holds; more may stand there for people."""

    embedder: str
    intents: list[str]
    weights: list[list[float]]
    bias: list[float]
    threshold: float
    sha256: str


def digest(weights: Sequence[Sequence[float]], bias: Sequence[float]) -> str:
    """The sha256 of the numbers of a head."""
    return sha256(json.dumps([weights, bias]).encode()).hexdigest()


def read_head(folder: Path) -> IntentHead:
    """The head that was fitted.

    Raises:
        ModelError: The file is not there, is no head, or its numbers are not those
            that were fitted.
    """
    path = folder / HEAD
    again = "install the package again"
    stored = read_fitted(path, _Stored, "fit-intent")
    if stored.sha256 != digest(stored.weights, stored.bias):
        raise ModelError(f"{path}: was changed since it was fitted; {again}")
    widths = {len(row) for row in stored.weights}
    sizes = (len(stored.weights), len(stored.bias), len(widths))
    if tuple(stored.intents) != INTENTS or sizes != (len(INTENTS), len(INTENTS), 1):
        raise ModelError(f"{path}: is for other intents; {again}")
    return IntentHead(
        stored.embedder,
        np.array(stored.weights),
        np.array(stored.bias),
        stored.threshold,
    )
