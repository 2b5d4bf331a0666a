"""Draw examples in which each sentence is marked as answering or not."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lab.reader.data import Example, Labelled, Paragraph
from lab.reader.negatives import LookAlikes, swap_mention, turn_around

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from lab.reader.marked import Marked

_TITLED = 0.6
"""The product reads a passage with its title in front."""
_MISSED = 0.3
"""Of written questions, how many are the near miss."""
_CHANGED = 0.06
"""Of the others, in how many a word is changed."""
_ELSEWHERE, _SAME_ARTICLE = 0.14, 0.35
"""Of the others, how often a look-alike is read; the second where it is known which
paragraphs of the article answer."""
_LENGTHENED = 0.25
"""Of passages, how many are lengthened by sentences of another."""
_NEAR = 12


class MarkedMixture:
    """An endless, seeded supply of examples with marked sentences.

    Args:
        marked: Questions with the sentences that answer them.
        weights: How often each is drawn.
    """

    def __init__(self, marked: Sequence[Marked], weights: Sequence[float]) -> None:
        self._marked = tuple(marked)
        self._cumulative = list(accumulate(weights))
        rows = {item.text: row for row, item in enumerate(self._marked)}
        self._look_alikes = LookAlikes(
            [
                Paragraph(str(row), self._marked[row].title, text)
                for text, row in rows.items()
            ]
        )
        self._top: dict[int, tuple[Marked, ...]] = {}

    def draw(self, rng: Random) -> Example:
        """A question on its paragraph, its near miss, or on a look-alike."""
        (row,) = rng.choices(range(len(self._marked)), cum_weights=self._cumulative)
        item = self._marked[row]
        if item.near_miss and rng.random() < _MISSED:
            return self._example(row, item.near_miss, rng, answers=False)
        chance = rng.random()
        elsewhere = _CHANGED + (_SAME_ARTICLE if item.place else _ELSEWHERE)
        if _CHANGED <= chance < elsewhere and (others := self._others(row)):
            other = rng.choice(others)
            example = _laid_out(other.title, other.sentences, item.question, rng)
            relevant = None if other.title == item.title else False
            example = replace(example, relevant=relevant)
            return _varied(_unanswering(example), rng)
        if chance < _CHANGED:
            changed = turn_around(item.question, rng) or swap_mention(
                item.question, [item.text], (), rng
            )
            if changed:
                example = self._example(row, changed, rng, answers=False)
                return replace(example, relevant=None)
        return self._example(row, item.question, rng, answers=True)

    def _example(
        self, row: int, question: str, rng: Random, *, answers: bool
    ) -> Example:
        item = self._marked[row]
        before: tuple[str, ...] = ()
        after: tuple[str, ...] = ()
        if rng.random() < _LENGTHENED and (others := self._others(row)):
            strange = rng.choice(others).sentences[: rng.randint(1, 3)]
            before, after = (strange, ()) if rng.random() < 0.5 else ((), strange)
        sentences = (*before, *item.sentences, *after)
        example = _laid_out(item.title, sentences, question, rng)
        if not answers:
            return _varied(replace(_unanswering(example), relevant=True), rng)
        labelled = tuple(
            _labelled(item, number - len(before), place)
            for number, place in enumerate(example.sentences)
        )
        found = replace(example, answerable=True, relevant=True, sentences=labelled)
        return _varied(found, rng)

    def _others(self, row: int) -> tuple[Marked, ...]:
        """Paragraphs that look like the question's and do not answer it."""
        if row not in self._top:
            item = self._marked[row]
            near = self._look_alikes.top(item.question, _NEAR)
            found = (self._marked[int(p.id)] for p in near)
            self._top[row] = tuple(m for m in found if not item.is_answered_by(m))
        return self._top[row]


def _laid_out(
    title: str, sentences: Sequence[str], question: str, rng: Random
) -> Example:
    """The sentences as a passage, without a word on whether they answer."""
    text = f"{title}. " if rng.random() < _TITLED else ""
    places = []
    for number, sentence in enumerate(sentences):
        text += " " if number else ""
        places.append(Labelled(len(text), len(text) + len(sentence), None, None))
        text += sentence
    return Example(question, text, answerable=False, sentences=tuple(places))


def _labelled(item: Marked, number: int, place: Labelled) -> Labelled:
    inside = 0 <= number < len(item.sentences)
    belongs = number in item.gold
    known = belongs or item.complete or not inside
    return replace(
        place, belongs=belongs if known else None, direct=number in item.direct
    )


def _unanswering(example: Example) -> Example:
    sentences = tuple(
        replace(place, belongs=False, direct=False) for place in example.sentences
    )
    return replace(example, answerable=False, sentences=sentences)


def _varied(example: Example, rng: Random) -> Example:
    """The question as people type it; its form must not give the label away."""
    question = example.question.strip().rstrip("?").rstrip()
    if rng.random() < 0.5:
        question = question[:1].upper() + question[1:] + "?"
    return replace(example, question=question)
