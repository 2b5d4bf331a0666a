"""Passages embedded a second, beside what sentence-transformers does by default."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from lab.bench.rows import Row
from qa.neural.embedding import Embedder, ExportedEmbedder, run_exported, run_in_torch
from qa.neural.processors import threads_for_question, usable_cores
from qa.settings import Settings
from qa.wiring.model_files import find_embedder
from qa.wiring.networks import exported


def measure_encoding(
    settings: Settings, texts: Sequence[str], *, rounds: int = 5
) -> list[Row]:
    """Embed the same texts in turn, as a build does and as the library does.

    Args:
        settings: Name an embedder that can be exported.
        texts: Passages and sentences, some hundred.
        rounds: Of each; medians are reported.

    Returns:
        No row for an embedder that cannot be exported: it runs as the library does.
    """
    found, stored = find_embedder(settings), exported(settings, "embedder")
    if found is None or stored is None:
        return []
    import torch
    from sentence_transformers import SentenceTransformer

    where = str(found.folder)
    plain = SentenceTransformer(where)
    quick_run = run_exported(stored, threads=threads_for_question())

    def by(run: Any) -> Embedder:
        return ExportedEmbedder(stored, id=found.name, where=where, run=run)

    bulk, quick = by(run_in_torch(where)), by(quick_run)
    batch = list(texts)

    def default() -> None:
        torch.set_num_threads(usable_cores())
        plain.encode(batch, show_progress_bar=False)

    ways: tuple[Callable[[], object], ...] = (
        default,
        lambda: bulk.encode_documents(batch),
        lambda: quick.encode_documents(batch),
    )
    for way in ways:
        way()  # the first call allocates
    times = [[_seconds(way) for way in ways] for _ in range(rounds)]
    rates = [len(batch) / median(column) for column in zip(*times, strict=True)]
    name, note = "SentenceTransformer.encode", f"{len(batch)} texts, median of {rounds}"
    return [
        Row("build, texts embedded", rates[1], "texts/s", rates[0], name, note),
        Row(
            "without torch, texts embedded",
            rates[2],
            "texts/s",
            rates[0],
            name,
            f"{note}; on half of the cores",
        ),
    ]


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
