"""Two reports side by side: what got better or worse, which questions flipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from qa.evaluation.collecting import TOP
from qa.evaluation.glossary import figures_of, meaning
from qa.evaluation.report import Report

Verdict = Literal["better", "worse", "same", "different"]
"""``different``: it changed, and neither way is better."""

Aspect = Literal["found", "facts", "abstained"]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure in both reports.

    Attributes:
        name: ``part.figure``.
        clear: Neither value lies in the other's 95 % interval; False where a
            figure has no interval.
    """

    name: str
    before: float
    after: float
    verdict: Verdict
    clear: bool

    @property
    def delta(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that came out otherwise.

    Attributes:
        aspect: ``found`` is gold evidence in the top 5.
    """

    id: str
    question: str
    aspect: Aspect
    before: bool
    after: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one report to another.

    Attributes:
        only_before: Ids of questions that the second report lacks.
        only_after: Ids of questions that the first report lacks.
    """

    figures: tuple[FigureChange, ...]
    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare(before: Report, after: Report) -> Comparison:
    """Compare the figures and questions that both reports have."""
    old, new = _questions(before), _questions(after)
    return Comparison(
        figures=tuple(_figure_changes(before, after)),
        flips=tuple(
            flip for key in old if key in new for flip in _flips(old[key], new[key])
        ),
        only_before=tuple(key for key in old if key not in new),
        only_after=tuple(key for key in new if key not in old),
    )


def _figure_changes(before: Report, after: Report) -> Iterator[FigureChange]:
    later = dict(figures_of(after))
    for name, old in figures_of(before):
        if name not in later:
            continue
        new = later[name]
        yield FigureChange(
            name,
            old,
            new,
            _verdict(old, new, meaning(name).better),
            clear=_outside(new, before["intervals"].get(name))
            and _outside(old, after["intervals"].get(name)),
        )


def _verdict(old: float, new: float, better: str) -> Verdict:
    if old == new:
        return "same"
    if better == "neither":
        return "different"
    return "better" if (new > old) == (better == "higher") else "worse"


def _outside(value: float, interval: list[float] | None) -> bool:
    return interval is not None and not interval[0] <= value <= interval[1]


def _questions(report: Report) -> dict[str, dict[str, Any]]:
    records = [*report.get("questions", ()), *report.get("records", ())]
    return {record["id"]: record for record in records}


def _flips(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Flip]:
    text = str(old.get("question") or " / ".join(old.get("turns", ())))
    answerable = old.get("answerable", True)
    before, after = _outcomes(old), _outcomes(new)
    for aspect, was in before.items():
        now = after.get(aspect, was)
        if was != now:
            wanted = not answerable if aspect == "abstained" else True
            verdict: Verdict = "better" if now == wanted else "worse"
            yield Flip(old["id"], text, aspect, was, now, verdict)


def _outcomes(record: dict[str, Any]) -> dict[Aspect, bool]:
    """What a record says of its question; what it does not say is absent."""
    outcomes: dict[Aspect, bool] = {}
    if "rank" in record and record.get("answerable", True):
        outcomes["found"] = record["rank"] is not None and record["rank"] <= TOP
    if "facts" in record:
        outcomes["facts"] = record["facts"]
    if "abstained" in record:
        outcomes["abstained"] = record["abstained"]
    return outcomes
