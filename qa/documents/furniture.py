"""Web furniture: what stands around an article on its page and is no part of it.

Three kinds go: single lines of a known form (share buttons, prices, captions,
cookie notices), the tail that begins at a line such as "Recent posts", and
what is said twice (pull quotes, doubled captions). Lines in which the article
names its authors or its issue are kept wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz import fuzz

from qa.documents.blocks import Block
from qa.documents.metadata import is_dateline, states_metadata
from qa.documents.plain import looks_like_heading
from qa.language.word_lists import lines

_NOTICE = 800
"""Characters that no notice has."""
_TWICE_LENGTH = 40


def drop_furniture(blocks: Sequence[Block]) -> list[Block]:
    """Keep the article: its headings, its prose, and what it says of itself."""
    kept = _drop_tail(_drop_lines(blocks))
    kept = _drop_repeated(kept)
    return _drop_lone_headings(kept)


def _drop_lines(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    dropped: list[str] = []
    for block in blocks:
        if block.kind == "item":
            kept.append(block)
        elif _begins_tail(block.text):
            kept.append(replace(block, kind="heading", level=2))
        elif _is_furniture(block.text):
            dropped.append(block.text)
        elif not _is_fragment(block.text):
            kept.append(block)
    # The alternative text of an image repeats its caption without the credit.
    return [b for b in kept if not any(d.startswith(b.text) for d in dropped)]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Any of the expressions of a list."""
    return re.compile("|".join(lines(name)), re.IGNORECASE)


def _is_fragment(text: str) -> bool:
    """A label such as "in Program": a few words, no capital, no full stop."""
    return text[0].islower() and len(text.split()) < 4 and text[-1].isalnum()


def _is_furniture(text: str) -> bool:
    """A line of a known form, or a notice."""
    if _pattern("furniture_lines").fullmatch(text):
        return True
    return len(text) < _NOTICE and bool(_pattern("furniture_notices").search(text))


def _begins_tail(text: str) -> bool:
    return bool(_pattern("furniture_tails").fullmatch(text))


def _drop_tail(blocks: Sequence[Block]) -> list[Block]:
    """Cut at the first tail heading with less prose after it than before it."""
    lengths = [0 if looks_like_heading(b.text) else len(b.text) for b in blocks]
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        if not _begins_tail(block.text):
            kept.append(block)
        elif sum(lengths[number:]) < sum(lengths[:number]):
            return kept + _stated_in(blocks[number:])
    return kept


def _stated_in(tail: Sequence[Block]) -> list[Block]:
    """Of a tail, the lines that name authors, or a publication and its date."""
    kept: list[Block] = []
    for number, block in enumerate(tail):
        if is_dateline(block.text):
            name = tail[number - 1].text if number else ""
            named = looks_like_heading(name) and not _pattern(
                "furniture_tails"
            ).fullmatch(name)
            text = f"{name}\n{block.text}" if named else block.text
            kept.append(Block("paragraph", text))
        elif states_metadata(block.text):
            kept.append(replace(block, kind="paragraph", level=0))
    return kept


def _drop_repeated(blocks: Sequence[Block]) -> list[Block]:
    """Drop doubled lines and unpunctuated lines lifted out of a paragraph."""
    texts = [block.text for block in blocks]
    kept: list[Block] = []
    earlier: set[str] = set()
    for block in blocks:
        if not _is_lifted(block.text, earlier, texts):
            kept.append(block)
        earlier.add(block.text)
    return kept


def _is_lifted(text: str, earlier: set[str], texts: Sequence[str]) -> bool:
    if len(text) < _TWICE_LENGTH:
        return False
    if text in earlier:
        return True
    if text.endswith((".", "?", "!", "”", '"', ":")):
        return False
    longer = [other for other in texts if len(other) > len(text)]
    return any(fuzz.partial_ratio(text, other) >= 85 for other in longer)


def _drop_lone_headings(blocks: Sequence[Block]) -> list[Block]:
    """Drop a heading with nothing under it, unless it is the title."""
    kept: list[Block] = []
    for block in reversed(blocks):
        below = kept[-1] if kept else None
        lone = block.kind == "heading" and (
            below is None or (below.kind == "heading" and below.level <= block.level)
        )
        if not lone or block.level == 1:
            kept.append(block)
    return kept[::-1]
