"""When two sources cannot both be right: exact tests, in both directions."""

from __future__ import annotations

from qa.verification.faults import find_faults
from qa.verification.ground import ground
from qa.verification.statements import statement

_KINDS = frozenset({"number", "negation", "opposite"})
_SHARED = 0.6


def conflict(one: str, other: str) -> str | None:
    """Why two sentences contradict each other, for a person to read.

    They have to speak of the same, that is share most of their words, and each
    has to contradict the other in a number, a negation or an opposite. Names are
    not compared: two sentences on two countries do not contradict each other.
    """
    left, right = statement(one), statement(other)
    shared = len(left.stems & right.stems)
    if shared < _SHARED * max(1, len(left.stems), len(right.stems)):
        return None
    return _contradiction(one, other) and _contradiction(other, one)


def _contradiction(claim: str, source: str) -> str | None:
    said = statement(claim)
    faults = find_faults(said, ground(said, [source]))
    found = (f.reason for f in faults if f.contradicts and f.kind in _KINDS)
    return next(found, None)
