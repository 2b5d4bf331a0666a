"""Questions over the rows of a table: which row is named, which holds a value, which
has most.

A row is a sentence that says under which heads its cells stand ("Port: Velmar; 2020
(tonnes): 38.5", see ``documents.tables``). What a question names of it, key and head,
is exact; a reader of prose makes little of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.answering.facts import Statement
from qa.documents.tables import is_figure
from qa.language.text import content_stems, numbers
from qa.schema import Passage, Source, Span

_PART = re.compile(r"(?P<label>[^:;]{1,60}): (?P<cell>.+)")
_UNIT = re.compile(r"\([^)]*\)")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_MOST = re.compile(
    r"\b(?:most|highest|largest|biggest|greatest|longest|tallest|newest|latest)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:least|lowest|smallest|fewest|shortest|oldest|earliest|first)\b",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(r"\b(?:which|what|how many|list|name)\b", re.IGNORECASE)
_SUM = frozenset(content_stems("total sum overall"))
_SHOWN = 10
"""Rows of an answer at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by head, and where it stands."""

    cells: tuple[tuple[str, str], ...]
    source: Source
    span: Span
    text: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The heads that it has cells under."""
        return tuple(label for label, _ in self.cells)

    @property
    def key(self) -> tuple[str, str]:
        """The cell that names it, the first that is no figure, with its head."""
        return next((c for c in self.cells if not is_figure(c[1])), ("", ""))

    @property
    def named(self) -> frozenset[str]:
        """The stems of the cell that names it."""
        return frozenset(content_stems(self.key[1]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says, as it may name rows and heads."""

    text: str
    stems: frozenset[str]
    years: frozenset[str]

    @classmethod
    def of(cls, question: str) -> Asked:
        """Take a question apart."""
        years = frozenset(filter(_YEAR.fullmatch, numbers(question)))
        return cls(question, frozenset(content_stems(question)), years)

    def names_head(self, label: str) -> bool:
        """Whether it names a head: "2020" of "2020 (tonnes)", or all of its words."""
        own = _UNIT.sub(" ", label)
        words = frozenset(content_stems(own))
        return bool(self.years & numbers(own)) or bool(words and words <= self.stems)

    def heads_of(self, row: Row) -> list[str]:
        """The heads of a row that it names, without that of the key."""
        return [n for n in row.labels if n != row.key[0] and self.names_head(n)]


def rows_in(passages: Iterable[tuple[Passage, Source]]) -> Iterator[Row]:
    """The rows among the sentences of passages."""
    for passage, source in passages:
        for number, span in enumerate(passage.sentences):
            text = passage.sentence(number)
            parts = [_PART.fullmatch(part) for part in text.split("; ")]
            if len(parts) > 1 and all(parts):
                cells = tuple((p["label"], p["cell"]) for p in parts if p)
                yield Row(cells, source, span, text)


def rows_asked(question: str, rows: Sequence[Row]) -> tuple[list[Statement], str]:
    """The rows that a question asks for, quoted, and what was counted or compared.

    Args:
        question: What is searched for.
        rows: Of all tables that may answer.
    """
    asked = Asked.of(question)
    found, note = _named(asked, rows), ""
    if not found:
        found, note = _extreme(asked, rows)
    if not found:
        found, note = _holding(asked, rows)
    told = [Statement(row.text, row.source, (row.span,)) for row in found[:_SHOWN]]
    return told, note


def _named(asked: Asked, rows: Sequence[Row]) -> list[Row]:
    """Rows whose key a question names, with one of their heads; of two keys the
    longer. A year that is asked for has to stand in the row.
    """
    named = [row for row in rows if row.named and row.named <= asked.stems]
    found = [
        row
        for row in named
        if asked.heads_of(row)
        and asked.years <= numbers(row.text)
        and not any(row.named < other.named for other in named)
    ]
    return found if len(found) <= _SHOWN else []


def _extreme(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The row with the highest or lowest figure under a head that is named."""
    least, most = _LEAST.search(asked.text), _MOST.search(asked.text)
    if not (least or most):
        return [], ""
    for table in _tables(rows):
        head = table[0].key[0]
        if not set(content_stems(head)) & asked.stems:
            continue
        for label in asked.heads_of(table[0]) or _only_figures(table):
            values = [
                (v, row) for row in table if (v := _value(row, label)) is not None
            ]
            if len(values) > 1:
                best = (min if least else max)(value for value, _ in values)
                found = [row for value, row in values if value == best]
                return found, _compared(len(values), table[0].source, label)
    return [], ""


def _holding(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows that hold a word which is asked for, where their kind is named too."""
    if not _ASKS_WHICH.search(asked.text):
        return [], ""
    for table in _tables(rows):
        if not set(content_stems(table[0].key[0])) & asked.stems:
            continue
        found = [row for row in table if _holds(row, asked)]
        if found:
            return found, (
                f"Counted: {len(found)} of {len(table)} rows of the table in "
                f"“{table[0].source.title}”."
            )
    return [], ""


def _holds(row: Row, asked: Asked) -> bool:
    cells = (c for label, c in row.cells if label != row.key[0] and not is_figure(c))
    return any(
        stems and stems <= asked.stems
        for stems in (set(content_stems(cell)) for cell in cells)
    )


def _tables(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one article under the same heads, without sums, two or more."""
    tables: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for row in rows:
        if not row.named & _SUM:
            tables.setdefault((row.source.id, row.labels), []).append(row)
    return [table for table in tables.values() if len(table) > 1]


def _only_figures(table: Sequence[Row]) -> list[str]:
    """The one head with figures below it, where there is no other."""
    heads = [n for n in table[0].labels if _value(table[0], n) is not None]
    return heads if len(heads) == 1 else []


def _value(row: Row, label: str) -> float | None:
    cell = next((c for name, c in row.cells if name == label), "")
    found = re.fullmatch(r"\D{0,3}(-?\d[\d, ]*(?:\.\d+)?)\W*\w{0,3}", cell)
    return float(re.sub(r"[, ]", "", found[1])) if found else None


def _compared(number: int, source: Source, label: str) -> str:
    return f"Compared: {label} in {number} rows of the table in “{source.title}”."
