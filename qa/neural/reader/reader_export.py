"""A trained reader to a network that starts without torch, compared before use."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from qa.errors import ModelError
from qa.neural.exported import Stored
from qa.neural.exported.tracing import trace
from qa.neural.processors import threads_for_question
from qa.neural.reader.running import INPUTS, load_network, run_exported

MOST_APART: Final = 1e-3
"""Between two logits of the same pair."""
_LENGTHS: Final = (5, 17, 40, 96, 200, 256)


def export_reader(where: str, folder: Path) -> dict[str, Any]:
    """Export the reader in a folder; see ``Networks.make``.

    Returns:
        The greatest difference of two logits that was found.

    Raises:
        ModelError: It cannot be loaded or exported, or does not give the same.
    """
    import torch

    torch.set_num_threads(threads_for_question())
    network = load_network(Path(where), attention="eager")
    size = int(network.bert.config.vocab_size)
    longest = int(network.bert.config.max_position_embeddings)
    lengths = [length for length in _LENGTHS if length <= longest]
    trace(
        network,
        [torch.from_numpy(array) for array in _pairs(size, lengths[1], seed=0)],
        folder,
        names=INPUTS,
        outputs=["spans", "judged"],
    )
    exported = run_exported(Stored(folder, {}), threads=threads_for_question())
    apart = 0.0
    for seed, length in enumerate(lengths, 1):
        arrays = _pairs(size, length, seed=seed)
        with torch.inference_mode():
            wanted = network(*map(torch.from_numpy, arrays))
        for ours, theirs in zip(exported.logits(*arrays), wanted, strict=True):
            apart = max(apart, float(np.abs(ours - theirs.numpy()).max()))
    if not apart <= MOST_APART:
        raise ModelError(f"exported, its logits differ from its own by {apart:.2g}")
    return {"most_apart": apart}


def _pairs(size: int, length: int, *, seed: int) -> tuple[Any, Any, Any, Any]:
    """Four pairs of random words, a quarter question, the last half padding."""
    chance = np.random.default_rng(seed)
    ids = chance.integers(1, size, (4, length))
    mask = np.ones_like(ids)
    mask[-1, length // 2 + 1 :] = 0
    types = np.zeros_like(ids)
    types[:, length // 4 + 1 :] = 1
    types *= mask
    passage = types.astype(bool)
    return ids * mask, mask, types, passage
