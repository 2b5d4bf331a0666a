"""JSON Lines to records: one article a line, taken as clean text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from qa.documents.blocks import Metadata
from qa.documents.markdown import check_front_matter
from qa.documents.plain import clean
from qa.errors import SeedError


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a JSON Lines seed."""

    id: str
    text: str
    metadata: Metadata


def parse_records(text: str, file: str) -> Iterator[Record]:
    """Read ``id``, ``title``, ``text`` and optional metadata from each line.

    Raises:
        SeedError: A line is no JSON object, lacks a key, or repeats an id.
    """
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        record = _record(line, where)
        if record.id in seen:
            raise SeedError(f"{where}: the id {record.id!r} stands twice")
        seen.add(record.id)
        yield record


def _record(line: str, where: str) -> Record:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise SeedError(f"{where}: not valid JSON") from exc
    if not isinstance(values, dict):
        raise SeedError(f"{where}: not a JSON object")
    identifier, body = values.get("id"), values.get("text")
    if not isinstance(identifier, str | int) or identifier == "":
        raise SeedError(f"{where}: needs an id")
    if not isinstance(body, str):
        raise SeedError(f"{where}: needs a text")
    return Record(
        clean(str(identifier)), clean(body), check_front_matter(values, where)
    )
