"""Claims with the evidence given for them: the verdict of exact tests and the judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from qa.neural.judge import Judge, Opinion
from qa.schema import Strictness
from qa.verification.drafts import is_quote
from qa.verification.faults import figure_fault, strange_name
from qa.verification.verifier import needed, objection

Claimed = tuple[str, Sequence[str]]
"""A sentence and its evidence."""

_FAULTY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one sentence.

    Attributes:
        score: Of support, in [0, 1]; below what is needed unless supported.
        alone: What the judge says of the sentence without its evidence, in [0, 1]:
            what it gives away by itself; 0 where no judge was asked.
        reason: For a person to read.
    """

    verdict: Literal["supported", "not_supported"]
    score: float
    alone: float
    reason: str


def judge_claims(
    judge: Judge | None, claims: Sequence[Claimed], strictness: Strictness
) -> list[Judgement]:
    """Hold sentences against all of their evidence together.

    Without a judge, and where strict, only a sentence of the evidence is supported.

    Returns:
        One judgement a claim, in the order given.

    Raises:
        ModelError: The judge cannot be loaded.
    """
    if judge is None or strictness is Strictness.STRICT:
        return [_verbatim(claim, evidence) for claim, evidence in claims]
    pairs = [(claim, " ".join(evidence)) for claim, evidence in claims]
    opinions = judge.weigh([*pairs, *((claim, "") for claim, _ in claims)])
    alone = opinions[len(claims) :]
    return [
        replace(_judged(judge, claim, opinion, strictness), alone=bare.support)
        for claim, opinion, bare in zip(claims, opinions, alone, strict=False)
    ]


def _judged(
    judge: Judge, claimed: Claimed, opinion: Opinion, strictness: Strictness
) -> Judgement:
    """The verdict that a draft of these words would get."""
    claim, evidence = claimed
    text = " ".join(evidence)
    bar = needed(judge, strictness, claim, text)
    if not text.strip():
        return Judgement("not_supported", 0.0, 0.0, "there is no evidence")
    if (quote := _verbatim(claim, evidence)).verdict == "supported":
        return quote
    if (fault := figure_fault(claim, evidence)) is not None:
        score = min(opinion.support, bar) * _FAULTY
        return Judgement("not_supported", score, 0.0, fault)
    if opinion.support < bar:
        reason = strange_name(claim, evidence) or objection(claim, text, opinion)
        return Judgement("not_supported", opinion.support, 0.0, reason)
    return Judgement("supported", opinion.support, 0.0, "the evidence supports it")


def _verbatim(claim: str, evidence: Sequence[str]) -> Judgement:
    if any(is_quote(claim, text) for text in evidence):
        return Judgement("supported", 1.0, 0.0, "it is the source's own sentence")
    reason = "it is not word for word what the source says"
    return Judgement("not_supported", 0.0, 0.0, reason)
