"""What was fetched, by its content first and what the server calls it second."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from qa.errors import FetchError

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXTS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "application/jsonl": ".jsonl",
    "application/jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
}
_BINARY = {"application/pdf", "application/epub+zip", "application/zip", _WORD}
_UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}
_SUFFIXES = {".md": ".md", ".markdown": ".md", ".txt": ".txt", ".jsonl": ".jsonl"}
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
    ending = _SUFFIXES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "")
    if named == "text/plain" and ending:
        return ending
    if named in _TEXTS:
        return _TEXTS[named]
    if named in _UNTOLD and ending:
        return ending
    if named in _BINARY:
        raise FetchError(f"{url}: is called {named} and is none; open it in a browser")
    raise FetchError(
        f"{url}: is {named or 'of no known kind'}, which is not read; only web pages, "
        "PDF, Word, EPUB, ZIP, Markdown, plain text and JSON Lines are"
    )


def _kind_of_package(data: bytes) -> str:
    if b"mimetypeapplication/epub+zip" in data[:200]:
        return ".epub"
    return ".docx" if b"word/document.xml" in data else ".zip"


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
