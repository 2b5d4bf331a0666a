"""When two sources cannot both be right: exact tests, in both directions."""

from __future__ import annotations

import re

from qa.language.numbers import missing, quantities
from qa.language.text import numbers
from qa.verification.polarity import turns_sense_round, turns_word_round
from qa.verification.statements import Statement, statement

_SHARED = 0.6
_POINTS_BACK = re.compile(r"\W*(?:it|its|they|their|he|his|she|her)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_LISTED = re.compile(r"(?:,| and) (?=[A-Z])")


def conflict(one: str, other: str) -> bool:
    """Whether two sentences contradict each other.

    They have to speak of the same, that is share most of their words, and each
    has to contradict the other in a number, a negation or an opposite. Names are
    not compared: two sentences on two countries do not contradict each other.
    """
    left, right = statement(one), statement(other)
    if _speak_of_others(left, right):
        return False
    shared = len(left.stems & right.stems)
    if shared < _SHARED * max(1, len(left.stems), len(right.stems)):
        return False
    return _contradicts(left, right) and _contradicts(right, left)


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


def _contradicts(said: Statement, source: Statement) -> bool:
    wanted = said.stems - (said.names - source.all_stems)
    near = len(wanted & source.all_stems) / max(1, len(wanted))
    return any(near >= least and test(said, source) for test, least in _TESTS)


def _counts_otherwise(said: Statement, source: Statement) -> bool:
    """Whether there is a number where the source has another of its kind."""
    absent = missing(said.text, [source.text])
    if absent is None or absent.unit == "period":
        return False
    # "Two countries, India and Pakistan": counted, not read.
    if absent.value <= len(_LISTED.findall(said.text)) + 1:
        return False
    claimed = {q.value for q in quantities(said.text)}
    return any(
        q.unit == absent.unit
        and (not q.implied or q.unit == "share")
        and q.value not in claimed
        for q in quantities(source.text)
    )


_TESTS = ((_counts_otherwise, 0.5), (turns_word_round, 0.4), (turns_sense_round, 0.6))
"""With the share of the words said that the source has, from which on it tells."""
