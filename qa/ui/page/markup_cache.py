"""The markup of finished exchanges, made once: a conversation is drawn many times."""

from __future__ import annotations

import threading

from cachetools import LRUCache

from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import render_exchange, render_question

_KEPT = 1000
Markup = tuple[str, str]
"""Of a question and of its answer."""


class MarkupCache:
    """Keeps what cannot change any more; the longest unused is made again."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[str, Markup] = LRUCache(limit)

    def markup(self, exchange: Exchange, *, ready: bool) -> Markup:
        """The markup of an exchange; ``ready`` as for ``render_exchange``."""
        if exchange.under_way:
            return _render(exchange, ready=ready)
        with self._lock:
            made = self._kept.get(exchange.id) or _render(exchange, ready=ready)
            self._kept[exchange.id] = made
        return made


def _render(exchange: Exchange, *, ready: bool) -> Markup:
    question = render_question(exchange.question)
    return question, render_exchange(exchange, ready=ready)
