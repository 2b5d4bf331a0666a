"""DOCX to blocks: mammoth makes HTML of it, ``tree`` makes blocks of that."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from qa.documents.archive import open_package, read_member, refuse_entities
from qa.documents.blocks import Metadata, Read
from qa.documents.plain import clean_line
from qa.documents.tree import blocks_in, parse_html, parse_xml
from qa.errors import SeedError

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name^='toc'] => !
"""
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def parse_docx(data: bytes, file: str) -> Read:
    """Read the text of a Word file: headings, paragraphs, lists, tables, notes.

    Raises:
        SeedError: It is encrypted, damaged, or holds macros.
    """
    import mammoth

    if data.startswith(_OLD_OR_LOCKED):
        raise SeedError(
            f"{file}: is encrypted, or an old .doc; save it as .docx without a password"
        )
    with open_package(data, file) as package:
        names = package.namelist()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise SeedError(f"{file}: holds macros; save it as .docx without them")
        refuse_entities(package, names, file)
        metadata = _core(package, file)
    try:
        made = mammoth.convert_to_html(
            BytesIO(data), style_map=_STYLES, convert_image=_no_picture
        )
    except (KeyError, ValueError, OSError, AttributeError) as exc:
        raise SeedError(f"{file}: is no Word file; save it again as .docx") from exc
    text = made.value.replace("↑</a>", "</a>")  # the way back from a note
    return Read(blocks_in(parse_html(text, file)) if text else [], metadata)


def _no_picture(_: object) -> list[Any]:
    return []


def _core(package: zipfile.ZipFile, file: str) -> Metadata:
    if "docProps/core.xml" not in package.namelist():
        return Metadata()
    tree = parse_xml(read_member(package, "docProps/core.xml", file), file)
    title = clean_line(tree.findtext(f"{_DUBLIN_CORE}title") or "")
    author = clean_line(tree.findtext(f"{_DUBLIN_CORE}creator") or "")
    return Metadata(title, (author,) if author else ())
