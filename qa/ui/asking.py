"""Asking in a worker thread, so that the page can be drawn and stopped meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from qa.answering import Answerer
from qa.errors import QaError
from qa.schema import Event
from qa.ui.conversation import Claim, Conversation, Exchange, advance
from qa.ui.reader import Shown

_BEAT_SECONDS = 0.2
_DRAWING_SECONDS = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    """The worker's last word when there will be no answer."""

    message: str


def reply(
    answerer: Answerer, conversation: Conversation, shown: Shown
) -> Iterator[None]:
    """Answer the question that waits in a conversation, if one does.

    Yields whenever the page should be drawn again or may be left: at least every
    fifth of a second, at most every tenth. Leaving early stops the answer.
    """
    claim = conversation.claim()
    if claim is None:
        yield
        return
    events: SimpleQueue[Event | _Failure] = SimpleQueue()
    worker = threading.Thread(
        target=_work, args=(answerer, claim, events), name="answer", daemon=True
    )
    worker.start()
    exchange = claim.exchange
    try:
        while exchange.under_way and not claim.cancel.is_set():
            yield
            for event in _next(events):
                exchange = _apply(exchange, event)
            shown.remember(exchange.id, exchange.citations)
            conversation.update(exchange)
        yield
    finally:
        claim.cancel.set()
        if exchange.under_way:
            conversation.update(replace(exchange, stage="stopped"))


def _work(
    answerer: Answerer, claim: Claim, events: SimpleQueue[Event | _Failure]
) -> None:
    stream = answerer.stream(
        claim.exchange.question,
        history=claim.history,
        filters=claim.exchange.filters,
        cancel=claim.cancel,
    )
    try:
        for event in stream:
            events.put(event)
    except QaError as exc:
        events.put(_Failure(" ".join(str(exc).split())))
    except Exception as exc:  # noqa: BLE001 - a thread has no caller to raise to
        _log.exception("answering failed")
        name = type(exc).__name__
        events.put(_Failure(f"Unexpected {name}; the terminal says more. Ask again."))


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
