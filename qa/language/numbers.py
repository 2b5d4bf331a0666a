"""Numbers, shares, years and periods of a text, however they are written.

"1,500" is "1.5 thousand", "two dozen" 24, "a third" about 33 %, "2005-06" 2005
and 2006, a decade ten years, and what is annual happens every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal

from qa.language.word_lists import table, words

Unit = Literal["number", "share", "period"]

_SHARE = 0.01
_LETTERS = {"k": " thousand", "m": " million", "b": " billion"}
_MONEY = re.compile(r"(?<=[$€£¥])(\d[\d,.]*)([kmb])\b", re.IGNORECASE)
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


@cache
def _values(name: str) -> Mapping[str, float]:
    """A list of words by their values, which may be written as fractions."""
    return {word: float(Fraction(value)) for word, value in table(name).items()}


def _scale(word: str) -> float:
    """What a number before a word is multiplied by; 0 where the word is none."""
    return _values("scales").get(word, 0)


def number_of(word: str) -> float | None:
    """The number that a lower-case word from "two" to "ninety" means; "one" is also a
    pronoun.
    """
    value = _values("cardinals").get(word, 0)
    return value if value > 1 else None


def is_ordinal(word: str) -> bool:
    """Whether a lower-case word is an ordinal such as "third"."""
    return word in _values("ordinals")


def place_of(word: str) -> int | None:
    """What place in a row a lower-case word means: "third" or "3rd" is 3."""
    if found := re.fullmatch(r"([1-9]\d?)(?:st|nd|rd|th)", word):
        return int(found[1])
    value = {"first": 1, "second": 2}.get(word) or _values("ordinals").get(word)
    return int(value) if value else None


@cache
def _parts() -> Mapping[str, float]:
    """How many parts of a whole there are, by what one and several are called."""
    ordinals = [(w, value) for w, value in _values("ordinals").items() if value <= 10]
    several = {word + end: value for word, value in ordinals for end in ("", "s")}
    return {**_values("fractions"), **several}


@cache
def _alone() -> Mapping[str, Quantity]:
    """Words that are a quantity whatever stands around them."""
    nineties = {
        word.replace("ty", "ties"): 1900 + value
        for word, value in _values("cardinals").items()
        if value >= 20
    }
    return (
        {w: Quantity(years, "period", "") for w, years in _values("recurring").items()}
        | {w: Quantity(year, "number", "") for w, year in nineties.items()}
        | {
            w: Quantity(n, "number", "", implied=True)
            for w, n in _values("multiples").items()
        }
    )


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text with plain dashes, in order."""
    text = _PER_CENT.sub("percent", text)
    text = _MONEY.sub(lambda m: m[1] + _LETTERS[m[2].lower()], text)
    text = _TWO_YEARS.sub(r"\1\2 \1\3", text)
    written = [found.group() for found in _TOKEN.finditer(text)]
    return tuple(_parsed(written, [word.lower() for word in written]))


def missing(
    said: str, sources: Sequence[str], *, in_digits: bool = False
) -> Quantity | None:
    """The first quantity of a text that none of the sources states.

    Args:
        in_digits: Look for those only that the text writes in digits: a "third" or a
            "dozen" may be counted, not read.
    """
    known = [quantity for source in sources for quantity in quantities(source)]
    for quantity in quantities(said):
        if quantity.implied or (in_digits and not re.search(r"\d", quantity.written)):
            continue
        if not any(_same(quantity, k) for k in known):
            return quantity
    return None


def _same(said: Quantity, known: Quantity) -> bool:
    if said.unit != known.unit:
        return False
    room = 0.011 if said.unit == "share" else 1e-9 * abs(said.value)
    if said.about or known.about:
        room = max(room, 0.06 * abs(said.value))
    return abs(said.value - known.value) <= room


def _parsed(written: Sequence[str], lower: Sequence[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(written):
        found, used = _at(lower, at)
        yield from (
            Quantity(
                quantity.value,
                quantity.unit,
                " ".join(written[at : at + used]),
                about=at > 0 and lower[at - 1] in words("approximations"),
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
    if (found := _alone().get(word)) is not None:
        return [found], 1
    value, used = _number(lower, at)
    if used:
        return _scaled(lower, at, value, used)
    if is_ordinal(word):
        return _ordinal(lower, at, _values("ordinals")[word])
    if word in {"a", "an", "the"} and at + 1 < len(lower):
        return _with_article(lower, at)
    if word == "only" and lower[at + 1 : at + 2] == ["one"]:
        return [Quantity(1, "number", "")], 2
    return _half(lower, at) if word == "half" else ([], 1)


def _half(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """A half is a share of its own in "by half" and "half of", not in "a half hour"."""
    by = at > 0 and lower[at - 1] in words("approximations") | {"by", "than"}
    if by or lower[at + 1 : at + 2] in (["of"], ["the"]):
        return [Quantity(0.5, "share", "")], 1
    if lower[at + 1 : at + 2] == ["a"]:  # "half a million"
        scale = _scale("".join(lower[at + 2 : at + 3]))
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
    if (years := _values("periods").get(unit)) is None:
        return [], 1
    years *= value if used else 1
    return [Quantity(years, "period", "")], used + 2


def _with_article(lower: Sequence[str], at: int) -> tuple[list[Quantity], int]:
    """After an article: "a third", "a dozen", "a decade", "a million"."""
    after = lower[at + 1]
    parts = _parts().get(after, 0)
    if parts and after not in {"half", "quarter"} and lower[at] == "a":
        of = at + 2 < len(lower) and lower[at + 2] == "of"
        both = [Quantity(1 / parts, "share", "", implied=not of)]
        if not of:
            both.append(Quantity(parts, "number", "", implied=True))
        return both, 2
    if after in {"quarter", "half"}:
        return [Quantity(1 / parts, "share", "", implied=True)], 2
    if _scale(after) > _SHARE and lower[at] != "the":
        return _scaled(lower, at, 1.0, 1)
    if after in {"decade", "century"}:
        return [Quantity(_scale(after), "number", "", implied=True)], 2
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
    if ends[0].isdecimal() and ends.endswith(("st", "nd", "rd", "th")) and used == 1:
        return _ordinal(lower, at, value)
    parts = _parts().get(after)
    if parts and 0 < value < 10 and not ends[0].isdecimal():
        return [Quantity(value / parts, "share", "")], used + 1
    unit: Unit = "number"
    while scale := _scale(after):
        value, unit = value * scale, "share" if scale == _SHARE else unit
        used += 1
        after = lower[at + used] if at + used < len(lower) else ""
    is_pronoun = value == 1 and ends == "one"
    return [Quantity(value, unit, "", implied=is_pronoun)], used


def _number(lower: Sequence[str], at: int) -> tuple[float, int]:
    """A plain number in digits or words, and the tokens it takes (0: none)."""
    if at >= len(lower):
        return 0.0, 0
    if lower[at][0].isdecimal():
        digits = re.sub(r"[^\d.]", "", lower[at])
        return float(digits), 1
    total = current = 0.0
    used = 0
    while at + used < len(lower):
        word = lower[at + used]
        if word == "and" and used and _goes_on(lower, at + used):
            used += 1
            continue
        if (value := _values("cardinals").get(word)) is not None:
            if current and current % 100 and not (value < 10 <= current % 100 - 9):
                if not (10 <= current <= 20 and value >= 10 and not total):
                    break
                current *= 100  # "nineteen forty-five"
            current += value
        elif word == "hundred" and current:
            current *= 100
        elif word in {"thousand", "million", "billion", "trillion"} and current:
            total, current = total + current * _scale(word), 0.0
        else:
            break
        used += 1
    return total + current, used


def _goes_on(lower: Sequence[str], at: int) -> bool:
    """Whether an "and" stands inside a number: "two hundred and five"."""
    after = lower[at + 1] if at + 1 < len(lower) else ""
    return lower[at - 1] in {"hundred", "thousand"} and after in _values("cardinals")
