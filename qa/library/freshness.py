"""Whether articles still say what is indexed of them, by a look at their files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from qa.documents.files import seen_in
from qa.index import IndexedLook, Snapshot

_CLOCK_SECONDS = 2.0
"""In which times of files and of the index may differ by rounding."""


def outdated(
    seeds: Path, snapshot: Snapshot, documents: Iterable[str]
) -> tuple[str, ...]:
    """A sentence on each seed of these documents, by id, that was written or removed
    since it was indexed. Nothing is read: size and time tell.

    Where the whole folder is missing, as beside an index that was copied without its
    seeds, there is nothing to tell.
    """
    if not seeds.is_dir():
        return ()
    told = (_change(seeds, look) for look in snapshot.looks_of(documents))
    return tuple(filter(None, told))


def _change(seeds: Path, look: IndexedLook) -> str:
    try:
        now = (seeds / look.file).stat()
    except OSError:
        return (
            f"{look.file} is not among the articles any more; until the next "
            "`qa build` answers come from what was indexed of it."
        )
    if seen := seen_in(look.noted, look.sha256):
        changed = (now.st_size, now.st_mtime_ns) != seen
    else:
        indexed = datetime.fromisoformat(look.indexed).timestamp()
        changed = now.st_mtime > indexed + _CLOCK_SECONDS
    if not changed:
        return ""
    return (
        f"{look.file} was written since it was indexed; until the next `qa build` "
        "answers come from its earlier text."
    )
