"""A page saved from the browser: its article, without what surrounds it.

Which part of a page is the article is trafilatura's verdict, but for what
``qa.documents.webparts`` finds to belong to it. Where it finds next to
nothing (a few lines of news, an article inside ``header`` or ``aside``), the page is
read whole but for its lists of links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree, html

from qa.documents.blocks import Block, LeftOut, Read
from qa.documents.decoding import decode
from qa.documents.tree import blocks_in, level_table, parse_html, said
from qa.documents.webmeta import page_metadata
from qa.documents.webparts import (
    AROUND,
    is_menu,
    plain_inside_lines,
    rows_of_values,
    squashed,
    with_captions,
    with_like_parts,
    without_menus,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?([\w-]{2,40})""",
    re.IGNORECASE,
)
_PLAIN = ("code", "q", "time")  # it would lose them, or make blocks of them
_LITTLE = 400
_NOTHING = 160
_MOST = 0.4
_LISTED = 2000
_LABEL = 6
"""Words of what may introduce links."""
_REASON = "stands around the article"


def parse_page(data: bytes, file: str) -> Read:
    """Find the article in a page and what the page states about it.

    Raises:
        SeedError: It cannot be decoded, or is nested too deeply.
    """
    declared = _CHARSET.search(data[:4096])
    text = decode(data, file, declared=declared[1].decode("ascii") if declared else "")
    tree = parse_html(text, file)
    metadata = page_metadata(tree)
    whole = blocks_in(tree)
    blocks = _article(tree, file)
    if _length(blocks) < _LITTLE:
        unlinked = without_menus(tree)
        rest = blocks_in(unlinked)
        little = _length(blocks) < min(_NOTHING, _MOST * _length(rest))
        if little or _length(rest) < _length(blocks):
            blocks = _without_margins(unlinked, rest) or blocks
    blocks = with_captions(tree, whole, with_like_parts(tree, blocks))
    blocks = _without_lead(tree, whole, blocks)
    return Read(blocks, metadata, left_out=_left_out(whole, blocks))


def _article(tree: HtmlElement, file: str) -> list[Block]:
    """What trafilatura takes for the article."""
    import trafilatura

    copy = deepcopy(tree)
    etree.strip_tags(copy, *_PLAIN)
    plain_inside_lines(copy)
    for listing in list(copy.iter("pre")):
        text = listing.text_content()
        listing.clear(keep_tail=True)
        # Without code in it, it would lose its lines.
        etree.SubElement(listing, "code").text = text
    for table in copy.iter("table"):
        level_table(table)
    for row in rows_of_values(copy):
        text = said(row)
        row.clear(keep_tail=True)
        row.tag, row.text = "p", text
    for caption in copy.iter("figcaption"):
        caption.tag = "p"
        caption.getparent().tag = "div"
    article = trafilatura.extract(
        html.tostring(copy, encoding="unicode"),
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_formatting=True,
    )
    return blocks_in(parse_html(article, file)) if article else []


def _without_margins(tree: HtmlElement, rest: list[Block]) -> list[Block]:
    """What is not marked as standing around the article, unless most stands there."""
    for element in list(tree.iter(*AROUND)):
        if element.getparent() is not None:
            element.drop_tree()
    inside = blocks_in(tree)
    return inside if _length(inside) > _MOST * _length(rest) else rest


def _without_lead(
    tree: HtmlElement, whole: Sequence[Block], kept: list[Block]
) -> list[Block]:
    """The article without a last line that introduces links which are left out."""
    if not kept or not _is_label(kept[-1]):
        return kept
    lists = [element for element in tree.iter("ul", "ol") if is_menu(element)]
    firsts = {squashed(next(each.iter("a")).text_content()) for each in lists} - {""}
    last = squashed(kept[-1].text)
    introduces = any(
        squashed(line.text) == last and squashed(listed.text) in firsts
        for line, listed in pairwise(whole)
    )
    return kept[:-1] if introduces else kept


def _is_label(block: Block) -> bool:
    """Whether it is a few words and no sentence."""
    return (
        block.kind not in {"item", "row"}
        and len(block.text.split()) <= _LABEL
        and block.text[-1:].isalnum()
    )


def _left_out(whole: Sequence[Block], kept: Sequence[Block]) -> list[LeftOut]:
    told = squashed(" ".join(block.text for block in kept))
    apart = {squashed(block.text) for block in kept}
    left: list[LeftOut] = []
    for block in whole:
        words = squashed(block.text)
        if words not in apart and words not in told:
            left.append(LeftOut(block.text, _REASON))
            if len(left) == _LISTED:
                break
    return left


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)
