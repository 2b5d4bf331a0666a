"""From a trained adapter to the GGUF file that llama.cpp lays over the generator."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors.numpy import load_file

from lab.errors import TrainingError
from lab.training.checkpoint import FORMAT, write_json
from lab.writer.train import TARGETS
from qa.wiring.model_files import ADAPTER, WRITER

_NAME: Final = re.compile(
    r".*\.layers\.(?P<layer>\d+)\.\w+\.(?P<target>\w+)\.lora_(?P<side>[AB])\.\w+\.weight"
)


def export(
    averaged: Path, gguf: Path, out: Path, *, alpha: float, figures: dict[str, float]
) -> dict[str, Any]:
    """Write the folder that the product loads, its settings last.

    Args:
        averaged: Weights of the adapter, named as ``peft`` names them.
        gguf: The generator that it was trained on.
        out: Where to; a model card that is there stays.
        alpha: Of the adapter.
        figures: What was measured.

    Returns:
        What was written to ``writer.json``.

    Raises:
        TrainingError: The folder cannot be written.
    """
    settings = {
        "format": FORMAT,
        "generator": sha256(gguf.read_bytes()).hexdigest(),
        "figures": figures,
    }
    partial = out / f"{ADAPTER}.partial"
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_adapter(averaged, gguf, partial, alpha)
        settings["sha256"] = sha256(partial.read_bytes()).hexdigest()
        partial.replace(out / ADAPTER)
        write_json(settings, out / WRITER)
    except OSError as exc:
        raise TrainingError(
            f"{out}: the adapter cannot be written there ({exc.strerror}); name "
            "another folder with --out, with the same --work nothing is trained anew"
        ) from exc
    return settings


def write_adapter(averaged: Path, gguf: Path, out: Path, alpha: float) -> None:
    """Write a LoRA adapter as llama.cpp reads it, float16.

    Args:
        averaged: Its weights, named as ``peft`` names them.
        gguf: The generator that it was trained on.
        out: The file to write.
        alpha: Of the adapter; llama.cpp divides it by the rank.
    """
    from gguf import GGUFReader, GGUFWriter

    fields = GGUFReader(gguf).fields
    architecture = fields["general.architecture"].contents()
    heads = {
        "q_proj": int(fields[f"{architecture}.attention.head_count"].contents()),
        "k_proj": int(fields[f"{architecture}.attention.head_count_kv"].contents()),
    }
    writer = GGUFWriter(str(out), architecture)
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, tensor in sorted(load_file(averaged).items()):
        found = _NAME.fullmatch(name)
        assert found is not None, name  # noqa: S101 - peft's own names
        target, side = found["target"], found["side"]
        if side == "B" and target in heads:
            tensor = rotated(tensor, heads[target])  # noqa: PLW2901
        writer.add_tensor(
            f"blk.{found['layer']}.{TARGETS[target]}.weight.lora_{side.lower()}",
            tensor.astype(np.float16),
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def rotated(tensor: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a projection as llama.cpp orders them: a head's two halves in turn.

    Rotary positions turn pairs of places; transformers pairs a place with the one half
    a head further, llama.cpp with its neighbour.

    Args:
        tensor: Shape (heads * size, R).
        heads: Of the attention.

    Returns:
        The same shape.
    """
    rows, rest = tensor.shape
    parts = tensor.reshape(heads, 2, rows // heads // 2, rest)
    return np.ascontiguousarray(parts.swapaxes(1, 2).reshape(rows, rest))
