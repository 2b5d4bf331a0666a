"""Ask each library its questions, and tell what is right of the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from lab.errors import CasesError
from qa.language.text import normalise
from qa.schema import Turn
from qa.settings import Settings
from qa.wiring import assemble, run_build

QUESTIONS = "questions.json"
Words = Annotated[str, Field(min_length=1)]


class Outcome(StrEnum):
    """What an answer is; all but the first are wrong."""

    RIGHT = "right"
    REFUSED = "refused though answered there"
    ANSWERED = "answered though not there"
    LACKING = "lacks what answers"
    MISLEADING = "says what it must not"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is right.

    Attributes:
        question: As a person writes it.
        expect: Of each group the answer says one.
        forbid: What it must not say.
        abstain: It is to be refused.
        history: Earlier questions with their answers.
        why: What the case is there for.
    """

    question: Words
    expect: tuple[tuple[Words, ...], ...] = ()
    forbid: tuple[Words, ...] = ()
    abstain: bool = False
    history: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case with what came of it."""

    case: Case
    outcome: Outcome
    text: str


def judge(case: Case, *, abstained: bool, text: str) -> Outcome:
    """What an answer is; case, accents' forms and odd spaces aside."""
    if case.abstain:
        return Outcome.RIGHT if abstained else Outcome.ANSWERED
    if abstained:
        return Outcome.REFUSED
    said = normalise(text)
    if any(normalise(words) in said for words in case.forbid):
        return Outcome.MISLEADING
    stated = all(any(normalise(w) in said for w in group) for group in case.expect)
    return Outcome.RIGHT if stated else Outcome.LACKING


def load_cases(path: Path) -> list[Case]:
    """The questions of a library.

    Raises:
        CasesError: The file cannot be read, has none, or one states not what is right.
    """
    try:
        cases = TypeAdapter(list[Case]).validate_json(path.read_bytes())
    except (OSError, ValidationError) as exc:
        raise CasesError(f"{path}: cannot be read as cases ({exc})") from exc
    for case in cases:
        if not (case.abstain or case.expect or case.forbid):
            raise CasesError(
                f"{path}: {case.question!r} does not say what is right; give it "
                "`expect`, `forbid` or `abstain`"
            )
    if not cases:
        raise CasesError(f"{path}: has no questions")
    return cases


def ask(folder: Path, settings: Settings) -> Iterator[Asked]:
    """Index the seeds of a folder in a temporary place and ask its questions.

    Raises:
        CasesError: The questions cannot be read, or there are no seeds.
        QaError: What building and answering raise.
    """
    cases = load_cases(folder / QUESTIONS)
    if not (folder / "seeds").is_dir():
        raise CasesError(f"{folder}: has no seeds/ to ask")
    with TemporaryDirectory(prefix="qa-cases-") as name:
        seeds, index = Path(name) / "seeds", Path(name) / "index"
        copytree(folder / "seeds", seeds)
        places = {"seeds": seeds, "index": index, "store": ""}
        settings = settings.model_copy(update=places)
        run_build(settings)
        parts = assemble(settings)
        try:
            for case in cases:
                turns = tuple(Turn(*turn) for turn in case.history)
                answer = parts.answerer.answer(case.question, history=turns)
                outcome = judge(case, abstained=answer.abstained, text=answer.text)
                yield Asked(case, outcome, answer.text)
        finally:
            if parts.generator is not None:
                parts.generator.close()


def save(path: Path, asked: dict[str, list[Asked]]) -> None:
    """Write each kind's questions, outcomes and answers.

    Raises:
        OSError: It cannot be written.
    """
    rows = {
        kind: [
            {"question": a.case.question, "outcome": a.outcome, "text": a.text}
            for a in found
        ]
        for kind, found in asked.items()
    }
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
