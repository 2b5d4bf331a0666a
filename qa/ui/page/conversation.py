"""What a reader has asked and been told, kept on the server.

``advance`` is the pure heart: an exchange and an event make the next exchange.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cachetools import LRUCache

from qa.schema import (
    Answer,
    Answered,
    AnswerShape,
    Citation,
    Dropped,
    Event,
    Filters,
    Models,
    Rejected,
    Retrieved,
    Sentence,
    Strictness,
    Turn,
    Verified,
)

Stage = Literal[
    "queued",
    "waiting",
    "searching",
    "reading",
    "answered",
    "abstained",
    "stopped",
    "failed",
]
_UNDER_WAY = frozenset({"queued", "waiting", "searching", "reading"})
_KEPT = 500
_LENGTH = 50
"""Exchanges of one conversation that the page shows: each is sent again and again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a question is answered.

    Attributes:
        filters: Which articles to answer from.
        strictness: How sure the answer has to be; None as the settings say.
        sources: Sentences of evidence at most; None as the settings say.
    """

    filters: Filters = Filters()  # noqa: RUF009 - frozen
    strictness: Strictness | None = None
    sources: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what is known of its answer so far.

    Attributes:
        id: Hard to guess; it names the answer in the links of its citations.
        earlier: The questions asked before in the conversation, as far as they were
            shown, oldest first.
        stage: How far it has come.
        ahead: Questions of others that are answered first.
        passages: Found in the search.
        citations: Those of the sentences; the nearest passages when abstained.
        unanswered: Of several questions at once, those that were left open.
        notes: What else a reader should know; as ``Answer.notes``.
        shape: How the sentences stand together.
        draft_lost: Why quotes stand in for the generator's words; empty if they
            do not.
        models: Behind the answer; None until it is finished.
        failure: One line for the reader, empty unless it failed.
    """

    id: str
    question: str
    terms: Terms = Terms()
    earlier: tuple[str, ...] = ()
    stage: Stage = "queued"
    ahead: int = 0
    passages: int = 0
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    unanswered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    shape: AnswerShape = "prose"
    draft_lost: str = ""
    models: Models | None = None
    failure: str = ""

    @property
    def under_way(self) -> bool:
        """Whether more may come."""
        return self.stage in _UNDER_WAY

    @property
    def turn(self) -> Turn:
        """What later questions may refer to."""
        return Turn(self.question, " ".join(s.text for s in self.sentences))

    @property
    def cited_documents(self) -> list[list[Citation]]:
        """The citations of each article, in the order of their first ones."""
        groups: dict[str, list[Citation]] = {}
        for citation in self.citations:
            groups.setdefault(citation.document.id, []).append(citation)
        return list(groups.values())

    def cited(self, sentence: Sentence) -> list[Citation]:
        """The citations of a sentence, as far as they are known."""
        known = {citation.number: citation for citation in self.citations}
        return [known[n] for n in sentence.citations if n in known]

    def quoted(self, sentence: Sentence) -> Citation | None:
        """The citation whose quote a sentence is, word for word."""
        return next((c for c in self.cited(sentence) if c.quote == sentence.text), None)


def advance(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after an event of its answer."""
    match event:
        case Retrieved(hits, shape):
            found = len(hits)
            return replace(exchange, stage="reading", passages=found, shape=shape)
        case Verified(sentence, citations):
            return replace(
                exchange,
                sentences=(*exchange.sentences, sentence),
                citations=(*exchange.citations, *citations),
            )
        case Dropped(rejected):
            return replace(exchange, rejected=(*exchange.rejected, rejected))
        case Answered(answer):
            return _finished(exchange, answer)


def _finished(exchange: Exchange, answer: Answer) -> Exchange:
    return replace(
        exchange,
        stage="abstained" if answer.abstained else "answered",
        sentences=answer.sentences,
        citations=answer.nearest if answer.abstained else answer.citations,
        rejected=answer.rejected,
        unanswered=answer.unanswered,
        notes=answer.notes,
        shape=answer.shape,
        draft_lost=answer.draft_lost,
        models=answer.models,
    )


@dataclass(frozen=True, slots=True)
class ClaimedQuestion:
    """A question taken up: what answering it needs."""

    exchange: Exchange
    history: tuple[Turn, ...]
    cancel: threading.Event


class Conversation:
    """The exchanges of one reader; several threads may use it.

    Attributes:
        kept: The answers as they were last kept for other servers, or by one.
    """

    def __init__(self) -> None:
        self.kept: list[str] | None = None
        self._lock = threading.Lock()
        self._exchanges: tuple[Exchange, ...] = ()
        self._cancel = threading.Event()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Oldest first; only the last may be under way."""
        return self._exchanges

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return any(exchange.under_way for exchange in self._exchanges[-1:])

    def begin(self, question: str, terms: Terms = Terms()) -> bool:
        """Add a question, unless it is blank or an answer is under way."""
        with self._lock:
            if self.busy or not question.strip():
                return False
            self._cancel = threading.Event()
            exchange = Exchange(
                secrets.token_hex(8),
                question.strip(),
                terms,
                earlier=tuple(e.question for e in self._exchanges),
            )
            self._exchanges = (*self._exchanges, exchange)[-_LENGTH:]
            return True

    def rewind(self, answer: str) -> Exchange | None:
        """Forget an answer and all after it; None, and nothing done, if it is not
        here or an answer is under way.
        """
        with self._lock:
            ids = [exchange.id for exchange in self._exchanges]
            if self.busy or answer not in ids:
                return None
            place = ids.index(answer)
            found = self._exchanges[place]
            self._exchanges = self._exchanges[:place]
            return found

    def restore(self, exchanges: Sequence[Exchange]) -> bool:
        """Go on from earlier exchanges, unless an answer is under way."""
        with self._lock:
            if self.busy:
                return False
            ended = tuple(e for e in exchanges if not e.under_way)
            self._exchanges = ended[-_LENGTH:]
            return True

    def claim(self) -> ClaimedQuestion | None:
        """Take up the question that waits; None if it was taken up or stopped."""
        with self._lock:
            *earlier, last = self._exchanges or (None,)
            if last is None or last.stage != "queued":
                return None
            taken = replace(last, stage="searching")
            self._exchanges = (*self._exchanges[:-1], taken)
            history = tuple(e.turn for e in earlier if e and e.stage != "failed")
            return ClaimedQuestion(taken, history, self._cancel)

    def update(self, exchange: Exchange) -> None:
        """Put in what is now known; too late after a stop, and then ignored."""
        with self._lock:
            last = self._exchanges[-1] if self._exchanges else None
            if last is not None and last.id == exchange.id and last.under_way:
                self._exchanges = (*self._exchanges[:-1], exchange)

    def stop(self) -> None:
        """End the answer under way with what was verified."""
        with self._lock:
            if self.busy:
                self._cancel.set()
                stopped = replace(self._exchanges[-1], stage="stopped")
                self._exchanges = (*self._exchanges[:-1], stopped)

    def clear(self) -> None:
        """Stop and forget everything."""
        self.stop()
        with self._lock:
            self._exchanges = ()


class _StoppedWhenDropped(LRUCache[str, Conversation]):
    def popitem(self) -> tuple[str, Conversation]:
        session, oldest = super().popitem()
        oldest.clear()
        return session, oldest


class Conversations:
    """Conversations by session; the longest unused are forgotten."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._lock = threading.Lock()
        self._kept = _StoppedWhenDropped(limit)

    def of(self, session: str) -> Conversation:
        """The conversation of a session, begun if there is none."""
        with self._lock:
            return self._kept.setdefault(session, Conversation())

    def end(self, session: str) -> None:
        """Stop and forget a session."""
        with self._lock:
            conversation = self._kept.pop(session, None)
        if conversation is not None:
            conversation.clear()
