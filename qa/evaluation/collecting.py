"""Questions to what they brought: hits and, unless left out, answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.errors import GenerationError
from qa.evaluation.matching import gold_rank
from qa.evaluation.questions import Conversation, FollowUp, Question
from qa.schema import Answer, Filters, Hit, Turn

TOP = 5


class Answers(Protocol):
    """What is evaluated: the answerer."""

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """Answer a question."""


class Searched(Protocol):
    """What a search brought."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Passages, best first."""

    @property
    def answerability(self) -> float:
        """How likely they answer, in [0, 1]."""


class Search(Protocol):
    """What is evaluated when only retrieval is: the answerer's own search."""

    def __call__(self, text: str, history: Sequence[Turn] = ()) -> Searched:
        """Find what would be answered from."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval brought for one question.

    Attributes:
        rank: Of the first hit with gold evidence, from 1.
        answerability: What the gate thinks of the hits.
        seconds: That retrieval took.
    """

    question: Question
    hits: tuple[Hit, ...]
    rank: int | None
    answerability: float
    seconds: float

    @property
    def in_reach(self) -> bool:
        """Whether an answer could be right: gold evidence is in the top 5."""
        return self.question.answerable and self.rank is not None and self.rank <= TOP


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answer."""

    found: Found
    answer: Answer

    @property
    def question(self) -> Question:
        """The question asked."""
        return self.found.question


@dataclass(frozen=True, slots=True)
class Conversed:
    """What the last turn of a conversation brought."""

    conversation: Conversation
    hits: tuple[Hit, ...]
    rank: int | None


@dataclass(frozen=True, slots=True)
class Followed:
    """How far retrieval agrees with that of a person's stand-alone wording.

    Attributes:
        overlap: Share of the rewrite's top 5 that the turn, asked with its
            history, brings into its own top 5.
        raw_overlap: The same for the turn asked without history.
    """

    follow_up: FollowUp
    overlap: float
    raw_overlap: float


def ask(questions: Sequence[Question], answers: Answers) -> Iterator[Asked]:
    """Answer each question."""
    for question in questions:
        answer = answers.answer(question.question)
        if answer.draft_lost:
            # Quotes would be taken for what the generator can do.
            raise GenerationError(answer.draft_lost)
        found = _found(question, answer, answer.timings.retrieve_s)
        yield Asked(found, answer)


def find(questions: Sequence[Question], search: Search) -> Iterator[Found]:
    """Search for each question, without answering."""
    for question in questions:
        start = time.perf_counter()
        searched = search(question.question)
        yield _found(question, searched, time.perf_counter() - start)


def time_embedding(
    questions: Sequence[Question], embed: Callable[[str], object]
) -> list[float]:
    """Seconds that embedding each question takes, to hold retrieval against."""
    seconds = []
    for question in questions:
        start = time.perf_counter()
        embed(question.question)
        seconds.append(time.perf_counter() - start)
    return seconds


def _found(question: Question, searched: Searched, seconds: float) -> Found:
    return Found(
        question=question,
        hits=searched.hits,
        rank=gold_rank(searched.hits, question.gold),
        answerability=searched.answerability,
        seconds=seconds,
    )


def converse(
    conversations: Sequence[Conversation], answers: Answers
) -> Iterator[Conversed]:
    """Hold each conversation; the last turn is what counts."""
    for conversation in conversations:
        history: list[Turn] = []
        for turn in conversation.turns[:-1]:
            answer = answers.answer(turn, history=history)
            history.append(Turn(turn, answer.text))
        hits = answers.answer(conversation.turns[-1], history=history).hits
        yield Conversed(conversation, hits, gold_rank(hits, [conversation.gold]))


def search_last_turns(
    conversations: Sequence[Conversation], search: Search
) -> Iterator[Conversed]:
    """Search for each last turn, the earlier ones left without an answer."""
    for conversation in conversations:
        history = [Turn(turn) for turn in conversation.turns[:-1]]
        hits = search(conversation.turns[-1], history).hits
        yield Conversed(conversation, hits, gold_rank(hits, [conversation.gold]))


def follow(follow_ups: Sequence[FollowUp], search: Search) -> Iterator[Followed]:
    """Search for each last turn with history, without, and as rewritten."""
    for follow_up in follow_ups:
        *earlier, last = follow_up.turns
        wanted = search(follow_up.rewrite).hits
        with_history = search(last, [Turn(turn) for turn in earlier]).hits
        raw = search(last).hits if earlier else with_history
        yield Followed(follow_up, _overlap(with_history, wanted), _overlap(raw, wanted))


def _overlap(hits: Sequence[Hit], wanted: Sequence[Hit]) -> float:
    top = {hit.passage.id for hit in wanted[:TOP]}
    both = top & {hit.passage.id for hit in hits[:TOP]}
    return len(both) / len(top) if top else 1.0
