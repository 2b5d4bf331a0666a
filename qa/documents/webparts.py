"""What belongs to a page's article though trafilatura leaves it out, and what to none:
like parts, captions, rows of values; lists of links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from qa.documents.tree import blocks_in, said

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from qa.documents.blocks import Block

AROUND = ("nav", "aside", "footer", "header")
_MENUS = ("div", "section", "ul", "ol", "table", "p", *AROUND)
_SHARE = 0.5
"""Of the letters of a menu that stand in links; of a part that its like ones say."""
_WHOLE = ("article", "main", "body", "html")
_EMPHASES = tuple("b big em font i mark small strong sub sup u".split())
_CONTAINERS = ("article", "body", "div", "main", "section")
_ROW = 60
_ROWS = 3


def without_menus(tree: HtmlElement) -> HtmlElement:
    """The page without its lists of links."""
    copy = deepcopy(tree)
    for element in reversed(list(copy.iter(*_MENUS))):
        if element.getparent() is not None and is_menu(element):
            element.drop_tree()
    return copy


def plain_inside_lines(tree: HtmlElement) -> None:
    """Take the emphasis from words inside lines that stand in no paragraph, beside
    blocks: trafilatura makes a block of each, and loses spaces. A line that is
    emphasised as a whole may be a heading, and stays.
    """
    for element in list(tree.iter(*_EMPHASES)):
        parent, before = element.getparent(), element.getprevious()
        if parent is None or parent.tag not in _CONTAINERS:
            continue
        ahead = parent.text if before is None else before.tail
        follows = before is not None and before.tag in _EMPHASES
        if (ahead or "").strip() or (element.tail or "").strip() or follows:
            element.drop_tag()


def is_menu(element: HtmlElement) -> bool:
    """Whether most of what it says stands in several links."""
    links = [" ".join(link.text_content().split()) for link in element.iter("a")]
    letters = len(" ".join(element.text_content().split()))
    return len(links) > 1 and sum(map(len, links)) > _SHARE * letters


def squashed(text: str) -> str:
    """The letters and digits of a text."""
    return re.sub(r"\W+", "", text)


def with_like_parts(tree: HtmlElement, kept: list[Block]) -> list[Block]:
    """All parts of an article that is made of like ones, where one of them was kept.

    Trafilatura takes the first of a page's elements that look like an article. Another
    is a part of the same if it stands beside it in an element of the same make.
    """
    frame = _frame(tree, kept)
    for part in (frame, *frame.iterancestors()):
        if part.tag in _WHOLE:
            break
        others = [
            each
            for each in part.getparent()
            if each is not part and _alike(each, part) and not _is_article(each)
        ]
        more = [
            twin
            for each in others
            for twin in each.iter(frame.tag)
            if _alike(twin, frame)
        ]
        if sum(map(_unlinked, more)) > _SHARE * _unlinked(frame):
            return [
                block
                for each in _from_first_to_last([part, *others])
                for block in blocks_in(_without_asides(each))
            ]
    return kept


def _from_first_to_last(parts: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Parts of one element, and what stands between them."""
    beside = list(parts[0].getparent())
    places = [beside.index(part) for part in parts]
    return [
        each
        for each in beside[min(places) : max(places) + 1]
        if isinstance(each.tag, str)
        and each.tag not in AROUND
        and not _is_article(each)
    ]


def _without_asides(element: HtmlElement) -> HtmlElement:
    copy = without_menus(element)
    for aside in list(copy.iter("nav", "aside", "footer")):
        if aside.getparent() is not None:
            aside.drop_tree()
    return copy


def with_captions(
    tree: HtmlElement, whole: Sequence[Block], kept: list[Block]
) -> list[Block]:
    """What was kept, and the captions between its lines, of no teaser or gallery.

    Where a picture stands apart from all paragraphs, as above them, its caption is
    often no more than whose it is.
    """
    frame = _frame(tree, [block for block in kept if block.kind != "heading"])
    captions = {
        squashed(block.text)
        for caption in frame.iter("figcaption")
        if next(caption.iterancestors("a", "li"), None) is None
        for block in blocks_in(caption)
        if not block.text.startswith("©")
    }
    if not captions:
        return kept
    told = [squashed(block.text) for block in kept]
    captions.difference_update(told)
    places = {words: n for n, words in reversed(list(enumerate(told)))}
    found: dict[int, list[Block]] = {}
    at = len(kept)
    for block in whole:
        words = squashed(block.text)
        at = places.get(words, at)
        if words in captions and at < len(kept) - 1:
            found.setdefault(at, []).append(block)
            captions.discard(words)
    return [e for n, block in enumerate(kept) for e in (block, *found.get(n, ()))]


def rows_of_values(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of tables that are made of ``div``: "Calories" and "158" in each."""
    for box in list(tree.iter("div")):
        rows = [each for each in box.iterchildren("div") if said(each)]
        if all(len(said(e)) < _ROW and e.find(".//a") is None for e in rows):
            makes = Counter(_first_class(each) for each in rows if _is_value(each))
            if makes and max(makes.values()) >= _ROWS:
                yield from rows


def _is_value(row: HtmlElement) -> bool:
    """Whether a name and a figure stand in elements of their own."""
    name, *others = (each.strip() for each in row.itertext() if each.strip())
    return name[0].isalpha() and any(each[0].isdigit() for each in others)


def _first_class(element: HtmlElement) -> str:
    return str(element.get("class", "")).partition(" ")[0]


def _frame(tree: HtmlElement, kept: Sequence[Block]) -> HtmlElement:
    """The innermost element that holds all that was kept."""
    told = [squashed(block.text) for block in kept]
    frame: HtmlElement | None = tree
    while frame is not None:
        held = frame
        frame = next((each for each in held if _holds(each, told)), None)
    return held


def _holds(element: HtmlElement, told: Sequence[str]) -> bool:
    text = squashed(element.text_content()) if isinstance(element.tag, str) else ""
    at = 0
    for words in told:
        at = text.find(words, at)
        if at < 0:
            return False
        at += len(words)
    return at > 0


def _alike(element: HtmlElement, other: HtmlElement) -> bool:
    """Whether two are of the same make: a tag and a class."""
    made = other.get("class")
    return bool(made) and (element.tag, element.get("class")) == (other.tag, made)


def _is_article(element: HtmlElement) -> bool:
    """Whether it is one for itself, such as the next one on an endless page."""
    return next(element.iter("h1", "article"), None) is not None


def _unlinked(element: HtmlElement) -> int:
    links = sum(len(squashed(link.text_content())) for link in element.iter("a"))
    return len(squashed(element.text_content())) - links
