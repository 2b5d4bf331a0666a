"""The word lists in ``data/``, one file each, read when first asked for.

Lines that begin with ``#`` say what a list is for and where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list, in order."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and line[0] != "#")


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list of single words."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def table(name: str) -> Mapping[str, str]:
    """Each form to what it stands for, of lines such as ``russia: russian, russo``."""
    parts = (line.partition(": ") for line in lines(name))
    return {form: value for value, _, forms in parts for form in forms.split(", ")}


@cache
def pairs(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The two sides of each line, such as ``rise grow | fall shrink``."""
    parts = (line.partition(" | ") for line in lines(name))
    return tuple(
        (tuple(left.split()), tuple(right.split())) for left, _, right in parts
    )
