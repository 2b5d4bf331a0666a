"""What a question wants, told from its vector by a small head.

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
CONTENT: Final = INTENTS.index(Intent.CONTENT)


@dataclass(frozen=True, slots=True)
class Layers:
    """A network over vectors of D numbers, with H hidden units and K classes.

    Attributes:
        hidden: (H, D + 1), the bias last; units below 0 count as 0.
        output: (K, H + 1), the bias last.
    """

    hidden: np.ndarray
    output: np.ndarray

    def chances(self, vectors: np.ndarray) -> np.ndarray:
        """Probabilities (N, K) of vectors (N, D)."""
        raised = np.maximum(vectors @ self.hidden[:, :-1].T + self.hidden[:, -1], 0)
        odds = raised @ self.output[:, :-1].T + self.output[:, -1]
        likely = np.exp(odds - odds.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class IntentHead:
    """Tells intents from question vectors.

    Attributes:
        embedder: Whose vectors it reads.
        layers: Their classes in the order of ``INTENTS``.
        content_at_most: Above this probability of ``content`` a question is one.
    """

    embedder: str
    layers: Layers
    content_at_most: float


def classify(vector: np.ndarray, head: IntentHead) -> Intent:
    """What a question wants; ``content`` where that is likely enough.

    Args:
        vector: (D,), that of the masked question by the head's embedder.
        head: As fitted.
    """
    chances = head.layers.chances(vector[None])
    return INTENTS[int(told_by(chances, head.content_at_most)[0])]


def told_by(chances: np.ndarray, content_at_most: float) -> np.ndarray:
    """The number of the intent that each row of probabilities (N, intents) tells.

    Args:
        chances: Of each question.
        content_at_most: See ``IntentHead``.
    """
    others = chances.copy()
    others[:, CONTENT] = 0
    likely = chances[:, CONTENT] > content_at_most
    return np.where(likely, CONTENT, others.argmax(axis=1))


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
    hidden: list[list[float]]
    output: list[list[float]]
    content_at_most: float
    sha256: str


def digest(hidden: Sequence[Sequence[float]], output: Sequence[Sequence[float]]) -> str:
    """The sha256 of the numbers of a head."""
    return sha256(json.dumps([hidden, output]).encode()).hexdigest()


def read_head(folder: Path) -> IntentHead:
    """The head that was fitted.

    Raises:
        ModelError: The file is not there, is no head, or its numbers are not those
            that were fitted.
    """
    path = folder / HEAD
    again = "install the package again"
    stored = read_fitted(path, _Stored, "fit-intent")
    if stored.sha256 != digest(stored.hidden, stored.output):
        raise ModelError(f"{path}: was changed since it was fitted; {again}")
    if tuple(stored.intents) != INTENTS or len(stored.output) != len(INTENTS):
        raise ModelError(f"{path}: is for other intents; {again}")
    if len({len(row) for row in stored.hidden}) != 1 or {
        len(row) for row in stored.output
    } != {len(stored.hidden) + 1}:
        raise ModelError(f"{path}: its layers do not fit each other; {again}")
    return IntentHead(
        stored.embedder,
        Layers(np.array(stored.hidden), np.array(stored.output)),
        stored.content_at_most,
    )
