"""So many answers at a time: a first-come, first-served queue, limited by client."""

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
        at_once: How many are answered at a time.
        a_minute: How many questions of one client are taken a minute.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        limit: int = QUEUE_LENGTH,
        *,
        at_once: int = 1,
        a_minute: int = REQUESTS_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._at_once = at_once
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
            if len(self._tickets) >= self._limit + self._at_once:
                raise BusyError(
                    f"{self._limit} questions are waiting already; "
                    "ask again in a minute"
                )
            self._count(client)
            return self._append()

    def join_between(self) -> Ticket:
        """Wait at the end for what has to happen while nothing is answered: no
        question, so it is not counted, and it is never too much.
        """
        with self._moved:
            return self._append(alone=True)

    def count(self, client: str) -> None:
        """Count something of a client's that need not wait.

        Raises:
            BusyError: This client asks too often.
        """
        with self._moved:
            self._count(client)

    def _append(self, *, alone: bool = False) -> Ticket:
        at_once = 1 if alone else self._at_once
        ticket = Ticket(self._tickets, self._moved, at_once, alone=alone)
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
    """One place in the queue; leave it when the answer is done, or given up.

    Args:
        tickets: All in the queue.
        moved: Told when one leaves.
        at_once: How many may be at the front.
        alone: Whether nobody else may be there.
    """

    def __init__(
        self,
        tickets: list[Ticket],
        moved: threading.Condition,
        at_once: int,
        *,
        alone: bool,
    ) -> None:
        self._tickets = tickets
        self._moved = moved
        self._at_once = at_once
        self.alone = alone

    @property
    def ahead(self) -> int:
        """How many have to leave first; 0 at the front."""
        with self._moved:
            if self not in self._tickets:
                return 0
            before = self._tickets[: self._tickets.index(self)]
            if any(ticket.alone for ticket in before):
                return len(before)
            return max(0, len(before) - self._at_once + 1)

    def wait(self, seconds: float) -> bool:
        """Whether the front was reached within so many seconds."""
        with self._moved:
            return self._moved.wait_for(
                lambda: self in self._tickets and not self.ahead, seconds
            )

    def leave(self) -> None:
        """Let the next one through; leaving twice does no harm."""
        with self._moved:
            if self in self._tickets:
                self._tickets.remove(self)
                self._moved.notify_all()
