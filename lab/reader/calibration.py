"""Answerability as a probability, fitted on questions kept out of training."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import torch

from lab.logistic import logistic_fit
from lab.reader.data import Corpus, Example
from lab.reader.held_out import judge, marked_example
from lab.reader.marked import Marked
from lab.reader.negatives import LookAlikes, mentions_answer
from qa.evaluation.scoring import auroc, calibration_error
from qa.neural.processors import computes_bfloat16
from qa.neural.reader.reader_network import ReaderNetwork


def calibrate(
    network: ReaderNetwork,
    tokenizer: Any,
    held_out: Corpus,
    marked: Sequence[Marked] = (),
) -> dict[str, float]:
    """Fit answerability as a probability on held-out questions.

    A logistic regression on the judge's log-odds and the span's margin (Platt
    scaling with two features). Yes: a question on its paragraph. No: an
    unanswerable one on its paragraph, and an answerable one on the paragraph
    of the same corpus that looks most like it by BM25. Marked questions and their
    near misses count likewise.
    """
    examples = calibration_examples(held_out)
    asked = [item for item in marked if item.near_miss]
    examples += [
        marked_example(m, missed=missed) for m in asked for missed in (False, True)
    ]
    with (
        torch.no_grad(),
        torch.autocast("cpu", torch.bfloat16, enabled=computes_bfloat16()),
    ):
        judged = judge(network, tokenizer, examples)
    features = np.array([[j.answerable, j.margin] for j in judged])
    truth = np.array([float(e.answerable) for e in examples])
    *weights, bias = logistic_fit(features, truth, ridge=1.0)
    odds = features @ np.array(weights) + bias
    return {
        "answerable": weights[0],
        "span": weights[1],
        "bias": bias,
        "error": calibration_error((1 / (1 + np.exp(-odds))).tolist(), truth.tolist()),
        "auroc": auroc(odds[truth == 1], odds[truth == 0]),
        "examples": len(examples),
    }


def calibration_examples(held_out: Corpus) -> list[Example]:
    """Yes and no pairs from held-out questions."""
    near = LookAlikes(held_out.paragraphs)
    examples: list[Example] = []
    rng = Random(0)
    for question in held_out.questions:
        text = question.paragraph.text
        examples.append(Example(question.text, text, bool(question.answers)))
        if not question.answers or rng.random() < 0.5:
            continue
        others = [
            p.text
            for p in near.top(question.text, 6)
            if p.id != question.paragraph.id
            and not mentions_answer(p.text, question.answers)
        ]
        if others:
            examples.append(Example(question.text, others[0], answerable=False))
    return examples
