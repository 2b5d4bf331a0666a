"""Captions of a PDF's tables: a line above rows that numbers and names them; pure.

"Table 3 - Landings by port, 2019" says what its rows are about, wherever a row is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.documents.blocks import Block
from qa.documents.tables import CELLS
from qa.documents.wrapping import SENTENCE_END

_CAPTION = re.compile(
    r"(?P<label>[^\W\d_]+\s[A-Z]{0,3}[-–.]?\d{1,3}(?:[-–.]\d{1,3})*[a-z]?)"
    r"(?:\s?(?P<apart>[.:|–—-])\s|\s(?=[^\W\d_a-z])|$)"
)
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s")
_LONGEST = 300
_ABOVE = 1
"""Blocks between a caption and its rows, at most; one may explain the table."""
_PARTS = 3
"""Blocks between rows of a table, at most: names of its parts."""


def with_captions(blocks: Sequence[Block]) -> list[Block]:
    """Blocks, the rows of tables with their captions."""
    found: list[Block] = []
    caption, between, allowed = "", 0, _ABOVE
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        if block.row:
            found.append(replace(block, row=replace(block.row, caption=caption)))
            between, allowed = 0, _PARTS
            continue
        found.append(block)
        if block.kind == "heading" and _SECTION.match(block.text):
            caption = ""
        if said := _caption(block, after):
            caption, between, allowed = said, 0, _ABOVE
        elif not caption.endswith(block.text):
            between += 1
            ends = allowed == _PARTS and SENTENCE_END.search(block.text)
            if ends or between > allowed:
                caption = ""
    return found


def _caption(block: Block, after: Block | None) -> str:
    """The caption that a block is, with what it names where that follows by itself."""
    found = _CAPTION.match(block.text)
    said = block.text if found else ""
    if found and not found["apart"] and SENTENCE_END.search(said):
        return ""
    if found and found["label"] == said:
        alone = not after or after.row or SENTENCE_END.search(after.text)
        said = "" if alone or not after else f"{said} {after.text}"
    return said.replace(CELLS, " ").rstrip(": ") if len(said) <= _LONGEST else ""
