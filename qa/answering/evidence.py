"""Hits to evidence: the few sentences worth showing.

A sentence is worth its own score from retrieval, what its passage is worth, and
more if the reader found the answer in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.language.injection import is_order
from qa.language.text import content_stems
from qa.schema import Evidence, Hit, Span

_SENTENCE, _PASSAGE, _ANSWER = 0.75, 0.6, 0.2
_CERTAIN = 0.5
"""Below it, what the reader would answer is not pointed out."""
_SHORTEST = 4
"""Content words below which a sentence tells something only by the reader's answer."""
_ANTECEDENT = 0.7
_TO_THE_POINT = 0.75
_ACROSS = 0.6
_PASSAGES = 8
_NEXT = 3
"""Characters between two sentences that follow each other."""
_CONNECTIVE = re.compile(
    r"""^(?: (?:however | moreover | furthermore | nonetheless | nevertheless
      | in\ (?:sum|short|addition|turn|fact|contrast|conclusion|other\ words)
      | by\ contrast | additionally | similarly | likewise | first(?:ly)?
      | second(?:ly)? | third(?:ly)? | finally | last(?:ly|\ but\ not\ least)? | thus
      | therefore | hence | indeed | (?:more|most)\ importantly | at\ the\ same\ time
      | meanwhile | consequently | as\ a\ result | accordingly | overall | still
      | for\ (?:example|instance)
      | of\ course | after\ all | on\ the\ (?:one|other)\ hand | that\ said
      | to\ be\ sure | also | if\ anything | in\ this\ (?:respect|context) ),
    | (?:but|and|yet)(?!\ (?:for|to)\b) )\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_DANGLING = re.compile(
    r"""(?:so\ far,\ )?(?:this|these|that|those|such|it|its|they|their|he|she)\b
      | (?:at|by|despite|for|from|in|on|since|to|under|with)
        \ (?:this|these|that|those|such)\b
        (?!\ (?:article|paper|piece|essay|report|study|book|chapter|section|commentary
            |volume|issue|century|decade|year|who)\b)
      | the\ latter\b
      | the\ (?:(?:most|least)\ \w+|former|first|second|third|others?)
        \ (?:is|are|was|were|has|have|had)\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    number: int
    score: float

    @property
    def span(self) -> Span:
        return self.hit.passage.sentences[self.number]

    @property
    def text(self) -> str:
        return self.hit.passage.sentence(self.number)


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


def trimmed(quote: str) -> str:
    """A quote on one line without the "However," that tied it to what stood before."""
    text = " ".join(quote.split())
    rest = text[found.end() :] if (found := _CONNECTIVE.match(text)) else text
    return rest[:1].upper() + rest[1:]


def dangles(quote: str) -> bool:
    """Whether a quote begins with a word that points at what stood before it."""
    return bool(_DANGLING.match(trimmed(quote)))


def antecedent(item: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The piece of evidence that stands right before another in its article."""
    return next(
        (
            other
            for other in evidence
            if other.source.id == item.source.id
            and 0 <= item.start - other.end <= _NEXT
        ),
        None,
    )


def best_sentences(hits: Sequence[Hit], number: int) -> tuple[str, ...]:
    """The texts of the best sentences, best first."""
    return tuple(c.text for c in _ranked(hits[:_PASSAGES])[:number])


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
    """All sentences of the hits, best first; a byline, a label or an order to the
    model is none, unless there is nothing else.
    """
    candidates = [
        _Candidate(
            hit,
            number,
            _SENTENCE * score + _PASSAGE * hit.score + _ANSWER * _answering(hit, span),
        )
        for hit in hits
        for number, (score, span) in enumerate(
            zip(hit.sentence_scores, hit.passage.sentences, strict=True)
        )
    ]
    safe = [c for c in candidates if not is_order(c.text)]
    told = [c for c in safe if _tells(c)]
    return sorted(told or safe, key=lambda c: -c.score)


def _tells(candidate: _Candidate) -> bool:
    """Whether it has several words that carry meaning, or one beside the words that
    the reader is sure to be the answer: "He was born in 1921.", but "By Yun Sun." not.
    """
    stems = content_stems(candidate.text)
    if len(stems) >= _SHORTEST:
        return True
    answer = _sure_answer(candidate.hit, candidate.span)
    if answer is None:
        return False
    start = candidate.span.start
    words = candidate.text[answer.start - start : answer.end - start]
    return not set(stems) <= set(content_stems(words))


def _with_antecedent(candidate: _Candidate) -> list[_Candidate]:
    if candidate.number > 0 and dangles(candidate.text):
        score = _ANTECEDENT * candidate.score
        before = _Candidate(candidate.hit, candidate.number - 1, score)
        if content_stems(before.text) and not is_order(before.text):
            return [before, candidate]
    return [candidate]


def _answering(hit: Hit, sentence: Span) -> float:
    """How probably a sentence answers: 0 unless the reader's answer is in it."""
    if hit.reading is None or _shared(hit.reading.answer, sentence) is None:
        return 0.0
    return hit.reading.answerable or 0.0


def _sure_answer(hit: Hit, sentence: Span) -> Span | None:
    """The part of the reader's answer that lies in a sentence, where it is certain."""
    if hit.reading is None or _answering(hit, sentence) < _CERTAIN:
        return None
    return _shared(hit.reading.answer, sentence)


def _shared(answer: Span | None, sentence: Span) -> Span | None:
    """The part of an answer that lies in a sentence."""
    if answer is None or answer.start >= sentence.end or answer.end <= sentence.start:
        return None
    return Span(max(answer.start, sentence.start), min(answer.end, sentence.end))


def _evidence(candidate: _Candidate, number: int) -> Evidence:
    hit, span = candidate.hit, candidate.span
    return Evidence(
        number=number,
        source=hit.source,
        heading=hit.passage.heading,
        start=span.start,
        end=span.end,
        text=candidate.text,
        score=candidate.score,
        answer=_sure_answer(hit, span),
        page=hit.passage.page_of(candidate.number),
    )
