"""What a question looks for: its terms, and what a passage is worth to it.

A passage is scored by parts that lie in [0, 1] by their own definition and are
combined convexly: the cosine of the passage, the share of the question's rare words
that it holds, and of its best sentence the cosine, that share, and the share of
neighbouring words. A convex combination of scores beats the fusion of ranks (Bruch,
Gai, Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from qa.index import Stems, TextQuery
from qa.language.text import is_content, stem, stems, tokens

_POSTINGS = 2_000
_PASSAGE_COSINE = 0.21
_PASSAGE_WORDS = 0.14
_SENTENCE_COSINE = 0.38
_SENTENCE_WORDS = 0.18
_NEIGHBOURS = 0.09
_SENTENCE = _SENTENCE_COSINE + _SENTENCE_WORDS + _NEIGHBOURS
CARRIED = 0.5
"""How far a follow-up leans on what it refers to, in vector and words."""


def search_terms(question: str) -> list[str]:
    """The content words once each, in order; all words if there are no others."""
    every = list(dict.fromkeys(tokens(question)))
    return [token for token in every if is_content(token)] or every


def text_query(
    frequencies: Mapping[str, int], *, postings: int = _POSTINGS
) -> TextQuery:
    """Any of the terms: the rarest first, until their postings are ``postings`` in
    all; the first always stays.

    Args:
        frequencies: Passages that hold each term.
        postings: Bounds the time of the query whatever the size of the index.
    """
    visited = 0
    chosen: list[str] = []
    present = [term for term in frequencies if frequencies[term]]
    for term in sorted(present, key=lambda t: (frequencies[t], t)):
        if chosen and visited + frequencies[term] > postings:
            break
        visited += frequencies[term]
        chosen.append(term)
    if "US" in frequencies:
        chosen.append("U S")
    return TextQuery(tuple(chosen))


def text_queries(frequencies: Mapping[str, int]) -> tuple[TextQuery, ...]:
    """What to ask in turn, until there are candidates enough.

    Usually one (``text_query``). Where even the rarest word is common, passages
    that hold all of the words come first, then those with the two rarest: to
    score every one that holds a common word takes too long.
    """
    present = [term for term in frequencies if frequencies[term]]
    present.sort(key=lambda term: (frequencies[term], term))
    last = text_query(frequencies)
    if len(present) < 2 or frequencies[present[0]] <= _POSTINGS:
        return (last,)
    together = dict.fromkeys((tuple(present), tuple(present[:2])))
    return (*(TextQuery(terms, "and") for terms in together), last)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question looks for, weighed by rarity.

    Attributes:
        weights: Inverse document frequency (that of BM25) by stem; less for
            words that only the context has.
        pairs: The weight of each two neighbouring words of the question.
        total: The sum of the weights, at least a little.
    """

    weights: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    total: float

    @classmethod
    def weigh(
        cls,
        question: str,
        context: str,
        frequencies: Mapping[str, int],
        *,
        passages: int,
    ) -> Wanted:
        """Weigh the terms of a question and its context.

        Args:
            question: As asked.
            context: What it refers to, may be empty.
            frequencies: Passages that hold each term of both.
            passages: In all.
        """
        own = {stem(term) for term in search_terms(question)}
        weights: dict[str, float] = {}
        for term, holding in frequencies.items():
            rarity = math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
            share = 1.0 if stem(term) in own else CARRIED
            weights.setdefault(stem(term), share * rarity)
        pairs = {
            (a, b): weights[a] + weights[b]
            for text in (question, context)
            for a, b in pairwise(stems(text))
            if a in weights and b in weights
        }
        return cls(weights, pairs, sum(weights.values()) or 1.0)

    def score(
        self, cosines: Sequence[float], words: Stems
    ) -> tuple[float, tuple[float, ...]]:
        """A passage's score in [0, 1] and one for each of its sentences.

        The parts of a sentence are added before the best one is chosen: one
        sentence has to be near in meaning *and* hold the words. The title
        counts as a part of every sentence.
        """
        in_title = self.weights.keys() & words.title
        of_sentences = cosines[1:] or cosines
        found = set(in_title)
        sentences = []
        for cosine, sentence in zip(of_sentences, words.sentences, strict=True):
            held = self.weights.keys() & set(sentence)
            found |= held
            score = (
                _SENTENCE_COSINE * max(0.0, cosine)
                + _SENTENCE_WORDS * self._share(held | in_title)
                + _NEIGHBOURS * (self._near(sentence) if len(held) > 1 else 0.0)
            )
            sentences.append(score / _SENTENCE)
        whole = (
            _PASSAGE_COSINE * max(0.0, cosines[0])
            + _PASSAGE_WORDS * self._share(found)
            + _SENTENCE * max(sentences)
        )
        return whole, tuple(sentences)

    def _share(self, held: Set[str]) -> float:
        return sum(self.weights[word] for word in held) / self.total

    def _near(self, sentence: Sequence[str]) -> float:
        """Share of the neighbouring words, with at most one word between them."""
        beside = {*pairwise(sentence), *zip(sentence, sentence[2:], strict=False)}
        near = sum(self.pairs[pair] for pair in self.pairs.keys() & beside)
        return min(1.0, near / self.total)
