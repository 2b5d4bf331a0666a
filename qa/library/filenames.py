"""Names for files, made of whatever a person, a page or an upload calls them."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 150
"""Bytes of a name; file systems take 255, and a temporary name adds to it."""
_UNSAFE = re.compile(r'[\\/<>:"|?*#]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file name without folders, device names, hidden or invisible characters."""
    last = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    return _safe_part(last)


def safe_path(name: str) -> str:
    """Like ``safe_name`` for each part of a path below the seeds folder."""
    parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
    return "/".join(map(_safe_part, parts)) or _safe_part("")


def _safe_part(part: str) -> str:
    part = unicodedata.normalize("NFC", part.encode("utf-8", "replace").decode())
    part = "".join(c for c in " ".join(part.split()) if c.isprintable())
    part = _UNSAFE.sub("-", part).strip(". ").lstrip("-~$. ")
    stem, dot, suffix = part.rpartition(".")
    if not dot:
        stem, suffix = part, ""
    room = _LONGEST - len(f"{dot}{suffix}".encode())
    stem = stem.encode()[: max(room, 1)].decode("utf-8", "ignore").rstrip(". ")
    part = f"{stem or 'article'}{dot}{suffix}"
    return f"_{part}" if _DEVICES.match(part) else part
