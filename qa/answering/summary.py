"""What an article says in a few of its own sentences.

Those nearest to the middle of all its sentences tell most of the whole (Radev et al.
2004, "Centroid-based summarization of multiple documents"), here as vectors instead
of counted words; each after the first is chosen for what it adds (maximal marginal
relevance, Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.answering.leaning import dangles
from qa.language.injection import is_order
from qa.schema import Evidence, Passage, Source

Floats = npt.NDArray[np.float32]
_SHORTEST, _LONGEST = 8, 45
"""Words of a sentence that can stand for more than itself."""
_RELEVANCE = 0.7
"""Weight of nearness to the middle; the rest is unlikeness to what is chosen."""
_BESIDE = 0.8
"""Below this share of the best one's worth a sentence is beside the matter."""
_OF_A_PASSAGE = 2
"""Sentences of one passage at most, where there are passages enough."""
_TELLING = 0.06
"""What a sentence gains by length: the middle of an article says little by itself."""
_LONG = 25
_LEAD = 0.08
"""What a sentence of the first passage gains: articles begin with their matter."""


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with its vectors.

    Attributes:
        vectors: Of unit length, shape (sentences, d).
    """

    passage: Passage
    vectors: Floats


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    sentence: int
    vector: Floats
    worth: float

    def evidence(self, source: Source) -> Evidence:
        span = self.passage.sentences[self.sentence]
        return Evidence(
            0,
            source,
            self.passage.heading,
            span.start,
            span.end,
            self.passage.sentence(self.sentence),
            max(0.0, min(1.0, self.worth)),
            page=self.passage.page_of(self.sentence),
            from_picture=self.passage.is_from_picture(self.sentence),
        )


def sum_up(source: Source, read: Sequence[Read], number: int) -> list[Evidence]:
    """The sentences that tell most of an article, in its order.

    Args:
        source: The article.
        read: Its passages, in order.
        number: Sentences at most. Fewer if it has no more that can stand alone.

    Returns:
        Evidence, all numbered 0.
    """
    if not read:
        return []
    candidates = _candidates(read)
    most = max(_OF_A_PASSAGE, math.ceil(number / len(read)))
    chosen: list[_Candidate] = []
    while candidates and len(chosen) < number:
        best = max(candidates, key=lambda c: _gain(c, chosen))
        chosen.append(best)
        full = [c.passage for c in chosen].count(best.passage) == most
        candidates = [
            c
            for c in candidates
            if c is not best and not (full and c.passage is best.passage)
        ]
    found = [candidate.evidence(source) for candidate in chosen]
    return sorted(found, key=lambda item: item.start)


def _candidates(read: Sequence[Read]) -> list[_Candidate]:
    """Sentences that can stand alone; where none can, all that give no orders."""
    middle = np.concatenate([one.vectors for one in read]).mean(axis=0)
    middle /= np.linalg.norm(middle) or 1.0
    told = [
        _Candidate(
            one.passage,
            number,
            vector,
            float(vector @ middle) + _bonus(place, one.passage.sentence(number)),
        )
        for place, one in enumerate(read)
        for number, vector in enumerate(one.vectors)
        if not is_order(one.passage.sentence(number))
    ]
    alone = [c for c in told if _stands_alone(c.passage.sentence(c.sentence))] or told
    least = _BESIDE * max((candidate.worth for candidate in alone), default=0.0)
    return [candidate for candidate in alone if candidate.worth >= least]


def _bonus(place: int, sentence: str) -> float:
    length = min(len(sentence.split()), _LONG) / _LONG
    return (_LEAD if place == 0 else 0.0) + _TELLING * length


def _stands_alone(sentence: str) -> bool:
    words = len(sentence.split())
    ended = sentence.rstrip("”’\"') ").endswith(".")
    return _SHORTEST <= words <= _LONGEST and ended and not dangles(sentence)


def _gain(candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
    known = max((float(candidate.vector @ c.vector) for c in chosen), default=0.0)
    return _RELEVANCE * candidate.worth - (1 - _RELEVANCE) * known
