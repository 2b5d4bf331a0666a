"""How a generator writes here: how long it takes, and how much of it may be said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from lab.bench.memory import of_children
from lab.bench.rows import Row
from qa.errors import EvaluationError
from qa.schema import Answer
from qa.settings import Settings
from qa.wiring import assemble

_LOADING = 2
"""Questions behind which everything is loaded; they are not counted."""
_QUOTES = "quotes only"


def measure_writing(settings: Settings, questions: Sequence[str]) -> Iterator[Row]:
    """Ask everything of the configured generator, and without one.

    Args:
        settings: Whose index is asked, and whose generator writes.
        questions: The first ones load the models.

    Raises:
        EvaluationError: None of the questions after the first ones is answered.
        QaError: What answering raises.
    """
    quoted, _ = _ask(settings.model_copy(update={"generator": "none"}), questions)
    answers, memory = _ask(settings, questions)
    note = f"{len(answers)} questions"
    waited, alone = (
        median(a.timings.first_token_s or 0.0 for a in of) for of in (answers, quoted)
    )
    yield Row("first sentence, median", waited, "s", alone, _QUOTES, note)
    whole, alone = (median(a.timings.total_s for a in of) for of in (answers, quoted))
    yield Row("whole answer, median", whole, "s", alone, _QUOTES, note)
    own = sum(_in_own_words(answer) for answer in answers)
    refused = sum(len(answer.rejected) for answer in answers)
    said = sum(len(answer.sentences) for answer in answers)
    yield Row("drafts in own words", own + refused, "", note=note)
    yield Row("of these, shown", own / max(1, own + refused), "", note=note)
    yield Row("of what is shown, in own words", own / said, "", note=note)
    yield Row("memory of the generator's process", memory, "MB")


def _ask(settings: Settings, questions: Sequence[str]) -> tuple[list[Answer], float]:
    """The answers, and megabytes of the processes that were started for them."""
    parts = assemble(settings)
    try:
        asked = [parts.answerer.answer(question) for question in questions]
        memory = of_children()
    finally:
        if parts.generator is not None:
            parts.generator.close()
    answers = [answer for answer in asked[_LOADING:] if not answer.abstained]
    if not answers:
        first = f"the first {_LOADING}"
        raise EvaluationError(f"no question after {first} is answered; ask others")
    return answers, memory


def _in_own_words(answer: Answer) -> int:
    """How many sentences are no quotes."""
    quotes = {c.number for c in answer.citations if c.verdict == "quoted"}
    return sum(not quotes.intersection(s.citations) for s in answer.sentences)
