"""A torch module to a graph file: needs torch, runs at export only."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.neural.exported.store import GRAPH

_OPSET = 17
_WEIGHTS = "weights.bin"


def trace(
    module: Any,
    inputs: Sequence[Any],
    folder: Path,
    *,
    names: Sequence[str],
    outputs: Sequence[str],
) -> None:
    """Write a module's graph, with any number of rows and tokens.

    Args:
        module: Takes the inputs in order; in evaluation mode.
        inputs: Example tensors of shape (rows, tokens).
        folder: Gets the file.
        names: Of the inputs.
        outputs: Of what the module returns.

    Raises:
        ModelError: The module does something that cannot be exported.
    """
    import onnx
    import torch

    axes = {name: {0: "rows", 1: "tokens"} for name in names}
    axes |= {name: {0: "rows"} for name in outputs}
    try:
        with torch.inference_mode(), warnings.catch_warnings():
            # What tracing warns of, the comparison of outputs would show.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                tuple(inputs),
                str(folder / GRAPH),
                dynamo=False,
                opset_version=_OPSET,
                input_names=list(names),
                output_names=list(outputs),
                dynamic_axes=axes,
            )
    except Exception as exc:  # tracing runs a model's code
        raise ModelError(f"cannot be exported ({type(exc).__name__}: {exc})") from exc
    # Weights in a file of their own are mapped: what is not touched takes no memory.
    graph = onnx.load(folder / GRAPH)
    (folder / GRAPH).unlink()
    onnx.save_model(
        graph,
        folder / GRAPH,
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=_WEIGHTS,
        size_threshold=1024,
    )
