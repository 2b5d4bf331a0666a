"""Several parsers at once: each has a child process, and a thread that waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from itertools import islice
from queue import SimpleQueue
from typing import TypeVar

from qa.documents.worker import Parser

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4
"""Items a parser that are worked on or wait to be taken: they are held in memory."""
_TICK = 0.3


class Parsers:
    """Applies work that needs a parser to many items; use it in a ``with`` statement.

    Args:
        count: How many parsers; their child processes begin when they are needed.
    """

    def __init__(self, count: int) -> None:
        self._opened = ExitStack()
        self._parsers = [self._opened.enter_context(Parser()) for _ in range(count)]
        self._idle: SimpleQueue[Parser] = SimpleQueue()
        for parser in self._parsers:
            self._idle.put(parser)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="parser")

    def __enter__(self) -> Parsers:
        return self

    def __exit__(self, *_: object) -> None:
        """End what is still being read."""
        for parser in self._parsers:
            parser.close()
        self._threads.shutdown(cancel_futures=True)
        self._opened.close()

    @property
    def pages(self) -> int:
        """Pages of paged files that were read until now."""
        return sum(parser.pages for parser in self._parsers)

    def each(
        self,
        work: Callable[[Parser, T], R],
        items: Iterable[T],
        *,
        waiting: Callable[[], None] = lambda: None,
    ) -> Iterator[R]:
        """The results in the order of the items.

        Args:
            work: Called in a thread; what it raises is raised where its turn is.
            items: Taken as they are needed, some ahead.
            waiting: Called now and then while a result is waited for.
        """
        rest = iter(items)
        begun: deque[Future[R]] = deque()
        while True:
            room = _AHEAD * len(self._parsers) - len(begun)
            begun.extend(
                self._threads.submit(self._do, work, item)
                for item in islice(rest, room)
            )
            if not begun:
                return
            first = begun.popleft()
            while not first.done() and not wait([first], _TICK).done:
                waiting()
            yield first.result()

    def _do(self, work: Callable[[Parser, T], R], item: T) -> R:
        parser = self._idle.get()
        try:
            return work(parser, item)
        finally:
            self._idle.put(parser)
