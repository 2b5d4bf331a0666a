"""One streamed reply of a server, read in a thread of its own.

Whoever reads it is never stuck: waiting for a connection, for the first word or for
the next one ends as soon as it is cancelled, and the server is hung up on.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx

_POLL_SECONDS: Final = 0.05
_LINES: Final = 256
"""Lines read ahead at most."""


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
        self._lines: queue.Queue[str | int | Exception | None] = queue.Queue(_LINES)
        self._over = threading.Event()
        threading.Thread(target=self._receive, daemon=True).start()

    def lines(self, cancel: threading.Event, deadline: float) -> Iterator[str | int]:
        """The status, then each line, until the end, the deadline or a cancel.

        Raises:
            Exception: What the client raised.
        """
        try:
            while not cancel.is_set() and time.monotonic() <= deadline:
                try:
                    item = self._lines.get(timeout=_POLL_SECONDS)
                except queue.Empty:
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
                self._put(response.status_code)
                for line in response.iter_lines():
                    if not self._put(line):
                        return
            self._put(None)
        except Exception as exc:  # noqa: BLE001 - raised again by whoever reads
            self._put(exc)

    def _put(self, item: str | int | Exception | None) -> bool:
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
