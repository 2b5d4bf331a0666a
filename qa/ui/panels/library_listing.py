"""The library as its page shows it: what is indexed, what is not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.documents import LeftOut, left_out, scan_seeds
from qa.documents.files import owning_seed
from qa.errors import QaError, SeedError, SeedsError
from qa.index import Store
from qa.language.rendering import join_names
from qa.library.seeds import Added, Removed, add_bytes, remove_file
from qa.schema import Source
from qa.ui.server.build_runner import BuildState
from qa.ui.server.guard import MAX_UPLOAD

MAX_TOTAL = 1_000_000_000
_PARTS = 500


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One article, or one file that is not one yet.

    Attributes:
        seed: The file below ``seeds/`` that it is in.
        status: ``indexed``, ``new`` (not indexed yet), ``gone`` (indexed, its file
            removed) or ``skipped``.
        reason: Why it was skipped.
    """

    file: str
    seed: str
    title: str
    authors: str = ""
    publisher: str = ""
    date: str = ""
    passages: int = 0
    status: str = "indexed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LibraryListing:
    """All rows by file, and why there is no index if there is none."""

    rows: tuple[ListedArticle, ...]
    generation: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LeftOutListing:
    """What is not read of a file, part by part, and how many parts are not listed."""

    parts: tuple[LeftOut, ...]
    more: int = 0


def list_library(index: Store, seeds: Path, state: BuildState) -> LibraryListing:
    """The library as it is now."""
    try:
        there = set(scan_seeds(seeds))
    except SeedsError:
        there = set()
    skipped = {seed.file: seed.reason for seed in state.skipped}
    problem, generation, rows = "", None, []
    try:
        with index.snapshot() as snapshot:
            generation = snapshot.generation
            for source in snapshot.sources():
                passages = len(snapshot.keys_in(source.id))
                rows.append(_row(source, passages, there, skipped))
            indexed = {seed.file for seed in snapshot.seeds()}
    except QaError as exc:
        problem, indexed = exc.line, set()
    for file in sorted((there | skipped.keys()) - indexed):
        reason = skipped.get(file, "")
        status = "skipped" if reason else "new"
        seed = owning_seed(file, there.__contains__) or file
        rows.append(ListedArticle(file, seed, file, status=status, reason=reason))
    return LibraryListing(
        tuple(sorted(rows, key=lambda row: row.file)), generation, problem
    )


def _row(
    source: Source, passages: int, there: set[str], skipped: dict[str, str]
) -> ListedArticle:
    seed = owning_seed(source.file, there.__contains__) or source.file
    reason = skipped.get(seed, "")
    return ListedArticle(
        file=source.file,
        seed=seed,
        title=source.title,
        authors=join_names(source.authors),
        publisher=source.publisher,
        date=source.published,
        passages=passages,
        status="skipped" if reason else "indexed" if seed in there else "gone",
        reason=reason,
    )


def list_left_out(seeds: Path, file: str, *, max_bytes: int) -> LeftOutListing:
    """What is not read of a file, as ``qa status --left-out`` shows it.

    Args:
        seeds: The seeds folder.
        file: An article or a seed, as listed; may come from anybody.
        max_bytes: Larger seeds are refused.

    Raises:
        SeedError: It is not in the library, or cannot be read.
        SeedsError: The folder cannot be read.
    """
    there = set(scan_seeds(seeds))
    if not owning_seed(file, there.__contains__):
        raise SeedError(f"{file}: is not in the library; look again")
    parts = left_out(seeds, file, max_bytes=max_bytes)
    return LeftOutListing(parts[:_PARTS], max(0, len(parts) - _PARTS))


def add_upload(seeds: Path, name: str, data: bytes, *, max_bytes: int) -> Added:
    """Put an uploaded file among the seeds.

    Raises:
        SeedError: A kind that is not read, too big, or no room for it.
        SeedsError: The folder cannot be written.
    """
    limit = min(max_bytes, MAX_UPLOAD)
    if len(data) > limit:
        raise SeedError(f"{name}: is larger than {limit // 1_000_000} MB; split it")
    if not data:
        raise SeedError(f"{name}: is empty")
    if seeds.is_dir():
        taken = sum((seeds / file).lstat().st_size for file in scan_seeds(seeds))
        if taken + len(data) > MAX_TOTAL:
            raise SeedError(
                f"{name}: the library would be larger than {MAX_TOTAL // 10**9} GB; "
                "remove something first"
            )
    return add_bytes(seeds, name, data)


def remove_seed(seeds: Path, file: str) -> Removed:
    """Move a seed, named exactly, to where it can be had back from.

    Raises:
        SeedError: There is none of this name.
        SeedsError: The folder cannot be written.
    """
    if file not in scan_seeds(seeds):
        raise SeedError(f"{file}: is not in the library; look again")
    return remove_file(seeds, file)
