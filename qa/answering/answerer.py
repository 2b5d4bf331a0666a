"""The online pipeline: a question to a checked answer, sentence by sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.answering.attribution import written_inside
from qa.answering.composing import Cited, Clock, Composing
from qa.answering.drafting import Drafter
from qa.answering.evidence import (
    best_of_each,
    select_across,
    select_evidence,
    to_the_point,
)
from qa.answering.facts import answer_about
from qa.answering.gate import answerability, cover
from qa.answering.results import cited_first, evidence_at, in_turn, nearest
from qa.answering.summary import Read, sum_up
from qa.answering.writing import Task, Writer, plan
from qa.errors import QuestionError
from qa.index import Index
from qa.question.rewriting import questions_in
from qa.question.shape import one_of_several
from qa.question.understanding import Inquiry, understand
from qa.retrieval.retriever import Retriever
from qa.schema import (
    Answer,
    Answered,
    AnswerShape,
    Event,
    Evidence,
    Filters,
    Hit,
    Models,
    Retrieved,
    Source,
    Strictness,
    Turn,
    Verified,
)
from qa.verification import Checker, Similarity, SupportScore, Verifier

QUESTION_LENGTH = 2000
_PER_DOCUMENT = 3
"""Passages of one article at most, where several are asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer."""

    evidence_sentences: int = 7
    evidence_words: int = 260
    sentences: int = 4
    strictness: Strictness = Strictness.BALANCED


@dataclass(frozen=True, slots=True)
class _Terms:
    """On what terms a question is answered; see ``Answerer.stream``."""

    strictness: Strictness
    sources: int | None
    cancel: threading.Event


@dataclass(slots=True)
class _Progress:
    """What has come of the questions asked at once so far.

    Attributes:
        hits: Of each.
        evidence: Of all, in turn.
        unanswered: Those that the articles leave open.
    """

    composing: Composing = field(default_factory=Composing)
    clock: Clock = field(default_factory=Clock)
    hits: list[tuple[Hit, ...]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    shape: AnswerShape = "prose"


class Answerer:
    """Answers questions from an index.

    Args:
        retriever: Finds passages.
        index: What the retriever searches; knows the articles.
        similarity: Scores how alike a sentence and its source are.
        drafter: Drafts; None quotes the evidence instead.
        support: Scores how well a source supports a sentence; None leaves it to
            the words.
        models: Names of the models behind the answers.
        limits: Bounds of one answer.
    """

    def __init__(
        self,
        retriever: Retriever,
        *,
        index: Index,
        similarity: Similarity,
        drafter: Drafter | None,
        support: SupportScore | None = None,
        models: Models,
        limits: Limits,
    ) -> None:
        self._retriever = retriever
        self._index = index
        self._similarity = similarity
        self._drafter = drafter
        self._support = support
        self._models = models
        self._limits = limits

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        strictness: Strictness | None = None,
        sources: int | None = None,
    ) -> Answer:
        """Answer, or abstain; see ``stream``.

        Raises:
            QuestionError: The question is empty or too long.
            QaError: What retrieval and generation raise.
        """
        for event in self.stream(
            question,
            history=history,
            filters=filters,
            strictness=strictness,
            sources=sources,
        ):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("a stream ends with an answer")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        strictness: Strictness | None = None,
        sources: int | None = None,
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer as it is verified: ``Retrieved``, then ``Verified`` and
        ``Dropped`` as they come, then ``Answered``. Of several questions asked at
        once each begins with its own ``Retrieved``.

        Args:
            question: At most 2,000 characters.
            history: Earlier turns, oldest first.
            filters: Which articles to answer from.
            strictness: Other than that of the limits.
            sources: Sentences of evidence at most, other than the limits say.
            cancel: Once set, the answer ends with what was verified.

        Raises:
            QuestionError: The question is empty or too long.
            QaError: What retrieval and generation raise.
        """
        question = check_question(question)
        terms = _Terms(
            strictness or self._limits.strictness,
            sources,
            cancel or threading.Event(),
        )
        parts = questions_in(question)
        turns = list(history)
        progress = _Progress()
        for part in parts:
            inquiry = understand(
                part,
                turns,
                filters,
                sources=self._sources,
                sentences=self._limits.sentences,
            )
            if len(parts) > 1:
                inquiry = replace(
                    inquiry, shape=one_of_several(inquiry.shape, len(parts))
                )
            yield from self._answer(inquiry, terms, progress)
            turns.append(Turn(part))
            if terms.cancel.is_set():
                break
        yield Answered(self._finish(question, terms, progress))

    def _answer(
        self, inquiry: Inquiry, terms: _Terms, progress: _Progress
    ) -> Iterator[Event]:
        """Answer one question, or note that the articles leave it open."""
        hits = self._retriever.retrieve(
            inquiry.searched,
            inquiry.history,
            inquiry.filters,
            per_document=_PER_DOCUMENT if inquiry.several else None,
        )
        progress.clock.retrieved()
        progress.shape = inquiry.shape.kind
        yield Retrieved(hits, inquiry.shape.kind)
        evidence, events = self._state_facts(inquiry, hits, progress.composing)
        if events:
            progress.clock.spoke()
            hits = cited_first(hits, evidence)
            yield from events
        elif (
            inquiry.summed
            or answerability(cover(inquiry.searched, hits))
            >= terms.strictness.threshold
        ):
            task = self._task(inquiry, hits, terms.sources)
            evidence = task.evidence
            for event in self._writer(task, progress.composing, terms).write():
                if isinstance(event, Verified):
                    progress.clock.spoke()
                yield event
        else:
            progress.unanswered.append(inquiry.asked)
        progress.hits.append(hits)
        progress.evidence += evidence

    def _sources(self, filters: Filters | None) -> Sequence[Source]:
        with self._index.snapshot() as snapshot:
            return snapshot.sources(filters)

    def _state_facts(
        self, inquiry: Inquiry, hits: Sequence[Hit], composing: Composing
    ) -> tuple[tuple[Evidence, ...], list[Verified]]:
        """Answer a question about the articles themselves, if it is one."""
        evidence: list[Evidence] = []
        events: list[Verified] = []
        with self._index.snapshot() as snapshot:
            for statement in answer_about(
                inquiry.asked,
                snapshot.sources,
                hits,
                snapshot.document,
                inquiry.before,
            ):
                document = snapshot.document(statement.source.id)
                items = [
                    evidence_at(document, span, number)
                    for number, span in enumerate(statement.places, len(evidence) + 1)
                ]
                cited = [Cited(item, "supported", 1.0) for item in items]
                events.append(composing.add(statement.text, cited))
                evidence += items
        return tuple(evidence), events

    def _task(self, inquiry: Inquiry, hits: Sequence[Hit], sources: int | None) -> Task:
        """What is to be written, from which evidence."""
        if inquiry.summed:
            evidence = planned = self._summary(inquiry)[:sources]
        else:
            several = inquiry.several
            evidence = (select_across if several else select_evidence)(
                hits,
                limit=sources or self._limits.evidence_sentences,
                words=self._limits.evidence_words,
            )
            relevant = (best_of_each if several else to_the_point)(evidence)
            planned = plan(evidence, relevant, inquiry.shape)
        words = written_inside(hit.passage.text for hit in hits)
        return Task(inquiry.searched, evidence, planned, inquiry.shape, words)

    def _summary(self, inquiry: Inquiry) -> tuple[Evidence, ...]:
        """The sentences that tell most of the articles to sum up."""
        found: list[Evidence] = []
        most = max(1, inquiry.shape.sentences // len(inquiry.summed))
        with self._index.snapshot() as snapshot:
            for source in inquiry.summed:
                keys = snapshot.keys_in(source.id)
                passages = snapshot.passages(keys)
                vectors = snapshot.sentence_vectors(keys)
                read = [Read(passages[key][0], vectors[key]) for key in keys]
                found += sum_up(source, read, most)
        return tuple(replace(item, number=n) for n, item in enumerate(found, 1))

    def _writer(
        self,
        task: Task,
        composing: Composing,
        terms: _Terms,
    ) -> Writer:
        strictness = terms.strictness
        checker = self._support and Checker(self._support, strictness)
        return Writer(
            task,
            composing,
            verifier=Verifier(self._similarity, checker, strictness),
            drafter=None if strictness is Strictness.STRICT else self._drafter,
            cancel=terms.cancel,
        )

    def _finish(self, question: str, terms: _Terms, progress: _Progress) -> Answer:
        composing = progress.composing
        abstained = not composing.sentences
        hits = in_turn(progress.hits)
        evidence = enumerate(progress.evidence, 1)
        return Answer(
            question=question,
            abstained=abstained,
            sentences=tuple(composing.sentences),
            citations=tuple(composing.citations),
            rejected=tuple(composing.rejected),
            nearest=nearest(hits) if abstained else (),
            hits=hits,
            evidence=tuple(replace(item, number=number) for number, item in evidence),
            timings=progress.clock.timings(),
            models=self._models,
            shape=progress.shape,
            strictness=terms.strictness,
            unanswered=() if abstained else tuple(progress.unanswered),
        )


def check_question(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionError: It is empty or too long.
    """
    question = question.encode("utf-8", "ignore").decode("utf-8").strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question is empty; ask something about the articles")
    if len(question) > QUESTION_LENGTH:
        raise QuestionError(
            f"the question has {len(question):,} characters; "
            f"shorten it to {QUESTION_LENGTH:,}"
        )
    return question
