"""Heads of the columns of a PDF's tables, by where cells stand; pure.

Rows of figures say where columns are. Lines without figures above them are their heads,
if each column has one. Where that does not hold, no heads are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
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


def column_heads(
    lines: Sequence[Line], in_table: Sequence[bool]
) -> list[tuple[tuple[str, ...], bool]]:
    """For each line the heads of its columns, and whether it is heads itself.

    Args:
        lines: Of one column of a page, from the top down.
        in_table: Which of them are rows of tables.
    """
    found: list[tuple[tuple[str, ...], bool]] = [((), False)] * len(lines)
    for numbers in _tables(lines, in_table):
        rows = [lines[number] for number in numbers]
        heads = next((n for n, row in enumerate(rows) if _has_figures(row)), 0)
        extents = _extents(rows[heads:])
        named = _named(rows[:heads], extents) if extents and heads <= _MOST else ()
        for place, number in enumerate(numbers):
            if named and len(lines[number].cells) <= len(extents):
                found[number] = named, place < heads
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


def _named(rows: Sequence[Line], extents: Extents) -> tuple[str, ...]:
    """The head of each column; none where one but the first has none."""
    parts: list[list[str]] = [[] for _ in extents]
    for row in rows:
        for text, cell in zip(row.text.split("\t"), row.cells, strict=True):
            for column in _below(cell, extents):
                parts[column].append(text)
    heads = [" ".join(dict.fromkeys(words)) for words in parts]
    fit = all(heads[1:]) and all(len(head) <= _LONGEST for head in heads)
    return tuple(heads) if fit and len(set(heads)) == len(heads) else ()


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


def _has_figures(row: Line) -> bool:
    """Whether a row has figures beside its name; years may be heads."""
    cells = row.text.split("\t")
    if len(cells) != len(row.cells):
        return True  # dot leaders stood between them: nothing is known of it
    told = [cell.strip() for cell in cells[1:]]
    return any(
        (_FIGURE.fullmatch(cell) or _AMOUNT.match(cell)) and not _YEAR.match(cell)
        for cell in told
    )
