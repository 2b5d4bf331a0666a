"""Numbers, shares, years and periods of a text, however they are written.

"1,500" is "1.5 thousand", "two dozen" 24, "a third" about 33 %, "2005-06" 2005
and 2006, a decade ten years, and what is annual happens every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Unit = Literal["number", "share", "period"]

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
NUMBER_WORDS = {word: value for word, value in (_ONES | _TENS).items() if value > 1}
"""What small numbers are called, one apart, which is also a pronoun."""
_SCALES = {
    "dozen": 12, "dozens": 12, "hundred": 100, "thousand": 1e3,
    "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12, "tn": 1e12, "decade": 10, "decades": 10, "score": 20,
    "century": 100, "centuries": 100, "percent": 0.01, "%": 0.01, "percentage": 0.01,
}  # fmt: skip
_LETTERS = {"k": " thousand", "m": " million", "b": " billion"}
_MONEY = re.compile(r"(?<=[$€£¥])(\d[\d,.]*)([kmb])\b", re.IGNORECASE)
_SHARES = {"percent", "%", "percentage"}
_SPANS = {"decade", "decades", "century", "centuries"}
ORDINALS = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
    "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100,
}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    word + end: value
    for word, value in ORDINALS.items()
    for end in ("", "s")
    if 3 <= value <= 10
}
_EQUAL = {"both": 2, "twice": 2, "double": 2, "doubled": 2, "doubling": 2, "pair": 2,
          "couple": 2, "triple": 3, "tripled": 3, "trio": 3, "thrice": 3, "single": 1,
          "sole": 1}  # fmt: skip
_NINETIES = {word.replace("ty", "ties"): 1900 + ten for word, ten in _TENS.items()}
_EVERY = {
    "annual": 1, "annually": 1, "yearly": 1, "biennial": 2, "biennially": 2,
    "monthly": 1 / 12, "weekly": 1 / 52, "daily": 1 / 365, "quarterly": 1 / 4,
    "hourly": 1 / 8760, "nightly": 1 / 365,
}  # fmt: skip
_YEARS = {"year": 1, "month": 1 / 12, "week": 1 / 52, "day": 1 / 365, "quarter": 1 / 4,
          "decade": 10, "century": 100, "hour": 1 / 8760}  # fmt: skip
_ABOUT = frozenset("about around nearly almost roughly some approximately over".split())
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|s\b)?|%|[^\W\d_]+")
_TWO_YEARS = re.compile(r"\b(1\d|20)(\d\d)\s?[-/]\s?(\d\d)\b(?![-/\d])")
_PER_CENT = re.compile(r"\bper cent\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text.

    Attributes:
        value: Shares as parts of one, periods in years.
        written: As in the text.
        about: Whether the text says that it is not exact.
        implied: Said by a word such as "both", which is no number of its own.
    """

    value: float
    unit: Unit
    written: str
    about: bool = False
    implied: bool = False


_ALONE = (
    {word: Quantity(years, "period", "") for word, years in _EVERY.items()}
    | {word: Quantity(year, "number", "") for word, year in _NINETIES.items()}
    | {word: Quantity(n, "number", "", implied=True) for word, n in _EQUAL.items()}
)
"""Words that are a quantity whatever stands around them."""


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text with plain dashes, in order."""
    text = _PER_CENT.sub("percent", text)
    text = _MONEY.sub(lambda m: m[1] + _LETTERS[m[2].lower()], text)
    text = _TWO_YEARS.sub(r"\1\2 \1\3", text)
    words = [found.group() for found in _TOKEN.finditer(text)]
    return tuple(_parsed(words, [word.lower() for word in words]))


def missing(said: str, sources: Sequence[str]) -> Quantity | None:
    """The first quantity of a text that none of the sources states."""
    known = [quantity for source in sources for quantity in quantities(source)]
    for quantity in quantities(said):
        if not quantity.implied and not any(_same(quantity, k) for k in known):
            return quantity
    return None


def _same(said: Quantity, known: Quantity) -> bool:
    if said.unit != known.unit:
        return False
    room = 0.011 if said.unit == "share" else 1e-9 * abs(said.value)
    if said.about or known.about:
        room = max(room, 0.06 * abs(said.value))
    return abs(said.value - known.value) <= room


def _parsed(words: Sequence[str], lower: Sequence[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(words):
        found, used = _at(lower, at)
        yield from (
            Quantity(
                quantity.value,
                quantity.unit,
                " ".join(words[at : at + used]),
                about=at > 0 and lower[at - 1] in _ABOUT,
                implied=quantity.implied,
            )
            for quantity in found
        )
        at += max(1, used)


def _at(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a token, and how many tokens they take."""
    word = lower[at]
    if word in {"every", "each", "per"} and at + 1 < len(lower):
        return _period(lower, at)
    if word in _ALONE:
        return [_ALONE[word]], 1
    value, used = _number(lower, at)
    if used:
        return _scaled(lower, at, value, used)
    if word in ORDINALS and word != "second":
        return _ordinal(lower, at, ORDINALS[word])
    if word in {"a", "an", "the"} and at + 1 < len(lower):
        return _with_article(lower, at)
    if word == "only" and lower[at + 1 : at + 2] == ["one"]:
        return [Quantity(1, "number", "")], 2
    return _half(lower, at) if word == "half" else ([], 1)


def _half(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """A half is a share of its own in "by half" and "half of", not in "a half hour"."""
    by = at > 0 and lower[at - 1] in _ABOUT | {"by", "than"}
    if by or lower[at + 1 : at + 2] in (["of"], ["the"]):
        return [Quantity(0.5, "share", "")], 1
    if lower[at + 1 : at + 2] == ["a"]:  # "half a million"
        scale = _SCALES.get("".join(lower[at + 2 : at + 3]), 0)
        if scale > 1:
            return [Quantity(scale / 2, "number", "")], 3
    return [Quantity(0.5, "share", "", implied=True)], 1


def _period(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """What recurs: "every five years", "every other year", "each month"."""
    value, used = _number(lower, at + 1)
    if lower[at + 1] == "other":
        value, used = 2.0, 1
    after = at + 1 + used
    unit = lower[after].rstrip("s") if after < len(lower) else ""
    if unit not in _YEARS:
        return [], 1
    years = _YEARS[unit] * (value if used else 1)
    return [Quantity(years, "period", "")], used + 2


def _with_article(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """After an article: "a third", "a dozen", "a decade", "a million"."""
    after = lower[at + 1]
    if after in _PARTS and after not in {"half", "quarter"} and lower[at] == "a":
        of = at + 2 < len(lower) and lower[at + 2] == "of"
        both = [Quantity(1 / _PARTS[after], "share", "", implied=not of)]
        if not of:
            both.append(Quantity(_PARTS[after], "number", "", implied=True))
        return both, 2
    if after in {"quarter", "half"}:
        return [Quantity(1 / _PARTS[after], "share", "", implied=True)], 2
    if after in _SCALES and after not in _SHARES and lower[at] != "the":
        return _scaled(lower, at, 1.0, 1)
    if after in {"decade", "century"}:
        return [Quantity(_SCALES[after], "number", "", implied=True)], 2
    return [], 1


def _ordinal(lower: Sequence[str], at: int, value: float) -> tuple[list[Quantity], int]:
    found = [Quantity(value, "number", "")]
    if at + 1 < len(lower) and lower[at + 1] in {"century", "centuries"}:
        # The 1800s are the nineteenth century.
        return [*found, Quantity((value - 1) * 100, "number", "", implied=True)], 2
    return found, 1


def _scaled(
    lower: Sequence[str], at: int, value: float, used: int
) -> tuple[list[Quantity], int]:
    """A number with what follows it: "billion", "thirds", "%", "decades"."""
    after = lower[at + used] if at + used < len(lower) else ""
    ends = lower[at]
    if ends[0].isdigit() and ends.endswith(("st", "nd", "rd", "th")) and used == 1:
        return _ordinal(lower, at, value)
    if after in _PARTS and 0 < value < 10 and not ends[0].isdigit():
        return [Quantity(value / _PARTS[after], "share", "")], used + 1
    unit: Unit = "number"
    while after in _SCALES:
        value, unit = value * _SCALES[after], "share" if after in _SHARES else unit
        used += 1
        after = lower[at + used] if at + used < len(lower) else ""
    is_pronoun = value == 1 and ends == "one"
    return [Quantity(value, unit, "", implied=is_pronoun)], used


def _number(lower: Sequence[str], at: int) -> tuple[float, int]:
    """A plain number in digits or words, and the tokens it takes (0: none)."""
    if at >= len(lower):
        return 0.0, 0
    if lower[at][0].isdigit():
        digits = re.sub(r"[^\d.]", "", lower[at])
        return float(digits), 1
    total = current = 0.0
    used = 0
    while at + used < len(lower):
        word = lower[at + used]
        if word == "and" and used and _goes_on(lower, at + used):
            used += 1
            continue
        if word in _ONES or word in _TENS:
            value = _ONES.get(word, _TENS.get(word, 0))
            if current and current % 100 and not (value < 10 <= current % 100 - 9):
                if not (10 <= current <= 20 and value >= 10 and not total):
                    break
                current *= 100  # "nineteen forty-five"
            current += value
        elif word == "hundred" and current:
            current *= 100
        elif word in {"thousand", "million", "billion", "trillion"} and current:
            total, current = total + current * _SCALES[word], 0.0
        else:
            break
        used += 1
    return total + current, used


def _goes_on(lower: Sequence[str], at: int) -> bool:
    """Whether an "and" stands inside a number: "two hundred and five"."""
    after = lower[at + 1] if at + 1 < len(lower) else ""
    return lower[at - 1] in {"hundred", "thousand"} and (
        after in _ONES or after in _TENS
    )
