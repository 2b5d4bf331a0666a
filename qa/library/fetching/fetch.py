"""One address to the bytes behind it, within bounds of size, time and redirects."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa.errors import FetchError
from qa.library.fetching.addresses import Ip, Resolve, checked_addresses, is_public
from qa.library.fetching.addresses import system_addresses as _system_addresses
from qa.library.fetching.content_type import as_saved, kind_of_content, name_of

if TYPE_CHECKING:
    import httpcore
    import httpx

    from qa.library.fetching.connecting import Deadline

_REDIRECTS = 5
_LONGEST = 2000
_MOVED = {301, 302, 303, 307, 308}
_HEADERS = {
    "User-Agent": "qa-articles (one page, named by its user)",
    "Accept": "text/html, application/pdf, text/*;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_ANY_HEADER = 47
"""zlib: the header tells gzip from deflate (32), with the largest window (15)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file from the web.

    Attributes:
        url: Where it was in the end, after redirects, without fragment.
        name: To save it under; its suffix says what it is.
        data: The whole of it.
        retrieved: The day, ISO 8601, in UTC.
    """

    url: str
    name: str
    data: bytes
    retrieved: str


def is_address(text: str) -> bool:
    """Whether what a user named is an address rather than a file."""
    scheme, separator, _ = text.partition("://")
    return bool(separator) and scheme.isalpha()


def fetch_url(
    url: str,
    *,
    max_bytes: int,
    seconds: float,
    allowed: Callable[[Ip], bool] = is_public,
    resolve: Resolve = _system_addresses,
) -> Fetched:
    """Fetch the one file at an address; nothing that it refers to is fetched.

    No proxy of the environment is used, no cookie sent, no password taken from
    anywhere. Every host, also after a redirect, is resolved here, all its
    addresses are checked, and the connection goes to one of them.

    Args:
        url: http or https.
        max_bytes: Of what comes, before and after unpacking.
        seconds: For all of it together.
        allowed: Which addresses may be contacted.
        resolve: Host and port to addresses.

    Raises:
        FetchError: It may not, or cannot, be fetched; the message says why.
    """
    from qa.library.fetching.connecting import CheckedBackend, Deadline

    deadline = Deadline(seconds, url)

    def addresses(host: str, port: int) -> list[str]:
        left = deadline.left()
        return checked_addresses(
            host, port, seconds=left, resolve=resolve, allowed=allowed
        )

    backend = CheckedBackend(addresses, deadline)
    at = _checked_url(url)
    for _ in range(_REDIRECTS + 1):
        answer = _get(at, backend, deadline, max_bytes)
        if isinstance(answer, _Answer):
            return _fetched(at, answer)
        at = _redirected(at, answer)
    raise FetchError(f"{url}: redirects more than {_REDIRECTS} times; open it yourself")


@dataclass(frozen=True, slots=True)
class _Answer:
    data: bytes
    content_type: str


def _fetched(at: httpx.URL, answer: _Answer) -> Fetched:
    url = str(at.copy_with(fragment=None))
    if not answer.data.strip():
        raise FetchError(f"{url}: is empty")
    suffix = kind_of_content(answer.data, answer.content_type, url)
    data = as_saved(answer.data, answer.content_type, suffix)
    today = datetime.now(UTC).date().isoformat()
    return Fetched(url, name_of(url, suffix), data, today)


def _checked_url(text: str) -> httpx.URL:
    import httpx

    shown = text[:200]
    if len(text) > _LONGEST:
        raise FetchError(f"{shown}…: is longer than {_LONGEST} characters")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise FetchError(f"{shown}: is no address ({exc})") from exc
    if url.scheme not in {"http", "https"} or not url.host:
        raise FetchError(f"{shown}: only http:// and https:// addresses are fetched")
    if url.port is not None and not 0 < url.port < 65536:
        raise FetchError(f"{shown}: is no address (there is no port {url.port})")
    if url.userinfo:
        raise FetchError(
            f"{url.copy_with(userinfo=b'')}: a name or password in an address is not "
            "used; save the page from the browser and add the file"
        )
    return url


def _redirected(at: httpx.URL, location: str) -> httpx.URL:
    import httpx

    try:
        target = str(at.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError) as exc:
        raise FetchError(f"{at}: redirects to what is no address") from exc
    found = _checked_url(target)
    if (at.scheme, found.scheme) == ("https", "http"):
        raise FetchError(f"{at}: redirects from https to http, which anyone can alter")
    return found


def _get(
    at: httpx.URL, backend: httpcore.NetworkBackend, deadline: Deadline, max_bytes: int
) -> _Answer | str:
    """The answer, or where it says to look instead."""
    import httpcore

    headers = [(b"Host", at.netloc)]
    headers += [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
    target = httpcore.URL(
        scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path
    )
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=_tls() if at.scheme == "https" else None,
                max_connections=1,
                retries=0,
                network_backend=backend,
            ) as pool,
            pool.stream("GET", target, headers=headers) as response,
        ):
            return _read(at, response, max_bytes)
    except httpcore.TimeoutException as exc:
        deadline.left()
        raise FetchError(f"{at}: does not answer in time; try again later") from exc
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        ssl.SSLError,
        OSError,
    ) as exc:
        raise FetchError(
            f"{at}: cannot be fetched ({str(exc) or type(exc).__name__}); check the "
            "address and the network"
        ) from exc


def _tls() -> ssl.SSLContext:
    """Certificates as httpx checks them, ``SSL_CERT_FILE`` included."""
    import httpx

    return httpx.create_ssl_context()


def _read(at: httpx.URL, response: httpcore.Response, max_bytes: int) -> _Answer | str:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in response.headers
    }
    if response.status in _MOVED and headers.get("location"):
        return headers["location"]
    if response.status != 200:
        raise FetchError(
            f"{at}: the server answers with status {response.status}; open it in the "
            "browser, save the page and add the file"
        )
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise FetchError(f"{at}: is packed as {encoding[:40]}, which is not read")
    packed = encoding not in {"identity", ""}
    chunks = response.iter_stream()
    data = _unpacked(at, chunks, max_bytes) if packed else _whole(at, chunks, max_bytes)
    return _Answer(data, headers.get("content-type", ""))


def _whole(at: httpx.URL, chunks: Iterable[bytes], max_bytes: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        _check_size(at, len(data), max_bytes)
    return bytes(data)


def _unpacked(at: httpx.URL, chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Unpack as it comes, never more than one byte beyond the bound."""
    unpack = zlib.decompressobj(_ANY_HEADER)
    data = bytearray()
    packed = 0
    try:
        for chunk in chunks:
            packed += len(chunk)
            _check_size(at, packed, max_bytes)
            data += unpack.decompress(chunk, max_bytes + 1 - len(data))
            _check_size(at, len(data), max_bytes)
    except zlib.error as exc:
        raise FetchError(f"{at}: is damaged on the way; try again") from exc
    if not unpack.eof:
        raise FetchError(f"{at}: ended before it was whole; try again")
    return bytes(data)


def _check_size(at: httpx.URL, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise FetchError(
            f"{at}: is larger than {max_bytes / 1_000_000:g} MB (max_seed_mb)"
        )
