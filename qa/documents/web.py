"""A page saved from the browser: its article, without what surrounds it."""

from __future__ import annotations

import re

from lxml import etree, html

from qa.documents.blocks import Block, Metadata
from qa.documents.decoding import decode
from qa.documents.tree import blocks_in, parse_html
from qa.documents.webmeta import page_metadata

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_SHORT = 600
_PLAIN = ("code", "q", "time")  # it would lose them, or make blocks of them
_AROUND = "//nav | //aside | //footer | //header[not(ancestor::article)]"


def parse_page(data: bytes, file: str) -> tuple[list[Block], Metadata]:
    """Find the article in a page and what the page states about it.

    Raises:
        SeedError: It cannot be decoded, or is nested too deeply.
    """
    import trafilatura

    declared = _CHARSET.search(data[:4096])
    text = decode(data, file, declared=declared[1].decode("ascii") if declared else "")
    tree = parse_html(text, file)
    metadata = page_metadata(tree)
    for element in tree.xpath(_AROUND):
        element.drop_tree()
    etree.strip_tags(tree, *_PLAIN)
    article = trafilatura.extract(
        html.tostring(tree, encoding="unicode"),
        output_format="html",
        include_comments=False,
        include_tables=True,
        favor_recall=True,
    )
    if article and len(article) > _SHORT:
        return blocks_in(parse_html(article, file)), metadata
    return blocks_in(tree), metadata  # too short for it to tell an article by
