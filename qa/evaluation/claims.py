"""Claims to figures: how well the judge tells what is supported.

Beside it stand two baselines, each with the threshold that suits this very file
best: the share of a claim's words that the evidence has, and the cosine of the
two. A judge is worth what it adds to the better of them, and to what the claims
give away by themselves (Gururangan et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from qa.evaluation.claim_files import Claim
from qa.evaluation.figures import Figure, mean_of, share_among
from qa.evaluation.report import Report, Sheet
from qa.evaluation.scoring import auroc
from qa.language.text import content_stems

_AT_ONCE = 32
_ALARMS = (0.3, 0.5)
"""Shares of supported claims refused, at which the others are counted."""


class Judged(Protocol):
    """What is said of one claim."""

    @property
    def verdict(self) -> str:
        """``supported`` or another."""

    @property
    def score(self) -> float:
        """Of support, in [0, 1]."""

    @property
    def alone(self) -> float:
        """The same of the claim without its evidence."""

    @property
    def reason(self) -> str:
        """For a person."""


Judge = Callable[[Sequence[tuple[str, Sequence[str]]]], Sequence[Judged]]
Similarity = Callable[[str, Sequence[str]], Sequence[float]]


def evaluate_claims(
    claims: Sequence[Claim],
    judge: Judge,
    similarity: Similarity,
    progress: Callable[[str, int, int], None],
) -> Report:
    """Judge each claim; keys as documented in docs/evaluation.md."""
    sheet = Sheet()
    judged = _judged(claims, judge, progress, "claims")
    _add(sheet, "claims", claims, judged)
    if all(claim.whole for claim in claims):
        over = [replace(claim, evidence=claim.whole) for claim in claims]
        _add(sheet, "whole", over, _judged(over, judge, progress, "whole paragraphs"))
    truth = [claim.supported for claim in claims]
    by_overlap = best_split([overlap(claim) for claim in claims], truth)
    cosines = []
    for number, claim in enumerate(claims, 1):
        cosines.append(_cosine(claim, similarity))
        progress("cosines", number, len(claims))
    by_cosine = best_split(cosines, truth)
    better = max(by_overlap, by_cosine, key=lambda figure: figure.value)
    sheet.add("claims", {}, {
        "baseline_balanced_accuracy": better,
        "overlap_balanced_accuracy": by_overlap,
        "similarity_balanced_accuracy": by_cosine,
    })  # fmt: skip
    if kinds := sorted({claim.kind for claim in claims if claim.kind}):
        called = [judgement.verdict == "supported" for judgement in judged]
        right = [c == t for c, t in zip(called, truth, strict=True)]
        sheet.add("kinds", {}, {
            kind: share_among(
                (r, claim.kind == kind) for r, claim in zip(right, claims, strict=True)
            )
            for kind in kinds
        })  # fmt: skip
    sheet.report["records"] = [
        _record(number, claim, judgement)
        for number, (claim, judgement) in enumerate(zip(claims, judged, strict=True), 1)
    ]
    return sheet.finish()


def _judged(
    claims: Sequence[Claim],
    judge: Judge,
    progress: Callable[[str, int, int], None],
    stage: str,
) -> list[Judged]:
    found: list[Judged] = []
    for start in range(0, len(claims), _AT_ONCE):
        part = claims[start : start + _AT_ONCE]
        found += judge([(claim.text, claim.evidence) for claim in part])
        progress(stage, len(found), len(claims))
    return found


def _add(
    sheet: Sheet, part: str, claims: Sequence[Claim], judged: Sequence[Judged]
) -> None:
    """Figures of what was called supported, and of the score at any threshold."""
    truth = [claim.supported for claim in claims]
    called = [judgement.verdict == "supported" for judgement in judged]
    sheet.add(
        part,
        {"n": len(claims), "supported": sum(truth)},
        claim_figures(called, truth),
    )
    if all(truth) or not any(truth):
        return
    scores = [judgement.score for judgement in judged]
    alone = [judgement.alone for judgement in judged]
    plain = {"auc": _auc(scores, truth), "alone_auc": _auc(alone, truth)}
    for alarms in _ALARMS:
        plain[f"caught_at_{alarms}"] = mean_of(_below(scores, claims, alarms)).value
    sheet.report[part] |= plain
    by_kind = {
        kind: mean_of(_below(scores, claims, _ALARMS[0], kind)).value
        for kind in sorted({c.kind for c in claims if c.kind and not c.supported})
    }
    if by_kind:
        sheet.report[part][f"caught_at_{_ALARMS[0]}_by_kind"] = by_kind


def _auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    yes = [score for score, holds in zip(scores, truth, strict=True) if holds]
    no = [score for score, holds in zip(scores, truth, strict=True) if not holds]
    return auroc(yes, no)


def _below(
    scores: Sequence[float], claims: Sequence[Claim], alarms: float, kind: str = ""
) -> list[bool]:
    """Of each unsupported claim, whether it stands below the score that this share
    of the supported claims stays under.
    """
    pairs = list(zip(scores, claims, strict=True))
    bar = float(np.quantile([s for s, claim in pairs if claim.supported], alarms))
    return [
        score < bar
        for score, claim in pairs
        if not claim.supported and kind in {"", claim.kind}
    ]


def claim_figures(called: Sequence[bool], truth: Sequence[bool]) -> dict[str, Figure]:
    """Figures of what was called supported; absent where there is none to count."""
    pairs = list(zip(called, truth, strict=True))
    figures = {}
    if not all(truth):
        figures["caught"] = share_among((not c, not t) for c, t in pairs)
    if any(truth):
        figures["false_alarms"] = share_among((not c, t) for c, t in pairs)
    if any(called):
        figures["precision"] = share_among((t, c) for c, t in pairs)
    figures["balanced_accuracy"] = balanced_accuracy(called, truth)
    return figures


def balanced_accuracy(called: Sequence[bool], truth: Sequence[bool]) -> Figure:
    """Mean of the shares judged rightly, of supported and of other claims."""
    yes = sum(truth)
    no = len(truth) - yes
    return Figure(
        tuple(float(c == t) for c, t in zip(called, truth, strict=True)),
        tuple(1 / yes if t else 1 / no for t in truth),
    )


def best_split(scores: Sequence[float], truth: Sequence[bool]) -> Figure:
    """Balanced accuracy of a score with the threshold that suits it best."""
    splits = [[score >= bar for score in scores] for bar in _bars(scores)]
    return max(
        (balanced_accuracy(split, truth) for split in splits),
        key=lambda figure: figure.value,
    )


def _bars(scores: Sequence[float]) -> list[float]:
    """A threshold below all, and one at each score."""
    levels = np.unique(np.asarray(scores, dtype=float))
    return [float(level) for level in (*levels, np.inf)]


def overlap(claim: Claim) -> float:
    """Share of a claim's different content words that the evidence has."""
    said = set(content_stems(claim.text))
    return len(said & set(content_stems(" ".join(claim.evidence)))) / max(1, len(said))


def _cosine(claim: Claim, similarity: Similarity) -> float:
    if not claim.evidence:
        return -1.0
    return float(similarity(claim.text, [" ".join(claim.evidence)])[0])


def _record(number: int, claim: Claim, judgement: Judged) -> dict[str, Any]:
    return {
        "id": str(number),
        "claim": claim.text,
        "supported": claim.supported,
        **({"kind": claim.kind} if claim.kind else {}),
        "verdict": judgement.verdict,
        "score": round(judgement.score, 4),
        "reason": judgement.reason,
    }
