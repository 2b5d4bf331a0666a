"""What was fetched, by its content first and what the server calls it second."""

from __future__ import annotations

import re
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from qa.documents.archive import open_zip, read_member
from qa.documents.files import PICTURES, SUFFIXES
from qa.errors import FetchError, SeedError

_TEXTS = {
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/jsonl": ".jsonl",
    "application/jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
}
"""What the standard library does not know."""
_TYPES = MimeTypes()  # its own, not those of the machine
_UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}
_OFFICE = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "xl/workbook.bin": ".xlsx",
    "ppt/presentation.xml": ".pptx",
}
_MIMETYPES = {
    b"application/epub+zip": ".epub",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
"""What the member ``mimetype`` of such a package holds."""
_LONGEST = 100
_KNOWN_BY_CONTENT = {".pdf", ".zip", *_OFFICE.values(), *_MIMETYPES.values()}
_FETCHED = SUFFIXES - PICTURES
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARES = re.compile(
    rb"<meta[^>]{1,200}charset|<\?xml[^>]{1,200}encoding", re.IGNORECASE
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head)\b", re.IGNORECASE)
_PAGE_ENDS = re.compile(
    r"\.(html?|xhtml|php|aspx?|jsp|pdf|docx|epub|zip)$", re.IGNORECASE
)


def kind_of_content(data: bytes, content_type: str, url: str) -> str:
    """The suffix under which to save what came.

    Args:
        data: The whole of it.
        content_type: As the server calls it; may be empty or wrong.
        url: Its address; its ending counts where nothing else tells.

    Raises:
        FetchError: It is of no kind that is read.
    """
    named = content_type.partition(";")[0].strip().lower()
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_package(data)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") and _HTML.search(head):
        return ".html"
    told = _told(named, url)
    if told in _KNOWN_BY_CONTENT:
        raise FetchError(
            f"{url}: is called {named or told} and is none; open it in a browser"
        )
    if told in _FETCHED:
        return told
    raise FetchError(
        f"{url}: is {named or 'of no known kind'}, which is not read; docs/formats.md "
        "has the kinds that are"
    )


def _told(named: str, url: str) -> str:
    """The suffix by the server's name for it, or by the address where that says
    little; ``text/plain`` is what servers call Markdown and tables too.
    """
    ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    if ending not in _FETCHED:
        ending = ""
    if named in _UNTOLD:
        return ending
    if named == "text/plain":
        return ".txt" if ending in _KNOWN_BY_CONTENT else ending or ".txt"
    return _TEXTS.get(named) or _TYPES.guess_extension(named) or ending


def _kind_of_package(data: bytes) -> str:
    """By the members of an archive, not those of archives inside it."""
    try:
        with open_zip(data, "what came") as archive:
            members = {info.filename: info for info in archive.infolist()}
            for name, kind in _OFFICE.items():
                if name in members:
                    return kind
            stated = members.get("mimetype")
            if stated is None or stated.file_size > _LONGEST:
                return ".zip"
            said = read_member(archive, stated.filename, "what came")
            return _MIMETYPES.get(said.strip(), ".zip")
    except SeedError:  # said again, with the file's name, by who reads it
        return ".zip"


def as_saved(data: bytes, content_type: str, suffix: str) -> bytes:
    """The bytes to save: a text's encoding must be told by the text itself.

    Only where the server alone names it is the text re-encoded, as UTF-8.
    """
    named = _CHARSET.search(content_type)
    if suffix not in _TEXTS.values() or named is None or _DECLARES.search(data[:4096]):
        return data
    try:
        return data.decode(named[1]).encode("utf-8")
    except (LookupError, UnicodeError):
        return data


def name_of(url: str, suffix: str) -> str:
    """A name to save under: the site and the last part of the address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    last = next((p for p in reversed(parts.path.split("/")) if p), "")
    stem = _PAGE_ENDS.sub("", unquote(last)).removesuffix(suffix)
    return "-".join(filter(None, (host, stem.replace("/", "-")))) + suffix
