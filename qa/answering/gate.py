"""How probably the passages answer: as the one of them that most probably does.

How much of the question a passage covers and what the reader makes of it go into a
logistic regression, which ``python -m lab fit-gate`` fits. Below
``Strictness.threshold`` the answerer abstains.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import FiniteFloat

from qa.answering.bearing import log_odds
from qa.answering.evidence import best_sentences
from qa.language.text import content_stems, full_names, numbers, stems
from qa.neural.probability import probability
from qa.neural.weights import Weight, read_fitted
from qa.question.answer_type import holds
from qa.schema import Hit, Question

GATE: Final = "gate.json"
_PASSAGES = 8


def _rarity(wanted: set[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """Weight of each wanted stem: the fewer texts hold it, the more it tells."""
    counts = Counter(word for words in texts for word in words & wanted)
    return {w: math.log(1 + len(texts) / (1 + counts[w])) for w in wanted}


def _share_held(rarity: Mapping[str, float], text: Sequence[str]) -> float:
    """Share of the words, by weight, that stand in a text; 1 of none."""
    held = sum(rarity[word] for word in rarity.keys() & text)
    return held / sum(rarity.values()) if rarity else 1.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a passage covers a question, each part in [0, 1].

    Attributes:
        cosine: Of the question with the closest sentence or passage of all.
        words: Share of the question's content words, weighted by rarity, that the
            passage holds.
        names: Share of the question's names and numbers that it holds; 1 if none.
        kind: 1 unless a number, a measure or a date is asked for and the best
            sentence of all holds none; then 0.
        reading: The reader's probability that it answers; None unread.
        sentence: Its highest probability that a sentence belongs in the answer; None
            where it judges no sentences.
    """

    cosine: float
    words: float
    names: float
    kind: float
    reading: float | None = None
    sentence: float | None = None


def cover(question: Question, hits: Sequence[Hit]) -> tuple[Coverage, ...]:
    """Measure the passages that were read, or else the first; nothing found is one that
    holds nothing.

    Args:
        question: What is asked.
        hits: Best first.
    """
    asked = question.search
    wanted = set(content_stems(asked))
    wanted_names = [*full_names(asked), *sorted(numbers(asked))]
    texts = [stems(_with_context(hit)) for hit in hits]
    rarity = _rarity(wanted, [set(text) for text in texts])
    nothing = Coverage(
        cosine=max((hit.dense.score for hit in hits), default=0.0),
        words=float(not wanted),
        names=float(not wanted_names),
        kind=float(holds(question.expects, best_sentences(hits, 1))),
    )
    found = [
        replace(
            nothing,
            words=_share_held(rarity, text),
            names=_share_named(wanted_names, text),
            reading=hit.reading.answerable if hit.reading else None,
            sentence=_belonging(hit),
        )
        for hit, text in zip(hits, texts, strict=True)
    ]
    read = [each for each in found if each.reading is not None]
    return tuple(read or found[:_PASSAGES]) or (nothing,)


def _belonging(hit: Hit) -> float | None:
    """The highest probability that a sentence of the hit belongs; None unread."""
    judged = hit.reading.sentences if hit.reading is not None else None
    return max((sentence.belongs for sentence in judged or ()), default=None)


def _share_named(wanted: Sequence[str], text: Sequence[str]) -> float:
    """Share of the names that stand in a text, each in one piece; 1 of none."""
    joined = f" {' '.join(text)} "
    return sum(f" {name} " in joined for name in wanted) / len(wanted) if wanted else 1


def _with_context(hit: Hit) -> str:
    """A passage's text with all that is known of where it stands."""
    source = hit.source
    stated = [source.title, *source.authors, source.publisher, source.published]
    return " ".join([*stated, hit.passage.heading, hit.passage.text])


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the parts of a coverage, and of the log-odds of what was read."""

    bias: FiniteFloat
    cosine: Weight
    words: Weight
    names: Weight
    kind: Weight
    reading: Weight = 0.0
    sentence: Weight = 0.0


@dataclass(frozen=True, slots=True)
class LogisticGate:
    """A logistic regression of the coverage; with a reading its weights are others."""

    read: Weights
    unread: Weights

    def __call__(self, coverage: Coverage) -> float:
        """Probability that a passage answers."""
        weights = self.unread if coverage.reading is None else self.read
        values = features(coverage)
        odds = sum(getattr(weights, name) * value for name, value in values.items())
        return probability(weights.bias + odds)


def features(coverage: Coverage) -> dict[str, float]:
    """What the gate weighs, by name: the parts, and log-odds of what was read."""
    parts = ("cosine", "words", "names", "kind")
    values = {name: float(getattr(coverage, name)) for name in parts}
    read = {"reading": coverage.reading, "sentence": coverage.sentence}
    return values | {k: log_odds(v) for k, v in read.items() if v is not None}


def read_gate(folder: Path) -> LogisticGate:
    """The gate of a folder.

    Raises:
        ModelError: The file is not there, or a weight is missing, no number or below
            0: more coverage would make an answer less likely.
    """
    return read_fitted(folder / GATE, LogisticGate, "fit-gate")
