"""The project's own reader: MiniLM trained to find answers, and to miss them."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from qa.errors import ModelError
from qa.neural import pair_network
from qa.neural.exported import Stored
from qa.neural.memory import give_back
from qa.neural.pair_network import Run, load_network, load_tokenizer, run_exported
from qa.neural.probability import probability
from qa.neural.processors import promises_bfloat16, side_by_side, usable_cores
from qa.neural.reader.reader_protocol import NOT_READ
from qa.neural.reader.span_decoding import best_spans
from qa.neural.reader.stored import read_settings
from qa.neural.texts import encodable
from qa.schema import Reading, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INPUTS: Final = ("ids", "mask", "types", "passage")
_QUESTION_SHARE: Final = 4
"""A question takes at most a fourth of the tokens read at once."""
_SPECIAL_TOKENS: Final = 3
_FEW: Final = 2
"""Questions that are over before torch would have been imported."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a passage's tokens, short enough to read at once."""

    passage: int
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Model:
    """What is loaded at first use."""

    tokenizer: Tokenizer
    run: Run
    first: int
    separator: int

    def tokens(self, text: str) -> Any:
        return self.tokenizer.encode(encodable(text), add_special_tokens=False)


class SpanReader:
    """Reads with weights that ``python -m lab train-reader`` made.

    A long passage is read in overlapping windows; the one most likely to answer
    speaks for it. A process that asks many questions loads torch behind the third,
    where that reads several times as fast as the exported network: with bfloat16.

    Args:
        folder: ``reader.json`` and the files it names, checked by whoever
            hands it in; they are loaded at first use.
        name: See ``Reader.name``.
        exported: Finds the network exported of it; None, or without it, torch runs.

    Raises:
        ModelError: ``reader.json`` cannot be used; from ``read``, when the
            other files are not there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        exported: Callable[[], Stored | None] = lambda: None,
    ) -> None:
        self.name = name
        self._exported = exported
        self.where = str(folder)
        self._folder = folder
        self._settings = read_settings(folder)
        self._lock = threading.Lock()
        self._loaded: _Model | None = None
        self._questions = 0
        self._slow = False

    def read(self, question: str, passages: Sequence[str]) -> tuple[Reading, ...]:
        """See ``Reader.read``; of a very long question the beginning counts."""
        model = self._model(asked=bool(passages))
        most = self._settings.longest // _QUESTION_SHARE
        asked = model.tokens(question).ids[:most]
        found: defaultdict[int, list[Reading]] = defaultdict(list)
        windows = self._windows(model, len(asked), passages)
        batches = list(_batches(windows, model.run.batch_tokens))
        every = side_by_side(
            partial(self._read_windows, model, asked), batches, model.run.workers
        )
        for windows, readings in zip(batches, every, strict=True):
            for window, reading in zip(windows, readings, strict=True):
                found[window.passage].append(reading)
        give_back()
        return tuple(_best(found[row]) for row in range(len(passages)))

    def _windows(
        self, model: _Model, asked: int, passages: Sequence[str]
    ) -> list[_Window]:
        size = self._settings.longest - asked - _SPECIAL_TOKENS
        step = max(1, size - self._settings.overlap)
        found = []
        for row, passage in enumerate(passages):
            encoded = model.tokens(passage)
            for start in range(0, len(encoded.ids), step):
                part = slice(start, start + size)
                ids, offsets = encoded.ids[part], encoded.offsets[part]
                found.append(_Window(row, tuple(ids), tuple(offsets)))
                if start + size >= len(encoded.ids):
                    break
        return found

    def _read_windows(
        self, model: _Model, asked: Sequence[int], windows: Sequence[_Window]
    ) -> list[Reading]:
        head = [model.first, *asked, model.separator]
        length = len(head) + max(len(window.ids) for window in windows) + 1
        ids = np.zeros((len(windows), length), np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        inside = np.zeros_like(ids, dtype=bool)
        for row, window in enumerate(windows):
            stop = len(head) + len(window.ids)
            ids[row, : stop + 1] = [*head, *window.ids, model.separator]
            mask[row, : stop + 1] = 1
            types[row, len(head) : stop + 1] = 1
            inside[row, len(head) : stop] = True
        spans, judged = model.run.logits(ids, mask, types, inside)
        first, last, margin = best_spans(
            spans, inside, longest=self._settings.longest_span
        )
        rows = zip(
            windows,
            (first - len(head)).tolist(),
            (last - len(head)).tolist(),
            margin.tolist(),
            judged.tolist(),
            strict=True,
        )
        return [
            self._reading(
                Span(window.offsets[start][0], window.offsets[stop][1]), score, logits
            )
            for window, start, stop, score, logits in rows
        ]

    def _reading(self, answer: Span, margin: float, logits: Sequence[float]) -> Reading:
        answerable, relevance = logits
        odds = self._settings.calibration.odds(answerable=answerable, span=margin)
        return Reading(relevance, probability(odds), answer)

    def _model(self, *, asked: bool = False) -> _Model:
        with self._lock:
            if self._loaded is None:
                stored = self._exported()
                self._loaded = _load(self._folder, stored)
                self._slow = stored is not None and promises_bfloat16()
            self._questions += asked
            if self._slow and self._questions > _FEW:
                self._slow = False
                # No daemon: a process that ends while torch is imported may crash.
                threading.Thread(target=self._quicken).start()
            return self._loaded

    def _quicken(self) -> None:
        with suppress(ModelError, ImportError):  # the exported network goes on
            run = run_in_torch(self._folder)
            with self._lock:
                self._loaded = self._loaded and replace(self._loaded, run=run)


def _load(folder: Path, exported: Stored | None) -> _Model:
    tokenizer, first, separator = load_tokenizer(folder)
    if exported is None:
        run = run_in_torch(folder)
    else:
        # Its threads do not spin, so that a busy machine bears one more than torch.
        run = run_exported(exported, INPUTS, threads=max(1, usable_cores() - 1))
    return _Model(tokenizer, run, first, separator)


def run_in_torch(folder: Path) -> Run:
    """The reader in a folder, by torch.

    Raises:
        ModelError: The weights cannot be loaded.
    """
    from qa.neural.reader.reader_network import ReaderNetwork

    return pair_network.run_in_torch(load_network(folder, ReaderNetwork))


def _batches(windows: list[_Window], most: int) -> Iterator[list[_Window]]:
    """Windows of like length, so many that padding and memory stay small."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda w: (len(w.ids), w.passage)):
        if batch and (len(batch) + 1) * len(window.ids) > most:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _best(readings: Sequence[Reading]) -> Reading:
    """The window that answers most probably, with the highest relevance of all."""
    if not readings:
        return NOT_READ
    best = max(readings, key=lambda r: (r.answerable or 0.0, r.relevance))
    relevance = max(reading.relevance for reading in readings)
    return Reading(relevance, best.answerable, best.answer)
