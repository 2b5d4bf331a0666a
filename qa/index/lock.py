"""One builder at a time, and who it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import BuildLockedError, IndexDamagedError

_FILE = "build.lock"


@contextmanager
def builder_lock(folder: Path) -> Iterator[None]:
    """Hold an index folder, making it if there is none.

    The system frees the lock when its holder dies, so that one that was killed
    keeps nobody out; the file beside it only says who holds it.

    Raises:
        BuildLockedError: Another process is building.
        IndexDamagedError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise IndexDamagedError(f"{folder}: cannot be made ({exc.strerror})") from exc
    lock, holder = FileLock(folder / _FILE), folder / f"{_FILE}.pid"
    try:
        lock.acquire(timeout=0)
        holder.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as exc:
        raise BuildLockedError(_locked_by(folder, holder)) from exc
    except OSError as exc:
        if lock.is_locked:  # so the folder can be written, only not the number
            holder.unlink(missing_ok=True)
            lock.release()
        raise IndexDamagedError(
            f"{folder}: cannot be written ({exc.strerror}); check the space and the "
            "permissions there"
        ) from exc
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _locked_by(folder: Path, holder: Path) -> str:
    try:
        pid = holder.read_text(encoding="ascii")
    except OSError:
        pid = "unknown"
    return f"{folder}: process {pid} is building this index; wait for it to finish"
