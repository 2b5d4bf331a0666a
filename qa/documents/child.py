"""The child process that reads untrusted files: ``python -m qa.documents.child MB``.

A request is one line of JSON, then so many bytes of the file; a reply is one line:

    {"file": "a.pdf", "size": 2048, "seconds": 60, "member": ""}
    -> {"parsed": {"documents": […], "unread": […], "left_out": […]},
        "members": [name, …]}
    -> {"error": "a.pdf: …"}

Before it there may be lines that tell how many more pages were read: "pages 12". An
archive is kept until the next one; its members are asked for by name, with no bytes of
their own. What a file does to this process ends here.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

from qa.documents.archive import list_members, open_zip, read_member
from qa.documents.blocks import Parsed
from qa.documents.files import SeedFile, check_kind, kind_of
from qa.documents.load import parse_seed
from qa.documents.tree import ran_out_of_memory
from qa.documents.worker import PAGES_READ
from qa.errors import SeedError

_TELLING = 0.3


class _Reader:
    """Answers requests; remembers the archive whose members are asked for.

    Args:
        page_read: Called with 1 at each page that is read, with 0 on the way.
    """

    def __init__(self, page_read: Callable[[int], None]) -> None:
        self._page_read = page_read
        self._archive: zipfile.ZipFile | None = None

    def answer(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        """The reply to one request, whatever the file does."""
        file = request["file"]
        try:
            return self._answer(file, request["member"], data)
        except SeedError as exc:
            return {"error": str(exc)}
        except RecursionError:
            return {"error": f"{file}: is nested too deeply to be read"}
        except Exception as exc:  # noqa: BLE001 - hostile files raise anything
            if ran_out_of_memory(exc):
                return {"error": f"{file}: takes too much memory to read; split it"}
            kind = type(exc).__name__
            reason = f"cannot be read ({kind}); open it and save it again"
            return {"error": f"{file}: {reason}"}

    def _answer(self, file: str, member: str, data: bytes) -> dict[str, Any]:
        if member:
            if self._archive is None:
                raise SeedError(f"{file}: its archive is not open")
            if kind_of(file) == ".zip":
                raise SeedError(f"{file}: is an archive in an archive; unpack it")
            check_kind(file)
            data = read_member(self._archive, member, file)
        elif kind_of(file) == ".zip":
            self._archive = open_zip(data, file)
            members, unread = list_members(self._archive, file)
            return _reply(Parsed((), tuple(unread)), members)
        seed = SeedFile(file, data, "")
        return _reply(parse_seed(seed, page_read=self._page_read))


class _Counter:
    """Tells how many pages were read, a few times a second.

    Attributes:
        seconds: That this process lives on after it has told.
    """

    def __init__(self, replies: BinaryIO) -> None:
        self.seconds = 0.0
        self._replies = replies
        self._pages = 0
        self._told = time.monotonic()

    def count(self, pages: int) -> None:
        """So many pages more; 0 tells that one is being read."""
        self._pages += pages
        if time.monotonic() - self._told > _TELLING:
            self._say()

    def tell(self) -> None:
        """Say it now, if there is something new."""
        if self._pages:
            self._say()

    def _say(self) -> None:
        self._replies.write(b"%s%d\n" % (PAGES_READ, self._pages))
        self._replies.flush()
        _limit_time(self.seconds)
        self._pages, self._told = 0, time.monotonic()


def _reply(parsed: Parsed, members: Sequence[str] = ()) -> dict[str, Any]:
    return {"parsed": asdict(parsed), "members": members}


def _limit_memory(megabytes: int) -> None:
    """Where the system can: an allocation beyond the limit fails."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    limit = megabytes * 1_000_000
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """End this process at the limit even if nobody is there to kill it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests one by one until the input ends."""
    counter = _Counter(replies)
    reader = _Reader(counter.count)
    for line in iter(requests.readline, b""):
        request = json.loads(line)
        data = requests.read(request["size"])
        counter.seconds = request["seconds"] + 1
        _limit_time(counter.seconds)
        reply = reader.answer(request, data)
        counter.tell()
        _limit_time(0)
        replies.write(json.dumps(reply).encode("utf-8") + b"\n")
        replies.flush()


def main() -> None:
    """Limit the memory to what the command line says, then serve."""
    _limit_memory(int(sys.argv[1]))
    # Libraries may print to descriptor 1; replies go to a copy of it.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
