"""What the writer learns from: a question and sentences, and the answer to write.

A small model that learns to write freely learns to invent. So it is shown only
sentences that say what their source says with few words that are not in it: those of
answers written by hand, and sentences of news that teachers made plainer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from lab.errors import TrainingError
from lab.judge.sources import read_lines
from qa.language.text import content_stems, is_content, tokens

_NEW: Final = 0.25
"""Share of a sentence's words that neither its source nor the question has, at most."""
_BESIDE: Final = 0.25
"""How often a sentence that the answer does not need is shown."""
_STRANGER: Final = 0.3
"""How often a sentence of another text is shown."""
_FEWEST, _MOST = 3, 5
"""Words of a question made for a sentence that has none."""


@dataclass(frozen=True, slots=True)
class Example:
    """What is shown, and what is to be written.

    Attributes:
        answer: Sentences, one a line, each after the numbers of its sources.
    """

    question: str
    evidence: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences and what may be written of them.

    Attributes:
        question: Empty where nobody asked one.
        told: Sentences in other words, each with the numbers of its sources.
    """

    question: str
    sentences: tuple[str, ...]
    told: tuple[tuple[str, tuple[int, ...]], ...]


def read_rows(train: Path, part: str) -> list[Row]:
    """The rows of one part, ``train`` or ``dev``.

    Raises:
        TrainingError: There are none to learn from.
    """
    written = [
        _lightly(Row(row["question"], tuple(row["sentences"]), _told(row["answer"])))
        for row in read_lines(train / "written" / f"{part}.jsonl")
    ]
    plainer = [
        _lightly(Row("", (row["source"],), ((row["target"], (1,)),)))
        for row in read_lines(train / "pairs" / f"onestop_{part}.jsonl")
    ]
    if rows := [row for row in (*written, *plainer) if row.told]:
        return rows
    raise TrainingError(
        f"{train}: no sentence of the part {part!r} says its source in few new words; "
        "see docs/training.md for what belongs there"
    )


def _told(answer: Sequence[dict[str, Any]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((p["text"].strip(), tuple(sorted(p["sentences"]))) for p in answer)


def _lightly(row: Row) -> Row:
    """The row with what is told in few new words; some, since copies teach nothing."""
    asked = content_stems(row.question)
    told = []
    for text, places in row.told:
        if not places or not all(0 < n <= len(row.sentences) for n in places):
            continue
        source = " ".join(row.sentences[n - 1] for n in places)
        stems = set(content_stems(text))
        new = stems - {*content_stems(source), *asked}
        if new and len(new) <= _NEW * len(stems):
            told.append((text, places))
    return Row(row.question, row.sentences, tuple(told))


class Drawing:
    """Makes examples of rows, each time another of a row."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def draw(self, number: int, rng: Random) -> Example:
        """An example of one row."""
        row = self._rows[number]
        needed = {place for _, places in row.told for place in places}
        shown = [
            place
            for place in range(1, len(row.sentences) + 1)
            if place in needed or rng.random() < _BESIDE
        ]
        evidence = [row.sentences[place - 1] for place in shown]
        before = 0
        if rng.random() < _STRANGER:
            before = rng.randint(0, 1)
            stranger = rng.choice(rng.choice(self._rows).sentences)
            evidence.insert(0 if before else len(evidence), stranger)
        numbers = {place: before + n for n, place in enumerate(shown, 1)}
        question = row.question or _question(row.sentences[0], rng)
        return Example(question, tuple(evidence), _target(row, numbers))


def _question(sentence: str, rng: Random) -> str:
    """Some words of a sentence, as people type them into a search box."""
    words = [word.lower() for word in tokens(sentence) if is_content(word)]
    many = min(len(words), rng.randint(_FEWEST, _MOST))
    return " ".join(words[n] for n in sorted(rng.sample(range(len(words)), many)))


def _target(row: Row, numbers: dict[int, int]) -> str:
    """What is told, with markers of the evidence as it is numbered."""
    return "\n".join(
        "".join(f"[{numbers[place]}]" for place in places) + f" {text}"
        for text, places in row.told
    )
