"""The raw text behind a document, for looking quotes up in it."""

from __future__ import annotations

from pathlib import Path

from qa.documents.blocks import LeftOut
from qa.documents.decoding import decode
from qa.documents.files import TEXTS, kind_of, owning_seed, read_seed
from qa.documents.plain import clean
from qa.documents.records import parse_records
from qa.documents.worker import Parser
from qa.errors import SeedError


def seed_text(folder: Path, file: str) -> str:
    """The raw text that a document was made from; of a PDF, what was read of it.

    Args:
        folder: The seeds folder.
        file: As in ``Source.file``.

    Raises:
        SeedError: The file cannot be read any more.
    """
    name = owning_seed(file, lambda name: (folder / name).is_file())
    if not name:
        raise SeedError(f"{file}: is gone; run `qa build`")
    record = file[len(name) + 1 :]
    seed = read_seed(folder, name, max_bytes=None)
    if kind_of(name) in TEXTS:
        text = clean(decode(seed.data, name))
        if not record:
            return text
        return next((r.text for r in parse_records(text, name) if r.id == record), "")
    with Parser() as parser:
        documents = parser.parse(seed).documents
    return next((d.text for d in documents if d.source.file == file), "")


def left_out(folder: Path, file: str, *, max_bytes: int | None) -> tuple[LeftOut, ...]:
    """What a seed says that its documents do not, with the reason for each part.

    A reading is the same every time, so it is read again rather than stored.

    Args:
        folder: The seeds folder.
        file: A seed, or a member of an archive or a record, as in ``Source.file``.
        max_bytes: Larger files are refused; None takes any size.

    Raises:
        SeedError: The file is not there, or cannot be read.
    """
    name = owning_seed(file, lambda name: (folder / name).is_file())
    if not name:
        raise SeedError(f"{file}: there is no such seed; `qa status` lists them")
    with Parser() as parser:
        parsed = parser.parse(read_seed(folder, name, max_bytes=max_bytes))
    unread = (LeftOut("", part.reason, part.where) for part in parsed.unread)
    found = (*unread, *parsed.left_out)
    within = (f"{file}#", f"{file},")
    return tuple(p for p in found if p.where == file or p.where.startswith(within))
