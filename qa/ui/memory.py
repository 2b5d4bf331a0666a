"""Keeping what a long-lived server takes from growing with its threads."""

from __future__ import annotations

import ctypes
import platform

_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2


def share_arenas() -> bool:
    """Let all threads allocate from two arenas; False where there is no glibc.

    Otherwise glibc gives each thread an arena of its own, up to eight a core, and
    each keeps the most that any question has taken of it.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS))
