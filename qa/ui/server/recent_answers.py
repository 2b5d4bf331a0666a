"""Answers that readers have seen, by their ids; the longest unused are forgotten."""

from __future__ import annotations

import re
import threading

from cachetools import LRUCache

from qa.schema import Citation
from qa.ui.page.conversation import Exchange
from qa.ui.server.answer_folder import AnswerFolder

_KEY = re.compile(r"([0-9a-f]{16})-([0-9]{1,4})")
_KEPT = 2000


class RecentAnswers:
    """What links into the page lead to. Ids are hard to guess: to know is to own.

    Args:
        limit: How many are kept in memory.
        folder: Where other servers find them; None if there are none.
    """

    def __init__(
        self, limit: int = _KEPT, *, folder: AnswerFolder | None = None
    ) -> None:
        self._lock = threading.Lock()
        self._folder = folder
        self._kept: LRUCache[str, Exchange] = LRUCache(limit)

    def remember(self, exchange: Exchange) -> None:
        """Keep an exchange in place of its earlier self."""
        with self._lock:
            self._kept[exchange.id] = exchange
        if self._folder is not None and not exchange.under_way:
            self._folder.keep(exchange)

    def find(self, answer: str) -> Exchange | None:
        """The exchange of an id; ids come from anybody."""
        with self._lock:
            found = self._kept.get(answer)
        if found is None and self._folder is not None:
            found = self._folder.find(answer)
        return found

    def cited(self, key: object) -> tuple[Exchange, Citation] | None:
        """The citation of a key ``<answer>-<number>``; keys come from anybody."""
        match = _KEY.fullmatch(key) if isinstance(key, str) else None
        exchange = self.find(match[1]) if match else None
        if match is None or exchange is None:
            return None
        number = int(match[2])
        found = (c for c in exchange.citations if c.number == number)
        return next(((exchange, citation) for citation in found), None)
