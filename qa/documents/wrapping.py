"""Lines of plain text: wrapped ones joined, words cut at their ends mended, and those
told that stand for themselves or head others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, starmap
from statistics import median

from qa.language.text import is_content, is_english, tokens

SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(\[\d+\])*$")
_NUMBER = r"\(?\d{1,2}[.)]"
LIST_ITEM = re.compile(rf"(?:[-*•‣–]|{_NUMBER})\s+\S")
_NUMBERED = re.compile(rf"{_NUMBER}\s+(?P<said>.+)")
_HYPHENS = "-\u2010\u00ad"
_LAST_WORD = re.compile(r"\w+$")
LEAST_ROWS = 3
"""Rows of a table, and lines that each stand for itself."""
_LONG_LINE = 120
_GOES_ON = f",;{_HYPHENS}"
_NARROW = 80
"""Letters of a line that may stand for itself."""
HEADING_WORDS = 14
"""At most."""
# A paragraph grows line by line: to look at all of it each time would be quadratic.
_TAIL = 100


def width_of(groups: Sequence[Sequence[str]]) -> float:
    """The usual length of a line that another follows."""
    return median(len(line) for group in groups for line in group[:-1])


def is_short_and_numbered(line: str) -> bool:
    """Whether a line such as "2. Staff" may be a heading with its number."""
    numbered = _NUMBERED.match(line)
    return numbered is not None and looks_like_heading(numbered["said"])


def looks_like_heading(line: str) -> bool:
    """Whether a line is short, unpunctuated and starts like a heading."""
    words = line.split()
    return (
        0 < len(words) <= HEADING_WORDS
        and not line.endswith((".", ",", ";", ":", "!", "…", ">"))
        and (line[0].isupper() or line[0].isdigit() or line[0] in "‘“\"'")
        and not LIST_ITEM.match(line)
    )


def least_apart(groups: Sequence[Sequence[str]]) -> int:
    """How many lines stand for themselves at least: two where most runs are such."""
    several = [lines for lines in groups if len(lines) > 1]
    return 2 if 2 * sum(map(lines_apart, several)) > len(several) else LEAST_ROWS


def lines_apart(lines: Sequence[str], *, least: int = LEAST_ROWS) -> bool:
    """Whether the lines of a paragraph are short ones that each stand for itself, as in
    a list of results: none ends a sentence, and none goes on in the next.

    In a script without capitals that cannot be told.
    """
    return (
        len(lines) >= least
        and all(len(line) <= _NARROW for line in lines)
        and not any(map(SENTENCE_END.search, lines))
        and not any(starmap(_may_go_on, pairwise(lines)))
    )


def _may_go_on(line: str, below: str) -> bool:
    starts = below[0].isupper() or below[0].isdigit()
    words = tokens(line)
    return not starts or line[-1] in _GOES_ON or not (words and is_content(words[-1]))


def is_wrapped(groups: Sequence[Sequence[str]]) -> bool:
    """Whether most of the text stands in short lines that break sentences."""
    total = sum(len(line) for group in groups for line in group)
    broken = sum(
        len(line)
        for group in groups
        for line in group[:-1]
        if len(line) <= _LONG_LINE and not SENTENCE_END.search(line)
    )
    return total > 0 and broken / total > 0.5


def unwrap(groups: Sequence[Sequence[str]]) -> Iterator[str]:
    """Join the lines of hard-wrapped text into paragraphs, across page breaks."""
    known = vocabulary([line for group in groups for line in group])
    paragraph = ""
    for group in groups:
        for position, line in enumerate(group):
            width = max(map(len, group[max(0, position - 2) : position + 3]))
            heads = len(group) == 1 and is_short_and_numbered(line)
            if paragraph and (heads or _starts_new(paragraph, line, position, width)):
                yield paragraph
                paragraph = ""
            paragraph = join_lines(paragraph, line, known) if paragraph else line
            if SENTENCE_END.search(line) and len(line) < 0.6 * width:
                yield paragraph
                paragraph = ""
    if paragraph:
        yield paragraph


def _starts_new(paragraph: str, line: str, position: int, width: int) -> bool:
    ended = bool(SENTENCE_END.search(paragraph, max(0, len(paragraph) - _TAIL)))
    capitals = paragraph[:_TAIL].isupper()
    if LIST_ITEM.match(line) and ended:
        return True
    if capitals != line.isupper() and len(paragraph) > 3:
        return capitals or line.isupper()
    if position > 0:
        return False
    # A blank line lies between: it ends the paragraph only where a sentence
    # or a heading ends; elsewhere it is a column or page break.
    heads = looks_like_heading(paragraph) or is_short_and_numbered(paragraph)
    return ended or capitals or (len(paragraph) < width and heads)


def join_lines(left: str, right: str, known: Callable[[str], bool]) -> str:
    """Put a line after the text before it, mending a word cut between them.

    The result always ends with the whole of ``right``.
    """
    cut = left[-1:] in _HYPHENS and _LAST_WORD.search(left[-_TAIL:-1])
    if not cut or not right[:1].isalnum():
        return f"{left} {right}"
    if right[0].isdigit():
        return left + right
    head = cut[0]
    tail = re.match(r"\w+", right)
    assert tail is not None  # noqa: S101 - right starts with a letter
    if right[0].isupper() or _keeps_hyphen(head, tail[0], known):
        return left[:-1] + "-" + right
    return left[:-1] + right


def _keeps_hyphen(head: str, tail: str, known: Callable[[str], bool]) -> bool:
    """``trade-`` + ``related`` keeps its hyphen, ``increasing-`` + ``ly`` does not."""
    return not known(head + tail) and known(head) and known(tail) and len(tail) > 2


def vocabulary(lines: Sequence[str]) -> Callable[[str], bool]:
    """Whether a word occurs whole in these lines or is English."""
    text = "\n".join(lines)
    text = re.sub(r"\w+-\n\w+", " ", text)
    own = {word.lower() for word in re.findall(r"(?<![-\w])\w+(?![-\w])", text)}
    return lambda word: word.lower() in own or is_english(word.lower())
