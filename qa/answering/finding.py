"""What there is to answer a question from: stated facts, or passages, and how likely
these answer.

The answerer, evaluation, ``/retrieve`` and assistants all search here, so that a
question means the same to each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.facts import Statement, state_facts
from qa.answering.gate import Coverage, cover
from qa.answering.results import in_turn
from qa.errors import QuestionError
from qa.index import Index, Snapshot
from qa.question import Wishes, understand
from qa.retrieval.retriever import Retriever
from qa.schema import Filters, Hit, Intent, Question, Signal, Source, Turn

QUESTION_LENGTH = 2000
Gate = Callable[[Coverage], float]
"""How probably the passages that were found answer."""
_SENTENCES = 4
"""Of an answer in prose, unless the question wants another length."""
_PER_DOCUMENT = 3
"""Passages of one article at most, where several are asked for."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question.

    Attributes:
        hits: Best first; of stated facts, the passages that state them.
        facts: What the catalogue states; empty where it is not asked, or cannot tell.
        answerability: Probability that an answer can be given, in [0, 1]; 1 for
            stated facts and for a summary, which need no passage to answer.
    """

    hits: tuple[Hit, ...]
    facts: tuple[Statement, ...]
    answerability: float


class Finder:
    """Understands questions and finds what answers them.

    Args:
        retriever: Finds passages.
        index: What the retriever searches; knows the articles.
        sentences: Of an answer in prose.
        wishes: Tells what a question wants; None leaves it to the words.
        gate: Tells how probably what was found answers; None lets all through.
    """

    def __init__(
        self,
        retriever: Retriever,
        index: Index,
        *,
        sentences: int = _SENTENCES,
        wishes: Wishes | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._retriever = retriever
        self._index = index
        self._sentences = sentences
        self._wishes = wishes
        self._gate = gate
        self._known: tuple[int, Sequence[Source]] | None = None

    def understand(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> tuple[Question, ...]:
        """What was written comes to; several questions where several are asked.

        Raises:
            QuestionError: It is empty or too long.
        """
        return understand(
            check_question(text),
            history,
            filters,
            sources=self._sources,
            sentences=self._sentences,
            wishes=self._wishes,
        )

    def find(self, question: Question) -> Findings:
        """What answers a question; the catalogue is asked before any search.

        Raises:
            QaError: What retrieval raises.
        """
        named = question.articles or question.intent in {Intent.LIST, Intent.COUNT}
        if question.intent.is_catalogue and named:
            facts = self._facts(question, ())
            if facts:
                with self._index.snapshot() as snapshot:
                    return Findings(_stating(snapshot, facts), facts, 1.0)
        several = question.intent is Intent.COMPARISON
        hits = self._retriever.retrieve(
            question.search,
            question.context,
            question.filters,
            per_document=_PER_DOCUMENT if several else None,
        )
        facts = self._facts(question, hits) if question.intent.is_catalogue else ()
        sure = facts or question.intent is Intent.SUMMARY
        if sure or self._gate is None:
            return Findings(hits, facts, 1.0)
        return Findings(hits, facts, self._gate(cover(question, hits)))

    def search(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> Findings:
        """What an answer would be drawn from, without one; of several questions
        asked at once the passages in turn, and the most certain.

        Raises:
            QuestionError: The text is empty or too long.
            QaError: What retrieval raises.
        """
        found = [self.find(q) for q in self.understand(text, history, filters)]
        return Findings(
            hits=in_turn([part.hits for part in found]),
            facts=tuple(fact for part in found for fact in part.facts),
            answerability=max(part.answerability for part in found),
        )

    def _sources(self, filters: Filters | None) -> Sequence[Source]:
        with self._index.snapshot() as snapshot:
            if filters:
                return snapshot.sources(filters)
            known = self._known
            if known is None or known[0] != snapshot.generation:
                known = self._known = (snapshot.generation, snapshot.sources(None))
            return known[1]

    def _facts(self, question: Question, hits: Sequence[Hit]) -> tuple[Statement, ...]:
        with self._index.snapshot() as snapshot:
            return state_facts(
                question,
                hits,
                sources=lambda: snapshot.sources(question.filters),
                document=snapshot.document,
            )


def _stating(snapshot: Snapshot, facts: Sequence[Statement]) -> tuple[Hit, ...]:
    """The passages that hold the words which state facts, once each."""
    found: dict[str, Hit] = {}
    for fact in facts:
        passages = snapshot.passages(snapshot.keys_in(fact.source.id))
        for passage, source in passages.values():
            scores = tuple(
                float(any(s.start <= p.start < s.end for p in fact.places))
                for s in passage.sentences
            )
            if any(scores):
                stated = Signal(1.0, None)
                hit = Hit(passage, source, 1.0, stated, Signal(0.0, None), scores)
                found.setdefault(passage.id, hit)
    return tuple(found.values())


def check_question(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionError: It is empty or too long.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question has to be text, not {question!r}")
    question = question.encode("utf-8", "ignore").decode("utf-8").strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question is empty; ask something about the articles")
    if len(question) > QUESTION_LENGTH:
        raise QuestionError(
            f"the question has {len(question):,} characters; "
            f"shorten it to {QUESTION_LENGTH:,}"
        )
    return question
