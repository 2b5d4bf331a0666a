"""The text of a seed exactly as stored, for offsets that others have counted."""

from __future__ import annotations

import json
from pathlib import Path

from qa.errors import EvaluationError


def original_text(folder: Path, file: str) -> str:
    """What a document was made from, before any cleaning.

    Args:
        folder: The seeds folder.
        file: As in ``Source.file``; of a JSON Lines record, its ``text``.

    Raises:
        EvaluationError: The file or the record is not there any more.
    """
    name, _, record = file.partition("#")
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise EvaluationError(f"{folder / name}: cannot be read as UTF-8") from exc
    if not record:
        return text
    for line in text.split("\n"):
        if line.strip():
            values = json.loads(line)
            if str(values["id"]) == record:
                return str(values["text"])
    raise EvaluationError(f"{folder / name}: has no record {record!r}; run `qa build`")
