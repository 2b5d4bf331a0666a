"""From a network's logits of tokens to those of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from qa.neural.reader.span_decoding import Floats
from qa.schema import Span

UNSEEN: Final = -30.0
"""Log-odds of a sentence of which a window holds no token."""


def sentence_odds(
    tokens: Floats, offsets: Sequence[tuple[int, int]], sentences: Sequence[Span]
) -> Floats:
    """The mean of each sentence's tokens.

    Args:
        tokens: (T, C) logits of a window's tokens.
        offsets: The characters of each, in the passage.
        sentences: In the passage's characters.

    Returns:
        (S, C); ``UNSEEN`` for a sentence without a token here.
    """
    starts = np.array([start for start, _ in offsets])
    first = np.searchsorted(starts, [span.start for span in sentences])
    last = np.searchsorted(starts, [span.end for span in sentences])
    sums = np.concatenate((np.zeros((1, tokens.shape[1])), tokens.cumsum(axis=0)))
    counts = (last - first)[:, None]
    means = (sums[last] - sums[first]) / np.maximum(1, counts)
    return np.where(counts > 0, means, UNSEEN).astype(np.float32)
