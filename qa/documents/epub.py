"""EPUB to blocks: the chapters in reading order, read like web pages.

Read with the standard library and lxml: the one maintained library for it is
under a licence that does not go with this project's.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from qa.documents.archive import open_package, read_member
from qa.documents.blocks import Block, Metadata, Read
from qa.documents.decoding import decode
from qa.documents.metadata import iso_date
from qa.documents.plain import clean_line
from qa.documents.tree import blocks_in, parse_html, parse_xml
from qa.errors import SeedError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")


def parse_epub(data: bytes, file: str) -> Read:
    """Read the chapters of a book in order.

    Raises:
        SeedError: It is protected, damaged, or names no chapters.
    """
    with open_package(data, file) as package:
        if _ENCRYPTION in package.namelist():
            listed = read_member(package, _ENCRYPTION, file)
            if re.search(rb"URI=[\"'][^\"']+\.x?html?[\"']", listed):
                raise SeedError(f"{file}: is protected against copying; it is not read")
        container = parse_xml(read_member(package, _CONTAINER, file), file)
        paths = [root.get("full-path", "") for root in container.iter("{*}rootfile")]
        if not paths or paths[0] not in package.namelist():
            raise SeedError(f"{file}: is no EPUB; save it again")
        book = parse_xml(read_member(package, paths[0], file), file)
        blocks: list[Block] = []
        for name in _chapters(book, posixpath.dirname(paths[0])):
            if name in package.namelist():
                blocks += _chapter(package, name, file)
        return Read(blocks, _metadata(book))


def _chapters(book: Any, folder: str) -> Iterator[str]:
    """Names of the chapters in reading order; the table of contents is none."""
    pages = {
        item.get("id"): posixpath.normpath(
            posixpath.join(folder, unquote(item.get("href", "")))
        )
        for item in book.iter("{*}item")
        if item.get("media-type") in _PAGES
        and "nav" not in item.get("properties", "").split()
    }
    for reference in book.iter("{*}itemref"):
        if reference.get("idref") in pages and reference.get("linear") != "no":
            yield pages[reference.get("idref")]


def _chapter(package: zipfile.ZipFile, name: str, file: str) -> list[Block]:
    data = read_member(package, name, file)
    if not data.strip():
        return []
    return blocks_in(parse_html(decode(data, file), file))


def _metadata(book: Any) -> Metadata:
    def stated(name: str) -> list[str]:
        texts = (clean_line(e.text or "") for e in book.iter(f"{{*}}{name}"))
        return [text for text in texts if text]

    addresses = (*stated("source"), *stated("identifier"))
    return Metadata(
        title=next(iter(stated("title")), ""),
        authors=tuple(stated("creator")),
        publisher=next(iter(stated("publisher")), ""),
        published=next(filter(None, map(iso_date, stated("date"))), ""),
        url=next((a for a in addresses if re.match("https?://", a)), ""),
    )
