"""Reasoning models think aloud before they answer; what they think is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_OPEN = re.compile(r"<(think|thinking|reasoning)>|\[THINK\]", re.IGNORECASE)
_CLOSE = re.compile(r"</(?:think|thinking|reasoning)>|\[/THINK\]", re.IGNORECASE)
_MARK = re.compile(f"{_OPEN.pattern}|{_CLOSE.pattern}", re.IGNORECASE)
_LONGEST = len("</reasoning>")


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of a draft without its blocks of thinking.

    A block that is never closed hides all that follows; a mark that closes nothing
    is dropped. Text is held back only while it may be the beginning of a mark.
    """
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while (mark := (_CLOSE if thinking else _MARK).search(held)) is not None:
            if not thinking and mark.start():
                yield held[: mark.start()]
            held = held[mark.end() :]
            thinking = not thinking and _OPEN.fullmatch(mark.group()) is not None
        keep = 0 if thinking else _settled(held)
        if keep:
            yield held[:keep]
        held = held[keep:] if not thinking else held[-_LONGEST:]
    if held and not thinking:
        yield held


def opens_thinking(prompt: str) -> bool:
    """Whether a rendered prompt ends inside a block of thinking."""
    last = max((m.end() for m in _OPEN.finditer(prompt)), default=-1)
    return last >= 0 and not prompt[last:].strip()


def _settled(text: str) -> int:
    """Length of the text that cannot be part of a mark."""
    start = max(text.rfind("<"), text.rfind("["))
    return len(text) if start < 0 or len(text) - start >= _LONGEST else start
