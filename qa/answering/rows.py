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
from qa.documents.tables import is_figure, row_line
from qa.language.numbers import place_of
from qa.language.text import content_stems, has_negation, numbers, stem, stems, tokens
from qa.schema import Passage, Source, Span

_PART = re.compile(r"(?P<label>[^:;]{1,60}): (?P<cell>.+)")
_CELLS = " | "
"""Between the cells of a row, and their heads above it, that stand apart in a PDF."""
_UNIT = re.compile(r"\([^)]*\)")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_EXTREME = re.compile(
    r"""(?:(?P<place>\w+)\s+)?(?<!\bat\ )\b
    (?:most|highest|largest|biggest|greatest|longest|tallest|newest|latest
    |(?P<least>least|lowest|smallest|fewest|shortest|oldest|earliest|first))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_VALUE = re.compile(
    r"""[^\d−-]{0,3}(?P<minus>[−-]?)(?P<whole>\d{1,3}(?:[,\ ]\d{3})+|\d+)
    (?:[.,](?P<part>\d+))?\W*\w{0,3}""",
    re.VERBOSE,
)
_ASKS_WHICH = re.compile(
    r"\b(?:which|what|how many|list|name)(?P<things>(?:\s+\w+){1,3})", re.IGNORECASE
)
_SUM = frozenset(content_stems("total sum overall"))
_NAMED = 10
"""Rows that one question names at most."""


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
    negations: frozenset[str]

    @classmethod
    def of(cls, question: str) -> Asked:
        """Take a question apart."""
        years = frozenset(filter(_YEAR.fullmatch, numbers(question)))
        negations = frozenset(map(stem, filter(has_negation, tokens(question))))
        return cls(question, frozenset(content_stems(question)), years, negations)

    def fits(self, row: Row) -> bool:
        """Whether a row has the years and the negations that are asked for."""
        return self.years <= numbers(row.text) and self.negations <= set(
            stems(row.text)
        )

    def names_head(self, label: str) -> bool:
        """Whether it names a head: "2020" of "2020 (tonnes)", or all of its words."""
        own = _UNIT.sub(" ", label)
        words = frozenset(content_stems(own))
        return bool(self.years & numbers(own)) or bool(words and words <= self.stems)

    def heads_of(self, row: Row) -> list[str]:
        """The heads of a row that it names, without that of the key."""
        return [n for n in row.labels if n != row.key[0] and self.names_head(n)]


def rows_in(passages: Iterable[tuple[Passage, Source]]) -> Iterator[Row]:
    """The rows among the sentences of passages, each with its heads in it."""
    for passage, source in passages:
        above = passage.heading.rpartition(" · ")[2].split(_CELLS)
        for number, span in enumerate(passage.sentences):
            text = passage.sentence(number)
            parts = [_PART.fullmatch(part) for part in text.split("; ")]
            cells = text.split(_CELLS)
            if len(parts) > 1 and all(parts):
                said = tuple((p["label"], p["cell"]) for p in parts if p)
                yield Row(said, source, span, text)
            elif len(above) > 1 and cells != above:
                heads = above if len(cells) == len(above) else ["", *above]
                if len(cells) == len(heads):
                    said = tuple(zip(heads, cells, strict=True))
                    yield Row(said, source, span, row_line(heads, cells))


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
    return [Statement(row.text, row.source, (row.span,)) for row in found], note


def _named(asked: Asked, rows: Sequence[Row]) -> list[Row]:
    """Rows whose key a question names, with one of their heads; of two keys the
    longer.
    """
    named = [row for row in rows if row.named and row.named <= asked.stems]
    found = [
        row
        for row in named
        if asked.heads_of(row)
        and asked.fits(row)
        and not any(row.named < other.named for other in named)
    ]
    return found if len(found) <= _NAMED else []


def _extreme(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The row with the highest or lowest figure under a head that is named, or with the
    second highest and so on.
    """
    if (wanted := _EXTREME.search(asked.text)) is None:
        return [], ""
    place = place_of((wanted["place"] or "").lower()) or 1
    for table in _tables(rows):
        head = table[0].key[0]
        if not set(content_stems(head)) & asked.stems:
            continue
        for label in _compared(asked, table):
            values = [(_value(row, label), row) for row in table if asked.fits(row)]
            known = [value for value, _ in values if value is not None]
            ranked = sorted(set(known), reverse=not wanted["least"])
            if len(known) > 1 and place <= len(ranked):
                found = [row for value, row in values if value == ranked[place - 1]]
                return found, (
                    f"Compared: {label} in {len(known)} rows of the table in "
                    f"“{table[0].source.title}”."
                )
    return [], ""


def _holding(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows that hold what is asked for, in each column that has such words, where
    their kind is named too.
    """
    if (wanted := _ASKS_WHICH.search(asked.text)) is None:
        return [], ""
    things = set(content_stems(wanted["things"]))
    for table in _tables(rows):
        if not set(content_stems(table[0].key[0])) & things:
            continue
        holding = [(_holding_under(row, asked), row) for row in table]
        columns = set[str]().union(*(labels for labels, _ in holding))
        found = [r for labels, r in holding if labels == columns and asked.fits(r)]
        if columns and found:
            return found, (
                f"Counted: {len(found)} of {len(table)} rows of the table in "
                f"“{table[0].source.title}”."
            )
    return [], ""


def _holding_under(row: Row, asked: Asked) -> set[str]:
    """The heads under which a row holds words that are asked for."""
    return {
        label
        for label, cell in row.cells
        if label != row.key[0]
        and not is_figure(cell)
        and (words := set(content_stems(cell)))
        and words <= asked.stems
    }


def _tables(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one article that are named under the same head, without sums, two or
    more; one with an empty cell has fewer heads.
    """
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if not row.named & _SUM:
            tables.setdefault((row.source.id, row.key[0]), []).append(row)
    return [table for table in tables.values() if len(table) > 1]


def _compared(asked: Asked, table: Sequence[Row]) -> list[str]:
    """The heads that are named, or else the only one with figures below it."""
    heads = dict.fromkeys(name for row in table for name in row.labels)
    named = dict.fromkeys(name for row in table for name in asked.heads_of(row))
    figures = [n for n in heads if any(_value(row, n) is not None for row in table)]
    return list(named) or (figures if len(figures) == 1 else [])


def _value(row: Row, label: str) -> float | None:
    cell = next((c for name, c in row.cells if name == label), "")
    if (found := _VALUE.fullmatch(cell)) is None:
        return None
    value = float(f"{re.sub(r'[, ]', '', found['whole'])}.{found['part'] or 0}")
    return -value if found["minus"] else value
