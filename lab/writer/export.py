"""A trained adapter to the GGUF file that llama.cpp applies to its model."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors.numpy import load_file

from lab.errors import TrainingError
from lab.training.checkpoint import write_json
from lab.writer.train import Plan
from qa.neural.generation.writer import ADAPTER, SETTINGS

_NAME: Final = re.compile(
    r"layers\.(?P<block>\d+)\.\w+\.(?P<layer>\w+)_proj\.lora_(?P<side>[AB])\."
)
_GGUF: Final = {
    "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output",
    "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down",
}  # fmt: skip

Array = np.ndarray[Any, np.dtype[Any]]


def export(model: Path, averaged: Path, plan: Plan, out: Path) -> dict[str, Any]:
    """Write an adapter's folder that the product loads.

    Args:
        model: The GGUF file that the adapter was trained on.
        averaged: The adapter's weights.
        out: Where to; a model card that is there stays.

    Returns:
        What was written beside the adapter.

    Raises:
        TrainingError: The folder cannot be written.
    """
    from gguf import GGUFReader, GGUFWriter

    fields = GGUFReader(model).fields
    name = fields["general.architecture"].contents()
    heads = {
        "q": fields[f"{name}.attention.head_count"].contents(),
        "k": fields[f"{name}.attention.head_count_kv"].contents(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        writer = GGUFWriter(out / ADAPTER, name)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", float(plan.alpha))
        for tensor, values in gguf_tensors(load_file(averaged), heads).items():
            writer.add_tensor(tensor, values.astype(np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        written = {
            "format": 1,
            "sha256": sha256((out / ADAPTER).read_bytes()).hexdigest(),
            "generator": {
                "bytes": model.stat().st_size,
                "sha256": sha256(model.read_bytes()).hexdigest(),
            },
        }
        write_json(written, out / SETTINGS)
    except OSError as exc:
        raise TrainingError(
            f"{out}: the adapter cannot be written there ({exc.strerror}); name "
            "another folder with --out, with the same --work nothing is trained anew"
        ) from exc
    return written


def gguf_tensors(weights: dict[str, Array], heads: dict[str, int]) -> dict[str, Array]:
    """Tensors under llama.cpp's names, in its order of rows.

    Args:
        weights: Under peft's names.
        heads: Number of heads by "q" and "k".
    """
    tensors = {}
    for name, values in sorted(weights.items()):
        found = _NAME.search(name)
        if found is None:
            raise TrainingError(f"{name}: is no part of an adapter")
        layer, side = found["layer"], found["side"]
        place = f"blk.{found['block']}.{_GGUF[layer]}.weight.lora_{side.lower()}"
        turned = side == "B" and layer in heads
        tensors[place] = _interleaved(values, heads[layer]) if turned else values
    return tensors


def _interleaved(rows: Array, heads: int) -> Array:
    """Rows of a query's or key's projection as llama.cpp turns them by position: the
    two halves of a head, which transformers keeps apart, alternate.
    """
    halves = rows.reshape(heads, 2, -1, rows.shape[1])
    return halves.swapaxes(1, 2).reshape(rows.shape)
