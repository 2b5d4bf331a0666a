"""Kinds of vector index side by side: what each finds, and what that takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from lab.bench import Plan
from lab.bench.library import DIMENSION, SyntheticLibrary
from lab.bench.rows import Row
from qa.index.segments import Segments, SegmentWriter
from qa.index.vectors import Floats, Ids

_QUESTIONS = 60
_NEAREST = 10
_MILLI = 1e3
_MEGA = 1e6
_NOTE = "made-up vectors"
_VISITED = 64
_RERANKED = 20
"""Times as many as are wanted."""

Search = Callable[[Floats], Ids]


@dataclass(frozen=True, slots=True)
class _Built:
    """An index to be asked, and its bytes, which are as many in memory as on disk."""

    search: Search
    bytes: int


Build = Callable[[Floats, Path], _Built]


def measure_kinds(plan: Plan) -> Iterator[Row]:
    """Each kind at each size; the reference is a scan of all vectors in 32 bits."""
    for size in plan.sizes:
        library = SyntheticLibrary(size)
        plan.progress(f"{size:,} vectors: making them")
        vectors = _vectors(library)
        questions = library.questions(_QUESTIONS, common=False)
        asked = np.array([question.vector for question in questions])
        exact, scan = _timed(_scan(vectors), asked)
        for name, build in _KINDS.items():
            plan.progress(f"{size:,} vectors: {name}")
            folder = plan.folder / f"{size}-{name.replace(' ', '-')}"
            folder.mkdir(parents=True)
            started = time.perf_counter()
            built = build(vectors, folder)
            seconds = time.perf_counter() - started
            found, each = _timed(built.search, asked)
            shared = [len({*a} & {*b}) for a, b in zip(found, exact, strict=True)]
            recall = sum(shared) / (len(shared) * min(_NEAREST, size))
            about = f"{size:,}: {name}"
            yield Row(f"{about}, recall@{_NEAREST}", recall, "", 1.0, "a scan", _NOTE)
            yield Row(f"{about}, median", each, "ms", scan, "a scan", _NOTE)
            yield Row(f"{about}, building", seconds, "s", note=_NOTE)
            whole = vectors.nbytes / _MEGA
            yield Row(
                f"{about}, memory and disk",
                built.bytes / _MEGA,
                "MB",
                whole,
                "the vectors in 32 bits",
                _NOTE,
            )


def _vectors(library: SyntheticLibrary) -> Floats:
    """Those of the passages, as the catalogue keeps them, shape (n, d)."""
    vectors = np.zeros((library.passages, DIMENSION), np.float32)
    end = 0
    for article in range(library.articles):
        own = library.vectors(article)[:, 0].astype(np.float16)
        vectors[end : end + len(own)] = own
        end += len(own)
    return vectors


def _timed(search: Search, asked: Floats) -> tuple[list[list[int]], float]:
    """What each question finds, and the median of milliseconds."""
    search(asked[0])
    found, seconds = [], []
    for query in asked:
        started = time.perf_counter()
        found.append([int(number) for number in search(query)])
        seconds.append(time.perf_counter() - started)
    return found, _MILLI * median(seconds)


def _scan(vectors: Floats) -> Search:
    def search(query: Floats) -> Ids:
        scores = vectors @ query
        best = np.argsort(-scores)[:_NEAREST] if len(scores) <= _NEAREST else None
        if best is None:
            best = np.argpartition(-scores, _NEAREST)[:_NEAREST]
        return np.asarray(best, np.int64)

    return search


def _lists(count: int) -> int:
    """A usual number: four times the root, with enough vectors to learn each."""
    return max(1, min(int(4 * count**0.5), count // 39))


def _by_name(name: str, **settings: int) -> Build:
    """A kind that FAISS makes by name; ``{}`` in it is the number of lists."""

    def build(vectors: Floats, _: Path) -> _Built:
        import faiss

        described = name.format(_lists(len(vectors)))
        metric = faiss.METRIC_INNER_PRODUCT
        index = faiss.index_factory(DIMENSION, described, metric)
        index.train(vectors)
        index.add(vectors)
        for setting, value in settings.items():
            faiss.ParameterSpace().set_index_parameter(index, setting, value)
        return _Built(_searching(index), int(faiss.serialize_index(index).nbytes))

    return build


def _searching(index: Any) -> Search:
    def search(query: Floats) -> Ids:
        _, numbers = index.search(query[None], min(_NEAREST, index.ntotal))
        return np.asarray(numbers[0][numbers[0] >= 0], np.int64)

    return search


def _reranked(vectors: Floats, _: Path) -> _Built:
    """One bit a number, and exact scores, from outside, of the best of these."""
    import faiss

    name = f"IVF{_lists(len(vectors))},RaBitQ"
    index = faiss.index_factory(DIMENSION, name, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    faiss.ParameterSpace().set_index_parameter(index, "nprobe", _VISITED)

    def search(query: Floats) -> Ids:
        most = min(_RERANKED * _NEAREST, len(vectors))
        _, numbers = index.search(query[None], most)
        kept = numbers[0][numbers[0] >= 0]
        order = np.argsort(-(vectors[kept] @ query))[:_NEAREST]
        return np.asarray(kept[order], np.int64)

    return _Built(search, int(faiss.serialize_index(index).nbytes))


def _segments(vectors: Floats, folder: Path) -> _Built:
    """What this program builds; keys are numbers from 1."""

    def read(above: int, most: int) -> tuple[Ids, Floats]:
        last = min(above + most, len(vectors))
        return np.arange(above + 1, last + 1), vectors[above:last]

    written = SegmentWriter(folder, "vectors-1", read).write((), ())
    loaded = Segments.load(folder, written)

    def search(query: Floats) -> Ids:
        most = _NEAREST if loaded.is_exact else _RERANKED * _NEAREST
        kept = loaded.search(query, most)[0] - 1
        return kept[np.argsort(-(vectors[kept] @ query))[:_NEAREST]]

    return _Built(search, sum(segment.file.size for segment in written))


_KINDS: Mapping[str, Build] = {
    "flat": _by_name("Flat"),
    "flat, 8 bits": _by_name("SQ8"),
    "HNSW32, 8 bits, 64 visited": _by_name("HNSW32_SQ8", efSearch=64),
    "lists, 8 bits, 64 visited": _by_name("IVF{},SQ8", nprobe=_VISITED),
    "lists, RaBitQ, 200 re-ranked": _reranked,
    "segments of this program": _segments,
}
