"""The online pipeline: a question to a checked answer, sentence by sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.about import answer_about
from qa.answering.composing import Clock, Composing
from qa.answering.gate import answerability, cover
from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.evidence import (
    asks_several,
    best_of_each,
    select_across,
    select_evidence,
    to_the_point,
)
from qa.generation import Generator
from qa.index import Index
from qa.prompting import PromptTemplate, answer_prompt
from qa.retrieval import Retriever
from qa.schema import (
    Answer,
    Answered,
    Citation,
    Document,
    Dropped,
    Event,
    Evidence,
    Filters,
    Hit,
    Models,
    Rejected,
    Retrieved,
    Span,
    Turn,
    Verdict,
    Verified,
)
from qa.verification import (
    drafted_sentences,
    is_verbatim,
    says_same,
    settled_sentences,
    verify,
)

QUESTION_LENGTH = 2000
_NEAREST = 3
_PER_DOCUMENT = 3
"""Passages of one article at most, where several are asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer."""

    evidence_sentences: int = 7
    evidence_words: int = 260
    sentences: int = 3
    threshold: float = 0.5


class Answerer:
    """Answers questions from an index.

    Args:
        retriever: Finds passages.
        index: What the retriever searches; knows the articles.
        embedder: Scores how alike a sentence and its source are.
        generator: Drafts; None quotes the evidence instead.
        reader: Name of the reader that the retriever asks.
        template: The prompt.
        limits: Bounds of one answer.
    """

    def __init__(
        self,
        retriever: Retriever,
        *,
        index: Index,
        embedder: Embedder,
        generator: Generator | None,
        reader: str,
        template: PromptTemplate,
        limits: Limits,
    ) -> None:
        self._retriever = retriever
        self._index = index
        self._embedder = embedder
        self._generator = generator
        self._reader = reader
        self._template = template
        self._limits = limits

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """Answer, or abstain.

        Raises:
            QuestionError: The question is empty or too long.
            QaError: What retrieval and generation raise.
        """
        for event in self.stream(question, history=history, filters=filters):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("a stream ends with an answer")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer as it is verified: ``Retrieved``, then ``Verified`` and
        ``Dropped`` as they come, then ``Answered``.

        Once ``cancel`` is set the answer ends with what was verified.

        Raises:
            QuestionError: The question is empty or too long.
            QaError: What retrieval and generation raise.
        """
        question = check_question(question)
        cancel = cancel or threading.Event()
        clock = Clock()
        hits = self._retriever.retrieve(
            question,
            history,
            filters,
            per_document=_PER_DOCUMENT if asks_several(question) else None,
        )
        clock.retrieved()
        yield Retrieved(hits)
        composing = Composing()
        evidence, events = self._state_facts(question, hits, composing)
        if events:
            clock.spoke()
            hits = _cited_first(hits, evidence)
            yield from events
        elif answerability(cover(question, hits)) >= self._limits.threshold:
            several = asks_several(question)
            evidence = (select_across if several else select_evidence)(
                hits,
                limit=self._limits.evidence_sentences,
                words=self._limits.evidence_words,
            )
            relevant = (best_of_each if several else to_the_point)(evidence)
            for event in self._compose(question, evidence, relevant, composing, cancel):
                if isinstance(event, Verified):
                    clock.spoke()
                yield event
        yield Answered(self._finish(question, hits, evidence, composing, clock))

    def _state_facts(
        self, question: str, hits: Sequence[Hit], composing: Composing
    ) -> tuple[tuple[Evidence, ...], list[Verified]]:
        """Answer a question about the articles themselves, if it is one."""
        evidence: list[Evidence] = []
        events: list[Verified] = []
        with self._index.snapshot() as snapshot:
            sources = snapshot.sources()
            for statement in answer_about(question, sources, hits, snapshot.document):
                document = snapshot.document(statement.source.id)
                items = [
                    _evidence_at(document, span, number)
                    for number, span in enumerate(statement.places, len(evidence) + 1)
                ]
                events.append(composing.add(statement.text, items, "supported", 1.0))
                evidence += items
        return tuple(evidence), events

    def _compose(
        self,
        question: str,
        evidence: Sequence[Evidence],
        relevant: Sequence[Evidence],
        composing: Composing,
        cancel: threading.Event,
    ) -> Iterator[Verified | Dropped]:
        """Verified draft sentences, then quotes where the best evidence is unused."""
        if self._generator is not None:
            for sentence in self._draft(question, evidence, cancel):
                if sentence in (rejected.text for rejected in composing.rejected):
                    break  # the draft goes round in circles
                yield self._judge(sentence, evidence, relevant, composing)
                if len(composing.sentences) >= self._limits.sentences:
                    break
        for item in () if cancel.is_set() else relevant:
            full = len(composing.sentences) >= self._limits.sentences
            if not full and not composing.cites(item):
                yield composing.add(item.text, [item], "quoted", 1.0)

    def _draft(
        self, question: str, evidence: Sequence[Evidence], cancel: threading.Event
    ) -> Iterator[str]:
        """Sentences of the draft, each as soon as it is complete."""
        assert self._generator is not None  # noqa: S101 - the caller looked
        prompt = answer_prompt(self._template, question, evidence)
        draft, given = "", 0
        for piece in self._generator.stream(prompt, cancel):
            draft += piece
            settled = settled_sentences(draft)
            yield from settled[given:]
            given = max(given, len(settled))
        if not cancel.is_set():
            yield from drafted_sentences(draft)[given:]

    def _judge(
        self,
        sentence: str,
        evidence: Sequence[Evidence],
        relevant: Sequence[Evidence],
        composing: Composing,
    ) -> Verified | Dropped:
        if any(says_same(sentence, said.text) for said in composing.sentences):
            return composing.reject(Rejected(sentence, "it repeats what was said"))
        outcome = verify(sentence, evidence, self._similarity)
        if isinstance(outcome, Rejected):
            return composing.reject(outcome)
        if outcome.evidence not in relevant:
            return composing.reject(Rejected(sentence, "it is beside the question"))
        verbatim = is_verbatim(sentence, outcome.evidence.text)
        verdict: Verdict = "quoted" if verbatim else "supported"
        score = 1.0 if verbatim else outcome.score
        return composing.add(sentence, [outcome.evidence], verdict, score)

    def _similarity(self, sentence: str, texts: Sequence[str]) -> Sequence[float]:
        vectors = self._embedder.encode_documents([sentence, *texts])
        return [float(value) for value in vectors[1:] @ vectors[0]]

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
            models=Models(
                embedder=self._embedder.id,
                generator=self._generator.name if self._generator else "none",
                reader=self._reader,
            ),
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
    """The best sentence of each of the first passages."""
    nearest = []
    for number, hit in enumerate(hits[:_NEAREST], 1):
        scores = hit.sentence_scores
        best = max(range(len(scores)), key=lambda i: scores[i])
        span = hit.passage.sentences[best]
        offset = hit.passage.start
        quote = hit.passage.text[span.start - offset : span.end - offset]
        nearest.append(
            Citation(
                number,
                hit.source,
                hit.passage.heading,
                span.start,
                span.end,
                quote,
                "quoted",
                max(0.0, min(1.0, scores[best])),
                page=hit.passage.page_of(best),
            )
        )
    return tuple(nearest)
