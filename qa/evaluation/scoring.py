"""The figures of rankings, probabilities and spans; pure."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half.

    The Mann-Whitney statistic; 0.5 is a coin, NaN says that one side is empty.
    """
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(np.asarray(negative, dtype=np.float64))
    below = np.searchsorted(ordered, positive, side="left")
    up_to = np.searchsorted(ordered, positive, side="right")
    return float(np.mean(below + up_to) / 2 / len(ordered))


def calibration_error(
    chances: Sequence[float], truths: Sequence[float], bins: int = 10
) -> float:
    """Expected calibration error of probabilities, over bins of equal count.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", with bins of
    equal mass instead of equal width.

    Args:
        chances: Probabilities.
        truths: 1 where it was so, else 0; as many.
        bins: At most so many.
    """
    chance, truth = np.asarray(chances), np.asarray(truths, dtype=np.float64)
    groups = np.array_split(np.argsort(chance, kind="stable"), bins)
    gaps = (abs(chance[g].mean() - truth[g].mean()) * len(g) for g in groups if len(g))
    return float(sum(gaps) / len(truth))


def span_f1(predicted: str, answers: Sequence[str]) -> float:
    """Word overlap with the best of the answers, 0 to 1, as SQuAD counts it.

    Rajpurkar et al. 2016, section 6.1: lower case, no punctuation, no articles.
    """
    said = _words(predicted)
    return max((_f1(said, _words(answer)) for answer in answers), default=0.0)


def _words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _f1(predicted: Sequence[str], answer: Sequence[str]) -> float:
    if not predicted or not answer:
        return float(predicted == answer)
    shared = (Counter(predicted) & Counter(answer)).total()
    return 2 * shared / (len(predicted) + len(answer))
