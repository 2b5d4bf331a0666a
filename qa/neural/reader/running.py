"""What computes a reader's logits: torch, or an exported network without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.neural.exported import Network, Stored
from qa.neural.processors import computes_bfloat16, usable_cores
from qa.neural.reader.span_decoding import Floats, Ints
from qa.neural.reader.stored import FILES

INPUTS: Final = ("ids", "mask", "types", "passage")
_EXPORTED_TOKENS: Final = 2048
_TORCH_TOKENS: Final = 1024


@dataclass(frozen=True, slots=True)
class Run:
    """What computes logits.

    Attributes:
        logits: Ids, mask, types and passage, each (B, T), to span logits and the
            judge's; see ``ReaderNetwork.forward``.
        batch_tokens: How many tokens, with padding, it is fastest with.
        workers: How many calls at a time.
    """

    logits: Callable[[Ints, Ints, Ints, NDArray[np.bool_]], tuple[Floats, Floats]]
    batch_tokens: int
    workers: int = 1


def run_exported(stored: Stored, *, threads: int) -> Run:
    """By a network that ``reader.export`` made.

    Raises:
        ModelError: It cannot be run.
    """
    network = Network(stored, threads=threads)

    def run(
        ids: Ints, mask: Ints, types: Ints, passage: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        values = (ids, mask, types, passage)
        spans, judged = network.run(dict(zip(INPUTS, values, strict=True)))
        return spans, judged

    return Run(run, _EXPORTED_TOKENS)


def run_in_torch(folder: Path) -> Run:
    """By torch, the body in bfloat16 where the processor computes in it.

    Raises:
        ModelError: The weights cannot be loaded.
    """
    import torch

    network = load_network(folder)
    if computes_bfloat16():
        network.bert.to(torch.bfloat16)

    def run(
        ids: Ints, mask: Ints, types: Ints, passage: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        torch.set_num_threads(1)  # torch keeps this for each thread
        values = map(torch.from_numpy, (ids, mask, types, passage))
        with torch.inference_mode():
            spans, judged = network(*values)
        return spans.numpy(), judged.numpy()

    return Run(run, _TORCH_TOKENS, max(1, usable_cores() - 1))


def load_network(folder: Path, *, attention: str = "sdpa") -> Any:
    """The network with its weights, in float32, ready to run.

    Args:
        folder: The reader's.
        attention: How transformers computes it; ``eager`` exports best.

    Raises:
        ModelError: They cannot be loaded.
    """
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    from qa.neural.reader.reader_network import ReaderNetwork

    weights, config, _ = (folder / name for name in FILES)
    try:
        settings = BertConfig.from_json_file(config)
        settings._attn_implementation = attention  # noqa: SLF001 - its only way in
        network = ReaderNetwork(BertModel(settings, add_pooling_layer=False))
        network.load_state_dict(load_file(weights))
    except OSError as exc:
        raise ModelError(
            f"{folder}: the reader cannot be loaded ({exc}); install or train it again"
        ) from exc
    return network.eval()
