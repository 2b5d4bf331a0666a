"""The day of a page: one that it shows its readers, or states as an article's.

Of what htmldate finds (metadata, addresses, anything that looks like a day) only a day
counts that stands in the visible text near the title: others are days of a fetch, of a
neighbour or of a comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BEFORE, _AFTER = 500, 800
_TITLE = 16
_TITLES, _PLACES = 8, 5
"""Titles that are looked for, and places of each: menus say some of them too."""
_LARGE = 3_000_000
_UNSEEN = ("script", "style", "head", "noscript", "template")


def page_date(tree: HtmlElement, stated: str, title: str, *, certain: bool) -> str:
    """The day on which a page says that it was published, ISO 8601, or nothing.

    Args:
        tree: The page.
        stated: A date in its metadata, or nothing.
        title: Of the article, to look near.
        certain: Whether the metadata describe an article, not just a page.
    """
    text = _visible(tree)
    if stated and (len(stated) < 10 or _shows(text, stated)):
        return stated
    near = (_near(text, _titles(tree, title)), *_marked(tree))
    if stated and (beside := _beside(stated, near[0])):
        return beside
    found = _searched(tree) if len(text) < _LARGE else ""
    if found and any(_shows(place, found) for place in near):
        return found
    return stated if certain else ""


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


def _visible(tree: HtmlElement) -> str:
    copy = deepcopy(tree)
    for element in list(copy.iter(*_UNSEEN)):
        if element.getparent() is not None:
            element.drop_tree()
    return " ".join(" ".join(copy.itertext()).split())


def _marked(tree: HtmlElement) -> list[str]:
    """The first moment that the page marks as one, and its addresses."""
    moments = tree.xpath("(//time/@datetime)[1]")
    addresses = tree.xpath(
        "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
    )
    return [*map(str, moments), *map(str, addresses)]


def _titles(tree: HtmlElement, title: str) -> list[str]:
    heads = (head.text_content() for head in tree.iter("h1"))
    lines = (" ".join(line.split())[:_TITLE] for line in (title, *heads))
    return list(islice(dict.fromkeys(filter(None, lines)), _TITLES))


def _near(text: str, titles: Sequence[str]) -> str:
    """The text around each place where a title stands; else the start of it."""
    places = [
        match.start()
        for title in titles
        for match in islice(re.finditer(re.escape(title), text), _PLACES)
    ]
    if not places:
        return text[: _BEFORE + _AFTER]
    return " ".join(text[max(0, p - _BEFORE) : p + _AFTER] for p in places)


def _shows(text: str, iso: str) -> bool:
    """Whether a day stands in a text, in figures or with the month in any language."""
    year, month, day = map(int, iso[:10].split("-"))
    years = f"(?:{year}|{year % 100:02})"
    gap = r"\s?[-./]\s?"
    forms = (
        rf"0?{day}(?!\d)\D{{1,20}}{year}",
        rf"0?{day}{gap}0?{month}{gap}{years}",
        rf"0?{month}{gap}0?{day}{gap}{years}",
        rf"{year}(?:\s?[-./年]\s?)?0?{month}(?:\s?[-./月]\s?)?0?{day}",
    )
    return any(re.search(rf"(?<!\d){form}(?!\d)", text) for form in forms)
