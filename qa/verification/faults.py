"""What a sentence says that its source does not: exact tests, each with a reason.

They compare what is written, not what is meant: whether a sentence means what its
source means is for the judge to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.language.numbers import Quantity, missing
from qa.verification.statements import plain, statement

_QUOTED = re.compile(r'"([^"]{3,})"')


def figure_fault(claim: str, evidence: Sequence[str]) -> str | None:
    """A number in digits, a currency or quoted words that the evidence does not have.

    Returns:
        What was found, for a person to read; None if nothing was.
    """
    said, texts = plain(claim), [plain(text) for text in evidence]
    if (absent := missing(said, texts, in_digits=True)) is not None:
        return f"{described(absent)} is not in the source"
    there = _currencies(" ".join(evidence))
    if there and (others := _currencies(claim) - there):
        return f"the source speaks of {min(there)}, not of {min(others)}"
    known = " ".join(map(_letters, texts))
    quoted = (q for q in _QUOTED.findall(said) if _letters(q) not in known)
    if (words := next(quoted, None)) is not None:
        return f"the source does not say “{words}”"
    return None


def strange_name(claim: str, known: Sequence[str]) -> str | None:
    """A name in a sentence that none of the texts has, as a reason; None if all have.

    It is no test: a sentence may well say "Italians" where its source has "Italy".
    """
    stems = frozenset[str]().union(*(statement(text).all_stems for text in known))
    names = (w for w in statement(claim).words if w.name and w.text in claim)
    absent = next((word for word in names if word.stem not in stems), None)
    return f"the source does not name {absent.text}" if absent else None


def described(quantity: Quantity) -> str:
    """A quantity as a reader finds it."""
    if quantity.unit == "period":
        return f"“{quantity.written}”"
    is_year = quantity.unit == "number" and re.fullmatch(
        r"1\d{3}|20\d\d", quantity.written
    )
    return f"the {'year' if is_year else 'number'} {quantity.written}"


def _currencies(text: str) -> set[str]:
    """The signs of currencies in a text."""
    return {letter for letter in text if unicodedata.category(letter) == "Sc"}


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
