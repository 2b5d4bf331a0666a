"""The figures of a ranking and of a found span, against plain definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.scoring import auroc, span_f1

scores = st.lists(st.floats(-5, 5).map(lambda x: round(x, 1)), min_size=1)


@given(scores, scores)
def test_auroc_counts_pairs(positive, negative):
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))


def test_auroc_of_one_side_alone_is_no_number():
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(auroc([1.0], []))


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [
        ("the Cat!", ["cat"], 1.0),
        ("a cat sat", ["cat sat down", "x"], 0.8),
        ("dog", ["cat"], 0.0),
        ("dog", [], 0.0),
        ("", ["the"], 1.0),
    ],
)
def test_span_f1_is_squads(said, answers, expected):
    assert span_f1(said, answers) == pytest.approx(expected)
