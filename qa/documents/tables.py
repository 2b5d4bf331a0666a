"""Tables: each row a line of its own that says under which heads its cells stand.

"Port: Velmar; 2020 (tonnes): 38.5" can be found, read and quoted without the rest of
the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from qa.documents.blocks import Block, Row
from qa.schema import Span, Table

Grid = Sequence[Sequence[str]]

CELLS = " | "
"""Between the cells of a row that do not say their heads, and between those heads."""
_BEHIND = " · "
_LONG_CELL = 400
_USUAL_CELL = 80
_LONG_HEAD = 60
_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*\w{0,3}")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})?")


def is_figure(cell: str) -> bool:
    """Whether a cell is a number, with a unit or without."""
    return _FIGURE.fullmatch(cell) is not None


def is_data(grid: Grid) -> bool:
    """Whether cells are values in rows and columns, not a page laid out in a table."""
    rows = [[len(cell) for cell in row if cell] for row in grid]
    rows = [row for row in rows if row]
    wide = sum(len(row) > 1 for row in rows)
    lengths = [length for row in rows for length in row]
    return (
        len(rows) > 1
        and wide > len(rows) / 2
        and max(lengths) <= _LONG_CELL
        and median(lengths) <= _USUAL_CELL
    )


def row_blocks(grid: Grid, heads: int, *, page: int = 0) -> Iterator[Block]:
    """A table's rows in words, a caption that stands in the first ones before them.

    Args:
        grid: Its cells; a row may have fewer than others.
        heads: How many of the first rows are marked as heads; 0 where none is, then
            the first one is looked at.
        page: That it stands on, if there are any.
    """
    rows = [list(row) for row in grid if any(row)]
    while len(rows) > 1 and sum(map(bool, rows[0])) == 1 and len(rows[0]) > 1:
        yield Block("row", next(filter(None, rows.pop(0))), page=page)
        heads = max(0, heads - 1)
    if not rows:
        return
    heads = min(heads or _looks_like_heads(rows), len(rows) - 1)
    labels = labels_of(rows[:heads])
    if alone := [
        label
        for column, label in enumerate(labels)
        if label and not any(any(row[column : column + 1]) for row in rows[heads:])
    ]:
        yield Block("row", "; ".join(alone), page=page)
    for row in rows[heads:]:
        if line := row_line(labels, row):
            yield Block("row", line, page=page, row=Row(tuple(labels)))


def row_line(labels: Sequence[str], row: Sequence[str]) -> str:
    """A row in words; empty for one without."""
    known = [*labels, *[""] * len(row)]
    return "; ".join(
        f"{label}: {cell}" if label and label != cell else cell
        for label, cell in zip(known, row, strict=False)
        if cell
    )


def heading_of(*parts: str, heads: Sequence[str] = ()) -> str:
    """What the passages of a table stand under: its section, its caption, its heads,
    as far as there are any.
    """
    return _BEHIND.join(filter(None, [*parts, CELLS.join(heads)]))


def heads_in(heading: str) -> tuple[str, list[str]]:
    """What stands before the heads in a heading as of ``heading_of``, and the heads."""
    before, _, heads = heading.rpartition(_BEHIND)
    return before, heads.split(CELLS)


def cells_of(line: str, table: Table) -> tuple[Span, ...]:
    """Where the cells of a row stand in its line, one for each column, empty ones too.

    Returns:
        The whole line as one cell where it does not tell its columns.
    """
    if table.labelled and table.heads:
        found = _labelled(line, table.heads)
    else:
        found = list(_split(line, "; " if table.labelled else CELLS))
        if table.heads and len(found) != len(table.heads):
            found = []
    return tuple(found) or (Span(0, len(line)),)


def _labelled(line: str, heads: Sequence[str]) -> list[Span]:
    """What follows each head; what stands before the first of them has none."""
    marks: list[tuple[int, int, int]] = []
    at = 0
    for column, head in enumerate(heads):
        label = f"{head}: "
        if head and not marks and line.startswith(label):
            start, at = 0, len(label)
        elif head and (start := line.find(f"; {label}", at)) >= 0:
            at = start + len(label) + 2
        else:
            continue
        marks.append((column, start, at))
    if not marks or (marks[0][1] and not marks[0][0]):
        return []
    cells = [Span(0, 0)] * len(heads)
    if marks[0][1]:
        cells[0] = Span(0, marks[0][1])
    ends = [*(start for _, start, _ in marks[1:]), len(line)]
    for (column, _, start), end in zip(marks, ends, strict=True):
        cells[column] = Span(start, end)
    return cells


def _split(line: str, between: str) -> Iterator[Span]:
    start = 0
    for cell in line.split(between):
        yield Span(start, start + len(cell))
        start += len(cell) + len(between)


def labels_of(heads: Grid) -> list[str]:
    """The head of each column, of two rows of heads both."""
    width = max(map(len, heads), default=0)
    columns = ([row[n] for row in heads if n < len(row)] for n in range(width))
    return [
        " ".join(dict.fromkeys(filter(None, column))).rstrip(":") for column in columns
    ]


def _looks_like_heads(rows: Grid) -> bool:
    """Whether the first row names columns: short words or years, all different, above a
    column of figures. In two columns a name may stand beside each value instead.
    """
    first = [cell for cell in rows[0] if cell]
    years = [bool(_YEAR.fullmatch(cell)) for cell in first]
    enough = any(years) or (len(rows) > 2 and len(rows[0]) > 2)
    return names_columns(rows[0]) and has_figures(rows) and enough


def has_figures(rows: Grid) -> bool:
    """Whether a column has nothing but figures below the first row."""
    columns = (
        [row[n] for row in rows[1:] if n < len(row)] for n in range(len(rows[0]))
    )
    return any(
        any(column) and all(is_figure(cell) for cell in column if cell)
        for column in columns
    )


def names_columns(row: Sequence[str]) -> bool:
    """Whether a row may be heads of columns: short words or years, all different."""
    first = [cell for cell in row if cell]
    return (
        len(first) >= len(row) - 1
        and len(set(first)) == len(first)
        and all(
            len(cell) <= _LONG_HEAD and (_YEAR.fullmatch(cell) or not is_figure(cell))
            for cell in first
        )
    )
