"""A GGUF model through llama.cpp, in a child process that the adapter owns."""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from qa.errors import GenerationError, ModelError
from qa.neural.generation.thinking import without_thinking
from qa.schema import Message, Prompt

_LOAD_SECONDS = 120.0
_POLL_SECONDS = 0.05
_GRACE_SECONDS = 5.0
_SPINS = "2000"
"""Figures in DECISIONS.md."""
_log = logging.getLogger(__name__)


class LlamaGenerator:
    """Streams text from a GGUF file.

    The child loads in the background from ``start`` or the first ``stream``;
    if it dies, the next ``stream`` starts another.

    Args:
        path: The GGUF file.
        name: Shown with every answer.
        max_tokens: Of one draft.
        seconds: Time bound of one draft.
        context: Tokens of prompt and draft together.
        threads: 0 takes what is fastest, one less than the usable cores at most.
        opening: What every prompt begins with; read while the model loads.
        keep: Folder for the model's state after the opening; None keeps none.
        adapter: A LoRA adapter in GGUF, laid over the model. It must be one of this
            model: llama.cpp would end the child at the first token of another.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        max_tokens: int,
        seconds: float,
        context: int = 2048,
        threads: int = 0,
        opening: tuple[Message, ...] = (),
        keep: Path | None = None,
        adapter: Path | None = None,
    ) -> None:
        self._path = path
        self._adapter = adapter
        self.where = str(path)
        self.name = name
        self._max_tokens = max_tokens
        self._seconds = seconds
        self._context = context
        self._threads = threads
        self._first = {
            "opening": [[m.role, m.content] for m in opening],
            "keep": str(keep or ""),
        }
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def start(self) -> None:
        """Begin loading without waiting for it."""
        with self._turn:
            self._running()

    def wait_until_loaded(self, cancel: threading.Event | None = None) -> None:
        """Load, and return when it is done, or soon once cancelled.

        See ``Generator.stream`` for errors.
        """
        with self._turn:
            self._running().wait_until_ready(cancel or threading.Event())

    def stream(self, prompt: Prompt, cancel: threading.Event) -> Iterator[str]:
        """See ``Generator.stream``; one at a time, others wait, unless cancelled."""
        while not self._turn.acquire(timeout=_POLL_SECONDS):
            if cancel.is_set():
                return
        try:
            if cancel.is_set():
                return
            child = self._running()
            if not child.wait_until_ready(cancel):
                return
            child.send(
                messages=[[m.role, m.content] for m in prompt.messages],
                max_tokens=self._max_tokens,
                seconds=self._seconds,
            )
            try:
                texts = child.texts(cancel, self._seconds + _GRACE_SECONDS)
                yield from without_thinking(texts)
            finally:
                # A consumer that leaves half-way must not leave a draft behind.
                child.settle(_GRACE_SECONDS)
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the child."""
        with self._turn:
            self._stop()

    def _running(self) -> _Child:
        if self._child is not None and not self._child.alive:
            self._stop()
        if self._child is None:
            self._child = _Child(
                self._path, self._context, self._threads, self._adapter
            )
            with suppress(GenerationError):  # waiting for it says what is wrong
                self._child.send(**self._first)
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


class _Child:
    """One child process and the replies it has sent."""

    def __init__(
        self, path: Path, context: int, threads: int, adapter: Path | None
    ) -> None:
        command = [sys.executable, "-m", "qa.neural.generation.llama_child", str(path)]
        command += ["--context", str(context), "--threads", str(threads)]
        command += ["--adapter", str(adapter)] if adapter else []
        package_root = str(Path(__file__).parents[3])
        paths = [package_root, os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={
                # Its threads wait for one another some hundred times a token. Without
                # spinning that is slow, with much of it a busy machine stands still.
                "GOMP_SPINCOUNT": _SPINS,
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            },
        )
        self._path = path
        self._ready = False
        self._drafting = False
        self._replies: queue.Queue[dict[str, Any]] = queue.Queue()
        self._readers = [
            threading.Thread(target=read, daemon=True)
            for read in (self._receive, self._log_errors)
        ]
        for thread in self._readers:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def _receive(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        for line in self._process.stdout:
            self._replies.put(json.loads(line))

    def _log_errors(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - a pipe
        for line in self._process.stderr:
            _log.debug("generator: %s", line.rstrip())

    def send(self, **request: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as exc:
            raise _died() from exc

    def wait_until_ready(self, cancel: threading.Event) -> bool:
        """Wait for the model to be loaded; False when cancelled meanwhile."""
        deadline = time.monotonic() + _LOAD_SECONDS
        while not self._ready:
            if cancel.is_set():
                return False
            reply = self._poll()
            if reply is None:
                late = time.monotonic() > deadline
                if not late and (self.alive or not self._replies.empty()):
                    continue
                self.kill()
                raise ModelError(
                    f"{self._path}: the model cannot be loaded: its process "
                    f"{'took too long' if late else 'ended'}; check the file, or "
                    "set `generator` to another"
                )
            if "error" in reply:
                raise ModelError(
                    f"{self._path}: the model cannot be used: {reply['error']}; "
                    "check the file, or set `generator` to another"
                )
            self._ready = True
        return True

    def texts(self, cancel: threading.Event, seconds: float) -> Iterator[str]:
        """The pieces of the running draft until it ends or is cancelled."""
        deadline = time.monotonic() + seconds
        self._drafting = True
        told = False
        while self._drafting:
            if cancel.is_set() and not told:
                self.send(cancel=True)
                told = True
            reply = self._poll()
            if reply is None:
                if time.monotonic() > deadline or not self.alive:
                    self.kill()
                    raise _died()
            elif "error" in reply:
                self._drafting = False
                raise GenerationError(f"generation failed ({reply['error']})")
            elif "done" in reply:
                self._drafting = False
            elif not told:
                yield reply["text"]

    def settle(self, seconds: float) -> None:
        """Let the running draft, if any, end; kill the process if it does not."""
        if not self._drafting or not self.alive:
            return
        deadline = time.monotonic() + seconds
        self.send(cancel=True)
        while time.monotonic() < deadline:
            reply = self._poll()
            if reply is not None and ("done" in reply or "error" in reply):
                self._drafting = False
                return
        self.kill()

    def _poll(self) -> dict[str, Any] | None:
        """The next reply, or None when there is none yet."""
        try:
            return self._replies.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            return None

    def kill(self) -> None:
        """End the process and take leave of its pipes."""
        self._process.kill()
        self._process.wait()
        for thread in self._readers:
            thread.join(_GRACE_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):  # what was not sent yet stays unsent
                    pipe.close()


def _died() -> GenerationError:
    return GenerationError(
        "generation failed: the model's process ended; it is started again with "
        "the next question"
    )
