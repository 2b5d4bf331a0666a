"""Keeping what a long-lived process takes from the system small, with glibc.

glibc keeps what is freed, for the next allocation: the most that a question has
taken at once stays with the process, and with each of its threads.
"""

from __future__ import annotations

import ctypes
import os
import platform

_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2
_UNKNOWN_MB = 8000


def share_arenas() -> bool:
    """Let all threads allocate from two arenas; False where there is no glibc.

    Otherwise glibc gives each thread an arena of its own, up to eight a core, and
    each keeps the most that any question has taken of it.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS))


def give_back() -> None:
    """Return what is free to the system, where there is glibc; takes milliseconds.

    For the end of what took much. Lower thresholds would return each block at once,
    and to be given it anew costs a network half of its time.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def total_memory_mb() -> int:
    """Memory of this machine, or what its control group may take of it."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not on this system
        return _UNKNOWN_MB
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as stream:  # noqa: PTH123
            limit = stream.read().strip()
    except OSError:
        limit = "max"
    return min(total, int(limit) if limit.isdecimal() else total) // 1_000_000
