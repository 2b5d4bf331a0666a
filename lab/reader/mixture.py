"""Draw training examples: pseudo-questions, people's questions, and negatives."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from lab.errors import TrainingError
from lab.reader.cloze import Mention, mentions, phrases, pseudo_question
from lab.reader.data import (
    Corpus,
    Example,
    Paragraph,
    Question,
    by_title,
    locate,
    sentences,
    words,
)
from lab.reader.negatives import (
    LookAlikes,
    mentions_answer,
    swap_mention,
    swap_word,
    turn_around,
    without_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_TRIES = 200
_CROPPED = 0.6
_CHANGES = ("mention", "mention", "turn", "word")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its passage with the place of its answer, if it has one."""

    text: str
    passage: str
    paragraph: Paragraph
    answers: tuple[str, ...]
    span: tuple[int, int] | None


class Mixture:
    """An endless, seeded supply of examples.

    Args:
        corpus: people's questions; unanswerable ones must be among them.
        weights: how often each question is drawn, in the order of
            `corpus.questions`.
        pool: paragraphs to make pseudo-questions of.
    """

    def __init__(
        self, corpus: Corpus, weights: Sequence[float], pool: Sequence[Paragraph]
    ) -> None:
        pairs = list(zip(corpus.questions, weights, strict=True))
        self._answerable = [q for q, _ in pairs if q.answers]
        self._cumulative = list(accumulate(w for q, w in pairs if q.answers))
        self._unanswerable = [q for q, _ in pairs if not q.answers]
        self._pool = tuple(pool)
        known = tuple(dict.fromkeys((*corpus.paragraphs, *pool)))
        self._articles = by_title(known)
        self._look_alikes = LookAlikes(known)
        self._top: dict[str, tuple[Paragraph, ...]] = {}

    def draw(self, rng: Random, pseudo: float) -> Example:
        """One example; with probability `pseudo` on a pseudo-question."""
        if rng.random() < pseudo:
            return self._on_pseudo_question(rng)
        if rng.random() < 0.27:
            return self._on_unanswerable(rng.choice(self._unanswerable), rng)
        (question,) = rng.choices(self._answerable, cum_weights=self._cumulative)
        return self._on_answerable(question, rng)

    def _on_pseudo_question(self, rng: Random) -> Example:
        for _ in range(_TRIES):
            asked = _ask(rng.choice(self._pool), rng)
            if asked is not None:
                break
        else:
            raise TrainingError(
                "no pseudo-question can be made of these passages; add English prose"
            )
        chance = rng.random()
        if chance < 0.38:
            return self._changed(asked, rng) or _positive(asked)
        if chance < 0.47:
            return _less_its_sentence(asked) or _positive(asked)
        if chance < 0.60:
            return self._elsewhere(asked, rng, near=True) or _positive(asked)
        return _positive(asked)

    def _on_unanswerable(self, question: Question, rng: Random) -> Example:
        text = question.paragraph.text
        if rng.random() < 0.1:
            others = self._nearest(question.text, question.paragraph)
            other = _crop(rng.choice(others).text, None, rng)
            return Example(question.text, other, answerable=False)
        if rng.random() < _CROPPED:
            text = _crop(text, _closest_sentence(question.text, text), rng)
        return Example(question.text, text, answerable=False, relevant=True)

    def _on_answerable(self, question: Question, rng: Random) -> Example:
        text = question.paragraph.text
        places = (locate(a, question.text, text) for a in question.answers)
        span = next((place for place in places if place), None)
        if span is not None and rng.random() < _CROPPED:
            answer, text = text[slice(*span)], _crop(text, span, rng)
            span = locate(answer, question.text, text)
        asked = Asked(question.text, text, question.paragraph, question.answers, span)
        chance = rng.random()
        if chance < 0.17:
            return self._changed(asked, rng) or _positive(asked)
        if chance < 0.22:
            return _less_its_sentence(asked) or _positive(asked)
        if chance < 0.40:
            near = rng.random() < 0.7
            return self._elsewhere(asked, rng, near=near) or _positive(asked)
        return _positive(asked)

    def _changed(self, asked: Asked, rng: Random) -> Example | None:
        """The same passage, the question changed so that it does not answer."""
        places = [asked.passage]
        if rng.random() < 0.5:
            places = [p.text for p in self._articles[asked.paragraph.title][:40]]
        change = rng.choice(_CHANGES)
        if change == "mention":
            question = swap_mention(asked.text, places, asked.answers, rng)
        elif change == "turn":
            question = turn_around(asked.text, rng)
        else:
            question = swap_word(asked.text, places[:3], rng)
        if not question:
            return None
        return Example(question, asked.passage, answerable=False)

    def _elsewhere(self, asked: Asked, rng: Random, *, near: bool) -> Example | None:
        """The question asked of a passage that does not hold its answer."""
        if near:
            others = self._nearest(asked.text, asked.paragraph)
        else:
            others = self._articles[asked.paragraph.title]
        fit = [
            p
            for p in others
            if p.id != asked.paragraph.id and not mentions_answer(p.text, asked.answers)
        ]
        if not fit:
            return None
        text = _crop(rng.choice(fit).text, None, rng)
        return Example(asked.text, text, answerable=False, relevant=False)

    def _nearest(self, question: str, own: Paragraph) -> tuple[Paragraph, ...]:
        if question not in self._top:
            if len(self._top) > 50_000:
                self._top.clear()
            self._top[question] = tuple(
                p for p in self._look_alikes.top(question, 9) if p.id != own.id
            )
        return self._top[question]


def _positive(asked: Asked) -> Example:
    return Example(
        asked.text, asked.passage, answerable=True, span=asked.span, relevant=True
    )


def _less_its_sentence(asked: Asked) -> Example | None:
    if asked.span is None:
        return None
    rest = without_sentence(asked.passage, asked.span, asked.answers)
    return Example(asked.text, rest, answerable=False) if rest else None


def _ask(paragraph: Paragraph, rng: Random) -> Asked | None:
    """A pseudo-question on a crop of the paragraph; None where none comes out."""
    start, end = rng.choice(sentences(paragraph.text))
    sentence = paragraph.text[start:end]
    found: tuple[Mention, ...] = mentions(sentence)
    if not found or rng.random() < 0.4:
        found = phrases(sentence)
    if not found or not 6 <= len(sentence.split()) <= 80:
        return None
    answer = rng.choice(found)
    question = pseudo_question(sentence, answer, paragraph.title, rng)
    if not question:
        return None
    place = (start + answer.start, start + answer.end)
    text = _crop(paragraph.text, place, rng)
    at = text.find(sentence)
    if at < 0:
        return None
    span = (at + answer.start, at + answer.end)
    return Asked(question, text, paragraph, (answer.text,), span)


def _closest_sentence(question: str, text: str) -> tuple[int, int]:
    asked = words(question)
    return max(sentences(text), key=lambda r: len(asked & words(text[slice(*r)])))


def _crop(text: str, around: tuple[int, int] | None, rng: Random) -> str:
    """Whole sentences, about 50 to 110 words, that hold `around`."""
    ranges = sentences(text)
    limit = rng.randint(50, 110)
    if len(text.split()) <= limit:
        return text
    first = rng.randrange(len(ranges))
    if around is not None:
        first = next(i for i, (a, b) in enumerate(ranges) if a <= around[0] < b)
    last = first
    count = len(text[slice(*ranges[first])].split())
    while count < limit and (first > 0 or last + 1 < len(ranges)):
        if first > 0 and (last + 1 == len(ranges) or rng.random() < 0.5):
            first -= 1
            count += len(text[slice(*ranges[first])].split())
        else:
            last += 1
            count += len(text[slice(*ranges[last])].split())
    return text[ranges[first][0] : ranges[last][1]]
