"""One answer at a time: everyone waits in line, and sees how long it is."""

from __future__ import annotations

import threading

from qa.errors import BusyError

LINE_LENGTH = 20


class Line:
    """The line before the answerer, first come, first served."""

    def __init__(self, limit: int = LINE_LENGTH) -> None:
        self._limit = limit
        self._moved = threading.Condition()
        self._places: list[Place] = []

    def join(self) -> Place:
        """Stand at the end.

        Raises:
            BusyError: Too many wait already.
        """
        with self._moved:
            if len(self._places) > self._limit:
                raise BusyError(
                    f"{self._limit} questions are waiting already; "
                    "ask again in a minute"
                )
            place = Place(self._places, self._moved)
            self._places.append(place)
            return place


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
