"""The raw text behind a document, for looking quotes up in it."""

from __future__ import annotations

from pathlib import Path

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
