"""An exported sentence-transformers model: the same vectors, without torch.

Tokens are made by its own tokenizer; texts of like length go through together.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.neural.embedding.encoder_protocol import Vectors, unit_rows
from qa.neural.exported import Network, Stored
from qa.neural.exported.store import TOKENIZER
from qa.neural.memory import give_back
from qa.neural.processors import side_by_side

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INPUTS = ("ids", "mask", "types")
"""What an exported embedder takes, each of shape (texts, tokens)."""
_BATCH_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Run:
    """What computes vectors.

    Attributes:
        vectors: Of ``INPUTS``: of any length, shape (texts, dimension).
        batch_tokens: How many tokens, with padding, it is fastest with.
        workers: How many calls at a time.
    """

    vectors: Callable[[Mapping[str, NDArray[np.int64]]], NDArray[np.float32]]
    batch_tokens: int
    workers: int = 1


def run_exported(stored: Stored, *, threads: int) -> Run:
    """By ONNX Runtime, on so many cores.

    Raises:
        ModelError: The network cannot be run.
    """
    network = Network(stored, threads=threads)

    def run(inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return network.run(inputs)[0]

    return Run(run, _BATCH_TOKENS)


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put in front of a text, by what it is."""

    query: str
    document: str


class ExportedEmbedder:
    """Embeds as ``embedding.export`` has found out that the model does.

    Args:
        stored: What was exported.
        id: See ``Embedder.id``.
        where: See ``Embedder.where``.
        run: Computes the vectors.

    Raises:
        ModelError: From use: the vectors are not finite.
    """

    def __init__(self, stored: Stored, *, id: str, where: str, run: Run) -> None:
        self.id = id
        self.where = where
        self.dimension = int(stored.details["dimension"])
        self.window = int(stored.details["window"])
        self._prompts = Prompts(**stored.details["prompts"])
        self._padding = int(stored.details["padding"])
        self._stored = stored
        self._run = run
        self._tokenizer = self._new_tokenizer()
        self._tokenizer.enable_truncation(self.window)
        self._lock = threading.Lock()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder.count_tokens``."""
        if not texts:
            return []
        with self._lock:
            counted = self._counter.encode_batch_fast(
                list(texts), add_special_tokens=False
            )
        return [len(encoding.ids) for encoding in counted]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_documents``."""
        return self._encode(self._prompts.document, texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_queries``."""
        return self._encode(self._prompts.query, texts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if not texts:
            return vectors
        tokens = [
            encoding.ids
            for encoding in self._tokenizer.encode_batch_fast(
                [prompt + text for text in texts]
            )
        ]
        batches = list(_batches(tokens, self._run.batch_tokens))
        inputs = (self._padded([tokens[row] for row in rows]) for rows in batches)
        workers = min(self._run.workers, len(batches))
        computed = side_by_side(self._run.vectors, inputs, workers)
        for rows, found in zip(batches, computed, strict=True):
            vectors[rows] = found
        if len(batches) > 1:
            give_back()
        return unit_rows(vectors, self.where)

    def _padded(self, rows: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
        length = max(map(len, rows))
        ids = np.full((len(rows), length), self._padding, np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return dict(zip(INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))

    @cached_property
    def _counter(self) -> Tokenizer:
        return self._new_tokenizer()

    def _new_tokenizer(self) -> Tokenizer:
        """As stored, neither padding nor cutting: two calls must not share that."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_buffer(self._stored.read(TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer


def _batches(tokens: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    """Rows of like length, the longest first, of bounded size with their padding."""
    order = sorted(range(len(tokens)), key=lambda row: (-len(tokens[row]), row))
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) + 1) * len(tokens[batch[0]]) > most:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
