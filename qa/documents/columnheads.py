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

from qa.documents.bylines import DAY_IN_FIGURES
from qa.documents.columns import Line

_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*\w{0,3}|[-–—.…]+|n/?a\.?", re.IGNORECASE)
_AMOUNT = re.compile(r"[$€£¥]|[\d.,]+\s")  # what begins a cell: "$9,594 or less"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?(?![\d.,%])")
_DATE = re.compile(DAY_IN_FIGURES)
_UNIT = re.compile(r"\D*0{3}\D*")  # "$000's"
_LONGEST = 80
_FEWEST, _MOST = 2, 4
_GAP, _OPEN_GAP = 1.5, 3.0  # times its size from a line of heads to the next
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
        heads = _head_rows(rows)
        extents = _extents(rows[heads:])
        if not extents or heads > _MOST:
            continue
        above = _above(lines, numbers[: heads + 1], extents)
        named = _named([lines[n] for n in above], rows[heads:], extents)
        if not named:
            continue
        for number in above:
            if len(lines[number].cells) <= len(extents):
                found[number] = Laid(lines[number].text, named, is_head=True)
        for number, row in zip(numbers[heads:], rows[heads:], strict=True):
            if laid := _laid(row, extents):
                found[number] = Laid(laid, named)
    return found


def _head_rows(rows: Sequence[Line]) -> int:
    """How many rows stand above the first one with figures, or with days where no row
    has others; all where none has.
    """
    for has in (_has_figures, _has_days):
        if found := [number for number, row in enumerate(rows) if has(row)]:
            return found[0]
    return len(rows)


def _above(
    lines: Sequence[Line], numbers: Sequence[int], extents: Extents
) -> list[int]:
    """The lines of the heads of a table, from the top down: rows, and lines between and
    above them of which each cell stands above a column.

    Args:
        lines: Of one column of a page.
        numbers: Of the rows above the first one with figures, and of that.
        extents: Of the columns below.
    """
    found: list[int] = []
    *rows, last = numbers
    for number in range(last - 1, -1, -1):
        beside = (*lines[max(0, number - 1) : number], lines[number + 1])
        if number in rows or _stands_above(lines[number], beside, extents):
            found.insert(0, number)
        elif number < numbers[0]:
            break
    return found


def _stands_above(line: Line, beside: Sequence[Line], extents: Extents) -> bool:
    """Whether a line that is no row, such as "(tonnes)", is part of the heads: in
    cells, or above one column but the first and set as the heads beside it.
    """
    if _has_figures(line) or not all(_below(cell, extents) for cell in line.cells):
        return False
    *above, below = beside
    if len(line.cells) > 1:
        return line.y - below.y < _OPEN_GAP * line.size
    ends_prose = any(len(near.cells) == 1 and _is_set_as(near, line) for near in above)
    return (
        any(_is_set_as(near, line) for near in beside)
        and not ends_prose
        and line.left > extents[0][1]
        and len(_below(line.cells[0], extents)) == 1
        and not _is_centred(line, extents)
    )


def _is_centred(line: Line, extents: Extents) -> bool:
    """Whether a line may speak of several columns, such as "Percent" above them."""
    middle = (line.left + line.right) / 2
    return len(extents) > _FEWEST and any(
        abs((extents[first][0] + extents[-1][1]) / 2 - middle) < line.size
        for first in (0, 1)
    )


def _is_set_as(one: Line, other: Line) -> bool:
    """Whether two lines may be one text: near, and in letters of one kind."""
    return (
        one.bold == other.bold
        and abs(one.size - other.size) < 1
        and abs(one.y - other.y) < _GAP * other.size
    )


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
        near = row - before <= _NEAR or _only_names(lines[before : row + 1])
        if not near or (goes_on and heads):
            tables.append([])
        tables[-1].append(row)
    return tables


def _only_names(lines: Sequence[Line]) -> bool:
    """Whether two rows have the same columns, and all between them stands in the first:
    names of parts of their table, and ends of those of rows.
    """
    above, *between, below = lines
    return (
        len(above.cells) == len(below.cells) > 1
        and all(
            a < d and c < b
            for (a, b), (c, d) in zip(above.cells, below.cells, strict=True)
        )
        and all(line.right < below.cells[1][0] for line in between)
    )


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
        under = _over_groups(row, groups, extents) if groups else []
        columns = under or [_below(cell, extents) for cell in row.cells]
        for text, named in zip(row.text.split("\t"), columns, strict=True):
            for column in named:
                parts[column].insert(0, text)
        groups = _groups([" ".join(words) for words in parts]) or groups
    heads = [" ".join(dict.fromkeys(words)) for words in parts]
    fit = all(heads[1:]) and all(len(head) <= _LONGEST for head in heads)
    return tuple(heads) if fit and _differ(heads, below) else ()


def _groups(heads: Sequence[str]) -> list[range]:
    """The last columns in groups that have the same heads, such as "no.", "%", "no.",
    "%"; none where they do not come again.
    """
    for size in range(_FEWEST, (len(heads) - 1) // 2 + 1):
        last = heads[-size:]
        first = len(heads) - size
        while first > size and heads[first - size : first] == last:
            first -= size
        if first < len(heads) - size:
            return [range(n, n + size) for n in range(first, len(heads), size)]
    return []


def _over_groups(
    row: Line, groups: Sequence[range], extents: Extents
) -> list[Sequence[int]]:
    """The columns that each cell of a row of heads names, where it has one that differs
    for each group, which names all columns of that; before them it may have others.
    """
    middles = [(left + right) / 2 for left, right in row.cells]
    before = sum(middle < extents[groups[0][0]][0] for middle in middles)
    names = row.text.split("\t")[before:]
    if len(names) != len(groups) or len(set(names)) < _FEWEST:
        return []
    within = all(
        extents[group[0]][0] <= middle <= extents[group[-1]][1]
        for group, middle in zip(groups, middles[before:], strict=True)
    )
    others = [_below(cell, extents) for cell in row.cells[:before]]
    return [*others, *groups] if within else []


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
    """Whether a row has figures beside its name; years, days and units may be heads."""
    told = [cell.strip() for cell in row.text.split("\t")[1:]]
    return not _is_known(row) or any(
        (_FIGURE.fullmatch(cell) or _AMOUNT.match(cell)) and not _may_be_head(cell)
        for cell in told
    )


def _has_days(row: Line) -> bool:
    return any(map(_DATE.fullmatch, row.text.split("\t")[1:]))


def _may_be_head(cell: str) -> bool:
    return bool(_YEAR.match(cell) or _DATE.fullmatch(cell) or _UNIT.fullmatch(cell))
