"""One answer at a time: everyone waits in line, and sees how long it is."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from qa.errors import BusyError

LINE_LENGTH = 20
A_MINUTE = 30
"""Questions of one client that are taken a minute."""


class Line:
    """The line before the answerer, first come, first served.

    Args:
        limit: How many may wait.
        a_minute: How many questions of one client are taken a minute.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        limit: int = LINE_LENGTH,
        *,
        a_minute: int = A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._a_minute = a_minute
        self._clock = clock
        self._moved = threading.Condition()
        self._places: list[Place] = []
        self._asked: dict[str, deque[float]] = {}

    def join(self, client: str) -> Place:
        """Stand at the end.

        Raises:
            BusyError: Too many wait already, or this client asks too often.
        """
        with self._moved:
            if len(self._places) > self._limit:
                raise BusyError(
                    f"{self._limit} questions are waiting already; "
                    "ask again in a minute"
                )
            self._count(client)
            place = Place(self._places, self._moved)
            self._places.append(place)
            return place

    def join_between(self) -> Place:
        """Stand at the end for what has to happen between two answers: no question,
        so it is not counted, and it is never too much.
        """
        with self._moved:
            place = Place(self._places, self._moved)
            self._places.append(place)
            return place

    def count(self, client: str) -> None:
        """Count something of a client's that needs no place in the line.

        Raises:
            BusyError: This client asks too often.
        """
        with self._moved:
            self._count(client)

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


class Place:
    """One place in the line; leave it when the answer is done, or given up."""

    def __init__(self, places: list[Place], moved: threading.Condition) -> None:
        self._places = places
        self._moved = moved

    @property
    def ahead(self) -> int:
        """How many come first; 0 at the front."""
        with self._moved:
            return self._places.index(self) if self in self._places else 0

    def wait(self, seconds: float) -> bool:
        """Whether the front was reached within so many seconds."""
        with self._moved:
            return self._moved.wait_for(
                lambda: bool(self._places) and self._places[0] is self, seconds
            )

    def leave(self) -> None:
        """Let the next one through; leaving twice does no harm."""
        with self._moved:
            if self in self._places:
                self._places.remove(self)
                self._moved.notify_all()
