"""Evidence to an answer: draft, check, say; and quote where no draft survives."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.attribution import attributed, lowered, names_of
from qa.answering.composing import Cited, Composing
from qa.answering.compression import compressed
from qa.answering.drafting import Drafter
from qa.answering.leaning import antecedent, dangles, leans, trimmed
from qa.answering.rows import told
from qa.errors import GenerationError
from qa.language.text import content_stems
from qa.schema import (
    Dropped,
    Evidence,
    Question,
    Rejected,
    Sentence,
    Shape,
    Verdict,
    Verified,
)
from qa.verification import (
    Support,
    Verifier,
    conflict,
    is_freed,
    is_quote,
    says_same,
    share_in_order,
    without_attribution,
)

_log = logging.getLogger(__name__)
_NEAR = 0.9
"""Share of a small model's words that its source has to have, in the same order."""
_LEAD = {True: "Yes: ", False: "No: "}


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written.

    Attributes:
        evidence: All that may be drawn on.
        planned: What to speak of, in order; what answers most directly leads, behind
            what it leans on.
        lead: Of the planned pieces the one that answers most directly; None where
            nothing is planned.
        words: As they are written inside the sentences of the passages found.
    """

    question: Question
    evidence: tuple[Evidence, ...]
    planned: tuple[Evidence, ...]
    lead: Evidence | None
    words: frozenset[str]

    def bears(self, items: Sequence[Evidence]) -> bool:
        """Whether a piece of evidence is from an article that is to be spoken of."""
        planned = {item.source.id for item in self.planned}
        return any(item.source.id in planned for item in items)


def plan(
    evidence: Sequence[Evidence], relevant: Sequence[Evidence], shape: Shape
) -> tuple[Evidence, ...]:
    """What to speak of, in order.

    The best piece leads, with what contradicts it from another source right
    behind. In a comparison the others follow by rank; otherwise they keep the
    order of the argument, article by article.
    """
    if not relevant:
        return ()
    lead, *others = relevant
    against = [
        item
        for item in evidence
        if item.source.id != lead.source.id and conflict(lead.text, item.text)
    ]
    others = [item for item in others if item not in against]
    others = others[: max(0, shape.sentences - 1 - len(against))]
    if shape.kind != "comparison":
        documents = list(dict.fromkeys(item.source.id for item in relevant))
        others.sort(key=lambda item: (documents.index(item.source.id), item.start))
    return _with_antecedents((lead, *against, *others), evidence, shape.sentences)


def _with_antecedents(
    items: Sequence[Evidence], evidence: Sequence[Evidence], limit: int
) -> tuple[Evidence, ...]:
    """What "They" points at comes before it; where that is not known, neither does."""
    chosen: list[Evidence] = []
    for item in items:
        group = [item]
        while dangles(group[0].text) and (before := antecedent(group[0], evidence)):
            group.insert(0, before)
        if dangles(group[0].text) and chosen:
            continue
        group = [piece for piece in group if piece not in chosen]
        if len(chosen) + len(group) <= limit:
            chosen += group
    return tuple(chosen) or tuple(items[:limit])


class Writer:
    """Writes one answer.

    Args:
        task: What is to be written.
        composing: Grows by what is verified.
        verifier: The checks, as strict as the reader wants them.
        drafter: None quotes only.
        cancel: Once set, nothing more is said.
    """

    def __init__(
        self,
        task: Task,
        composing: Composing,
        *,
        verifier: Verifier,
        drafter: Drafter | None,
        cancel: threading.Event,
    ) -> None:
        self._task = task
        self._composing = composing
        self._verifier = verifier
        self._drafter = drafter
        self._cancel = cancel
        self._before = len(composing.sentences)
        self._names = names_of(item.source for item in task.planned)

    def write(self) -> Iterator[Verified | Dropped]:
        """Each sentence as soon as it is verified, and what is left out."""
        planned = self._task.planned
        if self._drafter is not None and self._task.lead is not None:
            yield from self._draft(self._drafter, self._task.lead)
        for number, item in enumerate(planned, 1):
            if self._cancel.is_set() or self._is_full(item.text):
                return
            # A draft names whom "he" means, where it speaks of the piece behind.
            behind = planned[number : number + 1]
            named = any(leans(b, item) and self._is_used(b) for b in behind)
            if not named and not self._is_used(item):
                yield self._quote(item)

    def _draft(self, drafter: Drafter, lead: Evidence) -> Iterator[Verified | Dropped]:
        task, tried = self._task, set[str]()
        drafted = drafter.draft(task.question.search, task.planned, self._cancel)
        for sentence in map(trimmed, self._until_lost(drafted)):
            if self._cancel.is_set() or self._is_full(sentence) or sentence in tried:
                return  # rejected before: the draft goes round in circles
            outcome = self._judged(sentence)
            if self._must_lead(lead, outcome):
                for item in task.planned[: task.planned.index(lead) + 1]:
                    yield self._quote(item)
                outcome = self._repeated(sentence) or outcome
            if isinstance(outcome, Rejected):
                tried.add(sentence)
                yield self._composing.reject(outcome)
                continue
            if self._cancel.is_set() or self._is_full(outcome.sentence):
                return
            yield self._say(outcome.sentence, _cited(outcome))

    def _until_lost(self, drafted: Iterator[str]) -> Iterator[str]:
        """What is drafted; that a draft is lost is noted, and no error."""
        try:
            yield from drafted
        except GenerationError as exc:
            self._composing.draft_lost = exc.line
            _log.warning("a draft was lost: %s", exc.line)

    def _must_lead(self, lead: Evidence, outcome: Support | Rejected) -> bool:
        """Whether an answer would begin with what does not answer most directly."""
        if isinstance(outcome, Rejected) or self._said:
            return False
        return not _tells(lead, outcome.evidence)

    def _repeated(self, sentence: str) -> Rejected | None:
        if any(says_same(sentence, said.text) for said in self._composing.sentences):
            return Rejected(sentence, "it repeats what was said")
        return None

    def _judged(self, sentence: str) -> Support | Rejected:
        """Whether the evidence planned for supports a drafted sentence."""
        if (repeated := self._repeated(sentence)) is not None:
            return repeated
        small = self._drafter is not None and self._drafter.small
        outcome = self._verifier.verify(sentence, self._task.evidence, surely=small)
        if isinstance(outcome, Rejected):
            return outcome
        if not self._task.bears(outcome.evidence):
            return Rejected(sentence, "it is beside the question")
        if small and (fault := self._strayed(sentence, outcome.evidence)):
            return Rejected(sentence, fault)
        return outcome

    def _strayed(self, sentence: str, items: Sequence[Evidence]) -> str:
        """What takes a small model's sentence too far from its source; empty if nothing
        does. A sentence may name what its source means by "it".
        """
        if not all(_keeps_answer(sentence, item) for item in items):
            return "it leaves out what was asked"
        above = [f"{item.source.title} {item.heading}" for item in items]
        named = " ".join([self._task.question.search, *above])
        source = " ".join(item.told for item in items)
        if share_in_order(sentence, source, named=named) < _NEAR:
            return "it is too far from the words of its source"
        if is_freed(sentence, source):
            return "it leaves out who says so"
        return ""

    def _quote(self, item: Evidence) -> Verified:
        """The words of the source, without those that the question does not ask
        about.
        """
        if shorter := compressed(item, self._task.question.search):
            outcome = self._verifier.verify(trimmed(shorter), [item])
            if isinstance(outcome, Support):
                return self._say(outcome.sentence, _cited(outcome))
        text = trimmed(item.text)
        row = told(text, item.heading)
        verdict: Verdict = "quoted" if row == text else "supported"
        return self._say(row, [Cited(item, verdict, 1.0)])

    def _say(self, text: str, support: Sequence[Cited]) -> Verified:
        """Add a sentence, its source named where several are cited."""
        item = support[0].evidence
        cited = [*support, *self._also(text, item)]
        if support[0].verdict == "supported":
            # A draft may say "Ann Oake argues that …" by itself.
            text = without_attribution(text, item.source)
        text = _with_speaker(text, support)
        spoken = self._composing.citations
        joined = len({cited.evidence.source.id for cited in support}) > 1
        who = self._names.get(item.source.id, "")
        others = [c for c in spoken if c.document.id != item.source.id]
        if who and any(conflict(item.text, cited.quote) for cited in others):
            text = f"By contrast, {lowered(attributed(text, who, self._task.words))}"
        elif who and len(self._names) > 1 and self._turns_to(item) and not joined:
            text = attributed(text, who, self._task.words)
        elif not self._said:
            text = self._answered_yes_or_no(item) + text
        return self._composing.add(text, cited)

    @property
    def _said(self) -> Sequence[Sentence]:
        """The sentences of this task; there may be others of an earlier one."""
        return self._composing.sentences[self._before :]

    def _turns_to(self, item: Evidence) -> bool:
        """Whether another source was spoken of before, or none."""
        last = self._composing.last_source
        return last is None or last != item.source.id

    def _also(self, text: str, item: Evidence) -> list[Cited]:
        """Evidence of other articles that supports the same sentence."""
        others = [
            other
            for other in self._task.evidence
            if other.source.id != item.source.id
            and says_same(item.text, other.text)
            and not conflict(item.text, other.text)
        ]
        outcomes = [self._verifier.verify(text, [other]) for other in others]
        return [
            cited
            for found in outcomes
            if not isinstance(found, Rejected)
            for cited in _cited(found)
        ]

    def _answered_yes_or_no(self, item: Evidence) -> str:
        claim = self._task.question.claim
        answered = claim and self._verifier.answers(claim, item)
        return "" if not isinstance(answered, bool) else _LEAD[answered]

    def _is_used(self, item: Evidence) -> bool:
        """Whether it, or a quote that says the same, is cited already."""
        return self._composing.cites(item) or any(
            says_same(item.text, cited.quote) and not conflict(item.text, cited.quote)
            for cited in self._composing.citations
        )

    def _is_full(self, text: str) -> bool:
        """Whether another sentence is too much."""
        said = self._said
        shape = self._task.question.shape
        words = sum(len(s.text.split()) for s in said) + len(text.split())
        return bool(said) and (len(said) >= shape.sentences or words > shape.words)


def _tells(item: Evidence, cited: Sequence[Evidence]) -> bool:
    """Whether what is cited says what a piece of evidence does."""
    return any(item == other or says_same(item.text, other.text) for other in cited)


def _keeps_answer(sentence: str, item: Evidence) -> bool:
    """Whether at least half of what the reader took for the answer is in a sentence."""
    if item.answer is None:
        return True
    start, end = item.answer.start - item.start, item.answer.end - item.start
    answer = set(content_stems(item.text[start:end]))
    return len(answer - set(content_stems(sentence))) <= len(answer) / 2


def _with_speaker(text: str, support: Sequence[Cited]) -> str:
    """A sentence of a transcript that does not say who speaks, said to be theirs."""
    who = {cited.evidence.speaker for cited in support}
    speaker = who.pop() if len(who) == 1 else ""
    named = set(content_stems(speaker)) & set(content_stems(text))
    return f"{speaker}: {text}" if speaker and not named else text


def _cited(support: Support) -> list[Cited]:
    """Each piece of evidence, quoted where the sentence is its own."""
    best = support.evidence[0]
    if is_quote(support.sentence, best.text) or is_quote(support.sentence, best.told):
        return [Cited(best, "quoted", 1.0)]
    return [Cited(item, "supported", support.score) for item in support.evidence]
