"""One answer at a time: a first-come, first-served queue with a limit a client."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from qa.errors import BusyError

QUEUE_LENGTH = 20
REQUESTS_A_MINUTE = 30
"""Questions of one client that are taken a minute."""


class RequestQueue:
    """The questions before the answerer.

    Args:
        limit: How many may wait.
        a_minute: How many questions of one client are taken a minute.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        limit: int = QUEUE_LENGTH,
        *,
        a_minute: int = REQUESTS_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._a_minute = a_minute
        self._clock = clock
        self._moved = threading.Condition()
        self._tickets: list[Ticket] = []
        self._asked: dict[str, deque[float]] = {}

    def join(self, client: str) -> Ticket:
        """Wait at the end.

        Raises:
            BusyError: Too many wait already, or this client asks too often.
        """
        with self._moved:
            if len(self._tickets) > self._limit:
                raise BusyError(
                    f"{self._limit} questions are waiting already; "
                    "ask again in a minute"
                )
            self._count(client)
            return self._append()

    def join_between(self) -> Ticket:
        """Wait at the end for what has to happen between two answers: no question,
        so it is not counted, and it is never too much.
        """
        with self._moved:
            return self._append()

    def count(self, client: str) -> None:
        """Count something of a client's that need not wait.

        Raises:
            BusyError: This client asks too often.
        """
        with self._moved:
            self._count(client)

    def _append(self) -> Ticket:
        ticket = Ticket(self._tickets, self._moved)
        self._tickets.append(ticket)
        return ticket

    def _count(self, client: str) -> None:
        now = self._clock()
        for name, times in list(self._asked.items()):
            while times and times[0] <= now - 60:
                times.popleft()
            if not times:
                del self._asked[name]
        times = self._asked.setdefault(client, deque())
        if len(times) >= self._a_minute:
            raise BusyError(
                f"{self._a_minute} questions a minute are answered; wait a little"
            )
        times.append(now)


class Ticket:
    """One place in the queue; leave it when the answer is done, or given up."""

    def __init__(self, tickets: list[Ticket], moved: threading.Condition) -> None:
        self._tickets = tickets
        self._moved = moved

    @property
    def ahead(self) -> int:
        """How many come first; 0 at the front."""
        with self._moved:
            return self._tickets.index(self) if self in self._tickets else 0

    def wait(self, seconds: float) -> bool:
        """Whether the front was reached within so many seconds."""
        with self._moved:
            return self._moved.wait_for(
                lambda: bool(self._tickets) and self._tickets[0] is self, seconds
            )

    def leave(self) -> None:
        """Let the next one through; leaving twice does no harm."""
        with self._moved:
            if self in self._tickets:
                self._tickets.remove(self)
                self._moved.notify_all()
