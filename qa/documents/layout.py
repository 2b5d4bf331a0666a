"""Lines on pages to blocks; pure, so it can be tested by hand.

Lines become paragraphs across columns and pages, larger or bold lines headings.
A page's footnotes stand before the paragraph that runs over its end, so that
the pages of the text stay in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from qa.documents.blocks import Block, Kind, LeftOut, Row
from qa.documents.captioning import with_captions
from qa.documents.columnheads import column_heads
from qa.documents.columns import (
    Line,
    columns,
    rows,
    with_drop_caps,
    with_marks,
    without_running,
)
from qa.documents.notes import unmarked
from qa.documents.tables import CELLS, is_figure
from qa.documents.wrapping import (
    LIST_ITEM,
    SENTENCE_END,
    join_lines,
    looks_like_heading,
    vocabulary,
)

_LEADERS = re.compile(r"\s*(?:\s?[.…]){6,}\s*")  # of a table of contents
_ENTRIES = 3
_WORDS = 4
_NEAR = 2
"""Lines from a row of three cells or more to another row."""
_FRONT_PAGES = 50
_ITEM_MARK = re.compile(r"\W|\W?\w{1,4}\W")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*\.?)\t[^\W\d_]{3}[^\t]*")
_RUNNING = "stands at the same place of several pages, or numbers its page"
_CONTENTS = "a table of contents"
_NOTE = re.compile(r"[\[(]?(\d{1,3}(?!\d)|[*†‡§])[\])]?[.\s]*\w")
_SMALLER, _LARGER = 0.92, 1.12
_GAP, _OPEN_GAP, _SHORT = 1.35, 3.0, 0.75
_CENTRED = 4  # times its size
_SCALE = 3  # figures; "12 August 1914" has fewer
_PAIRS = 3  # of lines, that tell how far those of a column lie apart
_APART = 1.8  # times its size lies above a note
_HEADING_LENGTH = 200


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with the column it stands in, and where most of its lines begin."""

    line: Line
    page: int
    column: int
    left: float
    usual: float
    right: float
    row: Row | None = None

    @property
    def is_indented(self) -> bool:
        """Whether it begins as the first line of a paragraph may."""
        return 0.8 < (self.line.left - self.left) / self.line.size < 4

    @property
    def is_centred(self) -> bool:
        """Whether it begins too far in for a line of a paragraph."""
        return self.line.left - self.usual >= _CENTRED * self.line.size

    @property
    def is_short(self) -> bool:
        """Whether it ends well before the column does."""
        return self.line.right - self.left < _SHORT * (self.right - self.left)


@dataclass(slots=True)
class _Paragraph:
    """Lines being joined."""

    lines: list[_Placed]
    text: str = ""
    turns: list[int] = field(default_factory=list)


def lay_out(pages: Sequence[Sequence[Line]]) -> tuple[list[Block], list[LeftOut]]:
    """Turn the lines of each page into blocks with their pages, and say what is none.

    Args:
        pages: The first page first; lines in any order.
    """
    pages = _typed(pages)
    body = _body_size(line for page in pages for line in page)
    flow: list[_Placed] = []
    notes: dict[int, list[_Placed]] = {}
    left: list[LeftOut] = []
    for number, (lines, running) in enumerate(without_running(pages), 1):
        where = f", page {number}"
        left += (LeftOut(line.text, _RUNNING, where) for line in running)
        for column in columns(with_marks(with_drop_caps(lines))):
            kept, listed = _without_contents(rows(column), len(pages))
            left += (LeftOut(line.text, _CONTENTS, where) for line in listed)
            main, small = _split_notes(_place(kept, number, len(flow)), body)
            flow += _unmarked(main, small)
            notes.setdefault(number, []).extend(small)
    return _blocks(flow, notes, body), left


def _blocks(
    flow: Sequence[_Placed], notes: dict[int, list[_Placed]], body: float
) -> list[Block]:
    known = vocabulary([placed.line.text for placed in flow])
    paragraphs = list(_paragraphs(flow, known, body))
    sizes = _heading_sizes(paragraphs, body)
    blocks: list[Block] = []
    for paragraph in paragraphs:
        last = paragraph.lines[-1].page
        for page in sorted(page for page in notes if page < last):
            blocks += _notes(notes.pop(page), known)
        blocks.append(_block(paragraph, sizes))
    for page in sorted(notes):
        blocks += _notes(notes[page], known)
    return with_captions(blocks)


def _without_contents(
    lines: Sequence[Line], pages: int
) -> tuple[list[Line], list[Line]]:
    """A column without its table of contents: lines with dot leaders up to numbers of
    pages that grow; a list of prices has no such numbers.
    """
    listed = [line for line in lines if _LEADERS.search(line.text)]
    ends = [re.search(r"(\d+)\s*$", line.text) for line in listed]
    numbers = [int(end[1]) for end in ends if end and len(end[1]) < 6]
    growing = numbers == sorted(numbers) and len(numbers) > 0.8 * len(listed)
    if len(listed) < _ENTRIES or not growing or numbers[-1] > 2 * pages + _FRONT_PAGES:
        return [replace(i, text=_LEADERS.sub("\t", i.text)) for i in lines], []
    return [line for line in lines if line not in listed], listed


def _typed(pages: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
    """Pages of which only a part is code: what is typewritten throughout has none."""
    letters: Counter[bool] = Counter()
    for page in pages:
        for line in page:
            letters[line.code] += len(line.text)
    if letters[True] <= letters[False]:
        return pages
    return [[replace(line, code=False) for line in page] for page in pages]


def _body_size(lines: Iterable[Line]) -> float:
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 1.0


def _place(column: Sequence[Line], page: int, identifier: int) -> list[_Placed]:
    left = min((line.left for line in column), default=0.0)
    usual = median(line.left for line in column) if column else 0.0
    right = max((line.right for line in column), default=0.0)
    in_table = _in_table(column)
    found = []
    for line, is_row, laid in zip(
        column, in_table, column_heads(column, in_table), strict=True
    ):
        row = Row(laid.heads, labelled=False, is_head=laid.is_head)
        in_row = is_row or laid.is_head
        said = replace(line, text=laid.text.replace("\t", CELLS if in_row else " "))
        found.append(
            _Placed(said, page, identifier, left, usual, right, row if in_row else None)
        )
    return found


def _in_table(column: Sequence[Line]) -> list[bool]:
    """Which lines are rows of tables: they have cells, and one near them has."""
    depths = [_depth(line) for line in column]
    around = zip([0, *depths], [*depths[1:], 0], strict=False)
    tabbed = [
        _has_cells(line) and not (depth and depth not in beside)
        for line, depth, beside in zip(column, depths, around, strict=True)
    ]
    found = []
    for number, line in enumerate(column):
        reach = _NEAR if line.text.count("\t") > 1 else 1
        beside = tabbed[max(0, number - reach) : number + reach + 1]
        found.append(tabbed[number] and (sum(beside) > 1 or _may_be_columns(line)))
    return found


def _may_be_columns(line: Line) -> bool:
    """Whether both sides of a gap are words: no sentence may run over the doubt."""
    return all(len(cell.split()) >= _WORDS for cell in line.text.split("\t"))


def _has_cells(line: Line) -> bool:
    """Whether a line may be a row of a table; the mark of an item is no cell."""
    cells = line.text.split("\t")
    return len(cells) > 1 and not (len(cells) == 2 and _ITEM_MARK.fullmatch(cells[0]))


def _depth(line: Line) -> int:
    """How many numbers a line has that may be a numbered heading, "8.6 Oil"; else 0.

    Beside one of as many it is a row.
    """
    found = _NUMBERED.fullmatch(line.text) if line.bold else None
    return found[1].rstrip(".").count(".") + 1 if found else 0


def _split_notes(
    column: list[_Placed], body: float
) -> tuple[list[_Placed], list[_Placed]]:
    """A column's footnotes: lines at its end, from the first marker on, that are small,
    or set off below a text that has their marks.
    """
    first = len(column)
    while first and column[first - 1].line.size <= _SMALLER * body:
        first -= 1
    if first == len(column):
        first = _set_off(column)
    if first < len(column) / 2:
        return column, []  # a listing or a table, not a few lines at the foot
    while first < len(column) and not _NOTE.match(column[first].line.text):
        first += 1
    return column[:first], column[first:]


def _set_off(column: Sequence[_Placed]) -> int:
    """Where lines begin that a gap parts from what has the mark of the first."""
    for below in range(len(column) - 1, 0, -1):
        above, line = column[below - 1].line, column[below].line
        if above.y - line.y > _APART * line.size and (note := _NOTE.match(line.text)):
            said = [placed.line.text for placed in column[:below]]
            if unmarked(said, [note[1]]) != said:
                return below
    return len(column)


def _unmarked(main: Sequence[_Placed], notes: Sequence[_Placed]) -> list[_Placed]:
    """Lines without the marks of their notes that are drawn like other figures."""
    marks = [found[1] for note in notes if (found := _NOTE.match(note.line.text))]
    said = unmarked([placed.line.text for placed in main], marks)
    return [
        replace(placed, line=replace(placed.line, text=text))
        for placed, text in zip(main, said, strict=True)
    ]


def _paragraphs(
    flow: Sequence[_Placed], known: Callable[[str], bool], body: float
) -> Iterator[_Paragraph]:
    below = [
        (a, b)
        for a, b in pairwise(flow)
        if a.column == b.column and a.line.y - b.line.y > 0.5 * a.line.size
    ]
    gaps = sorted(a.line.y - b.line.y for a, b in below)
    usual = gaps[len(gaps) // 3] if gaps else body
    leading = _leading([pair for pair in below if _is_open(*pair)], usual)
    indented = sum(placed.is_indented for placed in flow) > len(flow) / 20
    current: _Paragraph | None = None
    for placed in flow:
        wide = current and not current.lines[-1].is_short
        gap = leading.get(placed.column, usual) if wide else usual
        if current and _continues(current, placed, gap, indented=indented):
            _append(current, placed, known)
            continue
        if current:
            yield current
        current = _Paragraph([placed], placed.line.text)
    if current:
        yield current


def _leading(
    running: Iterable[tuple[_Placed, _Placed]], usual: float
) -> dict[int, float]:
    """How far the lines of a sentence lie apart in each column that has some: where
    most lines of a file are rows, its prose may be set wider.
    """
    gaps: dict[int, list[float]] = {}
    for a, b in running:
        gaps.setdefault(a.column, []).append(a.line.y - b.line.y)
    return {
        column: max(usual, min(median(found), _OPEN_GAP * usual))
        for column, found in gaps.items()
        if len(found) >= _PAIRS
    }


def _is_open(before: _Placed, after: _Placed) -> bool:
    """Whether a sentence certainly goes on from one line to the next."""
    return after.line.text[0].islower() and not SENTENCE_END.search(before.line.text)


def _append(
    paragraph: _Paragraph, placed: _Placed, known: Callable[[str], bool]
) -> None:
    line = placed.line
    paragraph.text = join_lines(paragraph.text, line.text, known)
    turned = placed.page - paragraph.lines[-1].page
    paragraph.turns += [len(paragraph.text) - len(line.text)] * turned
    paragraph.lines.append(placed)


def _continues(
    paragraph: _Paragraph, after: _Placed, leading: float, *, indented: bool
) -> bool:
    """Whether a line belongs to the paragraph before it."""
    first, before = paragraph.lines[0], paragraph.lines[-1]
    old, new = before.line, after.line
    if before.row or after.row or old.code or new.code:
        return False
    open_ended = _is_open(before, after)
    if not 1 / _LARGER < new.size / old.size < _LARGER or (
        old.bold != new.bold and before.is_short and not open_ended
    ):
        return False
    if LIST_ITEM.match(new.text) and (
        before.is_short
        or SENTENCE_END.search(old.text)
        or (new.text[0] == first.line.text[0] and not new.text[0].isalnum())
    ):
        return False
    if before.column != after.column:
        if (new.bold and not old.bold) or (after.is_centred and not open_ended):
            return False  # a caption or a heading, at the top
        longer = first.page != before.page != after.page  # than a whole page
        return not longer and _runs_over(before, after, indented=indented)
    usual = max(leading, 1.1 * old.size)
    if open_ended and old.y - new.y < _OPEN_GAP * usual:
        return True
    if old.y - new.y > _GAP * usual:
        return False
    if before.is_short and SENTENCE_END.search(old.text):
        return False
    hangs = before.is_indented or LIST_ITEM.match(first.line.text)
    return bool(hangs) or not after.is_indented


def _runs_over(before: _Placed, after: _Placed, *, indented: bool) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    if not SENTENCE_END.search(before.line.text):
        return not looks_like_heading(before.line.text) or not before.is_short
    return indented and not after.is_indented and not before.is_short


def _block(paragraph: _Paragraph, sizes: Sequence[int]) -> Block:
    """A heading if it is larger than the body, or short and bold throughout."""
    first = paragraph.lines[0]
    level = 0
    said = len(paragraph.text) <= _HEADING_LENGTH and not _is_scale(paragraph.text)
    if said and not first.row:
        if round(first.line.size) in sizes:
            level = 2 + sizes.index(round(first.line.size))
        elif all(p.line.bold for p in paragraph.lines):
            level = (2 + len(sizes)) * looks_like_heading(paragraph.text)
    kind: Kind = "item" if LIST_ITEM.match(paragraph.text) else "paragraph"
    kind = "row" if first.row or first.line.code else kind
    return Block(
        "heading" if level else kind,
        paragraph.text,
        min(level, 6),
        first.page,
        tuple(paragraph.turns),
        first.row,
    )


def _is_scale(text: str) -> bool:
    """Whether most words of several are figures, as of the axis of a chart."""
    words = text.split()
    figures = sum(map(is_figure, words))
    return 2 * figures > len(words) and figures >= _SCALE


def _heading_sizes(paragraphs: Sequence[_Paragraph], body: float) -> list[int]:
    """Sizes, in whole points, that are larger than the body's; largest first."""
    found = (p.lines[0].line.size for p in paragraphs)
    return sorted({round(s) for s in found if s > _LARGER * body}, reverse=True)


def _notes(lines: Sequence[_Placed], known: Callable[[str], bool]) -> list[Block]:
    """Footnotes, one an item, each from its marker on."""
    notes: list[_Paragraph] = []
    for placed in lines:
        if _NOTE.match(placed.line.text) or not notes:
            notes.append(_Paragraph([placed], placed.line.text))
        else:
            _append(notes[-1], placed, known)
    return [Block("row", note.text, 0, note.lines[0].page) for note in notes]
