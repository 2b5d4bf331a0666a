"""What the writer learns from: a question, numbered sentences, an answer that cites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from lab.errors import TrainingError
from lab.essays import ESSAYS
from lab.judge.sources import read_lines
from lab.notes import NOTES
from qa.answering.prompting import (
    ANSWER_VARIABLES,
    PromptTemplate,
    answer_prompt,
    find_prompts,
)
from qa.language.text import content_stems
from qa.neural.generation.chat_format import ChatTokens
from qa.neural.judge import Judge
from qa.schema import Strictness
from qa.verification import share_in_order
from qa.verification.verifier import malformed

_NEAR: Final = 0.65
"""Share of an answer's words that its sources have in the same order, at least: a
small model that is taught to say it all in other words makes things up."""
_FEWEST: Final = 5
_SAID: Final = 2
"""Sentences of an answer: those that come later bear on the question less."""
_ALSO: Final = (0, 0, 1, 1, 2)
"""How many sentences that answer nothing stand among those that do."""
_MOST: Final = 6
_BLOCK: Final = 128
"""Pairs of which the judge is told at once."""
NOTHING: Final = -100
"""The target of a token that is not learnt from."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A question, the sentences of a paragraph, and what is said of which of them.

    Attributes:
        said: Sentences of the answer, each with the numbers, from 0, of those it
            rests on.
    """

    question: str
    sentences: tuple[str, ...]
    said: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens, and of each the one that is to follow it, ``NOTHING`` in the prompt."""

    ids: tuple[int, ...]
    targets: tuple[int, ...]


def taught(shared: Path, judge: Judge) -> list[Taught]:
    """What is worth learning from of all that was written by hand.

    A sentence counts if the judge would let it be said and it keeps near its source:
    what the product would not show is not to be learnt.
    """
    files = (shared / "train" / "written" / "train.jsonl", ESSAYS, NOTES)
    return worth([row for file in files for row in read_lines(file)], judge)


def held_out(shared: Path, judge: Judge) -> list[Taught]:
    """The like of ``written/dev``."""
    return worth(read_lines(shared / "train" / "written" / "dev.jsonl"), judge)


def worth(rows: Sequence[dict[str, Any]], judge: Judge) -> list[Taught]:
    """See ``taught``."""
    claims = [(row, said) for row in rows for said in row["answer"]]
    pairs = [
        (said["text"], " ".join(row["sentences"][n - 1] for n in said["sentences"]))
        for row, said in claims
    ]
    bar = judge.needed(Strictness.BALANCED)
    supports = [
        opinion.support
        for first in range(0, len(pairs), _BLOCK)
        for opinion in judge.weigh(pairs[first : first + _BLOCK])
    ]
    kept: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
    for (row, said), (text, source), support in zip(
        claims, pairs, supports, strict=True
    ):
        near = share_in_order(text, source) >= _NEAR
        whole = malformed(text) is None and len(text.split()) >= _FEWEST
        if support >= bar and near and whole:
            numbers = tuple(n - 1 for n in said["sentences"])
            kept.setdefault(id(row), []).append((text, numbers))
    made = [
        Taught(row["question"], tuple(row["sentences"]), tuple(kept[id(row)][:_SAID]))
        for row in rows
        if id(row) in kept
    ]
    return [row for row in made if _stands_alone(row)]


def _stands_alone(row: Taught) -> bool:
    """Whether the answer says what it is about: "The caves, 85 against 140 for the
    coast." answers who has just asked, and nobody who reads it by itself.
    """
    first, _ = row.said[0]
    return bool(set(content_stems(row.question)) & set(content_stems(first)))


def chosen(row: Taught, rng: Random) -> tuple[list[str], str]:
    """The sentences as the product would number them, and the answer with its marks.

    What answers first leads, the others follow as they stand in their paragraph,
    among them some that answer nothing.
    """
    gold = list(dict.fromkeys(n for _, numbers in row.said for n in numbers))
    others = [n for n in range(len(row.sentences)) if n not in gold]
    also = rng.sample(others, min(len(others), rng.choice(_ALSO)))
    order = [gold[0], *sorted({*gold[1:], *also})][:_MOST]
    parts = []
    for text, numbers in row.said:
        if set(numbers) <= set(order):
            marks = "".join(f"[{order.index(n) + 1}]" for n in sorted(numbers))
            parts.append(f"{text[:-1].rstrip()} {marks}{text[-1]}")
    return [row.sentences[n] for n in order], " ".join(parts)


class Teacher:
    """Makes examples, through the prompt and the tokens of the product.

    Args:
        llama: A ``llama_cpp.Llama`` of the model to be taught; its vocabulary will do.
    """

    def __init__(self, llama: Any) -> None:
        self._tokens = ChatTokens(llama)
        self._end = int(llama.token_eos())
        path = find_prompts() / "write.md"
        self._template = PromptTemplate(path, ANSWER_VARIABLES)

    def example(self, row: Taught, rng: Random) -> Example:
        """One way to ask it."""
        sentences, answer = chosen(row, rng)
        prompt = answer_prompt(self._template, row.question, sentences)
        before = self._tokens.of([[m.role, m.content] for m in prompt.messages])
        said = [*self._tokens.of_text(answer), self._end]
        targets = [NOTHING] * (len(before) - 1) + said
        return Example(tuple(before + said[:-1]), tuple(targets))

    def batches(
        self, rows: Sequence[Taught], size: int, seed: int
    ) -> Iterator[list[Example]]:
        """Batches without end, each of like length; of equal seeds the same ones.

        Raises:
            TrainingError: There are fewer rows than a batch takes.
        """
        if len(rows) < size:
            raise TrainingError(f"{len(rows)} answers to learn from: less than a batch")
        epoch = 0
        while True:
            rng = Random(f"{seed} {epoch}")
            examples = [self.example(row, rng) for row in rng.sample(rows, len(rows))]
            chunk = min(16, len(rows) // size) * size
            made = []
            for first in range(0, len(examples) - chunk + 1, chunk):
                near = sorted(examples[first : first + chunk], key=lambda e: len(e.ids))
                parts = [near[at : at + size] for at in range(0, chunk, size)]
                rng.shuffle(parts)
                made += parts
            yield from made
            epoch += 1
