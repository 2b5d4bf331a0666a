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
from qa.neural.exported import Stored
from qa.neural.memory import give_back
from qa.neural.probability import probability
from qa.neural.processors import promises_bfloat16, side_by_side, usable_cores
from qa.neural.reader.reader_protocol import NOT_READ, encodable
from qa.neural.reader.running import Run, run_exported, run_in_torch
from qa.neural.reader.sentence_decoding import sentence_odds
from qa.neural.reader.span_decoding import Floats, best_spans
from qa.neural.reader.stored import FILES, read_settings
from qa.schema import Reading, SentenceReading, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

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
    sentences: tuple[Span, ...]


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
    speaks for it, and for a sentence the one that makes most of it. A process that
    asks many questions loads torch behind the third, where that reads several times
    as fast as the exported network: with bfloat16.

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

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[Span]] = (),
    ) -> tuple[Reading, ...]:
        """See ``Reader.read``; of a very long question the beginning counts."""
        model = self._model(asked=bool(passages))
        most = self._settings.longest // _QUESTION_SHARE
        asked = model.tokens(question).ids[:most]
        found: defaultdict[int, list[Reading]] = defaultdict(list)
        told = sentences or [()] * len(passages)
        windows = self._windows(model, len(asked), passages, told)
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
        self,
        model: _Model,
        asked: int,
        passages: Sequence[str],
        sentences: Sequence[Sequence[Span]],
    ) -> list[_Window]:
        size = self._settings.longest - asked - _SPECIAL_TOKENS
        step = max(1, size - self._settings.overlap)
        found = []
        for row, (passage, spans) in enumerate(zip(passages, sentences, strict=True)):
            encoded = model.tokens(passage)
            for start in range(0, len(encoded.ids), step):
                part = slice(start, start + size)
                ids, offsets = encoded.ids[part], encoded.offsets[part]
                found.append(_Window(row, tuple(ids), tuple(offsets), tuple(spans)))
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
        tokens, judged = model.run.logits(ids, mask, types, inside)
        first, last, margin = best_spans(
            tokens[..., :2], inside, longest=self._settings.longest_span
        )
        return [
            self._reading(
                window,
                answer=(int(first[row]) - len(head), int(last[row]) - len(head)),
                margin=float(margin[row]),
                judged=judged[row].tolist(),
                marked=tokens[row, len(head) : len(head) + len(window.ids), 2:],
            )
            for row, window in enumerate(windows)
        ]

    def _reading(
        self,
        window: _Window,
        *,
        answer: tuple[int, int],
        margin: float,
        judged: Sequence[float],
        marked: Floats,
    ) -> Reading:
        answerable, relevance = judged
        odds = self._settings.calibration.odds(answerable=answerable, span=margin)
        start, stop = answer
        return Reading(
            relevance,
            probability(odds),
            Span(window.offsets[start][0], window.offsets[stop][1]),
            self._sentences(window, marked) if window.sentences else None,
        )

    def _sentences(
        self, window: _Window, marked: Floats
    ) -> tuple[SentenceReading, ...]:
        fit = self._settings.sentences
        means = sentence_odds(marked, window.offsets, window.sentences)
        return tuple(
            SentenceReading(
                probability(fit.belongs.odds(belongs)),
                probability(fit.direct.odds(direct)),
            )
            for belongs, direct in means.tolist()
        )

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
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str((folder / FILES[2]).read_text(encoding="utf-8"))
    except OSError as exc:
        raise ModelError(
            f"{folder}: the reader cannot be loaded ({exc}); install or train it again"
        ) from exc
    tokenizer.no_padding()
    tokenizer.no_truncation()
    first, separator = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    if first is None or separator is None:
        raise ModelError(f"{folder / FILES[2]}: is not a tokenizer for BERT")
    if exported is None:
        run = run_in_torch(folder)
    else:
        # Its threads do not spin, so that a busy machine bears one more than torch.
        run = run_exported(exported, threads=max(1, usable_cores() - 1))
    return _Model(tokenizer, run, first, separator)


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
    judged = [r.sentences for r in readings if r.sentences is not None]
    return Reading(relevance, best.answerable, best.answer, _most(judged))


def _most(
    windows: Sequence[tuple[SentenceReading, ...]],
) -> tuple[SentenceReading, ...] | None:
    """For each sentence the most that a window makes of it."""
    if not windows:
        return None
    return tuple(
        SentenceReading(max(r.belongs for r in each), max(r.direct for r in each))
        for each in zip(*windows, strict=True)
    )
