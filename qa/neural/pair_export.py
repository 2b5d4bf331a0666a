"""A trained network over pairs to one that starts without torch, compared with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from qa.errors import ModelError
from qa.neural.exported import Stored
from qa.neural.exported.tracing import trace
from qa.neural.judge.trained import INPUTS as JUDGE_INPUTS
from qa.neural.pair_network import load_network, run_exported
from qa.neural.processors import threads_for_question
from qa.neural.reader.span import INPUTS as READER_INPUTS

MOST_APART: Final = 1e-3
"""Between two logits of the same pair."""
_LENGTHS: Final = (5, 17, 40, 96, 200, 256)


def export_reader(where: str, folder: Path) -> dict[str, Any]:
    """Export the reader in a folder; see ``Networks.make``."""
    from qa.neural.reader.reader_network import ReaderNetwork

    outputs = ("spans", "judged")
    return _export(where, folder, ReaderNetwork, READER_INPUTS, outputs, second=True)


def export_judge(where: str, folder: Path) -> dict[str, Any]:
    """Export the judge in a folder; see ``Networks.make``."""
    from qa.neural.judge.judge_network import JudgeNetwork

    outputs = ("support", "objection")
    return _export(where, folder, JudgeNetwork, JUDGE_INPUTS, outputs, second=False)


def _export(
    where: str,
    folder: Path,
    kind: Callable[[Any], Any],
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    second: bool,
) -> dict[str, Any]:
    """Export, and compare with torch.

    Args:
        where: The network's own folder.
        folder: Gets the exported one.
        kind: Makes the network of its body.
        inputs: Their names.
        outputs: Theirs.
        second: Whether its heads look at the second text.

    Returns:
        The greatest difference of two logits that was found.

    Raises:
        ModelError: It cannot be loaded or exported, or does not give the same.
    """
    import torch

    torch.set_num_threads(threads_for_question())
    network = load_network(Path(where), kind, attention="eager")
    size = int(network.bert.config.vocab_size)
    longest = int(network.bert.config.max_position_embeddings)
    lengths = [length for length in _LENGTHS if length <= longest]
    example = map(torch.from_numpy, _pairs(size, lengths[1], seed=0, second=second))
    trace(network, [*example], folder, names=inputs, outputs=outputs)
    stored = Stored(folder, {})
    exported = run_exported(stored, inputs, threads=threads_for_question())
    apart = 0.0
    for seed, length in enumerate(lengths, 1):
        arrays = _pairs(size, length, seed=seed, second=second)
        with torch.inference_mode():
            wanted = network(*map(torch.from_numpy, arrays))
        for ours, theirs in zip(exported.logits(*arrays), wanted, strict=True):
            apart = max(apart, float(np.abs(ours - theirs.numpy()).max()))
    if not apart <= MOST_APART:
        raise ModelError(f"exported, its logits differ from its own by {apart:.2g}")
    return {"most_apart": apart}


def _pairs(
    size: int, length: int, *, seed: int, second: bool
) -> tuple[Any, Any, Any, Any]:
    """Four pairs of random words, a quarter first text, the last half padding."""
    chance = np.random.default_rng(seed)
    ids = chance.integers(1, size, (4, length))
    mask = np.ones_like(ids)
    mask[-1, length // 2 + 1 :] = 0
    types = np.zeros_like(ids)
    types[:, length // 4 + 1 :] = 1
    types *= mask
    seen = types.astype(bool) if second else (types == 0) & (mask == 1)
    return ids * mask, mask, types, seen
