"""Looking at the whole library: what repeats what, what changed, every passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.documents import Parser, look_at, read_seed, scan_seeds
from qa.documents.files import note_of
from qa.errors import SeedError
from qa.index import Snapshot
from qa.retrieval.copies import Repeat, age, find_repeats

COMPARED = 200_000
"""Passages of which every sentence is compared; of more, a sample."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A seed that a build would skip, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build would do, judged as it judges."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def count(self) -> int:
        """Files that a build would take in or let go."""
        return len(self.added) + len(self.changed) + len(self.removed)


def library_repeats(snapshot: Snapshot) -> tuple[Repeat, ...]:
    """Which articles repeat an earlier one, by file."""
    sources = sorted(snapshot.sources(), key=age)
    repeats = find_repeats(
        ((source.file, snapshot.sentence_stems(source.id)) for source in sources),
        one_in=1 + snapshot.passage_count // COMPARED,
    )
    return tuple(sorted(repeats, key=lambda repeat: repeat.file))


def repeats_after_build(
    snapshot: Snapshot, *, most: int = COMPARED
) -> tuple[Repeat, ...]:
    """The same, but none with more passages than ``most``: every passage is read for
    it, and a build pays for what is new. ``qa status --repeats`` tells them all.
    """
    return library_repeats(snapshot) if snapshot.passage_count <= most else ()


def seed_changes(seeds: Path, snapshot: Snapshot, *, max_bytes: int) -> Changes:
    """Compare the files with what is indexed of them.

    Only what does not look as it did is read, and only what differs is parsed, to
    tell what a build would skip.

    Raises:
        SeedsError: The folder does not exist or cannot be read.
    """
    known = {seed.file: seed.sha256 for seed in snapshot.seeds()}
    looks = snapshot.looks()
    files = scan_seeds(seeds)
    differing: dict[str, list[str]] = {"added": [], "changed": []}
    unreadable = []
    with Parser() as parser:
        for file in files:
            look = look_at(seeds, file)
            digest = known.get(file)
            if look and digest and looks.get(file) == note_of(look, digest):
                continue
            try:
                seed = read_seed(seeds, file, max_bytes=max_bytes)
                if seed.sha256 == digest:
                    continue
                parser.parse(seed)
            except SeedError as exc:
                unreadable.append(Unreadable(file, str(exc).removeprefix(f"{file}: ")))
                continue
            differing["changed" if file in known else "added"].append(file)
    return Changes(
        added=tuple(differing["added"]),
        changed=tuple(differing["changed"]),
        removed=tuple(sorted(set(known) - set(files))),
        unreadable=tuple(unreadable),
    )


def passage_records(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Every passage with its article's metadata, as plain JSON values.

    They come by file and place, some hundreds in memory at a time.
    """
    for source in snapshot.sources():
        about = {
            "document": source.id,
            "file": source.file,
            "title": source.title,
            "authors": list(source.authors),
            "publisher": source.publisher,
            "published": source.published,
            "url": source.url,
            "retrieved": source.retrieved,
        }
        keys = snapshot.keys_in(source.id)
        for first in range(0, len(keys), _AT_ONCE):
            found = snapshot.passages(keys[first : first + _AT_ONCE])
            for key in keys[first : first + _AT_ONCE]:
                passage, _ = found[key]
                place = {
                    "heading": passage.heading,
                    "page": passage.page_of(0),
                    "from_picture": passage.is_from_picture(0),
                    "start": passage.start,
                    "end": passage.end,
                }
                yield {"id": passage.id, **about, **place, "text": passage.text}
