"""A claims file, or passages to make claims of, to claims."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qa.errors import EvaluationError
from qa.evaluation.swaps import Maker, texts
from qa.evaluation.written import Answered

_T = TypeVar("_T", bound=BaseModel)
_SEED = 7
_HELP = 'write {"claim": "…", "evidence": ["…"], "supported": true} a line'


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
    label: Literal["supported", "contradicted", "not_supported"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _labelled(cls, row: Any) -> Any:
        """A label, as sets for natural language inference have, says it as well."""
        if isinstance(row, dict) and "supported" not in row and "label" in row:
            return {**row, "supported": row["label"] == "supported"}
        return row


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
    row = _validated(Answered, where, value)
    whole = tuple(row.sentences)
    for number, answer in enumerate(row.answer, 1):
        try:
            cited = row.cited(answer.sentences)
        except ValueError as exc:
            raise EvaluationError(f"{where}: {exc}; {_HELP}") from exc
        if not answer.text:
            raise EvaluationError(f"{where}: “answer”: lacks a text; {_HELP}")
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
    kind = "" if written.supported else written.label or ""
    return Claim(written.claim, kept, written.supported, kind)


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
