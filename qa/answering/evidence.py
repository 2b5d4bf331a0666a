"""Hits to evidence: the few sentences worth showing.

Where the reader judges sentences, these are the ones that it says belong in the answer,
and what goes with them. From another reader a sentence is worth its own score from
retrieval, what its passage is worth, and more if the answer was found in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.bearing import Bearing, best_of
from qa.answering.leaning import dangles
from qa.answering.rows import is_head
from qa.answering.worth import answering, shared, worth
from qa.documents.bylines import named
from qa.documents.metadata import iso_date
from qa.language.injection import is_order
from qa.language.sentences import enumerates
from qa.language.text import content_stems
from qa.schema import Evidence, Hit, Passage, Span

_CERTAIN = 0.5
"""Below it, what the reader would answer is not pointed out."""
_SHORTEST = 4
"""Content words below which a sentence tells something only by the reader's answer."""
_ANTECEDENT = 0.7
_TO_THE_POINT = 0.75
_ACROSS = 0.6
_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    number: int
    score: float
    bears: bool | None = None

    @property
    def span(self) -> Span:
        return self.hit.passage.sentences[self.number]

    @property
    def text(self) -> str:
        return self.hit.passage.sentence(self.number)

    @property
    def place(self) -> tuple[str, int]:
        return self.hit.passage.id, self.number

    def beside(self, number: int) -> _Candidate:
        """Another sentence of the passage, shown since it goes with this one."""
        bears = None if self.bears is None else False
        return _Candidate(self.hit, number, _ANTECEDENT * self.score, bears)


def select_evidence(
    hits: Sequence[Hit], *, limit: int, words: int, bearing: Bearing | None = None
) -> tuple[Evidence, ...]:
    """The best sentences of the best passages, numbered for the prompt.

    Args:
        hits: Best first.
        limit: Sentences at most.
        words: Words of all sentences together, at most; the first always fits.
        bearing: Tells how probably a sentence belongs in the answer, where the
            reader has judged it. Then no sentence is there to fill up.

    Returns:
        Best first, but the sentences of one passage together and in order. A
        sentence that begins with "This" or "They" brings the one before it, and
        one that ends with a colon the list below it.
    """
    ranked = _ranked(hits[:_PASSAGES], bearing)
    return _packed(ranked, limit=limit, words=words)


def select_across(
    hits: Sequence[Hit], *, limit: int, words: int, bearing: Bearing | None = None
) -> tuple[Evidence, ...]:
    """Like ``select_evidence``, but each article's best sentence comes before any
    article's second, for questions that ask what several say. What the reader has
    judged is held against its own article.
    """
    ranked = _ranked(hits, bearing, apart=True)
    seen: Counter[str] = Counter()
    order: dict[int, int] = {}
    for candidate in ranked:
        order[id(candidate)] = seen[candidate.hit.source.id]
        seen[candidate.hit.source.id] += 1
    across = sorted(ranked, key=lambda c: (order[id(c)], -c.score))
    floor = _ACROSS * ranked[0].score if ranked else 0.0
    kept = [c for c in across if c.bears is not None or c.score >= floor]
    return _packed(kept, limit=limit, words=words)


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
        known = {c.place: row for row, c in enumerate(chosen)}
        if (row := known.get(candidate.place)) is not None:
            chosen[row] = candidate  # it does more than go with another
        group = [c for c in _with_its_own(candidate) if c.place not in known]
        length = sum(len(c.text.split()) for c in group)
        if chosen and (used + length > words or len(chosen) + len(group) > limit):
            continue
        chosen += group
        used += length
    passages = list(dict.fromkeys(c.hit.passage.id for c in chosen))
    chosen.sort(key=lambda c: (passages.index(c.hit.passage.id), c.number))
    return tuple(_evidence(c, number) for number, c in enumerate(chosen, 1))


def to_the_point(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The pieces of evidence that come close to the best one, best first; of judged
    ones those that bear on the question.
    """
    ranked = sorted(evidence, key=lambda item: (-item.score, item.number))
    if any(item.bears is not None for item in ranked):
        return tuple(item for item in ranked if item.bears)
    return tuple(e for e in ranked if e.score >= _TO_THE_POINT * ranked[0].score)


def best_of_each(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best piece of evidence of each article, best first."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.number))
    best: dict[str, Evidence] = {}
    for item in ranked:
        best.setdefault(item.source.id, item)
    return tuple(best.values())


def _ranked(
    hits: Sequence[Hit], bearing: Bearing | None = None, *, apart: bool = False
) -> list[_Candidate]:
    """All sentences of the hits that are worth showing, best first; never an order to
    the model.

    Args:
        apart: Whether a judged one is held against the best of its article alone.
    """
    if bearing is not None and (judged := _judged(hits, bearing, apart=apart)):
        return sorted(judged, key=lambda c: (not c.bears, -c.score))
    candidates = [
        _Candidate(hit, number, worth(hit, number))
        for hit in hits
        for number in range(len(hit.passage.sentences))
    ]
    safe = [c for c in candidates if not is_order(c.text)]
    told = [c for c in safe if _tells(c)]
    return sorted(told or safe, key=lambda c: -c.score)


def _judged(hits: Sequence[Hit], bearing: Bearing, *, apart: bool) -> list[_Candidate]:
    """The sentences that may belong in the answer, or the likeliest one; those bear on
    the question that the reader is sure enough of, beside the likeliest too.

    What states the answer outright is worth more than what belongs to it.
    """

    def among(hit: Hit) -> str:
        """The article that a sentence of the hit is held against, "" for all."""
        return hit.source.id if apart else ""

    best = {
        group: best_of([hit for hit in hits if among(hit) == group])
        for group in set(map(among, hits))
    }
    chances = [
        (bearing(hit, number, best[among(hit)]), _Candidate(hit, number, 0.0))
        for hit in hits
        for number in range(len(hit.passage.sentences))
    ]
    found = [
        (chance, c) for chance, c in chances if chance is not None and _may_answer(c)
    ]
    likeliest = dict.fromkeys(best, 0.0)
    for chance, candidate in found:
        group = among(candidate.hit)
        likeliest[group] = max(chance, likeliest[group])
    most = max(likeliest.values(), default=0.0)
    return [
        replace(
            candidate,
            score=chance * (1 + _directness(candidate)) / 2,
            bears=chance >= min(bearing.shown, most)
            and chance >= bearing.beside * likeliest[among(candidate.hit)],
        )
        for chance, candidate in found
        if chance >= min(bearing.given, most)
    ]


def _may_answer(candidate: _Candidate) -> bool:
    """Whether it is neither an order to the model, a byline, nor heads of columns."""
    heading = candidate.hit.passage.heading
    return not (
        is_order(candidate.text)
        or _is_byline(candidate)
        or is_head(candidate.text, heading)
    )


def _is_byline(candidate: _Candidate) -> bool:
    """Whether it says no more than who wrote or published its article, and when."""
    source = candidate.hit.source
    known = (*source.authors, source.publisher, source.published)
    said = set(content_stems(candidate.text))
    if said and said <= set(content_stems(" ".join(known))):
        return True
    if (stated := named(candidate.text)) is None:
        return False
    return set(stated.authors) <= set(source.authors) and (
        not stated.published or iso_date(stated.published) == source.published
    )


def _directness(candidate: _Candidate) -> float:
    reading = candidate.hit.reading
    if reading is None or reading.sentences is None:
        return 0.0
    return reading.sentences[candidate.number].direct


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


def _with_its_own(candidate: _Candidate) -> list[_Candidate]:
    """A sentence with the one that it leans on, and a lead-in with its list."""
    group = [candidate, *_list_below(candidate)]
    if candidate.number > 0 and dangles(candidate.text):
        before = candidate.beside(candidate.number - 1)
        if content_stems(before.text) and not is_order(before.text):
            return [before, *group]
    return group


def _list_below(candidate: _Candidate) -> list[_Candidate]:
    """What a judged lead-in leads in to: the items below a colon, each a paragraph of
    one sentence; or the points that follow it, "Firstly, …", "Secondly, …".
    """
    if not candidate.bears:
        return []
    passage = candidate.hit.passage
    colon = candidate.text.rstrip().endswith(":")
    items: list[_Candidate] = []
    for number in range(candidate.number + 1, len(passage.sentences)):
        item = candidate.beside(number)
        alone = number + 1 == len(passage.sentences) or _apart(passage, number)
        below = colon and alone and _apart(passage, number - 1)
        if not (below or enumerates(item.text)) or is_order(item.text):
            break
        items.append(replace(item, bears=True))
    return items


def _apart(passage: Passage, number: int) -> bool:
    """Whether a paragraph ends between a sentence and the next."""
    end, start = passage.sentences[number].end, passage.sentences[number + 1].start
    return "\n\n" in passage.text[end - passage.start : start - passage.start]


def _sure_answer(hit: Hit, sentence: Span) -> Span | None:
    """The part of the reader's answer that lies in a sentence, where it is certain."""
    if hit.reading is None or answering(hit, sentence) < _CERTAIN:
        return None
    return shared(hit.reading.answer, sentence)


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
        bears=candidate.bears,
        from_picture=hit.passage.is_from_picture(candidate.number),
    )
