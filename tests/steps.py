"""What a builder does that leaves a trace, as named steps that a test can act on.

Nothing in the program knows of it: Python reports files that are opened, renamed
and deleted, SQLite reports its statements. Only for a process that is thrown away,
since an audit hook stays for good.
"""

import os
import re
import sqlite3
import sys
from collections import Counter

_WRITES = os.O_WRONLY | os.O_RDWR


class Steps:
    """Names each step below a folder and calls ``act`` before it is taken."""

    def __init__(self, folder, act):
        self._folder = str(folder)
        self._act = act
        self._busy = False

    def install(self):
        sys.addaudithook(self._hear)
        sync, connect = os.fsync, sqlite3.connect

        def fsync(descriptor):
            self._step("before fsync")
            sync(descriptor)
            self._step("after fsync")

        def traced(*arguments, **options):
            connection = connect(*arguments, **options)
            connection.set_trace_callback(self._sql)
            return connection

        os.fsync, sqlite3.connect = fsync, traced

    def embedded(self):
        self._step("vectors come from the model")

    def _hear(self, event, arguments):
        if event in {"os.rename", "os.remove", "os.link"} or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES
        ):
            path = str(arguments[0])
            if path.startswith(self._folder):
                self._step(f"{event} {path.removeprefix(self._folder)}")

    def _sql(self, statement):
        # The second kind is what full-text search does inside.
        if not statement.startswith(("SELECT", "--", "PRAGMA 'main'")):
            self._step(" ".join(statement.split()[:3]))

    def _step(self, name):
        if not self._busy:
            self._busy = True
            self._act(re.sub(r"\d+", "#", name))
            self._busy = False


def numbered(steps):
    """Each step with which time it is taken."""
    times = Counter()
    found = []
    for step in steps:
        times[step] += 1
        found.append((step, times[step]))
    return found


def first_and_last(steps):
    """Of each step the first time and the last time it is taken."""
    last = dict(numbered(steps))
    return sorted({(step, 1) for step in last} | set(last.items()))
