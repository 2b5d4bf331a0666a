"""Pictures of pages to lines, as a recogniser finds them and within bounds of time.

What it finds is a little off: heights by a fifth, edges by a few pixels, all of it by
the angle of the scan. It is put straight here, for ``layout`` to read it like any page.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Protocol

from qa.documents.blocks import LeftOut, Metadata, Read, unread_pages
from qa.documents.columns import Line
from qa.documents.layout import lay_out
from qa.documents.plain import clean_line
from qa.errors import SeedError

SIDE = 3000
"""Pixels, at most, of the longer side of a page: 250 an inch on A4."""
_PAGE_SECONDS = 30.0
_SECONDS = 1800.0
_SURE = 0.6
_HEIGHT = 1.15  # of what is found for a line, times the size of its letters
_STEP = 1.5  # between sizes that are told apart
_NEAR = 0.3  # times the size: edges and base lines that are one
_FLAT = 5.0  # times its height: so long a line tells the angle of its page
_WIDTH = 595.0  # points, of a picture that does not say how large it is
_TOO_LARGE = "takes too much memory; scale it down"
_UNSURE = "cannot be made out in the picture"
NO_TEXT = "pictures in which no text is found"
CUT = f"read only in part, since it takes longer than {_PAGE_SECONDS:.0f} s"
TOO_LONG = "not reached within half an hour of reading pictures; split it"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels: RGB of 8 bits, shape (height, width, 3).

    Attributes:
        width: Of the page, in points.
    """

    pixels: Any
    width: float = _WIDTH


@dataclass(frozen=True, slots=True)
class Found:
    """A line as recognised: the middles of its left and right edge and its height, in
    pixels from the upper left corner, and how sure the recogniser is, in [0, 1].
    """

    text: str
    left: tuple[float, float]
    right: tuple[float, float]
    height: float
    sure: float = 1.0


class Recogniser(Protocol):
    """Finds text in pictures."""

    def lines(self, pixels: Any) -> Iterator[Found]:
        """The lines of a picture from top to bottom, each as soon as it is read.

        Raises:
            SeedError: It cannot be read; the message says why, with no file named.
        """


@dataclass(slots=True)
class Recognised:
    """What pages are, read as pictures.

    Attributes:
        lines: Of each page that text was found on.
        unread: Pages, by what is wrong with them.
    """

    lines: dict[int, list[Line]] = field(default_factory=dict)
    unread: dict[str, list[int]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def note(self, pages: Iterable[int], reason: str) -> None:
        """Pages that are not read."""
        for page in pages:
            self.unread.setdefault(reason, []).append(page)

    def read(
        self, file: str, pages: Sequence[Sequence[Line]], metadata: Metadata
    ) -> Read:
        """A file whose pages have these lines, with what is told of the others."""
        blocks, left = lay_out(pages)
        unread = [unread_pages(file, each, why) for why, each in self.unread.items()]
        return Read(
            blocks,
            metadata,
            unread,
            [*left, *self.left_out],
            pictures=tuple(self.lines),
        )


def recognise(
    pages: Sequence[int],
    picture_of: Callable[[int], Picture],
    recogniser: Recogniser,
    *,
    alive: Callable[[int], None],
    body: float = 0.0,
    clock: Callable[[], float] = time.process_time,
) -> Recognised:
    """Read pages as pictures, one after the other; what is read before a bound is kept.

    Args:
        pages: Their numbers, from 1.
        picture_of: May raise ``SeedError`` with what is wrong with the page.
        recogniser: Reads them.
        alive: Called with 0 at each picture and line, with 1 at the end of each page.
        body: The size of the letters of the other pages, in points; 0 for none.
        clock: Seconds, of the processor so that a busy machine reads no less.
    """
    result = Recognised()
    end = clock() + _SECONDS
    for page in pages:
        late = clock() + _PAGE_SECONDS
        lines: list[Found] = []
        wrong = TOO_LONG if clock() > end else ""
        try:
            if not wrong:
                picture = picture_of(page)
                alive(0)
                for line in recogniser.lines(picture.pixels):
                    lines.append(line)
                    alive(0)
                    if clock() > late:
                        wrong = CUT
                        break
        except SeedError as exc:
            wrong = str(exc)
        except MemoryError:
            wrong = _TOO_LARGE
        sure = [line for line in lines if line.sure >= _SURE and line.text.strip()]
        if sure:
            result.lines[page] = _straight(sure, picture)
        unsure = (line.text for line in lines if line not in sure)
        result.left_out += (LeftOut(text, _UNSURE, f", page {page}") for text in unsure)
        if wrong or not sure:
            result.note([page], wrong or NO_TEXT)
        alive(1)
    _even(result.lines, body)
    return result


def _straight(lines: Sequence[Found], picture: Picture) -> list[Line]:
    """The lines of a page in points, turned so that they are level."""
    scale = picture.width / picture.pixels.shape[1]
    angle = median([_angle(i) for i in lines if _length(i) > _FLAT * i.height] or [0.0])
    cosine, sine = math.cos(angle), math.sin(angle)

    def turned(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return scale * (x * cosine + y * sine), scale * (x * sine - y * cosine)

    placed = []
    for line in lines:
        left, right = turned(line.left), turned(line.right)
        size = scale * line.height / _HEIGHT
        level = (left[1] + right[1]) / 2
        placed.append(Line(clean_line(line.text), left[0], right[0], level, size))
    return placed


def _angle(line: Found) -> float:
    return math.atan2(line.right[1] - line.left[1], line.right[0] - line.left[0])


def _length(line: Found) -> float:
    return math.dist(line.left, line.right)


def _even(pages: dict[int, list[Line]], body: float) -> None:
    """Give lines that are about as large one size, and the same left edge and base line
    to those of a page that are about there.
    """
    usual = median([line.size for lines in pages.values() for line in lines] or [1.0])
    same = body and _steps(usual / body) == 0
    body = body if same else usual
    for page, lines in pages.items():
        lefts = _snapped([line.left for line in lines], _NEAR * body)
        levels = _snapped([line.y for line in lines], _NEAR * body)
        pages[page] = [
            Line(
                line.text,
                lefts[line.left],
                line.right,
                levels[line.y],
                body * _STEP ** _steps(line.size / usual),
            )
            for line in lines
        ]


def _steps(ratio: float) -> int:
    return round(math.log(ratio, _STEP))


def _snapped(values: Sequence[float], near: float) -> dict[float, float]:
    """For each value the middle one of those that lie close to each other with it."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return {value: median(group) for group in groups for value in group}
