"""How probably the passages answer.

How much of the question the best passages cover and what the reader makes of them
go into one logistic model. Below ``Strictness.threshold`` the answerer abstains.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.evidence import best_sentences
from qa.language.text import content_stems, full_names, numbers, stems
from qa.neural.probability import probability
from qa.question.answer_type import holds
from qa.schema import Hit, Question

_PASSAGES = 8
_SURE = 0.001


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of the gate's logistic model."""

    bias: float
    cosine: float
    words: float
    names: float
    kind: float
    reading: float


_UNREAD = _Weights(bias=-7.6, cosine=4.0, words=4.0, names=1.6, kind=2.0, reading=0.0)
_READ = _Weights(bias=-3.4, cosine=2.0, words=2.0, names=0.8, kind=2.0, reading=0.9)


def _rarity(wanted: set[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """Weight of each wanted stem: the fewer texts hold it, the more it tells."""
    counts = Counter(word for words in texts for word in words & wanted)
    return {w: math.log(1 + len(texts) / (1 + counts[w])) for w in wanted}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the best passages cover a question, each part in [0, 1].

    Attributes:
        cosine: Of the question with the closest sentence or passage.
        words: Share of the question's content words, weighted by rarity, that
            the best-covering passage holds.
        names: Share of the question's names and numbers that it holds; 1 if none.
        kind: 1 unless a number, a measure or a date is asked for and the best
            sentence holds none; then 0.
        reading: The reader's highest probability of an answer; None unread.
    """

    cosine: float
    words: float
    names: float
    kind: float
    reading: float | None = None


def cover(question: Question, hits: Sequence[Hit]) -> Coverage:
    """Measure the best-covering of the first passages."""
    asked = question.search
    wanted = set(content_stems(asked))
    wanted_names = [*full_names(asked), *sorted(numbers(asked))]
    texts = [stems(_with_context(hit)) for hit in hits]
    rarity = _rarity(wanted, [set(text) for text in texts])
    total = sum(rarity.values()) or 1.0
    best = max(
        (
            (
                sum(rarity[word] for word in wanted.intersection(text)) / total,
                _share_named(wanted_names, text),
            )
            for text in texts[:_PASSAGES]
        ),
        default=(0.0, 0.0),
    )
    return Coverage(
        cosine=max((hit.dense.score for hit in hits), default=0.0),
        words=best[0] if wanted else 1.0,
        names=best[1] if wanted_names else 1.0,
        kind=float(holds(question.expects, best_sentences(hits, 1))),
        reading=_most_answerable(hits),
    )


def _most_answerable(hits: Sequence[Hit]) -> float | None:
    read = (hit.reading.answerable for hit in hits if hit.reading is not None)
    return max((p for p in read if p is not None), default=None)


def _share_named(wanted: Sequence[str], text: Sequence[str]) -> float:
    """Share of the names that stand in a text, each in one piece."""
    joined = f" {' '.join(text)} "
    return sum(f" {name} " in joined for name in wanted) / max(1, len(wanted))


def _with_context(hit: Hit) -> str:
    """A passage's text with all that is known of where it stands."""
    source = hit.source
    stated = [source.title, *source.authors, source.publisher, source.published]
    return " ".join([*stated, hit.passage.heading, hit.passage.text])


def answerability(coverage: Coverage) -> float:
    """Probability that the passages answer; a logistic model of the coverage.

    With a reading its log-odds are one more term, and the weights are others.
    """
    weights = _UNREAD if coverage.reading is None else _READ
    score = (
        weights.bias
        + weights.cosine * coverage.cosine
        + weights.words * coverage.words
        + weights.names * coverage.names
        + weights.kind * coverage.kind
    )
    if coverage.reading is not None:
        certain = min(max(coverage.reading, _SURE), 1 - _SURE)
        score += weights.reading * math.log(certain / (1 - certain))
    return probability(score)
