"""Ask each library its questions, and tell what is right of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from lab.errors import CasesError
from qa.evaluation.matching import says_each
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
    """What an answer is; its words are compared as those of ``must_include``."""
    if case.abstain:
        return Outcome.RIGHT if abstained else Outcome.ANSWERED
    if abstained:
        return Outcome.REFUSED
    if says_each(text, [case.forbid]):
        return Outcome.MISLEADING
    return Outcome.RIGHT if says_each(text, case.expect) else Outcome.LACKING


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
        # Not as a corpus: what is refused of a library is a part of it.
        places = {"seeds": Path(name) / "seeds", "index": Path(name) / "index"}
        copytree(folder / "seeds", places["seeds"])
        settings = settings.model_copy(update=places | {"store": ""})
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
