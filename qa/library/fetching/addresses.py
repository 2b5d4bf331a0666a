"""Which addresses may be contacted: public ones, judged by number, never by name."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from qa.errors import FetchError

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo and 6to4: an IPv4 address inside, which may be any."""


def is_public(address: Ip) -> bool:
    """Whether an address is an ordinary one of the public internet.

    Left out are private, shared (RFC 6598), loopback, link-local, multicast and
    reserved ones, and IPv6 that stands for IPv4: mapped, NAT64, 6to4, Teredo.
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _UNICAST and not any(address in net for net in _TRANSLATED)


def system_addresses(host: str, port: int) -> list[str]:
    """What the system's resolver knows, best first; the same as connecting would."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    host: str,
    port: int,
    *,
    seconds: float,
    resolve: Resolve,
    allowed: Callable[[Ip], bool],
) -> list[str]:
    """The addresses of a host, all of which may be contacted.

    One that may not refuses the host: a name that stands for both is a trap.

    Raises:
        FetchError: The name is not known, in time, or may not be contacted.
    """
    found = _in_time(lambda: resolve(host, port), host, seconds)
    for text in found:
        address = ip_address(text.partition("%")[0])
        if not allowed(address):
            raise FetchError(
                f"{host}: is at {address}, which is no public address; save the page "
                "from the browser and add the file"
            )
    if not found:
        raise _unknown(host)
    return found


def _in_time(resolve: Callable[[], list[str]], host: str, seconds: float) -> list[str]:
    """The resolver has no time limit of its own: wait for it in another thread."""
    results: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            results.put(resolve())
        except (OSError, UnicodeError) as exc:
            results.put(exc)

    threading.Thread(target=work, name="resolve", daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        raise FetchError(f"{host}: its name was not resolved in time") from None
    if isinstance(result, Exception):
        raise _unknown(host) from result
    return result


def _unknown(host: str) -> FetchError:
    return FetchError(f"{host}: there is no such host; check the address and network")
