"""Seeds to documents without trusting them: a child process reads what may crash.

Short text is read here. Everything else goes to one long-lived child that is
bounded in time and memory, killed at the limit, and started again when next needed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from qa.documents.blocks import LeftOut, Parsed, Unread
from qa.documents.files import TEXTS, SeedFile, kind_of
from qa.documents.load import parse_text
from qa.documents.origins import stamped
from qa.errors import SeedError
from qa.schema import Document

PAGES_READ = b"pages "
"""What a line of the child begins with that tells how many more pages it has read."""
_SHORT = 50_000
_SECONDS = 60.0
_SECONDS_PER_MB = 5.0
MEMORY_MB = 1500
"""That a child may take."""


class Parser:
    """Reads seeds of every kind, one at a time; use it in a ``with`` statement.

    Args:
        seconds: A file, or a member of an archive, may take; large ones get more, and
            pages as much again whenever some of them was read.
        memory_mb: The child may take, where the system can limit it.

    Attributes:
        pages: Pages of paged files that its child has read until now.
    """

    def __init__(
        self, *, seconds: float = _SECONDS, memory_mb: int = MEMORY_MB
    ) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        self.pages = 0

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def close(self) -> None:
        """End what another thread reads with it; nothing is read any more."""
        self._closed = True
        if child := self._child:
            child.kill()

    def parse(self, seed: SeedFile) -> Parsed:
        """The documents of a seed, and which parts of it could not be read.

        Raises:
            SeedError: Nothing of it can be read; the message names it and says why.
        """
        parsed = self._parse(seed)
        documents = (stamped(document, seed.origin) for document in parsed.documents)
        return replace(parsed, documents=tuple(documents))

    def _parse(self, seed: SeedFile) -> Parsed:
        kind = kind_of(seed.file)
        if kind in TEXTS and len(seed.data) <= _SHORT:
            return parse_text(seed)
        if kind == ".zip":
            return self._parse_archive(seed)
        return _parsed(self._ask(seed.file, seed.data))

    def _parse_archive(self, seed: SeedFile) -> Parsed:
        listed = self._ask(seed.file, seed.data)
        documents: list[Document] = []
        unread = list(_parsed(listed).unread)
        left: list[LeftOut] = []
        for member in listed["members"]:
            name = f"{seed.file}#{member}"
            try:
                if self._child is None:  # the last member took it down
                    self._ask(seed.file, seed.data)
                found = _parsed(self._ask(name, b"", member))
            except SeedError as exc:
                unread.append(Unread(name, str(exc).removeprefix(f"{name}: ")))
                continue
            documents += found.documents
            unread += found.unread
            left += found.left_out
        if not documents:
            reasons = "".join(f"; {part.where}: {part.reason}" for part in unread[:3])
            raise SeedError(f"{seed.file}: holds no article that can be read{reasons}")
        return Parsed(tuple(documents), tuple(unread), tuple(left))

    def _ask(self, file: str, data: bytes, member: str = "") -> dict[str, Any]:
        """Send a request and wait for the reply, unless nothing is heard for long."""
        if self._closed:
            raise SeedError(f"{file}: is not read any more")
        seconds = self._seconds + _SECONDS_PER_MB * len(data) / 1_000_000
        child = self._child = self._child or self._start()
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101
        request = {
            "file": file,
            "size": len(data),
            "seconds": seconds,
            "member": member,
        }
        limit = _Limit(child, seconds)
        try:
            child.stdin.write(json.dumps(request).encode("utf-8") + b"\n")
            child.stdin.write(data)
            child.stdin.flush()
            line = self._reply(child.stdout, limit)
        except OSError:
            line = b""
        finally:
            limit.lift()
        if not line.endswith(b"\n"):
            self._stop()
            reason = (
                f"takes longer than {seconds:.0f} s to read"
                if limit.passed
                else "takes its reader down"
            )
            raise SeedError(f"{file}: {reason}; it may be damaged, save it again")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise SeedError(reply["error"])
        return reply

    def _reply(self, stdout: IO[bytes], limit: _Limit) -> bytes:
        """The line with the reply; those before it tell how many pages were read, and
        that the child is at work: on a busy machine a book takes its time.
        """
        for line in stdout:
            if not line.startswith(PAGES_READ):
                return line
            self.pages += int(line[len(PAGES_READ) :])
            limit.begin()
        return b""  # it was taken down between two pages

    def _start(self) -> subprocess.Popen[bytes]:
        package_root = str(Path(__file__).parents[2])
        paths = [package_root, os.environ.get("PYTHONPATH", "")]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QA_")}  # keys
        return subprocess.Popen(
            [sys.executable, "-m", "qa.documents.child", str(self._memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **kept,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "OPENBLAS_NUM_THREADS": "1",  # each takes of the memory, unused
            },
        )

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None  # noqa: S101 - both are pipes
            try:
                pipe.close()
            except OSError:  # what was not sent yet cannot be sent any more
                continue


class _Limit:
    """Kills a child of which nothing was heard for so many seconds."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._child = child
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self.begin()

    def begin(self) -> None:
        """Count the seconds from now."""
        self.lift()
        self._timer = threading.Timer(self._seconds, self._pass)
        self._timer.start()

    def lift(self) -> None:
        """Count them no more."""
        if self._timer:
            self._timer.cancel()

    def _pass(self) -> None:
        self.passed = True
        self._child.kill()


@cache
def _adapter() -> TypeAdapter[Parsed]:
    return TypeAdapter(Parsed)


def _parsed(reply: dict[str, Any]) -> Parsed:
    return _adapter().validate_python(reply["parsed"])
