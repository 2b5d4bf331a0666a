"""Examples to batches: tokens, targets, and batches of like length."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from lab.reader.data import Labelled
from lab.reader.model import IGNORED, NOWHERE, Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from lab.reader.data import Example

# subtle: matrix products are compiled once a shape; few shapes, few compilations
_STEP = 16
_CUT_OFF = Labelled(0, 0, belongs=None, direct=None)


def collate(tokenizer: Any, examples: Sequence[Example], *, longest: int) -> Batch:
    """Tokenise question and passage pairs; a passage too long loses its end.

    An answer that is cut off leaves the span loss, not the others.
    """
    encoded = tokenizer(
        [e.question for e in examples],
        [e.passage for e in examples],
        truncation="longest_first",
        max_length=longest,
        padding=True,
        pad_to_multiple_of=_STEP,
        return_offsets_mapping=True,
    )
    targets = [
        _span_tokens(e, encoded["offset_mapping"][row], encoded.sequence_ids(row))
        for row, e in enumerate(examples)
    ]
    sentences = [
        _sentence_tokens(
            e.marks, encoded["offset_mapping"][row], encoded.sequence_ids(row)
        )
        for row, e in enumerate(examples)
    ]
    # A sentence that was cut off has nothing to be judged by.
    marks = [
        [m if n in inside else _CUT_OFF for n, m in enumerate(e.marks)]
        for e, inside in zip(examples, map(set, sentences), strict=True)
    ]
    types = torch.tensor(encoded["token_type_ids"])
    passage = torch.tensor(
        [[i == 1 for i in encoded.sequence_ids(row)] for row in range(len(examples))]
    )
    return Batch(
        ids=torch.tensor(encoded["input_ids"]),
        mask=torch.tensor(encoded["attention_mask"]),
        types=types,
        passage=passage,
        start=torch.tensor([t[0] for t in targets]),
        end=torch.tensor([t[1] for t in targets]),
        answerable=torch.tensor([float(e.answerable) for e in examples]),
        relevant=torch.tensor(
            [
                float("nan") if e.relevant is None else float(e.relevant)
                for e in examples
            ]
        ),
        sentence=torch.tensor(sentences),
        belongs=_targets([[m.belongs for m in each] for each in marks]),
        group=torch.tensor([e.group for e in examples]),
        direct=_targets([[m.direct for m in each] for each in marks]),
    )


def numbered(draws: Iterable[Sequence[Example]], number: int) -> list[Example]:
    """So many examples, those of one draw in a group of their own; the last draw may
    lose some.
    """
    examples: list[Example] = []
    for group, drawn in enumerate(draws):
        examples += [replace(example, group=group) for example in drawn]
        if len(examples) >= number:
            break
    return examples[:number]


def batched(
    examples: Sequence[Example], size: int, order: Random
) -> Iterator[Sequence[Example]]:
    """Batches of like length in a shuffled order; what is of one group stands
    together, but where a batch ends.

    The order depends on `order` and the number of batches alone, so workers
    with the same seed meet batches of the same length at the same time.
    """
    longest: Counter[int] = Counter()
    for e in examples:
        longest[e.group] = max(longest[e.group], len(e.question) + len(e.passage))
    by_length = sorted(examples, key=lambda e: (longest[e.group], e.group))
    starts = list(range(0, len(by_length) - size + 1, size))
    order.shuffle(starts)
    for start in starts:
        yield by_length[start : start + size]


def _sentence_tokens(
    marks: Sequence[Labelled],
    offsets: Sequence[tuple[int, int]],
    parts: Sequence[int | None],
) -> list[int]:
    """For each token the number of its sentence, NOWHERE outside of them."""
    starts = [mark.start for mark in marks]
    found = []
    for part, (a, b) in zip(parts, offsets, strict=True):
        number = bisect_right(starts, a) - 1
        inside = part == 1 and b > a and number >= 0 and a < marks[number].end
        found.append(number if inside else NOWHERE)
    return found


def _targets(rows: Sequence[Sequence[bool | None]]) -> torch.Tensor:
    """(B, S) of 0 and 1, NaN where unknown or where a passage has fewer."""
    most = max(1, *map(len, rows)) if rows else 1
    nan = float("nan")
    return torch.tensor(
        [
            [*(nan if t is None else float(t) for t in row), *[nan] * (most - len(row))]
            for row in rows
        ]
    )


def _span_tokens(
    example: Example,
    offsets: Sequence[tuple[int, int]],
    parts: Sequence[int | None],
) -> tuple[int, int]:
    if not example.answerable:
        return 0, 0
    if example.span is None:
        return IGNORED, IGNORED
    start, end = example.span
    inside = [
        i for i, (a, b) in enumerate(offsets) if parts[i] == 1 and a < end and b > start
    ]
    if not inside or offsets[inside[-1]][1] < end:
        return IGNORED, IGNORED
    return inside[0], inside[-1]
