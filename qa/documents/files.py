"""The seeds folder: which files are there, and their bytes."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from posixpath import splitext

from qa.documents.origins import Origin, read_origin
from qa.errors import SeedError, SeedsError

_log = logging.getLogger(__name__)
TEXTS = {".md", ".markdown", ".txt", ".text", ".rst", ".tex", ".jsonl"}
PAGES = {".html", ".htm", ".xhtml"}
TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".ods"}
PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}
SUFFIXES = {
    *(TEXTS | PAGES | TABLES | PICTURES),
    *(".pdf", ".docx", ".epub", ".zip", ".pptx", ".odt", ".rtf", ".eml", ".mbox"),
    *(".srt", ".vtt", ".json", ".ipynb"),
}
_DOCX = "open it in Word or LibreOffice and save it as .docx"
_PDF = "export it as PDF"
_PAGE = "save the page as “HTML only” instead"
_MACROS = "may hold macros, which are not read; save it as .docx or export it as PDF"
_PICTURE = "is a picture of a kind that is not read; save it as .png"
_SOUND = "is sound or film; add its subtitles or a transcript (.vtt, .srt or .txt)"
_BOOK = "is not read; convert it to .epub (for example with Calibre)"
_TEXT = "is not read; if it holds text to ask about, save it as .txt"
_SOUNDS = (
    ".mp3 .wav .m4a .aac .flac .ogg .opus .wma .mp4 .mkv .avi .mov .webm .wmv".split()
)
_PICTURES = ".gif .bmp .heic .avif .svg .djvu .eps".split()
_PACKED = "is an archive of a kind that is not read; unpack it, or pack it as .zip"
_NEXT_STEPS = {
    **dict.fromkeys((".docm", ".dotm", ".xlsm", ".xltm", ".pptm", ".ppsm"), _MACROS),
    **dict.fromkeys((".doc", ".dot", ".wpd", ".wps"), f"is not read; {_DOCX}"),
    **dict.fromkeys(
        (".pages", ".key", ".odp", ".odg", ".pub", ".vsd", ".xps", ".oxps", ".ps"),
        f"is not read; {_PDF}",
    ),
    **dict.fromkeys((".mobi", ".azw", ".azw3", ".fb2", ".lit", ".chm"), _BOOK),
    **dict.fromkeys((".numbers", ".xlsb"), "is not read; save it as .xlsx or .csv"),
    **dict.fromkeys((".log", ".adoc", ".org", ".yaml", ".yml", ".xml"), _TEXT),
    ".ppt": "is not read; open it in PowerPoint or LibreOffice and save it as .pptx",
    ".msg": "is not read; open it in a mail program and save it as .eml",
    **dict.fromkeys(_SOUNDS, _SOUND),
    **dict.fromkeys(_PICTURES, _PICTURE),
    **dict.fromkeys((".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"), _PACKED),
    **dict.fromkeys((".mht", ".mhtml"), f"is not read; {_PAGE}"),
}
_TICK = 2_000_000_000
"""Nanoseconds; some file systems count in steps of two seconds."""


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A seed as read: its path below ``seeds/``, its bytes and their sha256.

    Attributes:
        origin: Where it was fetched from; None for a file that was not.
    """

    file: str
    data: bytes
    sha256: str
    origin: Origin | None = None


def scan_seeds(folder: Path) -> list[str]:
    """List the files below the seeds folder, in order.

    Hidden files, the folder's own ``README.md`` and the ``…_files`` folders that
    browsers save beside a page are not seeds.

    Returns:
        Paths below the folder with ``/`` between parts.

    Raises:
        SeedsError: The folder does not exist or cannot be read.
    """
    if not folder.is_dir():
        raise SeedsError(f"{folder}: there is no such folder; make it and add articles")
    try:
        found = list(_walk(folder, folder))
    except OSError as exc:
        raise SeedsError(f"{exc.filename}: cannot be read ({exc.strerror})") from exc
    return sorted(name for name in found if name != "README.md")


def _walk(folder: Path, top: Path) -> Iterator[str]:
    with os.scandir(folder) as scanned:
        entries = list(scanned)
        pages = {e.name.rsplit(".", 1)[0] for e in entries if kind_of(e.name) in PAGES}
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.name.removesuffix("_files") in pages and entry.is_dir():
                continue
            if not _is_unicode(entry.name):
                _log.warning("%r: its name is not UTF-8; rename it", entry.name)
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), top)
            else:
                yield entry.path[len(str(top)) :].replace(os.sep, "/").lstrip("/")


def read_seed(folder: Path, file: str, *, max_bytes: int | None) -> SeedFile:
    """Read one seed.

    Args:
        folder: The seeds folder.
        file: A path below it, from ``scan_seeds``.
        max_bytes: Larger files are refused; None takes any size.

    Raises:
        SeedError: Wrong kind, outside the folder, too big, changing or unreadable.
    """
    path = folder / file
    check_kind(file)
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except OSError as exc:
        raise SeedError(f"{file}: cannot be read ({exc.strerror})") from exc
    except RuntimeError as exc:  # a loop of links, before Python 3.13
        raise SeedError(f"{file}: is a link to itself") from exc
    if not inside:
        raise SeedError(f"{file}: leads out of the seeds folder; copy the file instead")
    data = read_whole(path, shown=file, max_bytes=max_bytes)
    digest = sha256(data).hexdigest()
    return SeedFile(file, data, digest, read_origin(folder, digest))


def read_whole(path: Path, *, shown: str, max_bytes: int | None) -> bytes:
    """The bytes of a file that nobody writes meanwhile; errors call it ``shown``.

    Raises:
        SeedError: No regular file, too big, changing or unreadable.
    """
    try:
        if not path.is_file():
            raise SeedError(f"{shown}: is no regular file")
        with path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            data = stream.read(-1 if max_bytes is None else max_bytes + 1)
            after = os.fstat(stream.fileno())
    except OSError as exc:
        raise SeedError(f"{shown}: cannot be read ({exc.strerror})") from exc
    if max_bytes is not None and len(data) > max_bytes:
        limit = max_bytes / 1_000_000
        raise SeedError(f"{shown}: is larger than {limit:g} MB; split it (max_seed_mb)")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SeedError(f"{shown}: changed while it was read; try again")
    return data


def owning_seed(file: str, is_seed: Callable[[str], bool]) -> str:
    """The seed that a document is in: itself, or the file before a ``#``.

    Args:
        file: As in ``Source.file``; a seed's own name may hold a ``#``.
        is_seed: Whether there is a seed of a name.

    Returns:
        Its name, the longest there is; empty where there is none.
    """
    parts = file.split("#")
    names = ("#".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next(filter(is_seed, names), "")


def note_of(look: str, sha256: str) -> str:
    """What is noted of a file that was read: if it is so again, so are its bytes."""
    return f"{look} {sha256}"


def seen_in(note: str, sha256: str) -> tuple[int, int] | None:
    """Size in bytes and time of change in nanoseconds of a file that was noted; None
    where nothing was, or of other bytes.
    """
    if not note.endswith(f" {sha256}"):
        return None
    size, changed = note.split(" ")[:2]
    return int(size), int(changed)


def look_at(folder: Path, file: str) -> str:
    """What a file looks like from outside; it changes whenever the file does.

    Returns:
        Its size, times and number, or nothing where these cannot tell: in the time
        that a clock takes to tick, a file can change and look the same.
    """
    try:
        # Paths as text: there may be many thousand files.
        seen = os.stat(f"{folder}/{file}")  # noqa: PTH116
    except (OSError, ValueError):
        return ""
    changed = max(seen.st_mtime_ns, seen.st_ctime_ns)
    if time.time_ns() - changed < _TICK:
        return ""
    return f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}"


def check_kind(file: str) -> None:
    """Refuse a kind of file that is not read, and say what to do with it.

    Raises:
        SeedError: Always for such a file.
    """
    kind = kind_of(file)
    if kind in PICTURES and not can_recognise():
        raise SeedError(f"{file}: is a picture; {to_recognise(new='#' not in file)}")
    if kind in SUFFIXES:
        return
    known = ", ".join(sorted(SUFFIXES))
    other = f"this kind of file is not read (only {known}); export it as one of these"
    step = _NEXT_STEPS.get(kind, other)
    raise SeedError(f"{file}: {step}")


def can_recognise() -> bool:
    """Whether the extra is installed that reads text in pictures."""
    return find_spec("rapidocr") is not None


def to_recognise(*, new: bool) -> str:
    """What to do so that pictures are read.

    Args:
        new: Whether nothing of it is indexed; else a build takes it for unchanged.
    """
    build = "qa build" if new else "qa build --fresh"
    return f"to have it read, `pip install -c constraints.txt '.[ocr]'`, then `{build}`"


def kind_of(file: str) -> str:
    """The suffix that says how to read a file, in lower case."""
    return splitext(file)[1].lower()


def stem_of(file: str) -> str:
    """The name of a file, or of an archive's member, that may stand for a title."""
    return PurePosixPath(file.rpartition("#")[2]).stem


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
