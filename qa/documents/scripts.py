"""Raised and lowered characters as the characters that Unicode has for them.

Without them 10<sup>6</sup> would be read as 106.
"""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def raised(text: str) -> str:
    """A text as an exponent, where each character has such a form; else as it is."""
    return _turned(text, _RAISED)


def lowered(text: str) -> str:
    """A text as an index, where each character has such a form; else as it is."""
    return _turned(text, _LOWERED)


def _turned(text: str, forms: dict[int, int]) -> str:
    known = text.strip() and all(ord(character) in forms for character in text.strip())
    return text.strip().translate(forms) if known else text
