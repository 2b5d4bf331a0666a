"""The project's own reader: MiniLM trained to find answers, and to miss them."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qa.errors import ModelError
from qa.reader.protocol import NOT_READ, encodable
from qa.reader.stored import FILES, read_settings
from qa.schema import Reading, Span
from qa.scoring import probability

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from qa.reader.network import ReaderNetwork

_QUESTION_SHARE: Final = 4
"""A question takes at most a fourth of the tokens read at once."""
_BATCH_TOKENS: Final = 2048
_SPECIAL_TOKENS: Final = 3


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
    network: ReaderNetwork
    first: int | None
    separator: int | None

    def tokens(self, text: str) -> Any:
        return self.tokenizer.encode(encodable(text), add_special_tokens=False)


class SpanReader:
    """Reads with weights that ``qa train-reader`` made.

    A long passage is read in overlapping windows; the one most likely to answer
    speaks for it. The body computes in bfloat16 where the processor does.

    Args:
        folder: ``reader.json`` and the files it names, checked by whoever
            hands it in; they are loaded at first use.
        name: See ``Reader.name``.

    Raises:
        ModelError: ``reader.json`` cannot be used; from ``read``, when the
            other files are not there.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self.where = str(folder)
        self._folder = folder
        self._settings = read_settings(folder)
        self._lock = threading.Lock()
        self._loaded: _Model | None = None

    def read(self, question: str, passages: Sequence[str]) -> tuple[Reading, ...]:
        """See ``Reader.read``; of a very long question the beginning counts."""
        from qa.processors import take_threads

        model = self._model()
        take_threads(for_bulk=False)
        most = self._settings.longest // _QUESTION_SHARE
        asked = model.tokens(question).ids[:most]
        found: defaultdict[int, list[Reading]] = defaultdict(list)
        for windows in _batches(self._windows(model, len(asked), passages)):
            readings = self._read_windows(model, asked, windows)
            for window, reading in zip(windows, readings, strict=True):
                found[window.passage].append(reading)
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
        import torch

        from qa.reader.network import best_spans

        head = [model.first, *asked, model.separator]
        length = len(head) + max(len(window.ids) for window in windows) + 1
        ids = torch.zeros((len(windows), length), dtype=torch.long)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        inside = torch.zeros_like(ids, dtype=torch.bool)
        for row, window in enumerate(windows):
            stop = len(head) + len(window.ids)
            ids[row, : stop + 1] = torch.tensor([*head, *window.ids, model.separator])
            mask[row, : stop + 1] = 1
            types[row, len(head) : stop + 1] = 1
            inside[row, len(head) : stop] = True
        with torch.inference_mode():
            spans, judged = model.network(ids, mask, types, inside)
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

    def _model(self) -> _Model:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


def _load(folder: Path) -> _Model:
    import torch
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    from qa.processors import computes_bfloat16
    from qa.reader.network import ReaderNetwork

    weights, config, tokens = (folder / name for name in FILES)
    try:
        network = ReaderNetwork(
            BertModel(BertConfig.from_json_file(config), add_pooling_layer=False)
        )
        network.load_state_dict(load_file(weights))
        tokenizer = Tokenizer.from_str(tokens.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ModelError(
            f"{folder}: the reader cannot be loaded ({exc}); install or train it again"
        ) from exc
    if computes_bfloat16():
        network.bert.to(torch.bfloat16)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    first, separator = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    return _Model(tokenizer, network.eval(), first, separator)


def _batches(windows: list[_Window]) -> Iterator[list[_Window]]:
    """Windows of like length, so many that padding and memory stay small."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda w: (len(w.ids), w.passage)):
        if batch and (len(batch) + 1) * len(window.ids) > _BATCH_TOKENS:
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
