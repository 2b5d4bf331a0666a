"""A sentence-transformers model at its fastest, for builds: in bfloat16, on a GPU.

It takes the same token ids as the exported network, in batches of like length.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.neural.embedding.quick import INPUTS, Run
from qa.neural.processors import computes_bfloat16, usable_cores

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LEAST_COSINE: Final = 0.9999
"""Of a vector in bfloat16 with the same one in float32."""
_PROBES: Final = (8, 64)
"""Texts and tokens that this is tried on."""
_BATCH_TOKENS: Final = 1024
_WORKERS: Final = 8
"""Batches computed side by side at most; each takes some tens of megabytes."""


def run_in_torch(where: str) -> Run:
    """What computes vectors of token ids; loads the model.

    Raises:
        ModelError: The model cannot be loaded.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        model = SentenceTransformer(where)
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise ModelError(
            f"the embedder {where} cannot be loaded ({exc}); "
            "check the setting `embedder`"
        ) from exc
    lighter = _in_bfloat16(model) if _is_native(model) else None
    light, model = lighter is not None, lighter or model
    cores = usable_cores()
    workers = min(cores, _WORKERS) if model.device.type == "cpu" else 1

    def run(inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        # Torch keeps this number for each thread.
        torch.set_num_threads(cores // workers)
        return _vectors(model, inputs, light=light)

    return Run(run, _BATCH_TOKENS, workers)


def _is_native(model: SentenceTransformer) -> bool:
    import torch

    if model.device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return model.device.type == "cpu" and computes_bfloat16()


def _in_bfloat16(model: SentenceTransformer) -> SentenceTransformer | None:
    """A copy that multiplies in half the bits; None if that changes its vectors.

    Only the weights of matrix products are rounded: what is added up, normalised and
    averaged stays in float32. Rounding all is a sixth faster and takes short texts to
    a cosine of .9998.
    """
    import torch

    chance = np.random.default_rng(0)
    ids = chance.integers(5, len(model.tokenizer), _PROBES)
    lengths = np.linspace(3, _PROBES[1], _PROBES[0]).astype(int)
    mask = (np.arange(_PROBES[1]) < lengths[:, None]).astype(np.int64)
    probe = dict(zip(INPUTS, (ids * mask, mask, np.zeros_like(ids)), strict=True))
    lighter = deepcopy(model)
    for module in lighter.modules():
        if isinstance(module, torch.nn.Linear):
            module.to(torch.bfloat16)
    pairs = _vectors(model, probe, light=False), _vectors(lighter, probe, light=True)
    full, light = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in pairs)
    return lighter if (full * light).sum(axis=1).min() >= LEAST_COSINE else None


def _vectors(
    model: SentenceTransformer,
    inputs: Mapping[str, NDArray[np.int64]],
    *,
    light: bool,
) -> NDArray[np.float32]:
    """What a model says of token ids: float32, shape (texts, dimension)."""
    import torch

    device = model.device
    ids, mask, types = (torch.from_numpy(inputs[name]).to(device) for name in INPUTS)
    features = {"input_ids": ids, "attention_mask": mask}
    if "token_type_ids" in model.tokenizer.model_input_names:
        features["token_type_ids"] = types
    half = torch.autocast(device.type, dtype=torch.bfloat16, enabled=light)
    with torch.inference_mode(), half:
        vectors: NDArray[np.float32] = (
            model(features)["sentence_embedding"].float().cpu().numpy()
        )
    return vectors
