"""Characters that are drawn in parts or out of line as Unicode has them.

Without them 10<sup>6</sup> would be read as 106, "Börsch" as "B¨orsch".
"""

from __future__ import annotations

import re
import unicodedata

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_ACCENTS = {"¨": "\u0308", "ˇ": "\u030c", "ˆ": "\u0302", "˜": "\u0303", "˚": "\u030a"}
"""Accents as TeX's first fonts draw them, before their letter; as Unicode has them,
behind it."""
_EUROPEAN = "\u0180"
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")


def accented(text: str) -> str:
    """A text with each letter that an accent is drawn before as one character, where
    it can be no other's.
    """
    return _ACCENTED.sub(_with_accent, text)


def _with_accent(found: re.Match[str]) -> str:
    accent = _ACCENTS[found[1]]
    before = found.string[: found.start()][-1:]
    if _composed(before, accent):
        return found[0]  # it may be that one's
    return _composed(found[2], accent) or found[0]


def _composed(letter: str, accent: str) -> str:
    """A letter of a European language with an accent; empty where none has it."""
    whole = unicodedata.normalize("NFC", letter + accent)
    return whole if letter and len(whole) == 1 and whole < _EUROPEAN else ""


def raised(text: str) -> str:
    """A text as an exponent, where each character has such a form; else as it is."""
    return _turned(text, _RAISED)


def lowered(text: str) -> str:
    """A text as an index, where each character has such a form; else as it is."""
    return _turned(text, _LOWERED)


def _turned(text: str, forms: dict[int, int]) -> str:
    known = text.strip() and all(ord(character) in forms for character in text.strip())
    return text.strip().translate(forms) if known else text
