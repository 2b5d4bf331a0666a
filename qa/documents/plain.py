"""Plain text to blocks: broken lines joined, hyphens mended, headings found.

Text off the web has one paragraph a line; text out of a PDF has hard line
breaks, words cut at them, and blank lines where a column or page ended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import Literal

from qa.documents.blocks import SPEAKER, Block
from qa.documents.tables import has_figures, is_data, row_blocks
from qa.documents.wrapping import (
    HEADING_WORDS,
    LEAST_ROWS,
    LIST_ITEM,
    SENTENCE_END,
    is_short_and_numbered,
    is_wrapped,
    least_apart,
    lines_apart,
    looks_like_heading,
    unwrap,
    width_of,
)

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)
_NOTE_MARK = re.compile(r"([^\W\d_]{3,}|[.,;:!?”’\"')\]])$")
_SPACED = re.compile(r"(?<!\S)\w(?: {1,3}\w[.,;:!?]?(?!\S)){4,}")
_QUOTED = re.compile(r"\s*(?:> ?)+(?![=>])")
_QUOTE = "> "
_CELLS = re.compile(r"\s{2,}|\t+")
_SHORT = 0.7
"""Of the usual length: lines of wrapped text that break where they are meant to."""
_REACH = 2
_AHEAD = 20


def clean(text: str) -> str:
    """Compose characters (NFC), unify line ends, drop what no reader can see."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("\u00ad(?=\n)", "-", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def clean_line(text: str) -> str:
    """Cleaned text with each run of white space made one space."""
    return " ".join(clean(text).split())


def parse_plain(text: str) -> list[Block]:
    """Cut cleaned plain text into headings and paragraphs.

    A heading is a short line without closing punctuation between prose and prose. One
    of several such lines is an entry of a list; only the first line of a text, its
    title, may stand above some of them. Cells in columns are a table.
    """
    groups = _groups(text)
    flat = list(map(_flat, groups))
    width = width_of(groups) if (wrapped := is_wrapped(flat)) else None
    least = least_apart(flat)
    blocks: list[Block] = []
    done = 0
    for kind, found in groupby(
        groups, lambda group: _kind(group, groups[0], width, least)
    ):
        run = list(found)
        done += len(run)
        if kind == "prose":
            lines = list(map(_flat, run))
            told = list(unwrap(lines)) if wrapped else list(chain(*lines))
            blocks += _prose(
                told, blocks, chain(*map(_flat, groups[done : done + _AHEAD]))
            )
        elif kind == "quote":
            blocks += _quotes(run, blocks)
        else:
            for group in run:
                blocks += _rows(group) if kind == "table" else _items(group, blocks)
    if _heads_lists(blocks, groups):
        blocks[0] = replace(blocks[0], kind="heading", level=2)
    return blocks


def _heads_lists(blocks: Sequence[Block], groups: Sequence[Sequence[str]]) -> bool:
    """Whether the first line stands alone above lists, as their title."""
    if not blocks or blocks[0].kind != "paragraph" or len(groups[0]) > 1:
        return False
    near = [block.text for block in blocks[1:_AHEAD]]
    listed = any(len(group) > 1 for group in groups[1:])
    text = blocks[0].text
    return listed and looks_like_heading(text) and not _is_turn(text, near)


def _quotes(groups: Sequence[Sequence[str]], before: Sequence[Block]) -> list[Block]:
    """What is quoted; it stands like a list below who said it."""
    lines = ["\n".join(line.removeprefix(_QUOTE) for line in g) for g in groups]
    said = parse_plain("\n\n".join(lines))
    led = bool(before) and before[-1].text.endswith(":")
    return [Block("item", block.text) for block in said] if led else said


def parse_preformatted(text: str) -> list[Block]:
    """Text whose lines were kept: prose where most of its paragraphs end a sentence,
    and else code, of which each line stands by itself.
    """
    groups = _groups(text)
    if 2 * sum(bool(SENTENCE_END.search(group[-1])) for group in groups) > len(groups):
        return parse_plain(text)
    said: list[str] = []
    for line in chain(*map(_flat, groups)):
        if said and said[-1].endswith("\\"):
            said[-1] = f"{said[-1][:-1].rstrip()} {line}"
        elif said and not any(map(str.isalnum, line)):
            said[-1] += f" {line}"
        else:
            said.append(line)
    return [Block("row", line) for line in said]


def _prose(
    paragraphs: Sequence[str], before: Sequence[Block], rest: Iterable[str]
) -> list[Block]:
    """Headings, paragraphs and marked items, below other blocks and above ``rest``."""
    blocks = list(before)
    below = [*paragraphs, *rest]
    for number, line in enumerate(paragraphs):
        reach = number + 1 + _REACH if blocks else None
        after = below[number + 1 : reach]
        near = [
            *(b.text for b in blocks[-_AHEAD:]),
            *below[number + 1 : number + 1 + _AHEAD],
        ]
        is_turn = _is_turn(line, near)
        heads = looks_like_heading(line) and not is_turn and _heads(blocks, after)
        if heads or _heads_numbered(line, blocks, after):
            blocks.append(Block("heading", line, level=2))
        else:
            item = LIST_ITEM.match(line) and any(map(str.isalnum, line))
            blocks.append(Block("item" if item else "paragraph", line))
    return blocks[len(before) :]


def _kind(
    group: Sequence[str], first: Sequence[str], width: float | None, least: int
) -> Literal["table", "list", "quote", "prose"]:
    """What a run of lines is.

    Args:
        group: The lines.
        first: The first run of the text.
        width: Of the lines of wrapped prose; None where there is none.
        least: How many lines each stand for itself at least, in wrapped prose.
    """
    if group[0].startswith(_QUOTE):
        return "quote"
    cells = [_CELLS.split(line) for line in group]
    even = len(group) >= LEAST_ROWS and len(set(map(len, cells))) == 1 < len(cells[0])
    if even and is_data(cells) and has_figures(cells):
        return "table"
    lines = _flat(group)
    if width and lines_apart(lines, least=least):
        return "list"
    short = all(
        len(line) < _SHORT * width if width else len(line.split()) <= HEADING_WORDS
        for line in lines
    )
    asks = lines[0].endswith("?")
    if group is first or len(lines) == 1 or not short:
        return "prose"
    return "prose" if all(map(SENTENCE_END.search, lines)) and not asks else "list"


def _rows(group: Sequence[str]) -> list[Block]:
    grid = [_CELLS.split(line) for line in group]
    return list(row_blocks(grid, 0))


def _items(group: Sequence[str], before: Sequence[Block]) -> list[Block]:
    """Short lines in one run; a question has its answer below it, and a second run, or
    one below the end of a sentence, is a list of its own.
    """
    lines = _flat(group)
    last = before[-1] if before else Block("heading", "")
    ended = last.kind == "item" or SENTENCE_END.search(last.text)
    own = lines[0].endswith("?") or (ended and not LIST_ITEM.match(lines[0]))
    return [
        Block("item", line, int(bool(own) and not n)) for n, line in enumerate(lines)
    ]


def _flat(group: Sequence[str]) -> list[str]:
    """Lines, white space inside each collapsed."""
    return [" ".join(line.split()) for line in group]


def _heads(before: Sequence[Block], after: Sequence[str]) -> bool:
    """Whether a line that looks like a heading has the place of one."""
    if not before:
        return any(map(_is_prose, after))
    if before[-1].kind != "heading" and not _is_prose(before[-1].text):
        return False
    below = after[1:2] if after and looks_like_heading(after[0]) else after[:1]
    return any(map(_is_prose, below))


def _heads_numbered(line: str, before: Sequence[Block], after: Sequence[str]) -> bool:
    """Whether a line such as "2. Staff" heads the prose right below it, and is no item
    of a list.
    """
    prose = bool(after) and _is_prose(after[0]) and not LIST_ITEM.match(after[0])
    if not prose or not is_short_and_numbered(line):
        return False
    return not before or (before[-1].kind != "item" and before[-1].text[-1] != ":")


def takes_note_mark(before: str) -> bool:
    """Whether a raised number after this text marks a note; not so in ``km2``."""
    return bool(_NOTE_MARK.search(before))


def _is_turn(line: str, near: Sequence[str]) -> bool:
    """Whether a line begins with a name and a colon, as another near it does."""
    speaker = SPEAKER.match(line)
    if speaker is None:
        return False
    return any(other.startswith(speaker[0]) for other in near)


def _is_prose(line: str) -> bool:
    ends = SENTENCE_END.search(line) and not line.endswith("?")
    return len(line.split()) > HEADING_WORDS or bool(ends)


def _groups(text: str) -> list[list[str]]:
    """Runs of non-blank lines; what is quoted, with ">" before each line, is a run."""
    groups: list[list[str]] = [[]]
    quoted = ""
    for raw in text.split("\n"):
        marks, said = _quoted(raw, within=bool(quoted) or not groups[-1])
        line = _SPACED.sub(_closed, said).strip()
        if groups[-1] and (not line or quoted != marks):
            groups.append([])
        if line:
            groups[-1].append(f"{_QUOTE * bool(marks)}{line}")
        quoted = marks
    return [group for group in groups if group]


def _quoted(line: str, *, within: bool) -> tuple[str, str]:
    """The marks of what is quoted, and what follows; "> 5 %" goes on a sentence."""
    marks = _QUOTED.match(line)
    if marks is None or not (within or line[marks.end() :][:1].isalpha()):
        return "", line
    return marks[0].replace(" ", ""), line[marks.end() :]


def _closed(spaced: re.Match[str]) -> str:
    """Letters that stand apart for emphasis, "T h e  m i l l", as words again."""
    text = spaced[0]
    if "  " not in text and not text[1:].replace(" ", "").islower():
        return text
    return " ".join(word.replace(" ", "") for word in re.split(r" {2,}", text))
