"""Bringing the index up to date beside the answering, one build at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from qa.build import BuildReport, Progress, SeedReport
from qa.ui.server.failures import failure_line
from qa.ui.server.notifier import Notifier

Build = Callable[[Callable[[Progress], None]], BuildReport]


@dataclass(frozen=True, slots=True)
class BuildState:
    """How far the building is.

    Attributes:
        runs: Builds that have ended; a page that saw another number looks anew.
        progress: Of the build that runs; None before its first step.
        seeds: What the last build that succeeded said of each file.
        error: Why the last build failed; empty if it did not.
    """

    running: bool = False
    runs: int = 0
    progress: Progress | None = None
    seeds: tuple[SeedReport, ...] = ()
    error: str = ""

    @property
    def skipped(self) -> tuple[SeedReport, ...]:
        """The files that could not be read."""
        return tuple(seed for seed in self.seeds if seed.outcome == "skipped")


class _StoppedError(Exception):
    """The page is closed while a build runs."""


class BuildRunner:
    """Builds in a thread of its own; asked for while one runs, another follows.

    Args:
        build: Builds once; None if another program does.
        notifier: Told of each step.
    """

    def __init__(self, build: Build | None, notifier: Notifier) -> None:
        self._build = build
        self._notifier = notifier
        self._lock = threading.Lock()
        self._again = False
        self._state = BuildState()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> BuildState:
        """As it is now."""
        return self._state

    def start(self) -> bool:
        """Begin, or go on once more after the build that runs; False if another
        program builds.
        """
        if self._build is None:
            return False
        with self._lock:
            if self._state.running:
                self._again = True
                return True
            self._state = replace(self._state, running=True, progress=None, error="")
        self._notifier.notify()
        self._thread = threading.Thread(
            target=self._run, args=[self._build], name="build", daemon=True
        )
        self._thread.start()
        return True

    def stop(self, seconds: float) -> None:
        """End the build that runs at its next step; the next one goes on from there.

        A process that ends while native code computes is aborted with a message.

        Args:
            seconds: To wait for it, at most.
        """
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, build: Build) -> None:
        going_on = True
        while going_on:
            outcome = self._once(build)
            with self._lock:
                going_on = self._again and not self._stopping.is_set()
                self._again = False
                self._state = replace(outcome, running=going_on)
            self._notifier.notify()

    def _once(self, build: Build) -> BuildState:
        runs = self._state.runs + 1
        try:
            report = build(self._progressed)
        except _StoppedError:
            error = "The build was stopped."
        except Exception as exc:  # noqa: BLE001 - a thread has no caller to raise to
            error = failure_line(exc, "building")
        else:
            return BuildState(runs=runs, seeds=report.seeds)
        return BuildState(runs=runs, seeds=self._state.seeds, error=error)

    def _progressed(self, progress: Progress) -> None:
        if self._stopping.is_set():
            raise _StoppedError
        self._state = replace(self._state, progress=progress)
        self._notifier.notify()
