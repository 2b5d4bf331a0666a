"""Something changed: told to whoever listens, from any thread, without polling."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

_SECONDS_BETWEEN = 0.1


class Notifier:
    """Notified by workers; listened to by the pages that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[
            object, tuple[asyncio.AbstractEventLoop, asyncio.Event]
        ] = {}

    def notify(self) -> None:
        """Wake all who listen; calls in quick succession may be heard as one."""
        with self._lock:
            for loop, changed in self._listeners.values():
                loop.call_soon_threadsafe(changed.set)

    async def changes(self) -> AsyncIterator[None]:
        """Yield at once, then after each change, at most ten times a second."""
        changed, key = asyncio.Event(), object()
        with self._lock:
            self._listeners[key] = asyncio.get_running_loop(), changed
        try:
            while True:
                changed.clear()
                yield
                await changed.wait()
                await asyncio.sleep(_SECONDS_BETWEEN)
        finally:
            with self._lock:
                del self._listeners[key]
