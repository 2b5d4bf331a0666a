"""Heads of the columns of a PDF's tables, by where cells stand; pure.

Rows of figures say where columns are. Lines without figures above them are their heads,
if each column has one. Where that does not hold, no heads are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.documents.columns import Line

_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*\w{0,3}|[-–—.…]+|n/?a\.?", re.IGNORECASE)
_AMOUNT = re.compile(r"[$€£¥]|[\d.,]+\s")  # what begins a cell: "$9,594 or less"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?(?![\d.,%])")
_LONGEST = 60
_FEWEST, _MOST = 2, 4
_NEAR = 3
"""Lines from one row of a table to the next, with names of parts of it between."""


Extents = Sequence[tuple[float, float]]
"""From where to where each column of a table reaches."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A line of a column of text, and which columns of a table it has.

    Attributes:
        text: Its cells, an empty one where it leaves out a column before its last.
        heads: Of the columns; none where they are not known.
        is_head: Whether it is heads itself.
    """

    text: str
    heads: tuple[str, ...] = ()
    is_head: bool = False


def column_heads(lines: Sequence[Line], in_table: Sequence[bool]) -> list[Laid]:
    """The lines, rows of tables under the heads of their columns.

    Args:
        lines: Of one column of a page, from the top down.
        in_table: Which of them are rows of tables.
    """
    found = [Laid(line.text) for line in lines]
    for numbers in _tables(lines, in_table):
        rows = [lines[number] for number in numbers]
        heads = next((n for n, row in enumerate(rows) if _has_figures(row)), 0)
        extents = _extents(rows[heads:])
        named: tuple[str, ...] = ()
        if extents and heads <= _MOST:
            named = _named(rows[:heads], rows[heads:], extents)
        for place, number in enumerate(numbers):
            text = lines[number].text
            if named and place < heads and len(lines[number].cells) <= len(extents):
                found[number] = Laid(text, named, is_head=True)
            elif named and (laid := _laid(lines[number], extents)):
                found[number] = Laid(laid, named)
    return found


def _tables(lines: Sequence[Line], in_table: Sequence[bool]) -> list[list[int]]:
    """Rows near each other; heads between rows of figures begin a new table."""
    rows = [number for number, is_row in enumerate(in_table) if is_row]
    tables: list[list[int]] = [[]]
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        if before is None:
            tables[-1].append(row)
            continue
        goes_on = after is not None and after - row <= _NEAR
        heads = _has_figures(lines[before]) and not _has_figures(lines[row])
        if row - before > _NEAR or (goes_on and heads):
            tables.append([])
        tables[-1].append(row)
    return tables


def _extents(rows: Sequence[Line]) -> Extents:
    """The columns of rows, where most have as many cells and none reach into others."""
    counts = Counter(len(row.cells) for row in rows)
    if len(rows) < _FEWEST:
        return ()
    width, count = counts.most_common(1)[0]
    if width < _FEWEST or count < _FEWEST or count < len(rows) / 2:
        return ()
    full = [row.cells for row in rows if len(row.cells) == width]
    extents = tuple(
        (min(left for left, _ in column), max(right for _, right in column))
        for column in zip(*full, strict=True)
    )
    apart = all(a[1] <= b[0] for a, b in pairwise(extents))
    return extents if apart else ()


def _laid(row: Line, extents: Extents) -> str:
    """The text of a row with an empty cell for a column that it leaves out before its
    last one; empty where two of its cells stand in one column, or none in the first,
    or where they stand is not known.
    """
    if not _is_known(row):
        return ""
    places = [_below(cell, extents)[:1] for cell in row.cells]
    columns = [place[0] for place in places if place]
    if columns[:1] != [0] or len(set(columns)) < len(row.cells):
        return ""
    cells = [""] * (columns[-1] + 1)
    for column, text in zip(columns, row.text.split("\t"), strict=True):
        cells[column] = text
    return "\t".join(cells)


def _named(
    rows: Sequence[Line], below: Sequence[Line], extents: Extents
) -> tuple[str, ...]:
    """The head of each column; none where one but the first has none, or two are alike
    that no names beside them tell apart.
    """
    parts: list[list[str]] = [[] for _ in extents]
    groups: list[range] = []
    for row in reversed(rows):
        for number, (text, cell) in enumerate(
            zip(row.text.split("\t"), row.cells, strict=True)
        ):
            under = groups if _names_groups(row, groups, extents) else []
            for column in under[number] if under else _below(cell, extents):
                parts[column].insert(0, text)
        groups = groups or _groups(parts)
    heads = [" ".join(dict.fromkeys(words)) for words in parts]
    fit = all(heads[1:]) and all(len(head) <= _LONGEST for head in heads)
    return tuple(heads) if fit and _differ(heads, below) else ()


def _groups(parts: Sequence[Sequence[str]]) -> list[range]:
    """The columns after the first in groups that have the same heads, such as "no.",
    "%", "no.", "%"; none where they do not come again.
    """
    width = len(parts) - 1
    for size in range(_FEWEST, width // 2 + 1):
        first = parts[1 : size + 1]
        starts = range(1, width + 1, size)
        if not width % size and all(parts[n : n + size] == first for n in starts):
            return [range(n, n + size) for n in starts]
    return []


def _names_groups(row: Line, groups: Sequence[range], extents: Extents) -> bool:
    """Whether each cell of a row of heads names all columns of one group."""
    return len(set(row.text.split("\t"))) == len(row.cells) == len(groups) and all(
        extents[group[0]][0] <= (left + right) / 2 <= extents[group[-1]][1]
        for group, (left, right) in zip(groups, row.cells, strict=True)
    )


def _differ(heads: Sequence[str], rows: Sequence[Line]) -> bool:
    """Whether heads differ, each with that of the names before it: of tables side by
    side each has its own.
    """
    known = [row for row in rows if _is_known(row) and len(row.cells) == len(heads)]
    full = [row.text.split("\t") for row in known]
    told: set[tuple[str, str]] = set()
    name = ""
    for column, head in enumerate(heads):
        if not any(_FIGURE.fullmatch(cells[column].strip()) for cells in full):
            name = head
        told.add((name, head))
    return len(told) == len(heads)


def _below(cell: tuple[float, float], extents: Extents) -> list[int]:
    """The columns that a head stands above: whose middle it covers, or the nearest."""
    left, right = cell
    middles = [(a + b) / 2 for a, b in extents]
    covered = [n for n, middle in enumerate(middles) if left <= middle <= right]
    middle = (left + right) / 2
    near = [
        n
        for n, (a, b) in enumerate(extents)
        if a <= middle <= b or (left < b and a < right)
    ]
    return covered or sorted(near, key=lambda n: abs(middles[n] - middle))[:1]


def _is_known(row: Line) -> bool:
    """Whether each cell of a row has its place; not where dot leaders stand between."""
    return len(row.text.split("\t")) == len(row.cells)


def _has_figures(row: Line) -> bool:
    """Whether a row has figures beside its name; years may be heads."""
    told = [cell.strip() for cell in row.text.split("\t")[1:]]
    return not _is_known(row) or any(
        (_FIGURE.fullmatch(cell) or _AMOUNT.match(cell)) and not _YEAR.match(cell)
        for cell in told
    )
