"""Examples to batches of token ids, the same at every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from random import Random

import torch
from torch import Tensor

from lab.writer.examples import Drawing, Example
from qa.answering.prompting import (
    ANSWER_VARIABLES,
    PromptTemplate,
    answer_prompt,
    find_prompts,
)
from qa.neural.generation.chat_tokens import ChatTokens

IGNORED = -100
_CHUNK = 8
"""Batches whose examples are sorted by length together, to pad little."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids, padded on the right, and what is to be said after each.

    Attributes:
        targets: Ids shifted by one; ``IGNORED`` outside of the answer.
    """

    ids: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(self.ids.to(device), self.targets.to(device))


class Encoder:
    """Turns examples into token ids, by the product's own prompt and tokenizer."""

    def __init__(self, model: Path) -> None:
        from llama_cpp import Llama

        llama = Llama(str(model), vocab_only=True, verbose=False)
        self._end = llama.token_eos()
        self._chat = ChatTokens(llama)
        self._template = PromptTemplate(find_prompts() / "write.md", ANSWER_VARIABLES)

    def encode(self, example: Example) -> tuple[list[int], list[int]]:
        """The ids of the prompt and of the answer, its end with it."""
        prompt = answer_prompt(self._template, example.question, example.evidence)
        messages = [[m.role, m.content] for m in prompt.messages]
        answer = self._chat.plain(example.answer)
        return self._chat.tokens(messages), [*answer, self._end]


def collate(pairs: list[tuple[list[int], list[int]]]) -> Batch:
    """Pad to the longest; the causal mask hides what is on the right."""
    longest = max(len(prompt) + len(answer) for prompt, answer in pairs) - 1
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    targets = torch.full((len(pairs), longest), IGNORED)
    for row, (prompt, answer) in enumerate(pairs):
        whole = torch.tensor([*prompt, *answer])
        ids[row, : len(whole) - 1] = whole[:-1]
        first = len(prompt) - 1
        targets[row, first : len(whole) - 1] = whole[first + 1 :]
    return Batch(ids, targets)


def batches(
    drawing: Drawing, encoder: Encoder, *, size: int, seed: int, first: int = 0
) -> Iterator[Batch]:
    """Batches without end, from one's number on.

    Each row comes once a round; a round is shuffled, and another example of each row.
    """
    rows = _rows(len(drawing), seed)
    for chunk in count():
        drawn = list(islice(rows, size * _CHUNK))
        start = chunk * _CHUNK
        if start + _CHUNK <= first:
            continue
        pairs = [
            encoder.encode(drawing.draw(n, Random(f"{seed} {turn} {n}")))
            for turn, n in drawn
        ]
        pairs.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
        parts = [pairs[at : at + size] for at in range(0, len(pairs), size)]
        Random(f"{seed} {start}").shuffle(parts)
        yield from map(collate, parts[max(0, first - start) :])


def _rows(many: int, seed: int) -> Iterator[tuple[int, int]]:
    """Numbers of rows without end, each with its round."""
    for turn in count():
        order = list(range(many))
        Random(f"{seed} {turn}").shuffle(order)
        yield from ((turn, number) for number in order)
