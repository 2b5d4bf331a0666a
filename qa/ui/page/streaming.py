"""Asking in a worker thread, so that the page can be drawn and stopped meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from qa.answering import Answerer
from qa.errors import BusyError, IndexMissingError
from qa.schema import Event
from qa.ui.page.conversation import ClaimedQuestion, Conversation, Exchange, advance
from qa.ui.server.failures import failure_line
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.request_queue import RequestQueue, Ticket

_BEAT_SECONDS = 0.2
_DRAWING_SECONDS = 0.1
_STILL_SECONDS = 1.0
"""How long the page goes without being drawn while nothing changes."""
_NO_INDEX = (
    "No article is indexed yet. Add some in the library, or wait until the first are "
    "indexed; then ask again."
)


@dataclass(frozen=True, slots=True)
class _Failure:
    """The worker's last word when there will be no answer."""

    message: str


def reply(
    answerer: Callable[[], Answerer],
    conversation: Conversation,
    answers: RecentAnswers,
    queue: RequestQueue,
    client: str = "",
) -> Iterator[None]:
    """Answer the question that waits in a conversation, if one does.

    Yields whenever the page should be drawn again, at most every tenth of a second,
    and every second if nothing changes, so that it may be left. Leaving early stops
    the answer; so does stopping the conversation, at once.

    Args:
        answerer: Gives who answers, asked at the front of the queue.
        conversation: Of the reader.
        answers: Where the answer is to be found.
        queue: To wait in.
        client: Whom to count the question of.
    """
    claim = conversation.claim()
    if claim is None:
        return
    exchange = claim.exchange
    shown, drawn = None, 0.0
    try:
        for exchange in _followed(answerer, claim, queue, client):
            if exchange == shown and time.monotonic() < drawn + _STILL_SECONDS:
                continue
            answers.remember(exchange)
            conversation.update(exchange)
            yield
            shown, drawn = exchange, time.monotonic()
    finally:
        claim.cancel.set()
        if exchange.under_way:
            exchange = replace(exchange, stage="stopped")
            conversation.update(exchange)
            answers.remember(exchange)


def _followed(
    answerer: Callable[[], Answerer],
    claim: ClaimedQuestion,
    queue: RequestQueue,
    client: str,
) -> Iterator[Exchange]:
    """The exchange as it grows, from the end of the queue to the last sentence."""
    exchange = claim.exchange
    try:
        ticket = queue.join(client)
    except BusyError as exc:
        yield replace(exchange, stage="failed", failure=str(exc))
        return
    events: SimpleQueue[Event | _Failure] = SimpleQueue()
    begun = False
    try:
        while not ticket.wait(_BEAT_SECONDS):
            if claim.cancel.is_set():
                return
            yield replace(exchange, stage="waiting", ahead=ticket.ahead)
        threading.Thread(
            target=_work,
            args=(answerer, claim, events, ticket),
            name="answer",
            daemon=True,
        ).start()
        begun = True
    finally:
        # Once it has begun the worker leaves: a stopped model needs a moment.
        if not begun:
            ticket.leave()
    yield exchange
    while exchange.under_way and not claim.cancel.is_set():
        for event in _next(events):
            exchange = _apply(exchange, event)
        yield exchange


def _work(
    answerer: Callable[[], Answerer],
    claim: ClaimedQuestion,
    events: SimpleQueue[Event | _Failure],
    ticket: Ticket,
) -> None:
    exchange, terms = claim.exchange, claim.exchange.terms
    try:
        for event in answerer().stream(
            exchange.question,
            history=claim.history,
            filters=terms.filters,
            cancel=claim.cancel,
            strictness=terms.strictness,
            sources=terms.sources,
        ):
            events.put(event)
    except IndexMissingError:
        events.put(_Failure(_NO_INDEX))
    except Exception as exc:  # noqa: BLE001 - a thread has no caller to raise to
        events.put(_Failure(failure_line(exc, "answering")))
    finally:
        ticket.leave()


def _next(events: SimpleQueue[Event | _Failure]) -> list[Event | _Failure]:
    """What has come, after a short wait; nothing if nothing came."""
    try:
        batch = [events.get(timeout=_BEAT_SECONDS)]
    except Empty:
        return []
    time.sleep(_DRAWING_SECONDS)
    while not events.empty():
        batch.append(events.get())
    return batch


def _apply(exchange: Exchange, event: Event | _Failure) -> Exchange:
    if isinstance(event, _Failure):
        return replace(exchange, stage="failed", failure=event.message)
    return advance(exchange, event)
