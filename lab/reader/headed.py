"""Lines as stand at the head of articles: who wrote them and when."""

from __future__ import annotations

import calendar
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_BY = ("By {}", "Author: {}", "Written by {}", "Text: {}", "{}, editor")
_ON = ("{}", "Date: {}", "Published {}", "Posted on {}", "Last updated: {}")


def head_lines(other: str, rng: Random) -> tuple[str, ...]:
    """A line with a date, one with a name, or both.

    Args:
        other: A text that the names are taken from; none, and there is a date alone.
    """
    lines = [rng.choice(_ON).format(_date(rng))]
    if names := _NAME.findall(other):
        lines.append(rng.choice(_BY).format(rng.choice(names)))
    return tuple(rng.sample(lines, rng.randint(1, len(lines))))


def _date(rng: Random) -> str:
    day, year = rng.randint(1, 28), rng.randint(1950, 2026)
    month = calendar.month_name[rng.randint(1, 12)]
    forms = (f"{day} {month} {year}", f"{month} {day}, {year}", f"{month} {year}")
    return rng.choice(forms)
