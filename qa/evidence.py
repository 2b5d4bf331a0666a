"""Hits to evidence: the few sentences worth showing, and whether they answer.

A sentence is worth its own score from retrieval and what its passage is worth.
The gate asks how much of the question the best passages cover, and abstains when
they leave it open.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.lexicon import content_stems, full_names, numbers, stems
from qa.schema import Evidence, Hit

_SENTENCE, _PASSAGE = 0.75, 0.25
_SHORTEST = 4
_ANTECEDENT = 0.7
_TO_THE_POINT = 0.75
_ACROSS = 0.6
_BIAS, _COSINE, _WORDS, _NAMES, _KIND = -7.6, 4.0, 4.0, 1.6, 2.0
_KIND_SENTENCES = 3
_NUMBER = re.compile(
    r"(?<![\w-])(?!(?:1[5-9]|20)\d\d)\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?"
    r"|hundreds?|thousands?|millions?|billions?|half|third|quarter|double)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d|\b(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December|century|decades?|years? ago|War)\b"
)
_KINDS = (
    (
        re.compile(
            r"^\W*how (?:many|much|long|tall|old|far|big|large|high)\b"
            r"|\bwhat (?:percentage|share|number|proportion)\b",
            re.IGNORECASE,
        ),
        _NUMBER,
    ),
    (
        re.compile(r"^\W*(?:when|since when)\b|\b(?:what|which) year\b", re.IGNORECASE),
        _DATE,
    ),
)
_SEVERAL = re.compile(
    r"""\b(
        (articles | sources | authors | texts | papers)\b.{0,30}
            \b(agree | disagree | differ | say | think | argue | see | contradict)
      | (agree | disagree | differ | contradict)\w*\b.{0,40}
            \b(articles | sources | authors | each\ other)
      | (compare | contrast | in\ common | different\ views? | both\ articles)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSAGES = 8
_DANGLING = ("this ", "these ", "that ", "those ", "it ", "they ", "he ", "she ")


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    number: int
    score: float

    @property
    def text(self) -> str:
        span = self.hit.passage.sentences[self.number]
        offset = self.hit.passage.start
        return self.hit.passage.text[span.start - offset : span.end - offset]


def select_evidence(
    hits: Sequence[Hit], *, limit: int, words: int
) -> tuple[Evidence, ...]:
    """The best sentences of the best passages, numbered for the prompt.

    Args:
        hits: Best first.
        limit: Sentences at most.
        words: Words of all sentences together, at most; the first always fits.

    Returns:
        Best first, but the sentences of one passage together and in order. A
        sentence that begins with "This" or "They" brings the one before it.
    """
    return _packed(_ranked(hits[:_PASSAGES]), limit=limit, words=words)


def select_across(
    hits: Sequence[Hit], *, limit: int, words: int
) -> tuple[Evidence, ...]:
    """Like ``select_evidence``, but each article's best sentence comes before any
    article's second, for questions that ask what several say.
    """
    ranked = _ranked(hits)
    seen: Counter[str] = Counter()
    order: dict[int, int] = {}
    for candidate in ranked:
        order[id(candidate)] = seen[candidate.hit.source.id]
        seen[candidate.hit.source.id] += 1
    across = sorted(ranked, key=lambda c: (order[id(c)], -c.score))
    floor = _ACROSS * ranked[0].score if ranked else 0.0
    kept = [candidate for candidate in across if candidate.score >= floor]
    return _packed(kept, limit=limit, words=words)


def asks_several(question: str) -> bool:
    """Whether a question asks what several articles say, or compares them."""
    return bool(_SEVERAL.search(question))


def _packed(
    candidates: Sequence[_Candidate], *, limit: int, words: int
) -> tuple[Evidence, ...]:
    """Take candidates in order while they fit, then number them by passage."""
    chosen: list[_Candidate] = []
    used = 0
    for candidate in candidates:
        places = {(c.hit.passage.id, c.number) for c in chosen}
        group = [
            c
            for c in _with_antecedent(candidate)
            if (c.hit.passage.id, c.number) not in places
        ]
        length = sum(len(c.text.split()) for c in group)
        if chosen and (used + length > words or len(chosen) + len(group) > limit):
            continue
        chosen += group
        used += length
    passages = list(dict.fromkeys(c.hit.passage.id for c in chosen))
    chosen.sort(key=lambda c: (passages.index(c.hit.passage.id), c.number))
    return tuple(_evidence(c, number) for number, c in enumerate(chosen, 1))


def to_the_point(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The pieces of evidence that come close to the best one, best first."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.number))
    return tuple(e for e in ranked if e.score >= _TO_THE_POINT * ranked[0].score)


def best_of_each(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best piece of evidence of each article, best first."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.number))
    best: dict[str, Evidence] = {}
    for item in ranked:
        best.setdefault(item.source.id, item)
    return tuple(best.values())


def _ranked(hits: Sequence[Hit]) -> list[_Candidate]:
    """All sentences of the hits, best first; a byline or a label is none."""
    candidates = [
        _Candidate(hit, number, _SENTENCE * score + _PASSAGE * hit.score)
        for hit in hits
        for number, score in enumerate(hit.sentence_scores)
    ]
    told = [c for c in candidates if len(content_stems(c.text)) >= _SHORTEST]
    return sorted(told or candidates, key=lambda c: -c.score)


def _with_antecedent(candidate: _Candidate) -> list[_Candidate]:
    if candidate.number > 0 and candidate.text.lower().startswith(_DANGLING):
        score = _ANTECEDENT * candidate.score
        before = _Candidate(candidate.hit, candidate.number - 1, score)
        return [before, candidate]
    return [candidate]


def _evidence(candidate: _Candidate, number: int) -> Evidence:
    passage = candidate.hit.passage
    span = passage.sentences[candidate.number]
    return Evidence(
        number=number,
        source=candidate.hit.source,
        heading=passage.heading,
        start=span.start,
        end=span.end,
        text=candidate.text,
        score=candidate.score,
    )


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
        kind: 1 unless a number or a date is asked for and the best sentences
            hold none; then 0.
    """

    cosine: float
    words: float
    names: float
    kind: float


def cover(question: str, hits: Sequence[Hit]) -> Coverage:
    """Measure the best-covering of the first passages."""
    wanted = set(content_stems(question))
    wanted_names = [*full_names(question), *sorted(numbers(question))]
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
        kind=float(_has_kind(question, hits)),
    )


def _has_kind(question: str, hits: Sequence[Hit]) -> bool:
    """Whether the best sentences hold a number or a date, where one is asked for."""
    pattern = next((held for asks, held in _KINDS if asks.search(question)), None)
    if pattern is None:
        return True
    best = _ranked(hits[:_PASSAGES])[:_KIND_SENTENCES]
    return any(pattern.search(candidate.text) for candidate in best)


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
    """Probability that the passages answer; a logistic model of the coverage."""
    score = (
        _BIAS
        + _COSINE * coverage.cosine
        + _WORDS * coverage.words
        + _NAMES * coverage.names
        + _KIND * coverage.kind
    )
    return 1 / (1 + math.exp(-score))
