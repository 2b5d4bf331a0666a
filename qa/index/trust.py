"""Whether the catalogue is as the last builder left it, judged without reading it.

A builder that finds it so need not look at every row again. Whoever finds damage
says so here, and the next builder makes the catalogue anew.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from qa.index.catalogue import FILE

_STATED = "catalogue.whole"
_DAMAGED = "damaged"
_PARTS = (FILE, f"{FILE}-wal")


def is_trusted(folder: Path) -> bool:
    """Whether nothing has changed the files since ``trust``."""
    try:
        stated = (folder / _STATED).read_text(encoding="ascii")
        return stated == _state(folder)
    except (OSError, ValueError):
        return False


def trust(folder: Path) -> None:
    """Remember the files as they are now: everything in them is as written."""
    with suppress(OSError):  # then the next builder looks again
        (folder / _STATED).write_text(_state(folder), encoding="ascii")


def distrust(folder: Path) -> None:
    """Let the next builder look at every row."""
    (folder / _STATED).unlink(missing_ok=True)


def report_damage(folder: Path) -> None:
    """Let the next builder save what is intact, without looking for the damage."""
    with suppress(OSError):  # a reader may not be allowed to
        (folder / _STATED).write_text(_DAMAGED, encoding="ascii")


def is_reported(folder: Path) -> bool:
    """Whether somebody has found damage."""
    try:
        return (folder / _STATED).read_text(encoding="ascii") == _DAMAGED
    except (OSError, ValueError):
        return False


def _state(folder: Path) -> str:
    states = []
    for part in _PARTS:
        path = folder / part
        # SQLite makes an empty log when it opens the catalogue.
        if path.exists() and (stat := path.stat()).st_size:
            states.append(f"{part} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}")
    return "\n".join(states)
