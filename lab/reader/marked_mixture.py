"""Draw examples in which each sentence is marked as answering or not."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lab.reader.data import Example, Labelled, Paragraph
from lab.reader.headed import head_lines
from lab.reader.negatives import LookAlikes, swap_mention, turn_around
from lab.reader.typed import typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from lab.reader.marked import Marked

_TITLED = 0.6
"""The product reads a passage with its title in front."""
_CHANGED = 0.06
"""In how many questions a word is changed."""
_MISSED = 0.45
"""To how many others the near miss is asked too."""
_ELSEWHERE, _SAME_ARTICLE = 0.25, 0.6
"""With how many others a look-alike is read too; the second where it is known which
paragraphs of the article answer."""
_LENGTHENED = 0.25
"""Of passages, how many are lengthened by sentences of another."""
_HEADED = 0.08
"""Of passages, how many begin with who wrote the article and when."""
_CROPPED = 0.3
"""Of passages, how many begin or end later or earlier, as chance has it."""
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

    def draw(self, rng: Random) -> tuple[Example, ...]:
        """A question on its paragraph, with its near miss and on a look-alike, by
        chance; or with a word changed.
        """
        (row,) = rng.choices(range(len(self._marked)), cum_weights=self._cumulative)
        item = self._marked[row]
        if rng.random() < _CHANGED:
            changed = turn_around(item.question, rng) or swap_mention(
                item.question, [item.text], (), rng
            )
            if changed:
                example = self._example(row, typed(changed, rng), rng, answers=False)
                return (replace(example, relevant=None),)
        question = typed(item.question, rng)
        group = [self._example(row, question, rng, answers=True)]
        if item.near_miss and rng.random() < _MISSED:
            missed = typed(item.near_miss, rng)
            group.append(self._example(row, missed, rng, answers=False))
        elsewhere = _SAME_ARTICLE if item.place else _ELSEWHERE
        if rng.random() < elsewhere and (others := self._others(row)):
            group.append(_beside(item, rng.choice(others), question, rng))
        return tuple(group)

    def _example(
        self, row: int, question: str, rng: Random, *, answers: bool
    ) -> Example:
        item = self._marked[row]
        before: tuple[str, ...] = ()
        after: tuple[str, ...] = ()
        if rng.random() < _LENGTHENED and (others := self._others(row)):
            strange = rng.choice(others).sentences[: rng.randint(1, 3)]
            before, after = (strange, ()) if rng.random() < 0.5 else ((), strange)
        if rng.random() < _HEADED:
            others = self._others(row)
            named = rng.choice(others).text if others else ""
            before = (*head_lines(named, rng), *before)
        first, end = _window(item, rng)
        sentences = (*before, *item.sentences[first:end], *after)
        example = _laid_out(item, sentences, question, rng)
        if not answers:
            return replace(_unanswering(example), relevant=True)
        labelled = tuple(
            _labelled(item, number, place, inside=first <= number < end)
            for number, place in enumerate(example.sentences, first - len(before))
        )
        return replace(example, answerable=True, relevant=True, sentences=labelled)

    def _others(self, row: int) -> tuple[Marked, ...]:
        """Paragraphs that look like the question's and do not answer it."""
        if row not in self._top:
            item = self._marked[row]
            near = self._look_alikes.top(item.question, _NEAR)
            found = (self._marked[int(p.id)] for p in near)
            self._top[row] = tuple(m for m in found if not item.is_answered_by(m))
        return self._top[row]


def _beside(item: Marked, other: Marked, question: str, rng: Random) -> Example:
    """The question on a paragraph that looks like its own and does not answer."""
    example = _laid_out(other, other.sentences, question, rng)
    relevant = None if other.title == item.title else False
    return replace(_unanswering(example), relevant=relevant)


def _laid_out(
    item: Marked, sentences: Sequence[str], question: str, rng: Random
) -> Example:
    """The sentences as a passage, without a word on whether they answer; rows always
    stand below their heads.
    """
    text = f"{item.title}. " if rng.random() < _TITLED or item.heading else ""
    text += f"{item.heading}. " if item.heading else ""
    places = []
    for number, sentence in enumerate(sentences):
        text += " " if number else ""
        places.append(Labelled(len(text), len(text) + len(sentence), None, None))
        text += sentence
    return Example(question, text, answerable=False, sentences=tuple(places))


def _window(item: Marked, rng: Random) -> tuple[int, int]:
    """The first sentence that is read and the one after the last, those that answer
    among them: where in a passage an answer stands is to tell nothing.

    The same for a near miss, so that the length does not tell either.
    """
    if not item.gold or rng.random() >= _CROPPED:
        return 0, len(item.sentences)
    first = rng.randint(0, min(item.gold))
    return first, rng.randint(max(item.gold) + 1, len(item.sentences))


def _labelled(item: Marked, number: int, place: Labelled, *, inside: bool) -> Labelled:
    """The place with what is known of a sentence of the paragraph, or a stranger."""
    belongs = inside and number in item.gold
    known = belongs or item.complete or not inside
    direct = inside and number in item.direct
    return replace(place, belongs=belongs if known else None, direct=direct)


def _unanswering(example: Example) -> Example:
    sentences = tuple(
        replace(place, belongs=False, direct=False) for place in example.sentences
    )
    return replace(example, answerable=False, sentences=sentences)
