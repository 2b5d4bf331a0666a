"""Figures to inline SVG: lines, bars, intervals; colours come from the page's CSS.

Elements are built as a tree, so whatever stands in a label is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from xml.etree.ElementTree import Element, SubElement, tostring

_WIDTH, _HEIGHT = 440, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 22, 14, 44
_PER_DECADE = 10
_LABELS = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a chart: the range shown, its ticks and their labels."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: float) -> float:
        """Where a value lies between the ends, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


SHARES = tuple((tick / 4, f"{tick * 25} %") for tick in range(5))


def line_chart(
    points: Sequence[Point],
    x: Axis,
    y: Axis,
    *,
    name: str,
    marked: Sequence[tuple[Point, str]] = (),
) -> str:
    """A line through points.

    Args:
        points: From left to right.
        x: The horizontal axis.
        y: The vertical axis.
        name: What the chart shows, for those who cannot see it.
        marked: Points to set a dot at, each with what it says when pointed at.
    """
    svg = _frame(x, y, name)
    places = [_place(point, x, y) for point in points]
    if places:
        ground = _HEIGHT - _BOTTOM
        corners = [(places[0][0], ground), *places, (places[-1][0], ground)]
        _add(svg, "polygon", "area", points=_path(corners))
        _add(svg, "polyline", "line", points=_path(places))
    for point, text in marked:
        left, top = _place(point, x, y)
        dot = _add(svg, "circle", "dot", cx=left, cy=top, r=4)
        SubElement(dot, "title").text = text
    return tostring(svg, encoding="unicode")


def histogram(seconds: Sequence[float], *, title: str, name: str) -> str:
    """Counts of durations in bins of equal ratio, the median marked.

    Args:
        seconds: Durations; zeros are counted as a tenth of a millisecond.
        title: Of the horizontal axis.
        name: What the chart shows, for those who cannot see it.
    """
    logs = [math.log10(max(value, 1e-4)) * _PER_DECADE for value in seconds]
    first = math.floor(min(logs, default=0.0)) - 1
    last = math.floor(max(logs, default=0.0)) + 2
    counts = [0] * (last - first)
    for log in logs:
        counts[math.floor(log) - first] += 1
    step = math.ceil((last - first) / _LABELS)
    ticks = tuple(
        (float(edge), duration(10 ** (edge / _PER_DECADE)))
        for edge in range(first, last + 1, step)
    )
    x = Axis(title, first, last, ticks)
    y = _count_axis(max(counts))
    svg = _frame(x, y, name)
    for number, count in enumerate(counts):
        if count:
            _bar(svg, (first + number, count), x, y)
    if logs:
        left, _ = _place((median(logs), 0), x, y)
        ends = {"x1": left, "x2": left, "y1": _TOP, "y2": _HEIGHT - _BOTTOM}
        mark = _add(svg, "line", "median", **ends)
        SubElement(mark, "title").text = f"median {duration(median(seconds))}"
    return tostring(svg, encoding="unicode")


def interval_bar(value: float, interval: Sequence[float] | None) -> str:
    """A share on a line from 0 to 1, with its interval behind it."""
    width, height = 120.0, 14.0
    svg = _canvas(width, height, "interval")
    svg.set("aria-hidden", "true")
    ends = {"x1": 4, "x2": width - 4, "y1": height / 2, "y2": height / 2}
    _add(svg, "line", "rail", **ends)
    scale = width - 8
    if interval is not None:
        low, high = interval
        left = 4 + low * scale
        size = {"width": max(1.0, (high - low) * scale), "height": 6}
        _add(svg, "rect", "range", x=left, y=4, rx=3, **size)
    _add(svg, "circle", "dot", cx=4 + value * scale, cy=height / 2, r=3.5)
    return tostring(svg, encoding="unicode")


def duration(seconds: float) -> str:
    """A duration in a unit that suits it, two digits."""
    if seconds < 0.9995:
        return f"{_two_digits(seconds * 1000)} ms"
    return f"{_two_digits(seconds)} s"


def _two_digits(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"


def _count_axis(highest: int) -> Axis:
    step = max(1, math.ceil(highest / 4))
    top = step * math.ceil(max(1, highest) / step)
    ticks = tuple((float(tick), str(tick)) for tick in range(0, top + 1, step))
    return Axis("questions", 0, top, ticks)


def _bar(svg: Element, corner: Point, x: Axis, y: Axis) -> None:
    left, top = _place(corner, x, y)
    right, ground = _place((corner[0] + 1, 0), x, y)
    size = {"width": right - left - 2, "height": ground - top}
    bar = _add(svg, "rect", "bar", x=left + 1, y=top, rx=2, **size)
    low, high = (10 ** ((corner[0] + i) / _PER_DECADE) for i in (0, 1))
    text = f"{duration(low)} to {duration(high)}: {corner[1]:.0f}"
    SubElement(bar, "title").text = text


def _frame(x: Axis, y: Axis, name: str) -> Element:
    """An empty chart: grid, ticks and titles."""
    svg = _canvas(_WIDTH, _HEIGHT, "chart")
    svg.set("role", "img")
    svg.set("aria-label", name)
    ground, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for value, label in y.ticks:
        _, top = _place((x.low, value), x, y)
        _add(svg, "line", "grid", x1=_LEFT, x2=right, y1=top, y2=top)
        _add(svg, "text", "tick end", x=_LEFT - 6, y=top + 4).text = label
    for value, label in x.ticks:
        left, _ = _place((value, y.low), x, y)
        _add(svg, "text", "tick mid", x=left, y=ground + 16).text = label
    middle = (_LEFT + right) / 2
    _add(svg, "text", "title mid", x=middle, y=_HEIGHT - 6).text = x.title
    turned = f"rotate(-90 11 {(_TOP + ground) / 2:g})"
    centre = {"x": 11.0, "y": (_TOP + ground) / 2}
    title = _add(svg, "text", "title mid", **centre)
    title.set("transform", turned)
    title.text = y.title
    return svg


def _place(point: Point, x: Axis, y: Axis) -> Point:
    """Data to pixels."""
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    left = _LEFT + x.share(point[0]) * width
    return left, _TOP + (1 - y.share(point[1])) * height


def _canvas(width: float, height: float, kind: str) -> Element:
    box = f"0 0 {width:g} {height:g}"
    return Element("svg", {"viewBox": box, "class": kind})


def _add(parent: Element, tag: str, kind: str, **values: float | str) -> Element:
    attributes = {
        name: value if isinstance(value, str) else f"{value:.1f}"
        for name, value in values.items()
    }
    return SubElement(parent, tag, {"class": kind, **attributes})


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{left:.1f},{top:.1f}" for left, top in points)
