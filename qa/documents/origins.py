"""Where seeds that were fetched came from, kept beside them by the hash of their bytes.

A file may be renamed and keeps its origin; one that is edited is no longer what was
fetched, and loses it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from qa.schema import Document, Source

FOLDER = ".origins"
"""Below the seeds folder; hidden, so it is not indexed."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The address that a file was fetched from, and the day, ISO 8601."""

    url: str
    retrieved: str


def read_origin(seeds: Path, sha256: str) -> Origin | None:
    """What is noted about a file; None for nothing, or nothing that can be used."""
    try:
        values = json.loads(_path(seeds, sha256).read_text(encoding="utf-8"))
        origin = Origin(url=values["url"], retrieved=values["retrieved"])
        usable = _ADDRESS.fullmatch(origin.url) and _DAY.fullmatch(origin.retrieved)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return origin if usable else None


def write_origin(seeds: Path, sha256: str, origin: Origin) -> None:
    """Note where a file came from.

    Raises:
        OSError: It cannot be written.
    """
    path = _path(seeds, sha256)
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(origin), indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def stamped(document: Document, origin: Origin | None) -> Document:
    """The document with its address and day.

    What a page states as its address counts only on the site it came from: what it
    says of others cannot be known.
    """
    if origin is None:
        return document
    stated = document.source.url
    url = stated if stated and _site(stated) == _site(origin.url) else origin.url
    source: Source = replace(document.source, url=url, retrieved=origin.retrieved)
    return replace(document, source=source)


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _path(seeds: Path, sha256: str) -> Path:
    return seeds / FOLDER / f"{sha256}.json"
