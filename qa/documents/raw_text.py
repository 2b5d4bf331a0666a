"""The raw text behind a document, for looking quotes up in it."""

from __future__ import annotations

from pathlib import Path

from qa.documents.decoding import decode
from qa.documents.files import TEXTS, kind_of, read_seed
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
    name, record = _split(folder, file)
    seed = read_seed(folder, name, max_bytes=None)
    if kind_of(name) in TEXTS:
        text = clean(decode(seed.data, name))
        if not record:
            return text
        return next((r.text for r in parse_records(text, name) if r.id == record), "")
    with Parser() as parser:
        documents = parser.parse(seed).documents
    return next((d.text for d in documents if d.source.file == file), "")


def _split(folder: Path, file: str) -> tuple[str, str]:
    """The seed's own name, and of which part of it; its name may hold a ``#``."""
    parts = file.split("#")
    for count in range(1, len(parts) + 1):
        name = "#".join(parts[:count])
        if (folder / name).is_file():
            return name, "#".join(parts[count:])
    raise SeedError(f"{file}: is gone; run `qa build`")
