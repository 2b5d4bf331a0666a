"""From a network's logits to the words that answer best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.neural.pair_network import NEVER, Floats, Ints


def best_spans(
    spans: Floats, passage: NDArray[np.bool_], *, longest: int
) -> tuple[Ints, Ints, Floats]:
    """The best span of each pair.

    Args:
        spans: (B, T, 2) logits of first and last token.
        passage: (B, T), true where a span may lie.
        longest: Tokens of a span at most.

    Returns:
        First token, last token, and the span's score less that of no answer;
        each of shape (B,).
    """
    inside = np.where(passage[:, :, None], spans, np.float32(NEVER))
    table = inside[:, :, None, 0] + inside[:, None, :, 1]
    width = spans.shape[1]
    ordered = np.tril(np.triu(np.ones((width, width), bool)), longest - 1)
    flat = np.where(ordered, table, np.float32(4 * NEVER)).reshape(len(spans), -1)
    places = flat.argmax(axis=1)
    scores = np.take_along_axis(flat, places[:, None], axis=1)[:, 0]
    return places // width, places % width, scores - spans[:, 0].sum(axis=-1)
