"""Spreadsheets to documents: a sheet is one, each row a line with its heads.

The page of a block is its row, counted from 1 as spreadsheet programs do.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any

from qa.documents.archive import open_package
from qa.documents.blocks import Block, Metadata, Read, Row, Unread
from qa.documents.decoding import decode
from qa.documents.files import stem_of
from qa.documents.plain import clean, clean_line
from qa.documents.tables import labels_of, names_columns, row_line
from qa.errors import SeedError

_ROWS = 50_000
_LONGEST_FIELD = 1_000_000
_SNIFFED = 20_000
_DELIMITERS = ",;\t|"
_MORE = f"has more than {_ROWS:,} rows; split it"


def parse_csv(data: bytes, file: str) -> list[Read]:
    """The rows of a table in plain text, whatever parts its cells.

    Raises:
        SeedError: It cannot be decoded, or has a field without an end.
    """
    text = clean(decode(data, file))
    csv.field_size_limit(_LONGEST_FIELD)
    comma = "\t" if file.lower().endswith(".tsv") else _comma(text[:_SNIFFED])
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error as exc:
        raise SeedError(f"{file}: has a field without an end; save it again") from exc
    return [_sheet(rows, file, "")]


def parse_workbook(data: bytes, file: str) -> list[Read]:
    """The sheets of XLSX, XLS or ODS that hold something; values, not formulas.

    Raises:
        SeedError: It is encrypted or damaged.
    """
    from python_calamine import CalamineError, load_workbook

    if data.startswith(b"PK"):
        open_package(data, file).close()
    try:
        book = load_workbook(io.BytesIO(data))
        names = list(book.sheet_names)
        sheets = [_rows(book.get_sheet_by_name(name)) for name in names]
    except (CalamineError, OSError, ValueError, KeyError) as exc:
        raise SeedError(
            f"{file}: is encrypted or damaged; open it and save it again"
        ) from exc
    read = [
        _sheet(rows, file, name)
        for name, rows in zip(names, sheets, strict=True)
        if any(map(any, rows))
    ]
    if not read:
        raise SeedError(f"{file}: holds no text")
    return read


def _comma(text: str) -> str:
    """What parts the cells; how they are quoted cannot be told from a first part."""
    try:
        return csv.Sniffer().sniff(text, _DELIMITERS).delimiter
    except csv.Error:
        return ","


def _rows(sheet: Any) -> list[list[str]]:
    """The rows of a sheet, those above the first one that is used empty."""
    above: list[list[str]] = [[]] * (sheet.start[0] if sheet.start else 0)
    return above + [[_shown(cell) for cell in row] for row in sheet.to_python()]


def _sheet(rows: Sequence[Sequence[str]], file: str, name: str) -> Read:
    blocks = list(_blocks(rows[:_ROWS]))
    where = f"{file}#{name}" if name else file
    unread = [Unread(where, _MORE)] if len(rows) > _ROWS else []
    title = ": ".join(filter(None, [stem_of(file), name]))
    return Read(blocks, Metadata(title), unread, name=name)


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Titles above a table, then its rows under their heads; an empty row ends it."""
    labels: tuple[str, ...] | None = None
    for number, row in enumerate(rows, 1):
        cells = [clean_line(cell) for cell in row]
        filled = sum(map(bool, cells))
        if not filled:
            labels = None
        elif labels is None and filled > 1:
            named = names_columns(_trimmed(cells))
            labels = tuple(labels_of([cells])) if named else ()
            if not labels:
                yield Block("row", row_line((), cells), page=number, row=Row(()))
        else:
            line = row_line(labels or (), cells)
            in_table = None if labels is None else Row(labels)
            yield Block("row", line, page=number, row=in_table)


def _trimmed(cells: Sequence[str]) -> list[str]:
    """A row without the empty cells at its end."""
    last = max((n for n, cell in enumerate(cells) if cell), default=-1)
    return list(cells[: last + 1])


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
