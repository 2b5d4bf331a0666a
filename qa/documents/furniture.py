"""Web furniture in plain text: what came along when a page was copied.

A line is never dropped for its words alone. First the whole text has to show that it
is a page: several lines that are labels of one ("Share on …"), or that stand twice as
captions and pull quotes do. Of such a text go the labels, what is said twice, and what
follows the article; any other text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from rapidfuzz import fuzz

from qa.documents.blocks import Block, LeftOut
from qa.documents.metadata import is_dateline, states_metadata
from qa.documents.wrapping import LIST_ITEM, SENTENCE_END, looks_like_heading
from qa.language.word_lists import lines

_EVIDENCE = 3
"""Lines that show that a text is a page; of a longer text one in so many blocks:"""
_RARE = 40
_LABEL_WORDS = 12
_NOTICE = 800
"""Characters that no notice below an article has."""
_TWICE_LENGTH = 40
_TWICE_WORDS = 6
_ALIKE = 85

_LABEL = "a label of the page"
_SAID = "stands in the text a second time"
_BELOW = "follows the article on its page"


def without_furniture(
    blocks: Sequence[Block], *, marked: bool = False
) -> tuple[list[Block], list[LeftOut]]:
    """The article of a text, and what of a page is left out of it.

    Args:
        blocks: Of the text, in order.
        marked: Whether all items of lists were marked, as in Markdown. Else several
            short lines are items too, and may be labels.
    """
    listed = {
        number
        for number, block in enumerate(blocks)
        if block.kind == "item" and (marked or LIST_ITEM.match(block.text))
    }
    twice = set(_said_twice(blocks)) - listed
    labels = {n for n, block in enumerate(blocks) if _is_label(block)} - listed
    if len(twice | labels) < max(_EVIDENCE, len(blocks) / _RARE):
        return list(blocks), []
    reasons = dict.fromkeys(twice, _SAID) | dict.fromkeys(labels, _LABEL)
    reasons |= {
        number: _LABEL
        for number, block in enumerate(blocks)
        if number not in listed
        and _is_line(block)
        and (_is_fragment(block.text) or _is_beside(block.text))
    }
    stated = {}
    for number in _below(blocks):
        reasons[number] = _BELOW
        if kept := _statement(blocks, number):
            stated[number] = kept
    left = [
        LeftOut(blocks[number].text, reason)
        for number, reason in sorted(reasons.items())
        if number not in stated
    ]
    article = [
        stated.get(number, block)
        for number, block in enumerate(blocks)
        if number in stated or number not in reasons
    ]
    return article, left


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Any of the expressions of a list."""
    return re.compile("|".join(lines(name)), re.IGNORECASE)


def _is_line(block: Block) -> bool:
    """Whether it may be a label: no row of a table, and no sentence."""
    return block.kind != "row" and not SENTENCE_END.search(block.text)


def _is_label(block: Block) -> bool:
    short = _is_line(block) and len(block.text.split()) <= _LABEL_WORDS
    label = short and _pattern("furniture_lines").fullmatch(block.text)
    return bool(label) or _begins_tail(block)


def _begins_tail(block: Block) -> bool:
    return _is_line(block) and bool(_pattern("furniture_tails").fullmatch(block.text))


def _is_beside(text: str) -> bool:
    return bool(_pattern("furniture_beside").fullmatch(text))


def _is_fragment(text: str) -> bool:
    """A label such as "in Program": a few words, no capital, no full stop."""
    return text[0].islower() and len(text.split()) < 4 and text[-1].isalnum()


def _said_twice(blocks: Sequence[Block]) -> Iterator[int]:
    """Captions that stand again with their credit, and lines out of a paragraph."""
    for number, (one, other) in enumerate(pairwise(blocks)):
        if _may_be_lifted(one) and other.text.startswith(one.text):
            yield number
    words = [block.text.casefold().split() for block in blocks]
    openings = {
        tuple(words[number][:_TWICE_WORDS]): number
        for number, block in enumerate(blocks)
        if _may_be_lifted(block) and len(words[number]) >= _TWICE_WORDS
    }
    if not openings:
        return
    for number, found in enumerate(words):
        for start in range(len(found) - _TWICE_WORDS + 1):
            lifted = openings.get(tuple(found[start : start + _TWICE_WORDS]), number)
            if lifted != number:
                quote = words[lifted]
                said = found[start : start + len(quote) + _TWICE_WORDS]
                if fuzz.partial_ratio(" ".join(quote), " ".join(said)) >= _ALIKE:
                    yield lifted


def _may_be_lifted(block: Block) -> bool:
    return _is_line(block) and len(block.text) >= _TWICE_LENGTH


def _below(blocks: Sequence[Block]) -> range:
    """What follows the article: from the first tail on after which there is less prose
    than before it, with a notice between who wrote the article and the tail.
    """
    lengths = [0 if looks_like_heading(b.text) else len(b.text) for b in blocks]
    before, whole = 0, sum(lengths)
    for number, block in enumerate(blocks):
        if _begins_tail(block) and 2 * (whole - before) < before:
            for said in range(number - 1, 0, -1):
                if sum(lengths[said:number]) > 2 * _NOTICE:
                    break
                if states_metadata(blocks[said].text):
                    return range(said + 1, len(blocks))
            return range(number, len(blocks))
        before += lengths[number]
    return range(0)


def _statement(blocks: Sequence[Block], number: int) -> Block | None:
    """A line below the article that names authors, or a publication and its date."""
    block, name = blocks[number], blocks[number - 1]
    if is_dateline(block.text):
        named = looks_like_heading(name.text) and not _begins_tail(name)
        text = f"{name.text}\n{block.text}" if named else block.text
        return Block("paragraph", text)
    if states_metadata(block.text):
        return replace(block, kind="paragraph", level=0)
    return None
