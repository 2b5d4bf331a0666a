"""The day of a page: one that it shows its readers, or states as an article's.

What stands at the headline counts most, by itself or as the metadata say it too. Of
what htmldate finds (anything that looks like a day) only a day counts that stands near
the headline or in the address: others are days of a fetch, a neighbour or a comment.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, timedelta
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from qa.documents.datelines import Page
from qa.documents.metadata import iso_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BEFORE, _AFTER = 500, 800
_ABOVE = 300
"""Letters from a line above the headline to it; below it ``_AFTER``."""
_LINES = 6
_LARGE = 3_000_000
_DAY = len("2020-03-04")


def page_date(tree: HtmlElement, stated: str, title: str, *, certain: bool) -> str:
    """The day on which a page says that it was published, ISO 8601, or nothing.

    Args:
        tree: The page.
        stated: A date in its metadata, or nothing.
        title: Of the article, to look near.
        certain: Whether the metadata describe an article, not just a page.
    """
    page = Page(tree)
    head = page.headline([title, " ".join((tree.findtext(".//title") or "").split())])
    start, end = page.spans[head] if head is not None else (0, 0)
    own, others = page.lines(head)
    text = page.text
    for low, high in (page.spans[line] for line in others):
        text = text[:low] + " " * (high - low) + text[high:]
    near = text[max(0, start - _BEFORE) : end + _AFTER]
    full = len(stated) == _DAY
    if full and _shows(near, stated):
        return stated
    if head is not None and (day := _dateline(page, head, own)):
        return day
    if stated and (not full or _shows(text, stated)):
        return stated
    if stated and (beside := _beside(stated, near)):
        return beside
    found = _searched(tree) if len(text) < _LARGE else ""
    if found and any(_shows(place, found) for place in (near, *_marked(tree, own))):
        return found
    return stated if certain else ""


def _dateline(page: Page, head: HtmlElement, lines: list[HtmlElement]) -> str:
    """The day that the nearest line to the headline says."""
    start, end = page.spans[head]
    near: list[tuple[int, bool, int]] = []
    for number, line in enumerate(lines):
        low, high = page.spans[line]
        above = low < start
        apart = start - high if above else low - end
        if apart <= (_ABOVE if above else _AFTER):
            near.append((apart, above, number))
    nearest = (lines[number] for *_, number in sorted(near)[:_LINES])
    days = (_day(page.said(line)) or _moment(line) for line in nearest)
    return next(filter(None, days), "")


def _day(line: str) -> str:
    """The day that a line says, in any language."""
    from htmldate import find_date

    body = f"<html><body><time>{escape(line)}</time></body></html>"
    day = find_date(body, original_date=True) or ""
    return day if day and _shows(line, day) else ""


def _moment(line: HtmlElement) -> str:
    """The first day that a line is marked with."""
    moments = (time.get("datetime", "") for time in line.iter("time"))
    days = (iso_date(re.split(r"T|\s", moment.strip())[0]) for moment in moments)
    return next((day for day in days if len(day) == _DAY), "")


def _beside(stated: str, text: str) -> str:
    """The day before or after the stated one, if readers see it: midnight there may be
    another day in the time that metadata are written in.
    """
    day = date.fromisoformat(stated)
    days = ((day + timedelta(n)).isoformat() for n in (1, -1))
    return next((beside for beside in days if _shows(text, beside)), "")


def _searched(tree: HtmlElement) -> str:
    from htmldate import find_date

    return find_date(deepcopy(tree), original_date=True) or ""


def _marked(tree: HtmlElement, lines: list[HtmlElement]) -> list[str]:
    """The first day that the page marks as one of its own, and its addresses."""
    addresses = tree.xpath(
        "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
    )
    return [*islice(filter(None, map(_moment, lines)), 1), *map(str, addresses)]


def _shows(text: str, iso: str) -> bool:
    """Whether a day stands in a text, in figures or with the month in any language."""
    year, month, day = map(int, iso[:10].split("-"))
    years = f"(?:{year}|{year % 100:02})"
    gap = r"\s?[-./]\s?"
    forms = (
        rf"0?{day}(?!\d)\D{{0,8}}[^\W\d]{{3}}\D{{0,12}}{year}",
        rf"[^\W\d]{{3}}\.?\s{{1,2}}0?{day}(?:[a-z]{{2}})?,?\s{{1,2}}{year}",
        rf"0?{day}{gap}0?{month}{gap}{years}",
        rf"0?{month}{gap}0?{day}{gap}{years}",
        rf"{year}(?:\s?[-./年년]\s?)?0?{month}(?:\s?[-./月월]\s?)?0?{day}",
    )
    return any(re.search(rf"(?<!\d){form}(?!\d)", text) for form in forms)
