"""JSON and notebooks to blocks: records as rows, other values behind their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qa.documents.blocks import Block, LeftOut, Read
from qa.documents.decoding import decode
from qa.documents.markdown import parse_markdown
from qa.documents.plain import clean, clean_line, parse_preformatted
from qa.documents.tables import row_line
from qa.errors import SeedError

_VALUES = 200_000


def parse_json(data: bytes, file: str) -> Read:
    """Each record of a list as a line, each other value behind its keys.

    Raises:
        SeedError: It is no JSON, or nested too deeply.
    """
    blocks: list[Block] = []
    for line in _lines(_loaded(data, file), ""):
        blocks.append(Block("row", clean_line(line)))
        if len(blocks) > _VALUES:
            raise SeedError(f"{file}: holds more than {_VALUES:,} values; split it")
    return Read(blocks)


def parse_notebook(data: bytes, file: str) -> Read:
    """The text and the code of a notebook; what running it gave is left out.

    Raises:
        SeedError: It is no notebook.
    """
    values = _loaded(data, file)
    cells = values.get("cells") if isinstance(values, dict) else None
    if not isinstance(cells, list):
        raise SeedError(f"{file}: is no notebook; save it again")
    blocks: list[Block] = []
    left: list[LeftOut] = []
    for cell in cells:
        if not isinstance(cell, dict):
            continue
        text = _text(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            blocks += parse_markdown(clean(f"\n{text}"), file)[0]
        else:
            blocks += parse_preformatted(clean(text))
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            shown = _text(output.get("text")) if isinstance(output, dict) else ""
            if shown.strip():
                left.append(LeftOut(shown.strip(), "an output of a notebook"))
    return Read(blocks, left_out=left)


def _loaded(data: bytes, file: str) -> object:
    try:
        return json.loads(decode(data, file))
    except (ValueError, RecursionError) as exc:
        raise SeedError(f"{file}: not valid JSON; save it again") from exc


def _text(value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str))


def _lines(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        flat = {
            k: _shown(v) for k, v in value.items() if not isinstance(v, dict | list)
        }
        if flat:
            line = row_line(list(flat), list(flat.values()))
            yield f"{path}: {line}" if path else line
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _lines(inner, f"{path}, {key}" if path else str(key))
    elif isinstance(value, list):
        plain = [_shown(v) for v in value if not isinstance(v, dict | list)]
        if plain:
            yield f"{path}: {'; '.join(plain)}" if path else "; ".join(plain)
        for inner in value:
            if isinstance(inner, dict | list):
                yield from _lines(inner, path)
    elif text := _shown(value):
        yield f"{path}: {text}" if path else text


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
