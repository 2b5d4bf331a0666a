"""Something changed: told to whoever listens, from any thread, without polling."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

_SECONDS_BETWEEN = 0.1


class Bell:
    """Rung by workers; heard by the pages that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ears: dict[object, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}

    def ring(self) -> None:
        """Wake all who listen; rings in quick succession may be heard as one."""
        with self._lock:
            for loop, heard in self._ears.values():
                loop.call_soon_threadsafe(heard.set)

    async def rings(self) -> AsyncIterator[None]:
        """Yield at once, then after each ring, at most ten times a second."""
        heard, key = asyncio.Event(), object()
        with self._lock:
            self._ears[key] = asyncio.get_running_loop(), heard
        try:
            while True:
                heard.clear()
                yield
                await heard.wait()
                await asyncio.sleep(_SECONDS_BETWEEN)
        finally:
            with self._lock:
                del self._ears[key]
