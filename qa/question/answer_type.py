"""The expected answer type: a number, a measure, a date; and whether a text has one.

"How many" wants a number, "How long is" a measure, "When" a date: where the best
sentence has none, it hardly answers. "How much does it matter?" wants none of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from qa.language.numbers import Quantity, quantities
from qa.schema import AnswerType

_PAST = "is|are|was|were|do|does|did|has|have|had"
_ASKS = rf"(?:{_PAST}|will|would|can|could|should|may|might)"
_COUNT = re.compile(r"\bhow many\b|\b(?:what|which) number of\b", re.IGNORECASE)
_ABSTRACT = r"""(?:influence|trust|mistrust|power|importance|support|control|freedom
    |room|weight|say|leverage|attention|progress|pressure|interest|risk|sense|difference|faith
    |confidence|autonomy|dependence|cooperation|sympathy|use|value|truth|doubt|hope)"""
_AMOUNT = re.compile(
    rf"""\bhow\ (?:tall|old|long|heavy)\ (?:is|are|was|were)\b
      | \bhow\ much\ (?!{_ASKS}\b|more\b|less\b|of\ an?\b|better\b|worse\b|worth\b
        |(?:\w+\ )?{_ABSTRACT}\b)
      | \bhow\ much\ {_ASKS}\b.*\b(?:cost|pay|paid|spend|spent|invest|earn|lend|lent
        |weigh|export|import|trade|produce|grow|grown|rise|risen|fall|fallen|increase
        |decrease|shrink)\b
      | \b(?:what|which)\ (?:percentage|share|proportion|amount)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DURATION = re.compile(rf"\bhow long (?!(?:is|are)\b)(?:{_PAST})\b", re.IGNORECASE)
_TIME = re.compile(
    rf"^\W*(?:since )?when (?:{_PAST})\b"
    r"|\b(?:what|which) (?:year|month|century|decade)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1\d|2[01])\d\ds?")
_VAGUE = re.compile(
    r"\b(?:several|few|many|numerous|majority|most|none|dozens|scores)\b", re.IGNORECASE
)
_PARTLY = re.compile(r"\b(?:most|little|all|none|majority|bulk)\b", re.IGNORECASE)
_UNIT = re.compile(
    r"""[\s-]{0,3}(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|times
    |\w*met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|tons?|tonnes?|barrels?
    |dollars?|euros?|yuan|roubles?|rubles?|pounds?|degrees|acres|hectares|km|kg|m)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED = re.compile(
    r"""\b(?:1\d|2[01])\d\ds?\b | \b[1-9]\d\d(?:s|\ (?:AD|BC|CE|BCE))\b
      | \b(?:in|by|since|before|until|AD)\ [1-9]\d\d\b(?![,.]\d)
      | \b(?:January|February|March|April|May|June|July|August|September|October
        |November|December|centur(?:y|ies)|decades?|War|ago|today|currently|recently)\b
      | \b(?:in|by|until|since|last|next|of)\ (?:the\ )?(?:early\ |late\ )?
        (?:spring|summer|autumn|winter)\b""",
    re.VERBOSE,
)
_DESIGNATION = re.compile(
    r"""\b(?!(?:mid|pre|post|early|late)-|(?:USD|EUR|GBP|JPY|CNY|RMB|RUB|US)-?\d)
    [A-Z]+-?\d[\w-]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""The number in "Su-35" or "G20" counts nothing."""
_SMALL = 10


def answer_type(question: str) -> AnswerType:
    """The kind of thing that a question asks for."""
    if _TIME.search(question):
        return AnswerType.TIME
    if _DURATION.search(question):
        return AnswerType.DURATION
    if _COUNT.search(question):
        return AnswerType.NUMBER
    return AnswerType.AMOUNT if _AMOUNT.search(question) else AnswerType.ANY


def holds(kind: AnswerType, texts: Iterable[str]) -> bool:
    """Whether a text holds a number, a measure or a date, if that is expected.

    Args:
        kind: What is expected.
        texts: Sentences that may answer.
    """
    if kind is AnswerType.ANY:
        return True
    tests = _TESTS[kind]
    plain = [_DESIGNATION.sub("", text) for text in texts]
    return any(test(text) for test in tests for text in plain)


def _has_date(text: str) -> bool:
    return _DATED.search(text) is not None


def _has_number(text: str) -> bool:
    counted = any(not _YEAR.fullmatch(q.written) for q in quantities(text))
    return counted or _VAGUE.search(text) is not None


def _has_amount(text: str) -> bool:
    measured = any(_measures(quantity, text) for quantity in quantities(text))
    return measured or _PARTLY.search(text) is not None


def _measures(quantity: Quantity, text: str) -> bool:
    """Whether a quantity is more than "two" of "the two countries"."""
    if _YEAR.fullmatch(quantity.written):
        return False
    if quantity.unit != "number" or quantity.value > _SMALL:
        return True
    if quantity.written[:1].isdigit():
        return True
    places = re.finditer(rf"\b{re.escape(quantity.written)}\b", text)
    return any(_UNIT.match(text, place.end()) for place in places)


_TESTS: dict[AnswerType, tuple[Callable[[str], bool], ...]] = {
    AnswerType.NUMBER: (_has_number,),
    AnswerType.AMOUNT: (_has_amount,),
    AnswerType.DURATION: (_has_amount, _has_date),
    AnswerType.TIME: (_has_date,),
}
