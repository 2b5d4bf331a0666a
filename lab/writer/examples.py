"""What the writer learns from: a question and sentences, and the answer to write.

Each draw of a row is another example: which of its paragraph's sentences are shown
beside those that the answer needs, what of another paragraph stands among them, and
how much of the answer there is to write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from lab.judge.sources import read_lines

_SHOWN: Final = 7
"""Sentences of evidence at most, as in the product."""
_BESIDE: Final = 0.3
"""How often a sentence that the answer does not need is shown."""
_STRANGER: Final = 0.35
"""How often sentences of another paragraph are shown."""
_SHORTER: Final = 0.3
"""How often the answer ends early, with no evidence for the rest of it."""


@dataclass(frozen=True, slots=True)
class Example:
    """What is shown, and what is to be written.

    Attributes:
        answer: Sentences, one a line, each after the numbers of its sources.
    """

    question: str
    evidence: tuple[str, ...]
    answer: str


class Written:
    """The rows written by hand, and a way to draw examples from them."""

    def __init__(self, path: Path) -> None:
        self.rows = [row for row in read_lines(path) if _is_sound(row)]
        self._of_title: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            self._of_title[row["title"]].append(number)

    def draw(self, number: int, rng: Random) -> Example:
        """An example of one row."""
        row = self.rows[number]
        answer = row["answer"]
        if rng.random() < _SHORTER:
            answer = answer[: rng.randint(1, len(answer))]
        needed = _cited(answer)
        shown = _shown(row, needed, set(_cited(row["answer"])) - set(needed), rng)
        lines = [row["sentences"][place - 1] for place in shown]
        strange: list[str] = []
        if rng.random() < _STRANGER:
            strange = self._strange(number, _SHOWN - len(lines), rng)
        first = rng.random() < 0.3
        before = len(strange) if first else 0
        numbers = {place: before + n for n, place in enumerate(shown, 1)}
        evidence = [*strange, *lines] if first else [*lines, *strange]
        return Example(row["question"], tuple(evidence), _target(answer, numbers))

    def _strange(self, number: int, room: int, rng: Random) -> list[str]:
        """Sentences of another paragraph, of the same article where there is one."""
        near = [n for n in self._of_title[self.rows[number]["title"]] if n != number]
        other = rng.choice(near or [n for n in range(len(self.rows)) if n != number])
        sentences = self.rows[other]["sentences"]
        many = min(room, rng.randint(1, 2), len(sentences))
        start = rng.randint(0, len(sentences) - many)
        return list(sentences[start : start + many])


def _is_sound(row: dict[str, Any]) -> bool:
    """Whether each sentence of the answer cites sentences that there are."""
    count = len(row["sentences"])
    return count > 0 and all(
        part["sentences"] and all(1 <= n <= count for n in part["sentences"])
        for part in row["answer"]
    )


def _cited(answer: Sequence[dict[str, Any]]) -> list[int]:
    return sorted({place for part in answer for place in part["sentences"]})


def _shown(
    row: dict[str, Any], needed: Sequence[int], left_out: set[int], rng: Random
) -> list[int]:
    """Numbers of the paragraph's sentences that are shown, in its order."""
    rest = [
        place
        for place in range(1, len(row["sentences"]) + 1)
        if place not in needed and place not in left_out and rng.random() < _BESIDE
    ]
    room = max(0, _SHOWN - len(needed))
    return sorted([*needed, *rng.sample(rest, min(room, len(rest)))])


def _target(answer: Sequence[dict[str, Any]], numbers: dict[int, int]) -> str:
    """The answer's sentences with markers of the evidence as it is numbered."""
    return "\n".join(
        "".join(f"[{numbers[place]}]" for place in sorted(part["sentences"]))
        + f" {part['text'].strip()}"
        for part in answer
    )
