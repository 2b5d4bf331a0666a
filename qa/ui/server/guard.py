"""What reaches the page: requests from the page itself, small ones, known paths.

Gradio serves any Host, any origin, bodies of any size and ways past its queue.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 1_000_000
MAX_UPLOAD = 20_000_000
_LARGER = {"/page/library/file": MAX_UPLOAD}
"""Paths that take more than the rest, and how much."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104 - named in order to refuse names
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Past the queue (run, api, call), kept states (deep_link), files (upload, proxy).
_CLOSED = (
    "/gradio_api/run",
    "/gradio_api/api",
    "/gradio_api/call",
    "/gradio_api/deep_link",
    "/gradio_api/upload",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/component_server",
)
_POLICY = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    b"base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Guard:
    """ASGI middleware.

    Args:
        app: What it guards.
        host: The address the page is bound to.
        public: The name that a proxy serves the page under; empty for none.
        max_body: Bytes that a request may have, except where ``_LARGER`` says more.
        auth: ``user:password`` that every request has to bring; empty for none.
    """

    def __init__(
        self,
        app: App,
        *,
        host: str,
        public: str = "",
        max_body: int = MAX_BODY,
        auth: str = "",
    ) -> None:
        self._app = app
        self._wanted = b"Basic " + b64encode(auth.encode()) if auth else b""
        self._host = host
        self._public = public
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is None and scope["type"] == "http":
            await self._bounded(scope, receive, _with_headers(send))
        elif refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _refuse(_with_headers(send), *refused)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        host = headers.get(b"host", "")
        if not allowed_host(host, bound=self._host, public=self._public):
            return 421, (
                "this page answers under its own address only; behind a proxy, set "
                "`public_host` to the name it is served under"
            )
        brought = headers.get(b"authorization", "").encode("latin-1")
        if self._wanted and not hmac.compare_digest(brought, self._wanted):
            return 401, "this page asks for a name and a password"
        method = scope.get("method", "GET")
        if method not in _SAFE_METHODS and _is_foreign(headers, host):
            return 403, "this request comes from another page"
        query = scope.get("query_string", b"")
        if scope["path"].startswith(_CLOSED) or b"deep_link=" in query:
            return 404, "this page does not offer that"
        length = headers.get(b"content-length", "0")
        if not length.isdecimal() or int(length) > self._limit(scope):
            return self._too_large(scope)
        return None

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take in the whole body first, since its length may not be stated."""
        messages: list[Message] = []
        size, more = 0, True
        while more:
            messages.append(await receive())
            size += len(messages[-1].get("body", b""))
            more = messages[-1].get("more_body", False)
            if size > self._limit(scope):
                await _refuse(send, *self._too_large(scope))
                return
        waiting = iter(messages)

        async def replayed() -> Message:
            return next(waiting, None) or await receive()

        await self._app(scope, replayed, send)

    def _limit(self, scope: Scope) -> int:
        return _LARGER.get(scope["path"], self._max_body)

    def _too_large(self, scope: Scope) -> tuple[int, str]:
        return 413, f"the request is larger than {self._limit(scope):,} bytes"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is bound to an address."""
    return host.casefold().strip("[]") in _LOOPBACK or host.startswith("127.")


def allowed_host(header: str, *, bound: str, public: str = "") -> bool:
    """Whether a Host header names this machine, or its public name.

    Bound to every address, any literal address will do: an attack by DNS
    rebinding needs a name.
    """
    try:
        name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if name in _LOOPBACK or (public and name == public.casefold()):
        return True
    if bound not in _WILDCARDS:
        return name == bound.casefold().strip("[]")
    if name == socket.gethostname().casefold():
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_foreign(headers: dict[bytes, str], host: str) -> bool:
    if headers.get(b"sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin not in {f"http://{host}", f"https://{host}"}


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return sending


async def _refuse(send: Send, status: int, reason: str) -> None:
    body = f"{reason}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="qa", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
