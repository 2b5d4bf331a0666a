"""The pipeline of an evaluation: ask everything, measure, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from qa.errors import EvaluationError
from qa.evaluation.answerability import RecordJudge
from qa.evaluation.collecting import (
    Answers,
    Found,
    Search,
    ask,
    converse,
    find,
    follow,
    search_last_turns,
    time_embedding,
)
from qa.evaluation.metrics import Texts
from qa.evaluation.questions import QuestionSet
from qa.evaluation.report import (
    Report,
    Sheet,
    add_answerability,
    add_asked,
    add_conversations,
    add_follow_ups,
    add_found,
)
from qa.evaluation.spans import Original, span_figures

_T = TypeVar("_T")
_TIMED = 200
"""Questions of which embedding alone is timed."""


def _say_nothing(_stage: str, _done: int, _total: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a measurement needs besides the questions.

    Attributes:
        search: Finds what the answerer would answer from.
        embed: Embeds a question, as the search does.
        texts: Where quotes and spans are looked up.
        progress: Told the stage, what is done of it and its total.
    """

    search: Search
    embed: Callable[[str], object]
    texts: Texts
    progress: Callable[[str, int, int], None] = _say_nothing


def evaluate(questions: QuestionSet, answers: Answers, bench: Bench) -> Report:
    """Ask every question and measure; keys as documented in docs/evaluation.md."""
    sheet = Sheet()
    asked = list(
        _watched(
            "questions",
            ask(questions.questions, answers),
            len(questions.questions),
            bench,
        )
    )
    add_asked(sheet, asked, bench.texts)
    conversed = converse(questions.conversations, answers)
    count = len(questions.conversations)
    add_conversations(sheet, list(_watched("conversations", conversed, count, bench)))
    return _finish(sheet, questions, [item.found for item in asked], bench)


def evaluate_retrieval(
    questions: QuestionSet, bench: Bench, judge: RecordJudge | None = None
) -> Report:
    """Measure retrieval alone and, with a judge, answerability too."""
    sheet = Sheet()
    found = list(
        _watched(
            "questions",
            find(questions.questions, bench.search),
            len(questions.questions),
            bench,
        )
    )
    sample = questions.questions[:_TIMED]
    add_found(sheet, found, embedding=time_embedding(sample, bench.embed))
    conversed = search_last_turns(questions.conversations, bench.search)
    count = len(questions.conversations)
    add_conversations(sheet, list(_watched("conversations", conversed, count, bench)))
    if judge is not None:
        _add_answerability(sheet, questions, judge, bench)
    return _finish(sheet, questions, found, bench)


def evaluate_answerability(
    questions: QuestionSet, judge: RecordJudge, bench: Bench
) -> Report:
    """Measure whether the reader knows when a passage answers.

    Raises:
        EvaluationError: No question names a record to be asked of.
    """
    sheet = Sheet()
    _add_answerability(sheet, questions, judge, bench)
    return sheet.finish()


def _add_answerability(
    sheet: Sheet, questions: QuestionSet, judge: RecordJudge, bench: Bench
) -> None:
    judged = judge.judge(questions.questions)
    count = len(questions.questions)
    found = list(_watched("answerability", judged, count, bench))
    if not found:
        raise EvaluationError(
            "no question names a passage to be asked of; give `gold_passage_ids` or "
            "`adversarial_passage_id`"
        )
    add_answerability(sheet, found)


def _finish(
    sheet: Sheet, questions: QuestionSet, found: list[Found], bench: Bench
) -> Report:
    """What is measured the same way with and without answers."""
    with_spans = [item for item in found if item.question.spans]
    if with_spans:
        original = cache(lambda file: Original(bench.texts.original(file)))
        pairs = [(item.question, item.hits) for item in with_spans]
        sheet.add("spans", {"n": len(pairs)}, span_figures(pairs, original))
    followed = follow(questions.follow_ups, bench.search)
    count = len(questions.follow_ups)
    add_follow_ups(sheet, list(_watched("follow-ups", followed, count, bench)))
    return sheet.finish()


def _watched(stage: str, items: Iterable[_T], total: int, bench: Bench) -> Iterator[_T]:
    """The same items, with progress told as they come."""
    if total:
        bench.progress(stage, 0, total)
    for done, item in enumerate(items, 1):
        bench.progress(stage, done, total)
        yield item
