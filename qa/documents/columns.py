"""The lines of a page in reading order; pure, so it can be tested by hand.

Running heads and feet go, columns are read one after the other, and pieces of one
line are put together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

_EDGE = 3  # lines at the top and the bottom that may be running heads
_SET_OFF = 1.5  # times its size lies between a running head and the text
_LEVEL = 6.0  # points that a running head may move
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(page\s+)?(\d{1,4}|[ivxl]{1,6})(\s*(of|/)\s*\d+)?[-–—|\s]*",
    re.IGNORECASE,
)
_COLUMN_LINES = 4
_DROP_CAP = 1.8  # times the size of the lines beside it


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line; sizes and places in points, ``y`` upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False


def without_running(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """Drop page numbers and what stands at the same place of several pages."""
    edges = [_edge(page) for page in pages]
    seen = Counter(key for edge in edges for key in {_running(line) for line in edge})
    often = 2 if len(pages) < 10 else 3
    for page, edge in zip(pages, edges, strict=True):
        gone = {
            line
            for line in edge
            if _PAGE_NUMBER.fullmatch(line.text) or _near(seen, _running(line)) >= often
        }
        yield [line for line in page if line not in gone]


def _edge(page: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the bottom that a gap sets off from the rest."""
    found: list[Line] = []
    for order in (-1, 1):
        ordered = sorted(page, key=lambda line: order * line.y)
        levels = [list(group) for _, group in groupby(ordered, key=lambda i: i.y)]
        for depth, (outer, inner) in enumerate(pairwise(levels[: _EDGE + 1]), 1):
            if abs(outer[0].y - inner[0].y) > _SET_OFF * outer[0].size:
                found += [line for level in levels[:depth] for line in level]
                break
    return found


def _running(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.y / _LEVEL)


def _near(seen: Counter[tuple[str, int]], key: tuple[str, int]) -> int:
    text, level = key
    return sum(seen[text, near] for near in (level - 1, level, level + 1))


def with_drop_caps(lines: Sequence[Line]) -> list[Line]:
    """Put a large first letter back before the words that stand beside it."""
    result = list(lines)
    for cap in lines:
        if len(cap.text) != 1 or not cap.text.isupper():
            continue
        beside = [
            line
            for line in result
            if cap.size > _DROP_CAP * line.size
            and -0.5 * line.size < line.left - cap.right < 1.5 * line.size
            and cap.y - 0.2 * cap.size < line.y < cap.y + cap.size
        ]
        if beside:
            first = max(beside, key=lambda line: line.y)
            joined = replace(first, text=cap.text + first.text)
            result[result.index(first)] = joined
            result.remove(cap)
    return result


def columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Cut a page into columns in reading order, top to bottom, left to right.

    Lines across the gutter (a title, a table) divide the page into bands; each
    band is read column by column.
    """
    gutter = _gutter(lines)
    ordered = sorted(lines, key=lambda line: (-line.y, line.left))
    if gutter is None:
        if ordered:
            yield ordered
        return

    def crosses(line: Line) -> bool:
        return line.left < gutter < line.right

    for across, band in groupby(ordered, key=crosses):
        group = list(band)
        if across:
            yield group
            continue
        yield from columns([line for line in group if line.right <= gutter])
        yield from columns([line for line in group if line.left >= gutter])


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x between two columns that the fewest lines cross, if there are two."""
    left = min((line.left for line in lines), default=0.0)
    width = max((line.right for line in lines), default=0.0) - left
    starts = Counter(round(line.left) for line in lines)
    found: list[tuple[int, int, float]] = []
    for start, count in starts.items():
        x = start - 1.0
        if count < _COLUMN_LINES or not 0.2 * width < x - left < 0.8 * width:
            continue
        before = [line for line in lines if line.right <= x]
        after = [line for line in lines if line.left >= x]
        crossing = len(lines) - len(before) - len(after)
        if crossing <= len(lines) / 3 and _side_by_side(before, after, width):
            found.append((crossing, -count, x))
    return min(found)[2] if found else None


def _side_by_side(before: Sequence[Line], after: Sequence[Line], width: float) -> bool:
    """Whether both are columns of prose, and next to each other.

    The rows of prose fill their column; the cells of a table do not.
    """
    tops, bottoms = [], []
    for lines in (before, after):
        prose = rows(lines)
        if len(prose) < _COLUMN_LINES:
            return False
        extent = max(r.right for r in prose) - min(r.left for r in prose)
        filled = median(r.right - r.left for r in prose)
        if extent < 0.2 * width or filled < 0.6 * extent:
            return False
        tops.append(prose[0].y)
        bottoms.append(prose[-1].y)
    return min(tops) - max(bottoms) > 2 * before[0].size


def rows(lines: Sequence[Line]) -> list[Line]:
    """Join what stands on one base line, such as a word in italics or a cell."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda i: (-round(i.y), i.left)):
        row = joined[-1] if joined else None
        if row and abs(row.y - line.y) < 0.3 * row.size and line.left > row.left:
            touches = line.left - row.right < 0.15 * row.size
            joined[-1] = replace(
                row,
                text=row.text + ("" if touches else " ") + line.text,
                right=max(row.right, line.right),
                bold=row.bold and line.bold,
            )
        else:
            joined.append(line)
    return joined
