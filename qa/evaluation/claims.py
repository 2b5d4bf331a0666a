"""A claims file to figures: how well the judge tells what is supported.

Beside it stand two baselines, each with the threshold that suits this very file
best: the share of a claim's words that the evidence has, and the cosine of the
two. A judge is worth what it adds to the better of them, and to what the claims
give away by themselves (Gururangan et al. 2018).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Annotated, Any, Protocol, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import EvaluationError
from qa.evaluation.figures import Figure, mean_of, share_among
from qa.evaluation.report import Report, Sheet
from qa.evaluation.scoring import auroc
from qa.evaluation.swaps import Maker, texts
from qa.language.text import content_stems

_T = TypeVar("_T", bound=BaseModel)
_SEED = 7
_AT_ONCE = 32
_ALARMS = (0.3, 0.5)
"""Shares of supported claims refused, at which the others are counted."""
_HELP = 'write {"claim": "…", "evidence": ["…"], "supported": true} a line'


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


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, its evidence, and whether a person finds it supported.

    Attributes:
        kind: How it was made, if it was, or what is wrong with it.
        whole: The paragraph that the evidence is from, where it is known.
    """

    text: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str = ""
    whole: tuple[str, ...] = ()


class _Written(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    claim: Annotated[str, Field(min_length=1)]
    evidence: list[str] | str
    supported: bool


class _Answer(BaseModel):
    text: Annotated[str, Field(min_length=1)]
    sentences: list[Annotated[int, Field(ge=1)]]


class _Unsupported(BaseModel):
    text: Annotated[str, Field(min_length=1)]
    of: Annotated[int, Field(ge=1)]
    kind: str = ""


class _WrittenParagraph(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    sentences: list[str]
    answer: list[_Answer]
    unsupported: list[_Unsupported] = []


class _WrittenPassage(BaseModel):
    text: Annotated[str, Field(min_length=1)]
    title: str = ""
    split: str = "dev"


def load_claims(path: Path) -> tuple[Claim, ...]:
    """Read claims, one JSON object a line; from passages, claims are made.

    A line may also be a paragraph with an answer sentence by sentence and what the
    paragraph does not support: each is a claim over the sentences that the answer
    cites. Two claims are made of a passage, with a fixed seed: a true one, reworded,
    and one with something swapped. Where passages name a split, those of ``dev`` count.

    Raises:
        EvaluationError: It cannot be read, or a line lacks something; the message
            names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise EvaluationError(f"{path}: cannot be read ({exc.strerror})") from exc
    except UnicodeDecodeError as exc:
        raise EvaluationError(f"{path}: is not UTF-8 text") from exc
    lines = list(_lines(text, path))
    if lines and all(isinstance(v, dict) and "text" in v for _, v in lines):
        claims = tuple(_made(lines))
    else:
        claims = tuple(c for where, value in lines for c in _claims(where, value))
    if not claims:
        raise EvaluationError(f"{path}: holds no claims; {_HELP}")
    return claims


def _lines(text: str, path: Path) -> Iterator[tuple[str, Any]]:
    """Each line's value and how to name its place."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            yield where, json.loads(line)
        except (ValueError, RecursionError) as exc:
            raise EvaluationError(f"{where}: is not JSON; {_HELP}") from exc


def _claims(where: str, value: Any) -> Iterator[Claim]:
    if not (isinstance(value, dict) and "answer" in value and "sentences" in value):
        yield _claim(where, value)
        return
    row = _validated(_WrittenParagraph, where, value)
    whole = tuple(row.sentences)
    for number, answer in enumerate(row.answer, 1):
        cited = tuple(whole[n - 1] for n in answer.sentences if n <= len(whole))
        yield Claim(answer.text, cited, supported=True, whole=whole)
        for false in row.unsupported:
            if false.of == number:
                yield Claim(
                    false.text, cited, supported=False, kind=false.kind, whole=whole
                )


def _claim(where: str, value: Any) -> Claim:
    written = _validated(_Written, where, value)
    evidence = written.evidence
    parts = [evidence] if isinstance(evidence, str) else evidence
    kept = tuple(part for part in parts if part.strip())
    return Claim(written.claim, kept, written.supported)


def _made(lines: Sequence[tuple[str, Any]]) -> Iterator[Claim]:
    passages = [_validated(_WrittenPassage, where, value) for where, value in lines]
    kept = [(p.title, p.text) for p in passages if p.split == "dev"]
    rng = Random(_SEED)  # noqa: S311 - chooses what is swapped, keeps no secret
    for made in Maker(texts(kept), rng).make():
        yield Claim(made.claim, made.evidence, made.supported, made.kind)


def _validated(kind: type[_T], where: str, value: Any) -> _T:
    try:
        return kind.model_validate(value)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"]) or "line"
        raise EvaluationError(f"{where}: “{key}”: {error['msg']}; {_HELP}") from exc


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
