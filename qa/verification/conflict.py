"""When two sources cannot both be right: exact tests, in both directions."""

from __future__ import annotations

import re

from qa.language.numbers import missing, quantities
from qa.language.text import numbers
from qa.verification.faults import described
from qa.verification.ground import Ground, ground
from qa.verification.polarity import negation_fault, opposite_fault
from qa.verification.statements import Statement, statement

_SHARED = 0.6
_NEAR = {"number": 0.5, "opposite": 0.4, "negation": 0.6}
"""Share of the words said that the closest sentence has, to contradict."""
_POINTS_BACK = re.compile(r"\W*(?:it|its|they|their|he|his|she|her)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_LISTED = re.compile(r"(?:,| and) (?=[A-Z])")


def conflict(one: str, other: str) -> str | None:
    """Why two sentences contradict each other, for a person to read.

    They have to speak of the same, that is share most of their words, and each
    has to contradict the other in a number, a negation or an opposite. Names are
    not compared: two sentences on two countries do not contradict each other.
    """
    left, right = statement(one), statement(other)
    if _speak_of_others(left, right):
        return None
    shared = len(left.stems & right.stems)
    if shared < _SHARED * max(1, len(left.stems), len(right.stems)):
        return None
    return _contradiction(one, other) and _contradiction(other, one)


def _speak_of_others(left: Statement, right: Statement) -> bool:
    """Whether two sentences may be of two things: each names another, or tells a figure
    of another year; or one points at what it does not name.
    """
    if _POINTS_BACK.match(left.text) or _POINTS_BACK.match(right.text):
        return True
    told = [numbers(said.text) for said in (left, right)]
    years = [set(filter(_YEAR.fullmatch, of_one)) for of_one in told]
    names = (left.names - right.stems, right.names - left.stems)
    other_time = all(years) and years[0].isdisjoint(years[1])
    return all(names) or (other_time and told[0] != years[0] and told[1] != years[1])


def _contradiction(claim: str, source: str) -> str | None:
    said = statement(claim)
    known = ground(said, [source])
    wanted = said.stems - (said.names - known.closest.all_stems)
    near = len(wanted & known.closest.all_stems) / max(1, len(wanted))
    tests = (
        ("number", _number),
        ("opposite", opposite_fault),
        ("negation", negation_fault),
    )
    for kind, test in tests:
        if near >= _NEAR[kind] and (reason := test(said, known)) is not None:
            return reason
    return None


def _number(said: Statement, source: Ground) -> str | None:
    """A number where the source has another of its kind."""
    absent = missing(said.text, [sentence.text for sentence in source.sentences])
    if absent is None or absent.unit == "period":
        return None
    # "Two countries, India and Pakistan": counted, not read.
    if absent.value <= len(_LISTED.findall(said.text)) + 1:
        return None
    claimed = {q.value for q in quantities(said.text)}
    other = any(
        q.unit == absent.unit
        and (not q.implied or q.unit == "share")
        and q.value not in claimed
        for q in quantities(source.closest.text)
    )
    return f"{described(absent)} is not in the source" if other else None
