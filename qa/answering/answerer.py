"""The online pipeline: a question to a checked answer, sentence by sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.about import answer_about
from qa.answering.composing import Cited, Clock, Composing
from qa.answering.drafting import Drafter
from qa.answering.gate import answerability, cover
from qa.answering.inquiry import Inquiry, understand
from qa.answering.wording import written_inside
from qa.answering.writing import Task, Writer, plan
from qa.errors import QuestionError
from qa.evidence import (
    best_of_each,
    select_across,
    select_evidence,
    to_the_point,
)
from qa.index import Index
from qa.orders import best_told
from qa.retrieval import Retriever
from qa.schema import (
    Answer,
    Answered,
    Citation,
    Document,
    Event,
    Evidence,
    Filters,
    Hit,
    Models,
    Retrieved,
    Source,
    Span,
    Strictness,
    Turn,
    Verified,
)
from qa.summary import Read, sum_up
from qa.verification import Checker, Similarity, SupportScore, Verifier

QUESTION_LENGTH = 2000
_NEAREST = 3
_PER_DOCUMENT = 3
"""Passages of one article at most, where several are asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer."""

    evidence_sentences: int = 7
    evidence_words: int = 260
    sentences: int = 4
    strictness: Strictness = Strictness.BALANCED


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
        ``Dropped`` as they come, then ``Answered``.

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
        cancel = cancel or threading.Event()
        clock = Clock()
        inquiry = understand(
            question,
            history,
            filters,
            sources=self._sources,
            sentences=self._limits.sentences,
        )
        hits = self._retriever.retrieve(
            inquiry.searched,
            inquiry.history,
            inquiry.filters,
            per_document=_PER_DOCUMENT if inquiry.several else None,
        )
        clock.retrieved()
        strictness = strictness or self._limits.strictness
        yield Retrieved(hits, inquiry.shape.kind)
        composing = Composing()
        evidence, events = self._state_facts(inquiry, hits, composing)
        if events:
            clock.spoke()
            hits = _cited_first(hits, evidence)
            yield from events
        elif (
            inquiry.summed
            or answerability(cover(inquiry.searched, hits)) >= strictness.threshold
        ):
            task = self._task(inquiry, hits, sources)
            evidence = task.evidence
            for event in self._writer(task, composing, strictness, cancel).write():
                if isinstance(event, Verified):
                    clock.spoke()
                yield event
        answer = self._finish(question, hits, evidence, composing, clock)
        yield Answered(replace(answer, shape=inquiry.shape.kind, strictness=strictness))

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
                    _evidence_at(document, span, number)
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
        strictness: Strictness,
        cancel: threading.Event,
    ) -> Writer:
        checker = self._support and Checker(self._support, strictness)
        return Writer(
            task,
            composing,
            verifier=Verifier(self._similarity, checker, strictness),
            drafter=None if strictness is Strictness.STRICT else self._drafter,
            cancel=cancel,
        )

    def _finish(
        self,
        question: str,
        hits: tuple[Hit, ...],
        evidence: tuple[Evidence, ...],
        composing: Composing,
        clock: Clock,
    ) -> Answer:
        abstained = not composing.sentences
        return Answer(
            question=question,
            abstained=abstained,
            sentences=tuple(composing.sentences),
            citations=tuple(composing.citations),
            rejected=tuple(composing.rejected),
            nearest=_nearest(hits) if abstained else (),
            hits=hits,
            evidence=evidence,
            timings=clock.timings(),
            models=self._models,
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


def _cited_first(hits: Sequence[Hit], evidence: Sequence[Evidence]) -> tuple[Hit, ...]:
    """Hits that hold what was cited lead, the others keep their order."""

    def holds(hit: Hit) -> bool:
        return any(
            item.source.id == hit.source.id
            and hit.passage.start <= item.start < hit.passage.end
            for item in evidence
        )

    return tuple(sorted(hits, key=lambda hit: not holds(hit)))


def _evidence_at(document: Document, span: Span, number: int) -> Evidence:
    text = document.text[span.start : span.end]
    return Evidence(
        number,
        document.source,
        "",
        span.start,
        span.end,
        text,
        1.0,
        page=document.page_at(span.start),
    )


def _nearest(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """The best sentence of each of the first passages; no order to the model."""
    nearest: list[Citation] = []
    for hit in hits[:_NEAREST]:
        if (best := best_told(hit)) is None:
            continue
        span = hit.passage.sentences[best]
        nearest.append(
            Citation(
                len(nearest) + 1,
                hit.source,
                hit.passage.heading,
                span.start,
                span.end,
                hit.passage.sentence(best),
                "quoted",
                max(0.0, min(1.0, hit.sentence_scores[best])),
                page=hit.passage.page_of(best),
            )
        )
    return tuple(nearest)
