"""Connections to checked addresses only, with one deadline over everything.

The name is resolved once, here, and the connection made to that very address, so
that a name which changes its mind between check and use (DNS rebinding) gains
nothing. TLS still checks the certificate against the name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from qa.errors import FetchError


class Deadline:
    """A point in time by which all must be done.

    Args:
        seconds: From now.
        what: The address, for the message.
    """

    def __init__(self, seconds: float, what: str) -> None:
        self._seconds = seconds
        self._what = what
        self._end = time.monotonic() + seconds

    def left(self, limit: float | None = None) -> float:
        """Seconds left, at most ``limit``.

        Raises:
            FetchError: None are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(
                f"{self._what}: takes longer than {self._seconds:g} s; try again, or "
                "allow it more (--seconds)"
            )
        return left if limit is None else min(left, limit)


class CheckedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network, through addresses that were checked.

    Args:
        addresses: Gives the checked addresses of a host and port.
        deadline: Of all that is done through it.
    """

    def __init__(
        self, addresses: Callable[[str, int], list[str]], deadline: Deadline
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that accepts."""
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._backend.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
                continue
            return _BoundedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError("no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: an address on the web is no local socket."""
        del path, timeout, socket_options
        raise httpcore.ConnectError("no local sockets")


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose every step ends by the deadline, however slowly bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(
            ssl_context, server_hostname, self._deadline.left(timeout)
        )
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
