"""Columns of the tables, and what their rows hold: seeds, articles and passages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from qa.index import rows
from qa.index.protocol import VectorText
from qa.index.terms import index_terms
from qa.schema import Document, Passage, Source

Row = dict[str, Any]

PASSAGE = "key id document start end text heading sentences pages".split()
"""Columns of passages, as ``from_passage`` gives them."""
DOCUMENT = "text headings pages tables units seed".split()
"""Columns of documents, as ``from_document`` gives them behind those of the source."""
_ABOUT = "seed file container publisher published source".split()
FIELDS: dict[str, dict[str, str]] = {
    "generations": {"number": "int64", "meta": "string"},
    "seeds": dict.fromkeys(["file", "sha256", "added"], "string")
    | {"passages": "int64"},
    "looks": {"file": "string", "seen": "string"},
    "documents": dict.fromkeys(["id", *_ABOUT, *DOCUMENT], "string")
    | {"place": "int64"},
    "terms": {"term": "string", "passages": "int64"},
    "vectors": {"hash": "string", "prefix": "int64", "data": "binary"},
    "passages": dict.fromkeys([*PASSAGE, *_ABOUT, "stems", "words"], "string")
    | dict.fromkeys(["key", "start", "end"], "int64")
    | {"vectors": "binary"},
}
"""Columns by kind of table; the first tells rows apart."""


def kind_of(table: str) -> str:
    """What a table holds, by its name, which may have more behind a "-"."""
    return table.split("-", maxsplit=1)[0]


def from_document(document: Document, seed: str, place: int) -> Row:
    """A row of the document at a place in its seed file."""
    row = rows.from_document(document, seed)[-len(DOCUMENT) :]
    stated = dict(zip(DOCUMENT, row, strict=True))
    told = {"id": document.source.id, "place": place}
    return _about(document.source, seed) | stated | told


def to_document(row: Row) -> Document:
    """Of a row's ``source`` and ``DOCUMENT``."""
    return rows.to_document(
        (*json.loads(row["source"]), *(row[column] for column in DOCUMENT))
    )


def from_passage(
    passage: Passage, source: Source, seed: str, texts: Sequence[VectorText]
) -> Row:
    """A row but for its vectors; ``hashes`` are those of their texts."""
    said = [source.title, *source.authors, source.publisher, passage.heading]
    row = rows.from_passage(_key(passage.id), passage)
    return (
        _about(source, seed)
        | dict(zip(PASSAGE, row, strict=True))
        | {
            "stems": rows.stem_lines(source, passage),
            "words": " ".join(index_terms(" ".join([*said, passage.text]))),
            "hashes": [text.hash.hex() for text in texts],
        }
    )


def to_passage(row: Row) -> tuple[Passage, Source]:
    """Of a row's ``PASSAGE`` and ``source``."""
    return rows.to_passage(
        (*(row[column] for column in PASSAGE), *json.loads(row["source"]))
    )


def to_source(row: Row) -> Source:
    """Of a row's ``source``."""
    return rows.to_source(tuple(json.loads(row["source"])))


def _about(source: Source, seed: str) -> Row:
    """What filters go by, and what a passage's article is."""
    return {
        "seed": seed,
        "file": source.file,
        "container": source.file.split("#")[0],
        "publisher": source.publisher.casefold(),
        "published": source.published,
        "source": json.dumps(rows.from_source(source), ensure_ascii=False),
    }


def _key(identifier: str) -> int:
    """A passage's key, in 63 bits of a hash."""
    digest = blake2b(identifier.encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
