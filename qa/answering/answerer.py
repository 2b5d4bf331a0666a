"""The online pipeline: a question to a checked answer, sentence by sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.answering.attribution import written_inside
from qa.answering.bearing import Bearing
from qa.answering.composing import Cited, Clock, Composing
from qa.answering.drafting import Drafter
from qa.answering.evidence import (
    best_of_each,
    select_across,
    select_evidence,
    to_the_point,
)
from qa.answering.finding import Finder, Findings
from qa.answering.items import item_asked, narrowed
from qa.answering.results import cited_first, evidence_at, in_turn, nearest
from qa.answering.sections import section_of
from qa.answering.summary import Read, sum_up
from qa.answering.terms import Terms
from qa.answering.writing import Task, Writer, plan
from qa.index import Snapshot, Store
from qa.neural.judge import Judge
from qa.schema import (
    Answer,
    Answered,
    AnswerShape,
    Event,
    Evidence,
    Filters,
    Hit,
    Intent,
    Models,
    Passage,
    Question,
    Retrieved,
    Span,
    Strictness,
    Turn,
    Verified,
)
from qa.verification import Verifier

Outdated = Callable[[Snapshot, Sequence[str]], tuple[str, ...]]
"""What to say of files that are not as they were indexed, by their documents' ids."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer."""

    evidence_sentences: int = 7
    evidence_words: int = 260
    strictness: Strictness = Strictness.BALANCED


@dataclass(slots=True)
class _Progress:
    """What has come of the questions asked at once so far.

    Attributes:
        questions: As understood.
        hits: Of each.
        evidence: Of all, in turn.
        unanswered: Those that the articles leave open.
        answerability: Of the most certain.
        notes: As ``Answer.notes``.
    """

    questions: tuple[Question, ...]
    composing: Composing = field(default_factory=Composing)
    clock: Clock = field(default_factory=Clock)
    hits: list[tuple[Hit, ...]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    answerability: float = 0.0
    notes: list[str] = field(default_factory=list)
    shape: AnswerShape = "prose"


class Answerer:
    """Answers questions from an index.

    Args:
        finder: Understands questions and finds what answers them.
        index: What the finder searches.
        drafter: Drafts; None quotes the evidence instead.
        judge: Says whether evidence supports a sentence; None lets only quotes
            pass.
        models: Names of the models behind the answers.
        limits: Bounds of one answer.
        bearing: Tells which sentences belong in an answer; None leaves it to their
            scores.
        outdated: Tells, in a sentence each, which files of these documents, by id, are
            not as they were indexed; None never looks.
    """

    def __init__(
        self,
        finder: Finder,
        *,
        index: Store,
        drafter: Drafter | None,
        judge: Judge | None = None,
        models: Models,
        limits: Limits,
        bearing: Bearing | None = None,
        outdated: Outdated | None = None,
    ) -> None:
        self.finder = finder
        self._index = index
        self._drafter = drafter
        self._judge = judge
        self._models = models
        self._limits = limits
        self._bearing = bearing
        self._outdated = outdated

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        strictness: Strictness | str | None = None,
        sources: int | None = None,
    ) -> Answer:
        """Answer, or abstain; see ``stream``.

        Raises:
            QuestionError: The question is empty or too long.
            SettingsError: ``strictness`` or ``sources`` is none there is.
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
        strictness: Strictness | str | None = None,
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
            SettingsError: ``strictness`` or ``sources`` is none there is.
            QaError: What retrieval raises, and a generator that cannot be used. A
                draft that is lost raises nothing: see ``Answer.draft_lost``.
        """
        terms = Terms.read(
            history=history,
            filters=filters,
            strictness=strictness or self._limits.strictness,
            sources=sources,
            cancel=cancel,
        )
        questions = self.finder.understand(question, terms.history, terms.filters)
        progress = _Progress(questions)
        for asked in progress.questions:
            yield from self._answer(asked, terms, progress)
            if terms.cancel.is_set():
                break
        yield Answered(self._finish(question.strip(), terms, progress))

    def _answer(
        self, question: Question, terms: Terms, progress: _Progress
    ) -> Iterator[Event]:
        """Answer one question, or note that the articles leave it open."""
        found = self.finder.find(question)
        hits = found.hits
        evidence: tuple[Evidence, ...] = ()
        progress.clock.retrieved()
        progress.answerability = max(progress.answerability, found.answerability)
        progress.shape = question.shape.kind
        progress.notes += found.notes
        yield Retrieved(hits, question.shape.kind)
        if found.facts:
            evidence, events = self._state(found, progress.composing)
            progress.clock.spoke()
            hits = cited_first(hits, evidence)
            yield from events
        elif found.answerability >= terms.strictness.threshold:
            task = self._task(question, hits, terms.sources)
            evidence = task.evidence
            for event in self._writer(task, progress.composing, terms).write():
                if isinstance(event, Verified):
                    progress.clock.spoke()
                yield event
        else:
            progress.unanswered.append(question.text)
            progress.notes += filter(None, [found.unread])
        progress.hits.append(hits)
        progress.evidence += evidence

    def _state(
        self, found: Findings, composing: Composing
    ) -> tuple[tuple[Evidence, ...], list[Verified]]:
        """Say the facts that were found, with the words that state them."""
        evidence: list[Evidence] = []
        events: list[Verified] = []
        with self._index.snapshot() as snapshot:
            for statement in found.facts:
                document = snapshot.document(statement.source.id)
                items = [
                    evidence_at(document, span, number)
                    for number, span in enumerate(statement.places, len(evidence) + 1)
                ]
                cited = [_stating(item, statement.text) for item in items]
                events.append(composing.add(statement.text, cited))
                evidence += items
        return tuple(evidence), events

    def _task(
        self, question: Question, hits: Sequence[Hit], sources: int | None
    ) -> Task:
        """What is to be written, from which evidence."""
        if question.intent is Intent.SUMMARY:
            evidence = planned = relevant = self._summary(question)[:sources]
        else:
            several = question.intent is Intent.COMPARISON
            evidence = (select_across if several else select_evidence)(
                hits,
                limit=sources or self._limits.evidence_sentences,
                words=self._limits.evidence_words,
                bearing=self._bearing,
            )
            relevant = (best_of_each if several else to_the_point)(evidence)
            planned = plan(evidence, relevant, question.shape)
            planned = item_asked(question.search, planned) or narrowed(
                question.search, planned
            )
        leading = (item for item in (*relevant, *planned) if item in planned)
        words = written_inside(hit.passage.text for hit in hits)
        return Task(question, evidence, planned, next(leading, None), words)

    def _summary(self, question: Question) -> tuple[Evidence, ...]:
        """The sentences that tell most of the articles to sum up."""
        found: list[Evidence] = []
        most = max(1, question.shape.sentences // len(question.articles))
        with self._index.snapshot() as snapshot:
            for source in question.articles:
                keys = snapshot.keys_in(source.id)
                passages = snapshot.passages(keys)
                if question.section:
                    within = section_of(snapshot.document(source.id), question.section)
                    keys = [k for k in keys if _lies(passages[k][0], within)]
                vectors = snapshot.sentence_vectors(keys)
                read = [Read(passages[key][0], vectors[key]) for key in keys]
                found += sum_up(source, read, most)
        return tuple(replace(item, number=n) for n, item in enumerate(found, 1))

    def _writer(
        self,
        task: Task,
        composing: Composing,
        terms: Terms,
    ) -> Writer:
        strictness = terms.strictness
        quotes_only = strictness is Strictness.STRICT or composing.draft_lost
        return Writer(
            task,
            composing,
            verifier=Verifier(self._judge, strictness),
            drafter=None if quotes_only else self._drafter,
            cancel=terms.cancel,
        )

    def _finish(self, question: str, terms: Terms, progress: _Progress) -> Answer:
        composing = progress.composing
        abstained = not composing.sentences
        hits = in_turn(progress.hits)
        evidence = enumerate(progress.evidence, 1)
        closest = nearest(hits) if abstained else ()
        shown = [c.document.id for c in (*composing.citations, *closest)]
        notes = [*progress.notes, *self._outdated_of(shown)]
        return Answer(
            question=question,
            abstained=abstained,
            sentences=tuple(composing.sentences),
            citations=tuple(composing.citations),
            rejected=tuple(composing.rejected),
            nearest=closest,
            hits=hits,
            evidence=tuple(replace(item, number=number) for number, item in evidence),
            timings=progress.clock.timings(),
            models=self._models,
            shape=progress.shape,
            strictness=terms.strictness,
            unanswered=() if abstained else tuple(progress.unanswered),
            understood=progress.questions,
            answerability=progress.answerability,
            draft_lost=composing.draft_lost,
            notes=tuple(dict.fromkeys(notes)),
        )

    def _outdated_of(self, documents: Sequence[str]) -> tuple[str, ...]:
        if self._outdated is None or not documents:
            return ()
        with self._index.snapshot() as snapshot:
            return self._outdated(snapshot, documents)


def _lies(passage: Passage, within: Span | None) -> bool:
    return within is not None and within.start <= passage.start < within.end


def _stating(item: Evidence, text: str) -> Cited:
    """The words that state a fact, quoted where the sentence is made of them."""
    return Cited(item, "quoted" if item.text == text else "supported", 1.0)
