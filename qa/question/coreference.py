"""What a question leans on: words that point back, and the turns they point at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.language.text import is_content, names, tokens

_POINTS_BACK = re.compile(
    r"""\b(
        it | its | itself | he | him | his | she | her | hers | they | them | theirs?
      | this | these | (that | those)(?=\s*([?.!,] | $ | \w+\s*[?.!]?$ | (is | was
          | are | were | do | does | did | has | have | can | will | mean)\b))
      | the\ (same | others? | former | latter | two | both) | another | others
      | else(?!\s*[:,])
      | there(?=\W*$)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SEVERAL = re.compile(
    r"\b(?:both|the two|which one|of (?:them|these|those))\b", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"^\W*(and|but|or|so|then|also|what about|how about|why not)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^\W*(?:(?:and|but|so|then|now|ok|okay)\b,?\s+)+", re.IGNORECASE)


def without_opening(question: str) -> str:
    """The question without what ties it to the last: "And who wrote it?"."""
    return _OPENING.sub("", question)


def refers_back(question: str, *, loosely: bool = True) -> bool:
    """Whether a question leans on what was said: it goes on ("And why?"), points
    back ("they"), or, taken loosely, has hardly any content of its own.
    """
    if _GOES_ON.match(question) or points_back(question):
        return True
    if not loosely:
        return False
    content = [token for token in tokens(question) if is_content(token)]
    return len(content) <= 2 and not names(question)


def points_back(question: str) -> bool:
    """Whether a question has a word such as "they" that points at what was said."""
    return _POINTS_BACK.search(question) is not None


def carried(earlier: Sequence[str], question: str) -> str:
    """What a follow-up refers to: the question before it and, where that one
    leans too, the nearest one that stands alone; of "the two" the last two. Empty
    for a question that stands alone, so that a new topic is not polluted by the old.
    """
    if not earlier or not refers_back(question):
        return ""
    before = earlier[-1]
    if _SEVERAL.search(question):
        return " ".join(earlier[-2:])
    alone = next((turn for turn in reversed(earlier) if not refers_back(turn)), before)
    return before if alone == before else f"{alone} {before}"
