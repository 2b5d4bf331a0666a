"""One streamed reply of a server, read in a thread of its own.

Whoever reads it is never stuck: waiting for a connection, for the first word or for
the next one ends as soon as it is cancelled, and the server is hung up on.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx

_POLL_SECONDS: Final = 0.05
_LINES: Final = 256
"""Lines read ahead at most."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a reply begins with.

    Attributes:
        retry_after: Seconds after which to ask again; None if it is not said.
    """

    status: int
    retry_after: float | None = None


class Reply:
    """The lines that a server sends to one POST request.

    Args:
        client: Must not keep connections, so that this one can be cut.
        address: Where to.
        request: Sent as JSON.
    """

    def __init__(
        self, client: httpx.Client, address: str, request: dict[str, Any]
    ) -> None:
        self._client = client
        self._address = address
        self._request = request
        self._sockets: list[socket.socket] = []
        self._lines: queue.Queue[str | Head | Exception | None] = queue.Queue(_LINES)
        self._over = threading.Event()
        threading.Thread(target=self._receive, daemon=True).start()

    def lines(
        self, cancel: threading.Event, until: Callable[[], float]
    ) -> Generator[str | Head]:
        """The head, then each line, until the end or a cancel.

        Args:
            cancel: Once set, it ends soon.
            until: Says how long the next line is waited for, by ``time.monotonic``.

        Raises:
            TimeoutError: It did not come.
            Exception: What the client raised.
        """
        try:
            while not cancel.is_set():
                try:
                    item = self._lines.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    if time.monotonic() > until():
                        raise TimeoutError from None
                    continue
                if item is None:
                    return
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            self._hang_up()

    def _receive(self) -> None:
        try:
            with self._client.stream(
                "POST",
                self._address,
                json=self._request,
                extensions={"trace": self._note_socket},
            ) as response:
                after = _seconds(response.headers.get("Retry-After", ""))
                self._put(Head(response.status_code, after))
                for line in response.iter_lines():
                    if not self._put(line):
                        return
            self._put(None)
        except Exception as exc:  # noqa: BLE001 - raised again by whoever reads
            self._put(exc)

    def _put(self, item: str | Head | Exception | None) -> bool:
        """Hand over; False once nobody reads any more."""
        while not self._over.is_set():
            with suppress(queue.Full):
                self._lines.put(item, timeout=_POLL_SECONDS)
                return True
        return False

    def _note_socket(self, event: str, information: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            stream = information["return_value"]
            self._sockets.append(stream.get_extra_info("socket"))
            if self._over.is_set():
                self._hang_up()

    def _hang_up(self) -> None:
        """End the connection under the reading thread, which closes it."""
        self._over.set()
        for connected in self._sockets:
            with suppress(OSError):
                # subtle: not the method of a TLS socket, which another thread reads
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _seconds(retry_after: str) -> float | None:
    """What a ``Retry-After`` header comes to: it states seconds, or a date."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
