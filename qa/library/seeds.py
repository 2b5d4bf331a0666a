"""Changing the seeds folder: files come in under safe names, and go out recoverably.

Nothing is overwritten, and a build that runs meanwhile never sees half a file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath

from qa.documents import Origin, check_kind, scan_seeds, write_origin
from qa.documents.files import owning_seed, read_whole
from qa.errors import SeedError, SeedsError
from qa.library.filenames import safe_name, safe_path

REMOVED = ".removed"
"""Where removed seeds go, below the seeds folder; hidden, so it is not indexed."""
_SKIPPED = "README.md"
"""The seeds folder's own; ``scan_seeds`` does not list it."""


@dataclass(frozen=True, slots=True)
class Added:
    """A file that is in the seeds folder now.

    Attributes:
        file: Its path below the seeds folder, as in ``Source.file``.
        is_new: False where the same bytes were there already; nothing was written.
    """

    file: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not added, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A seed that was moved out of the library, and where it can be had back."""

    file: str
    kept: Path


def add_file(
    seeds: Path, source: Path, *, max_bytes: int | None, name: str = ""
) -> Added:
    """Copy a file into the seeds folder under a safe name.

    Args:
        seeds: The seeds folder; made where there is none.
        source: The file; a link is followed, because it was named.
        max_bytes: Larger files are refused; None takes any size.
        name: What to call it, for example the name before an upload; may be
            anything. Empty for the name of ``source``.

    Raises:
        SeedError: A kind that is not read, too big, no file, or not readable.
        SeedsError: The seeds folder cannot be written.
    """
    check_kind(name or source.name)
    try:
        real = source.resolve(strict=True)
    except (OSError, RuntimeError) as exc:
        raise SeedError(f"{source}: there is no such file") from exc
    if file := _within(seeds, real):
        return Added(file, is_new=False)
    data = read_whole(real, shown=str(source), max_bytes=max_bytes)
    return add_bytes(seeds, name or source.name, data)


def add_folder(
    seeds: Path, source: Path, *, max_bytes: int | None
) -> Iterator[Added | Refused]:
    """Copy the files of a folder, each as soon as it is asked for.

    They keep their subfolders, below the folder's own name. Hidden files are left
    alone; a link that leads out of the folder is refused.

    Raises:
        SeedsError: The folder cannot be read, or the seeds folder not written.
    """
    top = source.resolve()
    if top.is_relative_to(seeds.resolve()):
        raise SeedsError(f"{source}: is in the seeds folder already; run `qa build`")
    if seeds.resolve().is_relative_to(top):
        raise SeedsError(f"{source}: holds the seeds folder; name a folder beside it")
    for file in scan_seeds(source):
        shown = str(source / file)
        if not (top / file).resolve().is_relative_to(top):
            yield Refused(shown, "is a link out of its folder; add the file itself")
            continue
        try:
            check_kind(shown)
            data = read_whole(top / file, shown=shown, max_bytes=max_bytes)
            yield add_bytes(seeds, f"{top.name}/{file}", data, keep_folders=True)
        except SeedError as exc:
            yield Refused(shown, str(exc).removeprefix(f"{shown}: "))


def add_bytes(
    seeds: Path,
    name: str,
    data: bytes,
    *,
    keep_folders: bool = False,
    origin: Origin | None = None,
) -> Added:
    """Write bytes into the seeds folder under a safe name.

    Args:
        seeds: The seeds folder; made where there is none.
        name: What to call them; made safe, numbered where others have it.
        data: The bytes of a whole file.
        keep_folders: Whether folders in ``name`` are kept, each made safe.
        origin: Where they were fetched from.

    Raises:
        SeedError: A kind of file that is not read.
        SeedsError: The seeds folder cannot be written.
    """
    file = safe_path(name) if keep_folders else safe_name(name)
    check_kind(file)
    with _writing(seeds):
        (seeds / file).parent.mkdir(parents=True, exist_ok=True)
        if not (seeds / file).parent.resolve().is_relative_to(seeds.resolve()):
            raise SeedError(f"{file}: its folder leads out of the seeds folder")
        if origin:  # first, so that a build that sees the file sees this too
            write_origin(seeds, sha256(data).hexdigest(), origin)
        for candidate in _candidates(file):
            if _holds(seeds / candidate, data):
                return Added(candidate, is_new=False)
            if _write_new(seeds / candidate, data):
                return Added(candidate, is_new=True)
    raise AssertionError("there are endless names")


def remove_file(
    seeds: Path, name: str, titles: Mapping[str, str] | None = None
) -> Removed:
    """Move a seed out of the library, to where it can be had back from.

    Args:
        seeds: The seeds folder.
        name: Its path below the seeds folder, its name, or an article's title;
            capitals do not count.
        titles: Titles by ``Source.file``, for finding by title.

    Raises:
        SeedError: None or several are called so, or it cannot be moved.
        SeedsError: The seeds folder cannot be read.
    """
    file = find_seed(seeds, name, titles or {})
    with _writing(seeds):
        for candidate in _candidates(file):
            kept = seeds / REMOVED / candidate
            if kept.exists():
                continue
            kept.parent.mkdir(parents=True, exist_ok=True)
            (seeds / file).rename(kept)
            return Removed(file, kept)
    raise AssertionError("there are endless names")


def find_seed(seeds: Path, name: str, titles: Mapping[str, str]) -> str:
    """The one seed that a name or a title means.

    Raises:
        SeedError: None or several do.
        SeedsError: The seeds folder cannot be read.
    """
    files = scan_seeds(seeds)
    if name in files:
        return name
    wanted = name.casefold().strip()
    owner = {file: owning_seed(file, files.__contains__) for file in titles}
    ways = (
        [f for f in files if f.casefold() == wanted],
        [f for f in files if PurePosixPath(f).name.casefold() == wanted],
        [f for f, title in titles.items() if title.casefold() == wanted and owner[f]],
        [f for f in files if PurePosixPath(f).stem.casefold() == wanted],
    )
    found = next((way for way in ways if way), [])
    if not found:
        known = {*files, *titles.values()}
        close = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
        hint = f"close to it: {', '.join(close)}" if close else "`qa status` lists all"
        raise SeedError(f"{name}: no article is called so; {hint}")
    if len(found) > 1:
        listed = ", ".join(found[:10])
        raise SeedError(f"{name}: {len(found)} articles are called so: {listed}")
    if found[0] not in files:
        raise SeedError(
            f"{name}: is part of {owner[found[0]]}; remove that, or change the file"
        )
    return found[0]


def _candidates(file: str) -> Iterator[str]:
    """A name, then numbered ones: ``a.md``, ``a-2.md``, ``a-3.md`` and so on."""
    path = PurePosixPath(file)
    if file.casefold() != _SKIPPED.casefold():
        yield file
    for number in count(2):
        yield str(path.with_name(f"{path.stem}-{number}{path.suffix}"))


def _holds(path: Path, data: bytes) -> bool:
    return (
        path.is_file()
        and path.stat().st_size == len(data)
        and path.read_bytes() == data
    )


def _write_new(path: Path, data: bytes) -> bool:
    """Write a file that is whole as soon as it is there; False if one is there."""
    if os.path.lexists(path):
        return False
    # A hidden name: a build that scans the folder meanwhile passes it over.
    handle, partial = tempfile.mkstemp(prefix=".", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).chmod(0o644)
        return _name(Path(partial), path)
    finally:
        Path(partial).unlink(missing_ok=True)


def _name(partial: Path, path: Path) -> bool:
    """Give a finished file its name, unless another got it meanwhile."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        return False
    except OSError:  # a file system without links; nearly as safe
        if os.path.lexists(path):
            return False
        partial.replace(path)
    return True


def _within(seeds: Path, real: Path) -> str:
    """The path of a file that is a seed already; empty for any other."""
    if not real.is_relative_to(seeds.resolve()):
        return ""
    path = real.relative_to(seeds.resolve())
    hidden = any(part.startswith(".") for part in path.parts)
    return "" if hidden else path.as_posix()


@contextmanager
def _writing(seeds: Path) -> Iterator[None]:
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as exc:
        raise SeedsError(
            f"{exc.filename or seeds}: cannot be written ({exc.strerror}); check the "
            "folder and the free space"
        ) from exc
