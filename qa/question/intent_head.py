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
class IntentHead:
    """A network over question vectors of D numbers, with one hidden layer of H units.

    Attributes:
        embedder: Whose vectors it reads.
        hidden: (H, D + 1), the bias last; units below 0 count as 0.
        output: (intents, H + 1), the bias last, rows in the order of ``INTENTS``.
        content_at_most: Above this probability of ``content`` a question is one.
    """

    embedder: str
    hidden: np.ndarray
    output: np.ndarray
    content_at_most: float


def classify(vector: np.ndarray, head: IntentHead) -> Intent:
    """What a question wants; ``content`` where that is likely enough.

    Args:
        vector: (D,), that of the masked question by the head's embedder.
        head: As fitted.
    """
    raised = np.maximum(head.hidden[:, :-1] @ vector + head.hidden[:, -1], 0)
    odds = head.output[:, :-1] @ raised + head.output[:, -1]
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    return INTENTS[int(told_by(chances[None], head.content_at_most)[0])]


def told_by(chances: np.ndarray, content_at_most: float) -> np.ndarray:
    """The number of the intent that each row of probabilities (N, intents) tells.

    Args:
        chances: Of each question.
        content_at_most: See ``IntentHead``; with 1 the likeliest intent is told.
    """
    others = chances.copy()
    others[:, CONTENT] = 0
    if content_at_most >= 1:
        return np.asarray(chances.argmax(axis=1))
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
    widths = {len(row) for row in stored.output}, {len(row) for row in stored.hidden}
    fits = widths[0] == {len(stored.hidden) + 1} and len(widths[1]) == 1
    if tuple(stored.intents) != INTENTS or len(stored.output) != len(INTENTS):
        raise ModelError(f"{path}: is for other intents; {again}")
    if not fits:
        raise ModelError(f"{path}: its layers do not fit each other; {again}")
    return IntentHead(
        stored.embedder,
        np.array(stored.hidden),
        np.array(stored.output),
        stored.content_at_most,
    )
