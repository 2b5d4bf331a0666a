"""ZIP archives, and the formats that are ZIP archives inside, opened with bounds.

Nothing is unpacked to disk. A member is never read beyond the size it declares,
and the declared sizes are bounded before anything is read.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath

from qa.documents.blocks import Unread
from qa.errors import SeedError

_MEMBERS = 10_000
_TOTAL_MB = 200
_RATIO = 200
_SMALL = 1_000_000
_ENTRY = b"PK\x01\x02"
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    LookupError,
    ValueError,
)
_AGAIN = "; pack it again as an ordinary zip file"


def open_zip(data: bytes, file: str) -> zipfile.ZipFile:
    """Open an archive of bounded length.

    Raises:
        SeedError: It is damaged or has too many members.
    """
    if data.count(_ENTRY) > _MEMBERS:
        raise SeedError(f"{file}: has more than {_MEMBERS:,} members; split it")
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise SeedError(f"{file}: is a damaged archive{_AGAIN}") from exc


def open_package(data: bytes, file: str) -> zipfile.ZipFile:
    """Open a DOCX or EPUB, each of whose members must be in order.

    Raises:
        SeedError: It is damaged, encrypted, or unpacks to too much.
    """
    archive = open_zip(data, file)
    for info in archive.infolist():
        if reason := _refusal(info):
            raise SeedError(f"{file}: {_shown(info.filename)}: {reason}")
    if sum(info.file_size for info in archive.infolist()) > _TOTAL_MB * 1_000_000:
        raise SeedError(f"{file}: unpacks to more than {_TOTAL_MB} MB; split it")
    return archive


def list_members(archive: zipfile.ZipFile, file: str) -> tuple[list[str], list[Unread]]:
    """The members that may be read, and for the others why not.

    Folders, hidden files and what macOS puts beside them are passed over.
    """
    members: list[str] = []
    unread: list[Unread] = []
    total = 0
    for info in archive.infolist():
        parts = PurePosixPath(info.filename).parts
        if info.is_dir() or any(_is_hidden(part) for part in parts):
            continue
        reason = _refusal(info)
        if info.filename in members:
            reason = "stands twice in the archive; give each its own name"
        elif not reason and total + info.file_size > _TOTAL_MB * 1_000_000:
            reason = f"the archive unpacks to more than {_TOTAL_MB} MB; split it"
        if reason:
            unread.append(Unread(f"{file}#{_shown(info.filename)}", reason))
            continue
        total += info.file_size
        members.append(info.filename)
    return members, unread


def read_member(archive: zipfile.ZipFile, member: str, file: str) -> bytes:
    """One member's bytes.

    Raises:
        SeedError: It is damaged.
    """
    try:
        return archive.read(member)
    except _DAMAGE as exc:
        raise SeedError(f"{file}: is damaged inside the archive") from exc
    except (NotImplementedError, RuntimeError) as exc:
        raise SeedError(f"{file}: is packed in a way that is not read{_AGAIN}") from exc


def refuse_entities(package: zipfile.ZipFile, names: Iterable[str], file: str) -> None:
    """Refuse XML parts with a document type, which office programs do not write.

    Raises:
        SeedError: One declares it, and so wants entities expanded.
    """
    for name in names:
        if name.endswith((".xml", ".rels")):
            part = read_member(package, name, file)
            if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                raise SeedError(f"{file}: declares XML entities; save it again")


def _refusal(info: zipfile.ZipInfo) -> str:
    if not info.filename.isprintable():
        return f"its name holds characters that cannot be shown{_AGAIN}"
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return f"its name leads out of the archive{_AGAIN}"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link; put the file itself into the archive"
    if info.flag_bits & 1:
        return "is encrypted; pack it again without a password"
    if info.compress_type not in _PACKINGS:
        return f"is packed in a way that is not read{_AGAIN}"
    if info.file_size > max(_SMALL, _RATIO * info.compress_size):
        return "unpacks to far more than it should (a zip bomb?); add the file itself"
    return ""


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part != "..")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:200])
