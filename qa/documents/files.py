"""The seeds folder: which files are there, and what is in each."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import charset_normalizer

from qa.documents.blocks import Block, Metadata, compose
from qa.documents.furniture import drop_furniture
from qa.documents.markdown import parse_markdown
from qa.documents.metadata import stated_metadata, states_metadata
from qa.documents.plain import clean, parse_plain
from qa.documents.records import parse_records
from qa.errors import SeedError, SeedsError
from qa.schema import Document

_log = logging.getLogger(__name__)
SUFFIXES = {".md", ".markdown", ".txt", ".text", ".jsonl"}
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8")


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A seed as read: its path below ``seeds/``, its bytes and their sha256."""

    file: str
    data: bytes
    sha256: str


def scan_seeds(folder: Path) -> list[str]:
    """List the files below the seeds folder, in order.

    Hidden files and the folder's own ``README.md`` are not seeds.

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
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not _is_unicode(entry.name):
                _log.warning("%r: its name is not UTF-8; rename it", entry.name)
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), top)
            else:
                yield Path(entry.path).relative_to(top).as_posix()


def read_seed(folder: Path, file: str, *, max_bytes: int | None) -> SeedFile:
    """Read one seed.

    Args:
        folder: The seeds folder.
        file: A path below it, from ``scan_seeds``.
        max_bytes: Larger files are refused; None takes any size.

    Raises:
        SeedError: Wrong kind, outside the folder, too big or unreadable.
    """
    path = folder / file
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise SeedError(f"{file}: this kind of file is not read (only {known})")
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SeedError(
                f"{file}: leads out of the seeds folder; copy the file instead"
            )
        if not path.is_file():
            raise SeedError(f"{file}: is no regular file")
        with path.open("rb") as stream:
            data = stream.read(-1 if max_bytes is None else max_bytes + 1)
    except OSError as exc:
        raise SeedError(f"{file}: cannot be read ({exc.strerror})") from exc
    except RuntimeError as exc:  # a loop of links, before Python 3.13
        raise SeedError(f"{file}: is a link to itself") from exc
    if max_bytes is not None and len(data) > max_bytes:
        limit = max_bytes // 1_000_000
        raise SeedError(f"{file}: is larger than {limit} MB; split it (max_seed_mb)")
    return SeedFile(file, data, sha256(data).hexdigest())


def load_documents(seed: SeedFile) -> list[Document]:
    """Turn a seed into its documents: one, or one a line for JSON Lines.

    Raises:
        SeedError: The file is empty, binary, mis-encoded or malformed.
    """
    text = clean(_decode(seed))
    if seed.file.lower().endswith(".jsonl"):
        documents = _records(seed.file, text)
    elif seed.file.lower().endswith((".md", ".markdown")):
        documents = [_article(seed.file, *parse_markdown(text, seed.file))]
    else:
        documents = [_article(seed.file, parse_plain(text), Metadata())]
    documents = [document for document in documents if document.text.strip()]
    if not documents:
        raise SeedError(f"{seed.file}: holds no text")
    return documents


def seed_text(folder: Path, file: str) -> str:
    """The raw text that a document was made from, for looking quotes up.

    Args:
        folder: The seeds folder.
        file: As in ``Source.file``.

    Raises:
        SeedError: The file cannot be read any more.
    """
    name, _, record = file.partition("#")
    seed = read_seed(folder, name, max_bytes=None)
    text = clean(_decode(seed))
    if not record:
        return text
    return next((r.text for r in parse_records(text, name) if r.id == record), "")


def _decode(seed: SeedFile) -> str:
    data = seed.data
    if not data.strip():
        raise SeedError(f"{seed.file}: is empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(_BINARY) or b"\x00" in data:
        raise SeedError(f"{seed.file}: is binary, not text")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        for guess in _guesses(data):
            try:
                return data.decode(guess)
            except UnicodeDecodeError:
                continue
        raise SeedError(
            f"{seed.file}: its encoding is not recognised; save it as UTF-8"
        ) from exc


def _guesses(data: bytes) -> Iterator[str]:
    """Encodings of 8-bit text to try; Windows Western is by far the commonest.

    It is taken where its letters beyond ASCII stand among Latin ones, as they do
    in words; elsewhere the statistics decide.
    """
    western = data.decode("cp1252", "replace")
    letters = [c for c in western if not c.isascii() and c.isalpha()]
    plain = sum(c.isascii() and c.isalpha() for c in western)
    if "\ufffd" not in western and len(letters) < plain / 3:
        yield "cp1252"
    best = charset_normalizer.from_bytes(data[:200_000]).best()
    if best is not None:
        yield best.encoding


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _article(file: str, blocks: list[Block], front: Metadata) -> Document:
    """A whole article: stated metadata kept, furniture dropped, title first."""
    if front.title and not any(_same(b.text, front.title) for b in blocks[:3]):
        blocks = [Block("heading", front.title, level=1), *blocks]
    metadata = front.or_else(stated_metadata(blocks))
    blocks = [_with_role(block, metadata.title) for block in blocks]
    return compose(file, drop_furniture(blocks), metadata)


def _with_role(block: Block, title: str) -> Block:
    """The title is the one level-1 heading; a byline is no heading at all."""
    if title and _same(block.text, title):
        return replace(block, kind="heading", level=1)
    if block.kind == "heading" and states_metadata(block.text):
        return replace(block, kind="paragraph", level=0)
    return block


def _same(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()


def _records(file: str, text: str) -> list[Document]:
    documents = []
    for record in parse_records(text, file):
        blocks = parse_plain(record.text)
        name = f"{file}#{record.id}"
        documents.append(compose(name, blocks, record.metadata))
    return documents
