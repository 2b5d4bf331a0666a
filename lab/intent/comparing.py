"""Ways to tell an intent, measured on the same questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.question.intent_head import INTENTS


@dataclass(frozen=True, slots=True)
class Score:
    """Of one intent: how many there are, and how many are told and told rightly."""

    asked: int
    told: int
    right: int

    @property
    def precision(self) -> float:
        """Of those told, the share that is right; 1 where none is told."""
        return self.right / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """Of those asked, the share that is told; 1 where none is asked."""
        return self.right / self.asked if self.asked else 1.0


def scores(wanted: Sequence[str], told: Sequence[str]) -> Mapping[str, Score]:
    """Of each intent."""
    pairs = list(zip(wanted, told, strict=True))
    return {
        intent: Score(
            sum(w == intent for w, _ in pairs),
            sum(t == intent for _, t in pairs),
            sum(w == t == intent for w, t in pairs),
        )
        for intent in INTENTS
    }


def accuracy(wanted: Sequence[str], told: Sequence[str]) -> float:
    """Share of the questions whose intent is told."""
    return sum(w == t for w, t in zip(wanted, told, strict=True)) / len(wanted)


def mistaken(wanted: Sequence[str], told: Sequence[str]) -> int:
    """Content questions told as something else: the worst that can happen."""
    pairs = zip(wanted, told, strict=True)
    return sum(w == "content" != t for w, t in pairs)
