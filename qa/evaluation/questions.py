"""A questions file to questions: what to ask, and where the answers stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import EvaluationError
from qa.evaluation.written import Paragraph, WrittenParagraph
from qa.schema import Span

_HELP = "see docs/evaluation.md"


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: a seed file (or record id), and a snippet of it."""

    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a file.

    Attributes:
        gold: Places that answer it, any of them; empty if none is known.
        must_include: Groups of alternatives; an answer needs one of each group.
        sentences: Those that belong in an answer, word for word.
        spans: The characters of ``gold[0].source`` that answer it, as stored
            in the file; only in files made to measure passages.
        answers: Wordings of the answer; a reader's is held against the best.
        adversarial: The record that looks right and does not answer, if named.
    """

    id: str
    question: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    spans: tuple[Span, ...] = ()
    answers: tuple[str, ...] = ()
    adversarial: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns of which the last must bring the gold evidence."""

    id: str
    turns: tuple[str, ...]
    gold: Gold


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Turns, and a person's stand-alone wording of the last one.

    Attributes:
        changed: Whether the person had to change it.
    """

    id: str
    turns: tuple[str, ...]
    rewrite: str
    changed: bool


Item = Question | Conversation | FollowUp


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What a questions file holds.

    Attributes:
        paragraphs: What its questions are asked of, where it brings that along.
    """

    questions: tuple[Question, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()


_Text = Annotated[str, Field(min_length=1)]


class _Written(BaseModel):
    """What people write; keys of their own are theirs."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = ""


class _WrittenGold(BaseModel):
    source: _Text
    evidence: str = ""


class _WrittenSpan(BaseModel):
    content: str
    start_index: Annotated[int, Field(ge=0)]
    end_index: Annotated[int, Field(ge=0)]


class _WrittenQuestion(_Written):
    question: _Text
    answerable: bool = True
    gold: list[_WrittenGold] = []
    gold_passage_ids: list[str] = []
    gold_sentences: list[_Text] = []
    must_include: list[list[_Text]] = []
    answers: list[_Text] = []
    adversarial_passage_id: str = ""
    doc_id: str = ""
    spans: list[_WrittenSpan] = []


class _WrittenConversation(_Written):
    turns: Annotated[list[_Text], Field(min_length=1)]
    gold: _WrittenGold


class _WrittenFollowUp(_Written):
    user_turns: Annotated[list[_Text], Field(min_length=1)]
    rewrite: _Text
    changed: bool


def load_questions(path: Path) -> QuestionSet:
    """Read a questions file.

    JSON holds lists ``questions`` and ``conversations``; JSON Lines hold one
    item a line, told apart by its keys: ``turns`` makes a conversation,
    ``rewrite`` a follow-up, ``sentences`` a paragraph with two questions,
    everything else a question.

    Raises:
        EvaluationError: It cannot be read, an item lacks something or an id
            stands twice; the message names the line or the item.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise EvaluationError(f"{path}: cannot be read ({exc.strerror})") from exc
    except UnicodeDecodeError as exc:
        raise EvaluationError(f"{path}: is not UTF-8 text") from exc
    written = _lines(text, path) if path.suffix == ".jsonl" else _lists(text, path)
    seen: dict[str, str] = {}
    items: list[Item | Paragraph] = []
    for number, (where, value) in enumerate(written, 1):
        for item in _items(value, where, default_id=str(number)):
            if isinstance(item, Paragraph):
                items.append(item)
                continue
            if item.id in seen:
                raise EvaluationError(
                    f"{where}: the id {item.id!r} already stands at {seen[item.id]}"
                )
            seen[item.id] = where.removeprefix(f"{path}, ")
            items.append(item)
    if not items:
        raise EvaluationError(f"{path}: holds no questions; {_HELP}")
    return QuestionSet(
        tuple(item for item in items if isinstance(item, Question)),
        tuple(item for item in items if isinstance(item, Conversation)),
        tuple(item for item in items if isinstance(item, FollowUp)),
        tuple(item for item in items if isinstance(item, Paragraph)),
    )


def _lines(text: str, path: Path) -> Iterator[tuple[str, Any]]:
    """Each line's value and how to name its place."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{path}, line {number}"
            yield where, _parse(line, where)


def _lists(text: str, path: Path) -> Iterator[tuple[str, Any]]:
    """Each list item's value and how to name its place."""
    values = _parse(text, str(path))
    if not isinstance(values, dict) or not isinstance(values.get("questions"), list):
        raise EvaluationError(f"{path}: needs a list “questions”; {_HELP}")
    for kind in ("questions", "conversations"):
        for number, value in enumerate(values.get(kind) or (), 1):
            yield f"{path}, {kind.removesuffix('s')} {number}", value


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as exc:
        raise EvaluationError(f"{where}: is nested too deeply") from exc
    except json.JSONDecodeError as exc:
        place = f"{exc.msg} at column {exc.colno}"
        if exc.lineno > 1:
            place += f" of line {exc.lineno}"
        raise EvaluationError(f"{where}: is not JSON ({place})") from exc


def _items(value: Any, where: str, *, default_id: str) -> tuple[Item | Paragraph, ...]:
    if not isinstance(value, dict):
        raise EvaluationError(f"{where}: is not a JSON object; {_HELP}")
    value = {**value, "id": value.get("id", default_id)}
    try:
        if "turns" in value:
            return (_conversation(_WrittenConversation.model_validate(value)),)
        if "rewrite" in value:
            return (_follow_up(_WrittenFollowUp.model_validate(value)),)
        if {"sentences", "answer"} <= value.keys():
            return _with_paragraph(WrittenParagraph.model_validate(value), where)
        return (_question(_WrittenQuestion.model_validate(value), where),)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"])
        raise EvaluationError(f"{where}: “{key}”: {error['msg']}; {_HELP}") from exc


def _with_paragraph(
    written: WrittenParagraph, where: str
) -> tuple[Item | Paragraph, ...]:
    try:
        rows = written.rows()
    except ValueError as exc:
        raise EvaluationError(f"{where}: {exc}; {_HELP}") from exc
    asked = (_question(_WrittenQuestion.model_validate(row), where) for row in rows)
    return written.paragraph, *asked


def _question(written: _WrittenQuestion, where: str) -> Question:
    if written.spans and not written.doc_id:
        raise EvaluationError(f"{where}: “spans” need a “doc_id”; {_HELP}")
    if any(span.end_index <= span.start_index for span in written.spans):
        raise EvaluationError(f"{where}: a span ends before it starts")
    groups = written.must_include
    if not groups and written.answers and not written.spans:
        groups = [written.answers]
    return Question(
        id=written.id,
        question=written.question,
        answerable=written.answerable,
        gold=(
            *(Gold(gold.source, gold.evidence) for gold in written.gold),
            *(Gold(name) for name in written.gold_passage_ids),
            *(Gold(written.doc_id, span.content) for span in written.spans),
        ),
        must_include=tuple(tuple(group) for group in groups if group),
        answers=tuple(written.answers),
        adversarial=written.adversarial_passage_id,
        sentences=tuple(written.gold_sentences),
        spans=tuple(Span(span.start_index, span.end_index) for span in written.spans),
    )


def _conversation(written: _WrittenConversation) -> Conversation:
    gold = Gold(written.gold.source, written.gold.evidence)
    return Conversation(written.id, tuple(written.turns), gold)


def _follow_up(written: _WrittenFollowUp) -> FollowUp:
    return FollowUp(
        written.id, tuple(written.user_turns), written.rewrite, written.changed
    )
