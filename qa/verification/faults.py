"""What a sentence says that its source does not: exact tests, each with a reason.

Each test takes a sentence and the source taken apart, and answers with a fault
or nothing. A fault is a contradiction where the source says something else in
the same place, and otherwise a lack of support.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa.language.numbers import Quantity, missing, quantities
from qa.language.word_lists import words
from qa.verification.ground import Fault, Ground, Kind
from qa.verification.naming import name_fault
from qa.verification.polarity import COPIED, negation_fault, opposite_fault
from qa.verification.roles import role_fault
from qa.verification.statements import Statement, canonical, plain

_NEAR: dict[Kind, float] = {
    "number": 0.5,
    "period": 0.1,
    "name": 0.5,
    "opposite": 0.4,
    "negation": 0.6,
    "role": 0.7,
    "quote": 0.0,
    "certainty": 0.0,
}
"""Share of the words said that the closest sentence has, to contradict."""
_LISTED = re.compile(r"(?:,| and) (?=[A-Z])")
_QUOTED = re.compile(r'"([^"]{3,})"')
_CERTAIN = frozenset(map(canonical, ("certainly", "definitely", "always", "surely")))


def find_faults(said: Statement, source: Ground) -> list[Fault]:
    """All faults, the most telling first.

    A source contradicts only what it speaks of: where its closest sentence shares
    too little with what is said, a fault is a lack of support.
    """
    tests = (
        _number,
        name_fault,
        opposite_fault,
        negation_fault,
        role_fault,
        _quote,
        _certainty,
    )
    found = [fault for test in tests if (fault := test(said, source)) is not None]
    absent = said.names - source.closest.all_stems
    wanted = said.stems - absent
    near = len(wanted & source.closest.all_stems) / max(1, len(wanted))
    return [
        _weighed(fault, near)
        for fault in found
        if fault.kind != "role" or near >= _NEAR["role"]
    ]


def _weighed(fault: Fault, near: float) -> Fault:
    contradicts = fault.contradicts and near >= _NEAR[fault.kind]
    return replace(
        fault,
        contradicts=contradicts,
        decides=contradicts
        or (fault.decides and near >= _NEAR[fault.kind])
        or (near >= COPIED and not fault.forgivable),
    )


def _number(said: Statement, source: Ground) -> Fault | None:
    texts = [sentence.text for sentence in source.sentences]
    absent = missing(said.text, texts)
    if absent is None:
        return None
    what = _described(absent)
    claimed = {q.value for q in quantities(said.text)}
    other = any(
        q.unit == absent.unit
        and (not q.implied or q.unit == "share")
        and q.value not in claimed
        for q in quantities(source.closest.text)
    )
    # "Two countries, India and Pakistan": counted, not read.
    listed = absent.value <= len(_LISTED.findall(said.text)) + 1
    other = other and not listed
    reason = f"{what} is not in the source"
    kind: Kind = "period" if absent.unit == "period" else "number"
    return Fault(kind, reason, contradicts=other, forgivable=listed)


def _described(quantity: Quantity) -> str:
    if quantity.unit == "period":
        return f"“{quantity.written}”"
    is_year = quantity.unit == "number" and re.fullmatch(
        r"1\d{3}|20\d\d", quantity.written
    )
    return f"the {'year' if is_year else 'number'} {quantity.written}"


def _quote(said: Statement, source: Ground) -> Fault | None:
    texts = " ".join(_letters(sentence.text) for sentence in source.sentences)
    for quoted in _QUOTED.findall(plain(said.text)):
        if _letters(quoted) not in texts:
            reason = f"the source does not say “{quoted}”"
            return Fault("quote", reason, contradicts=True)
    return None


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _certainty(said: Statement, source: Ground) -> Fault | None:
    certain = [w for w in said.words if w.stem in _CERTAIN]
    hedges = words("hedges")
    hedged = [w.text for w in source.closest.words if w.text.lower() in hedges]
    if certain and hedged and not any(w.text.lower() in hedges for w in said.words):
        reason = f"it is certain where the source says “{hedged[0]}”"
        return Fault("certainty", reason, contradicts=False)
    return None
