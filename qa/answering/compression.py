"""A sentence of the source without the parts that the question does not ask about.

Extractive compression: nothing is put in. Whether the rest still says what the source
says is for ``verification`` to judge. A part is what stands between commas, dashes
or brackets; the first and the last stay, since what is told last often matters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.answering.items import is_itemised
from qa.language.text import content_stems
from qa.schema import Evidence, Span

_LONG = 20
"""Words of a sentence that is worth compressing."""
_SHORTEST = 8
_FEW = 3
"""Words in brackets that cost nobody much and may answer: "(in Barcelona)"."""
_MARK = re.compile(r"[,;:](?=\s)\s*|\s*\(|\)[,;:]?\s*|\s+[–—-]\s+|—")
_BESIDE = re.compile(
    r"""(?:which | who | whose | where | while | whereas | although | though
      | such\ as | like | especially | particularly | even | \w+ing)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What begins a part that only adds to its sentence."""
_REASON = re.compile(r"\b(?:why|how)\b", re.IGNORECASE)
_BRACKETS = ("(", "–", "—", "-")


def compressed(item: Evidence, question: str) -> str | None:
    """A long sentence with at least one part left out; None where none may be.

    A part stays that shares a word with the question, holds a number, or lies in
    what the reader took for the answer. Asked why or how, all of them stay, and
    so do the items of a list.
    """
    text = item.text
    if is_itemised(text) or len(text.split()) < _LONG or _REASON.search(question):
        return None
    asked, answer = frozenset(content_stems(question)), _answer(item)
    parts = _parts(text)
    kept = list(range(len(parts)))
    for number, part in enumerate(parts[1:-1], 1):
        if not _is_beside(text, part, asked, answer):
            continue
        fewer = [k for k in kept if k != number]
        shorter = _joined(text, parts, fewer)
        if len(shorter.split()) >= _SHORTEST:
            kept = fewer
    return None if len(kept) == len(parts) else _joined(text, parts, kept)


def _parts(text: str) -> list[Span]:
    marks = [(0, 0), *(found.span() for found in _MARK.finditer(text))]
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [Span(start, end) for (_, start), end in zip(marks, ends, strict=True)]


def _answer(item: Evidence) -> Span | None:
    """Where the answer lies in the sentence."""
    if item.answer is None:
        return None
    return Span(item.answer.start - item.start, item.answer.end - item.start)


def _is_beside(
    text: str, part: Span, asked: frozenset[str], answer: Span | None
) -> bool:
    """Whether a part adds to its sentence what the question does not ask about."""
    words = text[part.start : part.end]
    bracketed = text[: part.start].rstrip().endswith(_BRACKETS)
    if len(words.split()) <= (_FEW if bracketed else 1):
        return False
    if not (bracketed or _BESIDE.match(words)) or re.search(r"\d", words):
        return False
    if answer is not None and part.start < answer.end and answer.start < part.end:
        return False
    return asked.isdisjoint(content_stems(words))


def _joined(text: str, parts: Sequence[Span], kept: Sequence[int]) -> str:
    """The kept parts, with the marks between those that were neighbours.

    Where an aside went, so did its commas; a semicolon or colon behind it stays.
    """
    said = text[parts[kept[0]].start : parts[kept[0]].end]
    for left, right in pairwise(kept):
        mark = text[parts[right - 1].end : parts[right].start]
        if right != left + 1:
            mark = f"{found.group()} " if (found := re.search("[;:]", mark)) else " "
        said += mark + text[parts[right].start : parts[right].end]
    return " ".join(said.split())
