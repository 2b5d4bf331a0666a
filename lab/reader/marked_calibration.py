"""A sentence's logits as probabilities, fitted on questions kept out of training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from lab.logistic import logistic_fit
from lab.reader.data import Example, Paragraph
from lab.reader.held_out import judge, marked_example
from lab.reader.marked import Marked
from lab.reader.negatives import LookAlikes
from qa.evaluation.scoring import auroc
from qa.neural.processors import computes_bfloat16
from qa.neural.reader.reader_network import ReaderNetwork

_AS_TRAINED = {"weight": 1.0, "bias": 0.0}


def calibrate_sentences(
    network: ReaderNetwork, tokenizer: Any, marked: Sequence[Marked]
) -> dict[str, Any]:
    """Fit each of the two logits of a sentence (Platt scaling).

    Yes: the sentences that belong, or that state the answer. No: the others of the
    paragraph, and all under its near miss and of a look-alike of the other questions.

    Returns:
        What ``reader.json`` says of sentences; as trained where nothing is marked.
    """
    known = [item for item in marked if item.complete and item.near_miss]
    if not known:
        return {"belongs": _AS_TRAINED, "direct": _AS_TRAINED}
    examples, golds = _asked(known)
    with (
        torch.no_grad(),
        torch.autocast("cpu", torch.bfloat16, enabled=computes_bfloat16()),
    ):
        judged = judge(network, tokenizer, examples)
    found: dict[str, Any] = {}
    for name, place in (("belongs", 0), ("direct", 1)):
        values = np.array([v for j in judged for v in getattr(j, name)])
        truth = np.array(
            [
                float(number in gold[place])
                for gold, example in zip(golds, examples, strict=True)
                for number in range(len(example.sentences))
            ]
        )
        weight, bias = logistic_fit(values[:, None], truth, ridge=1.0)
        figure = auroc(values[truth == 1].tolist(), values[truth == 0].tolist())
        found[name] = {"weight": weight, "bias": bias, "auroc": figure}
    return {**found, "examples": len(examples)}


_Gold = tuple[frozenset[int], frozenset[int]]


def _asked(known: Sequence[Marked]) -> tuple[list[Example], list[_Gold]]:
    """Each question on its paragraph and on a look-alike, and each near miss."""
    paragraphs = [
        Paragraph(str(n), item.title, item.text) for n, item in enumerate(known)
    ]
    near = LookAlikes(paragraphs)
    examples: list[Example] = []
    golds: list[_Gold] = []
    nothing: _Gold = (frozenset(), frozenset())
    for item in known:
        examples += [marked_example(item), marked_example(item, missed=True)]
        golds += [(item.gold, item.direct), nothing]
        others = [p for p in near.top(item.question, 4) if p.title != item.title]
        if others:
            other = known[int(others[0].id)]
            examples.append(marked_example(other, question=item.question))
            golds.append(nothing)
    return examples, golds
