"""Passages against the exact characters that answer: span recall, precision, IoU.

Definitions of Smith and Troynikov 2024, "Evaluating Chunking Strategies for
Retrieval" (Chroma), in characters: with E the characters that answer and R those
of the first five passages, recall is |E∩R|/|E|, precision |E∩R|/|R| and IoU
|E∩R|/|E∪R|. R is a union: a character retrieved twice counts once.

E stands in the file as it was stored; passages know their place in the canonical
text, where white space, hyphens and furniture have changed. A passage is found
again by its letters and digits alone (compatibility forms decomposed, accents
and case dropped), each of which remembers where it stood: first the passage as a
whole, and where something was left out between its sentences, each sentence by
itself. Of several places the one nearest to the passage's own offset is taken.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.evaluation.figures import Figure, mean_of
from qa.evaluation.matching import is_from
from qa.evaluation.questions import Question
from qa.schema import Hit, Passage, Span

_PASSAGES = 5
_LEADING = re.compile(r"^[\W_]+")
_TRAILING = re.compile(r"[\W_]+$")


@dataclass(frozen=True, slots=True)
class SpanScores:
    """One question's figures, each in [0, 1]."""

    recall: float
    precision: float
    iou: float


class Original:
    """A text as stored, searchable by its letters and digits."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self._places = array("q")
        for place, character in enumerate(text):
            for letter in _letters(character):
                letters.append(letter)
                self._places.append(place)
        self._text = "".join(letters)
        self._size = len(text)

    def locate(self, passage: Passage) -> tuple[Span, ...]:
        """Where a passage stands; a part that is nowhere is left out."""
        whole = self._nearest(passage.text, passage.start)
        if whole is not None:
            return (whole,)
        found = []
        near = passage.start
        for number in range(len(passage.sentences)):
            span = self._nearest(passage.sentence(number), near)
            if span is not None:
                found.append(span)
                near = span.end
        return tuple(found)

    def _nearest(self, text: str, near: int) -> Span | None:
        wanted = "".join(map(_letters, text))
        spans = (
            self._span(at, at + len(wanted) - 1, text)
            for at in self._occurrences(wanted)
        )
        return min(spans, key=lambda span: abs(span.start - near), default=None)

    def _span(self, first: int, last: int, text: str) -> Span:
        """From one letter to another and the punctuation the passage has around."""
        before = len(text) - len(_LEADING.sub("", text))
        after = len(text) - len(_TRAILING.sub("", text))
        floor = self._places[first - 1] + 1 if first else 0
        is_end = last + 1 == len(self._places)
        ceiling = self._size if is_end else self._places[last + 1]
        return Span(
            max(floor, self._places[first] - before),
            min(ceiling, self._places[last] + 1 + after),
        )

    def _occurrences(self, wanted: str) -> Iterator[int]:
        at = self._text.find(wanted) if wanted else -1
        while at >= 0:
            yield at
            at = self._text.find(wanted, at + 1)


@lru_cache(maxsize=10_000)
def _letters(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def span_figures(
    found: Sequence[tuple[Question, Sequence[Hit]]], original: Callable[[str], Original]
) -> dict[str, Figure]:
    """The three figures over questions with spans.

    Args:
        found: Each question with its hits, best first.
        original: The text that a document was made from, by ``Source.file``.
    """
    scores = [span_scores(question, hits, original) for question, hits in found]
    return {
        "recall": mean_of(score.recall for score in scores),
        "precision": mean_of(score.precision for score in scores),
        "iou": mean_of(score.iou for score in scores),
    }


def span_scores(
    question: Question, hits: Sequence[Hit], original: Callable[[str], Original]
) -> SpanScores:
    """One question against its first five hits.

    What cannot be found in the original still counts as retrieved, with its
    own length, so that it lowers precision rather than vanish.
    """
    gold = union(question.spans)
    retrieved: dict[str, list[Span]] = {}
    lost = 0
    for hit in hits[:_PASSAGES]:
        spans = original(hit.source.file).locate(hit.passage)
        retrieved.setdefault(hit.source.file, []).extend(spans)
        if not spans:
            lost += len(hit.passage.text)
    joined = {file: union(spans) for file, spans in retrieved.items()}
    common = sum(
        overlap(gold, spans)
        for file, spans in joined.items()
        if is_from(file, question.gold[0].source)
    )
    expected = length(gold)
    shown = sum(map(length, joined.values())) + lost
    return SpanScores(
        recall=common / expected,
        precision=common / shown if shown else 0.0,
        iou=common / (expected + shown - common),
    )


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters as disjoint spans in order."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if joined and span.start <= joined[-1].end:
            end = max(joined[-1].end, span.end)
            joined[-1] = Span(joined[-1].start, end)
        else:
            joined.append(span)
    return tuple(joined)


def length(spans: Iterable[Span]) -> int:
    """Characters of disjoint spans."""
    return sum(span.end - span.start for span in spans)


def overlap(left: Sequence[Span], right: Sequence[Span]) -> int:
    """Characters that two sets of disjoint spans share."""
    return sum(
        max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left for b in right
    )
