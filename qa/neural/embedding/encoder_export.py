"""A sentence-transformers model to a network that starts without torch.

What was exported is compared with the original before it is believed: vectors of
200 texts, as passages and as questions, and the tokens counted in them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from qa.errors import ModelError
from qa.neural.embedding.quick import INPUTS, ExportedEmbedder, run_exported
from qa.neural.exported import Stored
from qa.neural.exported.store import TOKENIZER
from qa.neural.exported.tracing import trace
from qa.neural.processors import threads_for_question

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SAMPLES: Final = 200
LEAST_COSINE: Final = 0.9999


def export_embedder(
    where: str,
    folder: Path,
    *,
    samples: int = SAMPLES,
    least_cosine: float = LEAST_COSINE,
) -> dict[str, Any]:
    """Export the model in a folder; see ``Networks.make``.

    Args:
        where: The model's folder.
        folder: Gets the files.
        samples: Texts whose vectors are compared.
        least_cosine: How alike the two vectors of each have to be.

    Returns:
        What ``ExportedEmbedder`` needs to know, and the least cosine found.

    Raises:
        ModelError: It cannot be loaded or exported, or does not give the same.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads_for_question())
    try:
        model = SentenceTransformer(
            where, device="cpu", model_kwargs={"attn_implementation": "eager"}
        )
    except (OSError, ValueError, KeyError, RuntimeError, TypeError) as exc:
        raise ModelError(f"{where}: cannot be loaded ({exc})") from exc
    details = _details(model, folder)
    example = torch.randint(5, 100, (2, 7))
    mask = torch.ones_like(example)
    mask[1, 5:] = 0
    trace(
        _vectors_of(model),
        (example, mask, torch.zeros_like(example)),
        folder,
        names=INPUTS,
        outputs=["vectors"],
    )
    stored = Stored(folder, details)
    run = run_exported(stored, threads=threads_for_question())
    exported = ExportedEmbedder(stored, id="exported", where=where, run=run)
    texts = sample_texts(model.tokenizer, samples, longest=exported.window + 40)
    least = _compare(model, exported, texts)
    if not least >= least_cosine:
        raise ModelError(
            f"exported, it gives other vectors (cosine {least:.5f} to its own)"
        )
    return {**details, "least_cosine": round(least, 7)}


def _details(model: SentenceTransformer, folder: Path) -> dict[str, Any]:
    tokenizer = model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or tokenizer.pad_token_id is None:
        raise ModelError("its tokenizer is not one that runs without transformers")
    (folder / TOKENIZER).write_text(backend.to_str(), encoding="utf-8")
    prompts = model.prompts or {}
    document = next(
        (prompts[n] for n in ("document", "passage", "corpus") if n in prompts), ""
    )
    return {
        "dimension": int(model.get_embedding_dimension() or 0),
        "window": int(model.max_seq_length or 512),
        "prompts": {"query": prompts.get("query", ""), "document": document},
        "padding": int(tokenizer.pad_token_id),
    }


def _vectors_of(model: SentenceTransformer) -> Any:
    import torch

    typed = "token_type_ids" in model.tokenizer.model_input_names

    class Vectors(torch.nn.Module):  # type: ignore[misc] # torch is not checked
        """Token ids to what the model says of each text."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            features = {"input_ids": ids, "attention_mask": mask}
            if typed:
                features["token_type_ids"] = types
            # Where the model has no types, they stay an input of the graph.
            unused = 0.0 * types.sum()
            return self.model(features)["sentence_embedding"] + unused

    return Vectors().eval()


def _compare(
    model: SentenceTransformer, exported: ExportedEmbedder, texts: Sequence[str]
) -> float:
    """The least cosine of any text's two vectors, half of them as questions."""
    least = 1.0
    for theirs, ours, some in (
        (model.encode_document, exported.encode_documents, texts[::2]),
        (model.encode_query, exported.encode_queries, texts[1::2]),
    ):
        raw = theirs(list(some), show_progress_bar=False, convert_to_numpy=True)
        wanted = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        least = min(least, float((wanted * ours(some)).sum(axis=1).min()))
    tokens = model.tokenizer(
        texts, add_special_tokens=False, truncation=False, verbose=False
    )["input_ids"]
    if exported.count_tokens(texts) != [len(row) for row in tokens]:
        raise ModelError("exported, it counts other tokens")
    return least


def sample_texts(tokenizer: Any, count: int, *, longest: int) -> list[str]:
    """Texts of all lengths, of words that the model knows, some with odd signs."""
    chance = random.Random(1)  # noqa: S311 - the same texts each time
    size = len(tokenizer)
    texts = ["  A ferry, “M/S Åse”, sank in 1931;\n\nnobody drowned. ", "Why?", "…"]
    for number in range(count - len(texts)):
        # Mostly short ones, as sentences are, up to some that are cut.
        length = 1 + number**2 * longest // count**2
        text = tokenizer.decode([chance.randrange(size) for _ in range(length)])
        texts.append(f"{text.replace('[', '(')} {number}.")
    return texts
