"""RTF and OpenDocument text to blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qa.documents.archive import open_package, read_member, refuse_entities
from qa.documents.blocks import Block, Metadata, Read
from qa.documents.plain import clean, clean_line, parse_plain
from qa.documents.tables import is_data, row_blocks
from qa.documents.tree import parse_xml
from qa.errors import SeedError

_PARTS = {"META-INF/manifest.xml", "content.xml", "meta.xml"}
_SKIPPED = {"tracked-changes", "note", "annotation", "forms", "sequence-decls"}
_BLANK = {"s": " ", "tab": " ", "line-break": " "}


def parse_rtf(data: bytes, file: str) -> Read:
    """The text of an RTF file; each of its lines is a paragraph, or a table's row.

    Raises:
        SeedError: It is none.
    """
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise SeedError(f"{file}: is no RTF file; save it as .docx")
    text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")
    lines = text.replace("|\n", "\n").split("\n")
    return Read(parse_plain(clean("\n\n".join(lines))))


def parse_odt(data: bytes, file: str) -> Read:
    """The headings, paragraphs, lists, tables and notes of an OpenDocument text.

    Raises:
        SeedError: It is encrypted or damaged.
    """
    with open_package(data, file) as package:
        names = package.namelist()
        if "content.xml" not in names:
            raise SeedError(f"{file}: is no OpenDocument file; save it again")
        refuse_entities(package, _PARTS.intersection(names), file)
        if "META-INF/manifest.xml" in names:
            listed = read_member(package, "META-INF/manifest.xml", file)
            if b"encryption-data" in listed:
                raise SeedError(f"{file}: is encrypted; save it without a password")
        tree = parse_xml(read_member(package, "content.xml", file), file)
        stated = read_member(package, "meta.xml", file) if "meta.xml" in names else b""
    body = next(tree.iter("{*}text"), None)
    if body is None:
        raise SeedError(f"{file}: is no OpenDocument text; save it as .odt")
    notes = [
        Block("row", text) for text in map(_said, tree.iter("{*}note-body")) if text
    ]
    return Read([*_blocks(body), *notes], _metadata(stated, file))


def _metadata(data: bytes, file: str) -> Metadata:
    if not data:
        return Metadata()
    tree = parse_xml(data, file)
    title, author = (
        next((_said(element) for element in tree.iter(f"{{*}}{name}")), "")
        for name in ("title", "initial-creator")
    )
    return Metadata(title, (author,) if author else ())


def _blocks(parent: Any, *, item: bool = False) -> Iterator[Block]:
    for element in parent:
        name = _name(element)
        if name == "h":
            level = element.xpath("string(@*[local-name()='outline-level'])")
            yield Block(
                "heading", _said(element), int(level) if level.isdecimal() else 2
            )
        elif name == "p":
            yield Block("item" if item else "paragraph", _said(element))
        elif name == "table":
            yield from _table(element)
        elif name not in _SKIPPED and isinstance(element.tag, str):
            yield from _blocks(element, item=item or name == "list-item")


def _table(table: Any) -> Iterator[Block]:
    rows = [
        [_said(cell) for cell in row if _name(cell).endswith("table-cell")]
        for row in table.iter("{*}table-row")
    ]
    heads = sum(len(found) for found in table.iter("{*}table-header-rows"))
    if rows and is_data(rows):
        yield from row_blocks(rows, heads)
        return
    for cell in table.iter("{*}table-cell"):
        yield from _blocks(cell)


def _said(element: Any) -> str:
    return clean_line("".join(_words(element)))


def _words(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = _name(child)
        if name not in _SKIPPED:
            yield _BLANK.get(name, "")
            yield from _words(child)
            yield " " if name in {"p", "h"} else ""
        yield child.tail or ""


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
