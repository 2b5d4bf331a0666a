"""A sentence and its evidence to a verdict, a score and a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from qa.schema import Strictness
from qa.verification.faults import find_faults
from qa.verification.ground import Fault, Ground, ground
from qa.verification.statements import Statement, statement

Verdict = Literal["supported", "contradicted", "not_supported"]

SupportScore = Callable[[Statement, Ground, Sequence[Fault]], float]
"""How likely the evidence supports a sentence, in [0, 1]."""

_FAULTY: Final = 0.5


_NEEDED = {
    Strictness.LENIENT: 0.3,
    Strictness.BALANCED: 0.45,
    Strictness.STRICT: 0.7,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a checker says of one sentence.

    Attributes:
        score: Of support, in [0, 1]; below what is needed unless supported.
        reason: For a person to read.
        doubts: Faults that the support outweighed; none where it is to be sure.
    """

    verdict: Verdict
    score: float
    reason: str
    doubts: tuple[str, ...] = ()


class Checker:
    """Judges sentences by exact tests and a score of support.

    Args:
        support: The score of support.
        strictness: How high it must be; where strict, no fault is forgiven.
    """

    def __init__(
        self, support: SupportScore, strictness: Strictness = Strictness.BALANCED
    ) -> None:
        self._support = support
        self.strictness = strictness

    def judge(
        self, claim: str, evidence: Sequence[str], *, context: str = ""
    ) -> Judgement:
        """Hold a sentence against its evidence.

        Args:
            claim: Without markers.
            evidence: Sentences or passages; what one lacks another may state.
            context: Whose names may be used without being in the evidence, such
                as the author of an article.
        """
        said = statement(claim)
        source = ground(said, evidence, context)
        if not source.sentences:
            return Judgement("not_supported", 0.0, "there is no evidence")
        if not said.words:
            return Judgement("not_supported", 0.0, "it says nothing")
        faults = find_faults(said, source)
        score = self._support(said, source, faults)
        needed = _NEEDED[self.strictness]
        strict = self.strictness is Strictness.STRICT
        decisive = [fault for fault in faults if fault.decides or strict]
        if decisive:
            worst = max(decisive, key=lambda fault: fault.contradicts)
            verdict: Verdict = "contradicted" if worst.contradicts else "not_supported"
            return Judgement(verdict, min(score, needed) * _FAULTY, worst.reason)
        if score < needed:
            reason = faults[0].reason if faults else _lacking(said, source)
            return Judgement("not_supported", score, reason)
        reason = f"the source says “{source.closest.written}”"
        doubts = tuple(fault.reason for fault in faults)
        return Judgement("supported", score, reason, doubts)


def _lacking(said: Statement, source: Ground) -> str:
    known = source.stems
    absent = [word.text for word in said.content if word.stem not in known]
    if not absent:
        return "the source has these words and does not say this"
    if len(absent) == len(said.content):
        return "the source is about something else"
    return f"“{absent[0]}” is not what the source says"
