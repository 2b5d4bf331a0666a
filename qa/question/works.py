"""What people call an article, the one who wrote it, and the whole library.

Parts of patterns, to be used with ``re.VERBOSE``: every pattern of this package that
speaks of articles is made of them.
"""

from __future__ import annotations

from typing import Final

_WORK = (
    "article piece paper essay report text source document commentary op-ed book novel "
    "story"
).split()
_WRITER = ["author", "writer"]


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _either(words: list[str]) -> str:
    return "|".join(words)


WORK: Final = f"(?:{_either(_WORK)})"
WORKS: Final = f"(?:{_either([_plural(word) for word in _WORK])})"
ANY_WORK: Final = f"(?:{WORKS}|{WORK})"
WRITER: Final = f"(?:{_either(_WRITER)})"
WRITERS: Final = f"(?:{_either([f'{word}s' for word in _WRITER])})"
ANY: Final = f"(?:{ANY_WORK}|{WRITERS}|{WRITER})"
"""An article or who wrote it, one or several."""
ALL: Final = r"(?:of\ )?(?:(?:the|these|your|my|all)\ )*"
"""What stands before the articles that are meant: "of the", "all my"."""
LIBRARY: Final = "(?:library|collection|archive|corpus|everything)"
