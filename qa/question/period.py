"""The years that a question about the articles themselves asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.schema import Source

_YEAR = re.compile(r"(?<![\w.,])(?:1\d|20)\d\d(?!\w|[.,]\d)")
_FROM_ON = re.compile(
    r"""\b(?:(?P<not>after|(?:later|newer)\ than)|since|from)
    \ (?:the\ (?:year|end\ of)\ )?$""",
    re.IGNORECASE | re.VERBOSE,
)
_UP_TO = re.compile(
    r"""\b(?:(?P<not>before|(?:earlier|older)\ than)|until|till|up\ to)
    \ (?:the\ year\ )?$""",
    re.IGNORECASE | re.VERBOSE,
)
_ON = re.compile(r"^\ (?:on|onwards?|or\ later)\b", re.IGNORECASE | re.VERBOSE)
_FIRST, _LAST = "0000", "9999"


@dataclass(frozen=True, slots=True)
class Period:
    """Years, the first and the last of them included, four digits each."""

    first: str
    last: str

    def holds(self, source: Source) -> bool:
        """Whether an article is dated within it; one without a date is not."""
        return bool(source.published) and (
            self.first <= source.published[:4] <= self.last
        )

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first
        if self.last == _LAST:
            return f"{self.first} or later"
        if self.first == _FIRST:
            return f"{self.last} or earlier"
        return f"{self.first} to {self.last}"


def period_asked(question: str) -> Period | None:
    """The years that are named: "of 2016", "since 2016", "between 2015 and 2017"; None
    where none is.
    """
    found = list(_YEAR.finditer(question))
    if not found:
        return None
    years = sorted(year[0] for year in found)
    if len(years) > 1:
        return Period(years[0], years[-1])
    year, at = years[0], found[0]
    before, after = question[: at.start()], question[at.end() :]
    if (since := _FROM_ON.search(before)) and (
        since[0].lower() != "from " or _ON.search(after)
    ):
        return Period(str(int(year) + bool(since["not"])), _LAST)
    if until := _UP_TO.search(before):
        return Period(_FIRST, str(int(year) - bool(until["not"])))
    return Period(year, year)
