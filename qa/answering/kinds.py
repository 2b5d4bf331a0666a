"""The kind of thing that a question asks for, and whether a text holds one.

"How many" wants a number, "How long is" a measure, "When" a date: where the best
sentence has none, it hardly answers. "How much does it matter?" wants none of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from qa.verification.quantities import Quantity, quantities

Holds = Callable[[str], bool]
_PAST = "is|are|was|were|do|does|did|has|have|had"
_ASKS = rf"(?:{_PAST}|will|would|can|could|should|may|might)"
_COUNT = re.compile(
    r"\bhow (?:many|often)\b|\b(?:what|which) number of\b", re.IGNORECASE
)
_AMOUNT = re.compile(
    rf"""\bhow\ (?:tall|old|large|big|high|wide|deep|heavy|fast)\ (?:is|are|was|were)\b
      | \bhow\ (?:long|far)\ (?:is|are|was|were)\b
      | \bhow\ much\ (?!{_ASKS}\b|more\b|less\b|of\ an?\b|better\b|worse\b|worth\b)
      | \bhow\ much\ {_ASKS}\b.*\b(?:cost|pay|paid|spend|spent|invest|earn|lend|lent
        |weigh|export|import|trade|produce|grow|grown|rise|risen|fall|fallen|increase
        |decrease|shrink)\b
      | \b(?:what|which)\ (?:percentage|share|proportion|amount)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DURATION = re.compile(rf"\bhow long (?!(?:is|are)\b)(?:{_PAST})\b", re.IGNORECASE)
_TIME = re.compile(
    rf"^\W*(?:since )?when {_ASKS}\b|\b(?:what|which) (?:year|month|century|decade)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1\d|2[01])\d\ds?")
_VAGUE = re.compile(
    r"\b(?:several|few|many|numerous|majority|most|none|no|dozens|scores)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"""\s*-?\s*(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|times
    |centur(?:y|ies)|\w*met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|tons?|tonnes?|barrels?
    |dollars?|euros?|yuan|roubles?|rubles?|pounds?|degrees|acres|hectares|km|kg|m)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED = re.compile(
    r"""\b(?:[1-9]\d\d|(?:1\d|2[01])\d\d)s?\b
      | \b(?:January|February|March|April|May|June|July|August|September|October
        |November|December|centur(?:y|ies)|decades?|War|ago|today|currently|recently)\b
      | \b(?:in|by|until|since|last|next|of)\ (?:the\ )?(?:early\ |late\ )?
        (?:spring|summer|autumn|winter)\b""",
    re.VERBOSE,
)
_DESIGNATION = re.compile(
    r"\b(?!(?:mid|pre|post|early|late)-)[A-Za-z]+-?\d[\w-]*", re.IGNORECASE
)
"""The number in "Su-35" or "G20" counts nothing."""
_SMALL = 10


def holds_kind(question: str, texts: Iterable[str]) -> bool:
    """Whether a text holds a number, a measure or a date, if one is asked for.

    Args:
        question: As asked.
        texts: Sentences that may answer it.
    """
    holds = _wanted(question)
    return holds is None or any(holds(_DESIGNATION.sub("", text)) for text in texts)


def _wanted(question: str) -> Holds | None:
    if _TIME.search(question):
        return _has_date
    if _DURATION.search(question):
        return lambda text: _has_amount(text) or _has_date(text)
    if _COUNT.search(question):
        return _has_number
    return _has_amount if _AMOUNT.search(question) else None


def _has_date(text: str) -> bool:
    return _DATED.search(text) is not None


def _has_number(text: str) -> bool:
    counted = any(not _YEAR.fullmatch(q.written) for q in quantities(text))
    return counted or _VAGUE.search(text) is not None


def _has_amount(text: str) -> bool:
    return any(_measures(quantity, text) for quantity in quantities(text))


def _measures(quantity: Quantity, text: str) -> bool:
    """Whether a quantity is more than "two" of "the two countries"."""
    if _YEAR.fullmatch(quantity.written):
        return False
    if quantity.unit != "number" or quantity.value > _SMALL:
        return True
    _, _, rest = text.partition(quantity.written)
    return quantity.written[0].isdigit() or _UNIT.match(rest) is not None
