"""The lines of a page in reading order; pure, so it can be tested by hand.

Running heads and feet go, columns are read one after the other, and pieces of one
line are put together.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import inf
from statistics import median

_EDGE = 3  # lines at the top and the bottom that may be running heads
_SET_OFF = 1.5  # times its size lies between a running head and the text
_LEVEL = 6.0  # points that a running head may move
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(page\s+)?(\d{1,4}|[ivxl]{1,6})(\s*(of|/)\s*\d+)?[-–—|\s]*",
    re.IGNORECASE,
)
_FOLIO = re.compile(r"(\d{1,4})(?:\W+(\D+))?|(\D+)\W(\d{1,4})")
_SMALL = 3  # letters of words that a title may write small
_MANY, _STARTS = 2000, 100  # of a page, that are looked at
_COLUMN_LINES = 4
_CELL_GAP, _WIDE_GAP, _TOUCHING = 1.2, 0.4, 0.15  # times its size
_REACH = 2  # rows from a row of cells to one that shows where its cells are
_COMMON = 0.4  # times its size that gaps of both lie above each other
_BASE = 0.3
_HALF = 0.8  # times its size from a row to each line of a name beside it
_WORD = re.compile(r"[^\W\d_]+")
_PROSE_WORDS, _COLUMN_WORDS = 3, 5  # of rows of prose, beside prose and a table
_EXACT = 0.1  # times its size: what lies less apart lies alike
_LOOSE, _DRAWN_OUT = 3, 2  # gaps, more of which are hardly alike; times its size
_STOPS = ".,;:()"
_DROP_CAP = 1.8  # times the size of the lines beside it
_MARK = re.compile(r"\d{1,3}|[*†‡§]")
_RAISED, _SMALLER = 0.6, 0.85  # times the size of its line: how high, how large


@dataclass(frozen=True, slots=True)
class Gap:
    """A space in a line that is wider than most: after how many words, and from where
    to where.
    """

    words: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line; sizes and places in points, ``y`` upwards.

    Attributes:
        code: Whether it is set in letters of one width.
        cells: From where to where each of its cells reaches, where tabs part them.
        gaps: Spaces in it that may part cells too.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False
    code: bool = False
    cells: tuple[tuple[float, float], ...] = ()
    gaps: tuple[Gap, ...] = ()


def without_running(
    pages: Sequence[Sequence[Line]],
) -> Iterator[tuple[list[Line], list[Line]]]:
    """Each page without its number and what stands at the same place of several pages;
    and these.
    """
    edges = [_edge(page) for page in pages]
    seen = Counter(key for edge in edges for key in {_running(line) for line in edge})
    often = 2 if len(pages) < 10 else 3
    ahead = [_ahead(edge, number) for number, edge in enumerate(edges, 1)]
    shared = Counter(by for found in ahead for by in set(found.values()))
    # A title may begin with a number, "2 Methods", so that one has to stand alone.
    counted = {
        by
        for found in ahead
        for line, by in found.items()
        if line.text.isdecimal() and shared[by] >= often
    }
    for number, (page, edge, found) in enumerate(
        zip(pages, edges, ahead, strict=True), 1
    ):
        gone = {
            line
            for line in edge
            if _is_number(line.text, number)
            or _near(seen, _running(line)) >= often
            or found.get(line) in counted
        }
        yield [i for i in page if i not in gone], [i for i in page if i in gone]


def _ahead(edge: Sequence[Line], page: int) -> dict[Line, int]:
    """The lines that may be the number of a page, alone or, where none is, beside a
    title; with how far that number is ahead of the page's own.
    """
    found = {line: m for line in edge if (m := _FOLIO.fullmatch(line.text))}
    alone = [line for line in found if line.text.isdecimal()]
    titled = [line for line, m in found.items() if _is_title(m[2] or m[3] or "")]
    return {
        line: int(found[line][1] or found[line][4]) - page for line in alone or titled
    }


def _is_title(text: str) -> bool:
    return all(word[:1].isupper() for word in text.split() if len(word) > _SMALL)


def _is_number(text: str, page: int) -> bool:
    """Whether a line is the number of its page; another number alone may be text."""
    found = _PAGE_NUMBER.fullmatch(text)
    return found is not None and (not found[2].isdecimal() or int(found[2]) == page)


def _edge(page: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the bottom that a gap sets off from the rest."""
    found: list[Line] = []
    down = list(_levels(page))
    for levels in (down, down[::-1]):
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
    for cap in lines[:_MANY]:
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


def with_marks(lines: Sequence[Line]) -> list[Line]:
    """Put the raised mark of a note back before the line that it stands on."""
    marks = [line for line in lines if _MARK.fullmatch(line.text)][:_MANY]
    rest = sorted({*lines}.difference(marks), key=lambda line: line.y)
    levels = [line.y for line in rest]
    highest = _RAISED * max((line.size for line in rest), default=0.0)
    joined: dict[Line, Line] = {}
    used = set()
    for mark in marks:
        first = bisect_right(levels, mark.y - highest)
        for line in rest[first : bisect_left(levels, mark.y)]:
            raised = mark.y - line.y < _RAISED * line.size
            beside = -_TOUCHING < (line.left - mark.right) / line.size < _RAISED
            if raised and beside and mark.size < _SMALLER * line.size:
                said = f"{mark.text} {line.text}"
                joined[line] = replace(line, text=said, left=mark.left)
                used.add(mark)
                break
    return [joined.get(line, line) for line in lines if line not in used]


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
    for start, count in starts.most_common(_STARTS):
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
    """Whether both are columns, one of them perhaps a table, and next to each other.

    The rows of both fill their column; the cells of a table do not. Rows of a table
    beside prose stand on base lines of their own.
    """
    both = [rows(lines) for lines in (before, after)]
    words = []
    for column in both:
        if len(column) < _COLUMN_LINES:
            return False
        extent = max(r.right for r in column) - min(r.left for r in column)
        filled = median(r.right - r.left for r in column)
        if extent < 0.2 * width or filled < 0.6 * extent:
            return False
        words.append(median(len(_WORD.findall(r.text)) for r in column))
    fewer, more = sorted(words)
    if more < _PROSE_WORDS or (
        fewer < _PROSE_WORDS and (more < _COLUMN_WORDS or _share_base_lines(*both))
    ):
        return False
    top = min(column[0].y for column in both)
    bottom = max(column[-1].y for column in both)
    return top - bottom > 2 * before[0].size


def _share_base_lines(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether half of the rows of one, or more, stand on base lines of the other, where
    both are.
    """
    top, bottom = min(one[0].y, other[0].y), max(one[-1].y, other[-1].y)
    within = [[r for r in column if bottom <= r.y <= top] for column in (one, other)]
    fewer, more = sorted(within, key=len)
    levels = sorted(row.y for row in more)
    shared = sum(
        bisect_left(levels, row.y - off) < bisect_right(levels, row.y + off)
        for row, off in ((row, _EXACT * row.size) for row in fewer)
    )
    return shared >= len(fewer) / 2


def rows(lines: Sequence[Line]) -> list[Line]:
    """Join what stands on one base line, such as a word in italics or a cell; between
    cells, which a wide gap sets apart, stands a tab.
    """
    joined: list[Line] = []
    for level in _levels(lines):
        row = level[0]
        cells = [(row.left, row.right)]
        widest = inf if _is_justified(level) else _CELL_GAP
        for line in level[1:]:
            gap = (line.left - row.right) / row.size
            between = "\t" if gap > widest else " " if gap >= _TOUCHING else ""
            begins = line.left if between == "\t" else cells.pop()[0]
            cells.append((begins, max(row.right, line.right)))
            before = len((row.text + between + "x").split()) - 1
            moved = [replace(gap, words=before + gap.words) for gap in line.gaps]
            if between == " " and gap > _WIDE_GAP:
                moved.insert(0, Gap(before, row.right, line.left))
            row = replace(
                row,
                text=row.text + between + line.text,
                gaps=(*row.gaps, *moved),
                right=max(row.right, line.right),
                bold=row.bold and line.bold,
                code=row.code and line.code,
            )
        most = max(level, key=lambda line: len(line.text))  # not the mark of an item
        joined.append(replace(row, cells=tuple(cells), size=most.size))
    for n, row in enumerate(joined):
        near = joined[max(0, n - _REACH) : n] + joined[n + 1 : n + 1 + _REACH]
        joined[n] = _parted(row, near)
    return list(_with_names(joined))


def _is_justified(level: Sequence[Line]) -> bool:
    """Whether words are drawn out to fill a line: all lie equally far apart, but for
    ends of sentences, which of figures tells nothing.
    """
    gaps = [b.left - a.right for a, b in pairwise(level) if a.text[-1].isalnum()]
    words = sum(bool(_WORD.fullmatch(piece.text.strip(_STOPS))) for piece in level)
    return (
        len(gaps) > _LOOSE
        and max(gaps) < _DRAWN_OUT * level[0].size
        and max(gaps) - min(gaps) < _EXACT * level[0].size
        and words >= len(level) - 1
    )


def _with_names(rows: Sequence[Line]) -> Iterator[Line]:
    """Rows, those of cells with a name that stands beside them in two lines, one half a
    line higher and one lower.
    """
    ahead = iter(range(len(rows)))
    for n in ahead:
        around = rows[n : n + 3]
        if len(around) == 3 and _is_named_by(*around):
            above, row, below = around
            cells = (min(above.left, below.left), max(above.right, below.right))
            yield replace(
                row,
                text=f"{above.text} {below.text}\t{row.text}",
                left=cells[0],
                cells=(cells, *row.cells),
            )
            next(ahead), next(ahead)
        else:
            yield rows[n]


def _is_named_by(above: Line, row: Line, below: Line) -> bool:
    return (
        len(above.cells) == len(below.cells) == 1 < len(row.cells)
        and max(above.right, below.right) < row.left
        and max(above.y - row.y, row.y - below.y) < _HALF * row.size
    )


def _parted(row: Line, beside: Sequence[Line]) -> Line:
    """A row of cells, parted too where a gap lies between two cells of one near it."""
    between = [
        (one[1], other[0]) for near in beside for one, other in pairwise(near.cells)
    ]
    words = re.findall(r"\t?\S+", row.text)
    edges = [edge for cell in row.cells for edge in cell]
    for gap in row.gaps:
        common = (min(gap.right, b) - max(gap.left, a) for a, b in between)
        apart = max(common, default=0.0) > _COMMON * row.size
        if apart and 0 < gap.words < len(words):
            words[gap.words] = "\t" + words[gap.words].lstrip()
            edges += [gap.left, gap.right]
    fewest = max((len(near.cells) for near in beside), default=1)
    if len(row.cells) == 1 and len(edges) < 2 * fewest:
        return row  # a line of prose has a gap here and there
    edges.sort()
    text = " ".join(words).replace(" \t", "\t")
    return replace(
        row, text=text, cells=tuple(zip(edges[::2], edges[1::2], strict=True))
    )


def _levels(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """What stands on one base line, from left to right, the highest one first."""
    level: list[Line] = []
    for line in sorted(lines, key=lambda i: (-i.y, i.left)):
        if level and level[0].y - line.y >= _BASE * max(level[0].size, line.size):
            yield sorted(level, key=lambda i: i.left)
            level = []
        level.append(line)
    if level:
        yield sorted(level, key=lambda i: i.left)
