"""What a web page states about itself: JSON-LD, ``citation_*``, ``og:`` and others.

Nothing is guessed, and nothing but http and https addresses is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.documents.blocks import Metadata
from qa.documents.metadata import iso_date
from qa.documents.plain import clean

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(article|report|posting|paper|publication)$", re.IGNORECASE)
_SAVED = re.compile(
    r"saved (?:from url=\(\d+\)|with SingleFile\s+url:\s*)(https?://\S+)"
)
_NESTED = 8
_ADDRESS = 2000


def page_metadata(tree: HtmlElement) -> Metadata:
    """Collect the metadata of a page, the most careful source first."""
    named = _named(tree)
    scholarly = Metadata(
        title=_first(named, "citation_title"),
        authors=_names(named.get("citation_author", [])),
        publisher=_first(named, "citation_journal_title", "citation_publisher"),
        published=_date(_first(named, "citation_publication_date", "citation_date")),
    )
    social = Metadata(
        title=_first(named, "og:title", "dc.title", "dcterms.title", "twitter:title"),
        authors=_names(
            named.get("author", []) or named.get("dc.creator", []) or _bylines(tree)
        ),
        publisher=_first(named, "og:site_name", "dc.publisher", "publisher"),
        published=_date(
            _first(named, "article:published_time", "dc.date", "dcterms.date", "date")
        ),
    )
    address = Metadata(url=_address(tree, named))
    stated = scholarly.or_else(_linked_data(tree)).or_else(social)
    title = Metadata(title=_title(tree, stated.publisher))
    return address.or_else(stated).or_else(title)


def _named(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of ``meta`` elements by their lower-case name."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = _line(meta.get("content", ""))
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _first(named: dict[str, list[str]], *names: str) -> str:
    return next((named[name][0] for name in names if name in named), "")


def _linked_data(tree: HtmlElement) -> Metadata:
    """The first article that the page's JSON-LD describes."""
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            values = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _objects(values, _NESTED):
            if any(_ARTICLE.search(kind) for kind in _strings(item.get("@type"))):
                return Metadata(
                    title=_text(item.get("headline") or item.get("name")),
                    authors=_names(list(_strings(item.get("author")))),
                    publisher=_text(item.get("publisher")),
                    published=_date(_text(item.get("datePublished"))),
                    url=_web(_text(item.get("url"))),
                )
    return Metadata()


def _objects(values: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(values, dict):
        yield values
        values = list(values.values())
    if isinstance(values, list) and depth:
        for value in values:
            yield from _objects(value, depth - 1)


def _strings(value: object) -> Iterator[str]:
    """A string, a thing's name, or those of a list."""
    if isinstance(value, list):
        for part in value:
            if not isinstance(part, list):
                yield from _strings(part)
    elif isinstance(value, dict):
        name = value.get("name")
        yield from _strings(name if isinstance(name, str) else "")
    elif isinstance(value, str) and _line(value):
        yield _line(value)


def _text(value: object) -> str:
    return next(_strings(value), "")


def _names(values: list[str]) -> tuple[str, ...]:
    """Names of people; an address is none, and "Doe, Jane" is turned round."""
    found = []
    for value in values:
        name = re.sub(r"^by[:\s]\s*", "", value, flags=re.IGNORECASE)
        parts = name.split(", ")
        if len(parts) == 2 and all(len(part.split()) < 3 for part in parts):
            name = f"{parts[1]} {parts[0]}" if " " not in parts[0] else name
        if name and "://" not in name and len(name) < 120:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _bylines(tree: HtmlElement) -> list[str]:
    marked = tree.xpath("//*[@rel='author' or @itemprop='author']")
    return [_line(element.text_content()) for element in marked]


def _date(value: str) -> str:
    return iso_date(value.replace("/", "-")) if len(value) < 60 else ""


def _address(tree: HtmlElement, named: dict[str, list[str]]) -> str:
    """The canonical address, or the one the browser wrote down when saving."""
    for link in tree.iter("link"):
        if "canonical" in link.get("rel", "").lower().split():
            address = _web(link.get("href", ""))
            if address:
                return address
    stated = _web(_first(named, "og:url", "citation_public_url"))
    comments = " ".join(str(node.text) for node in tree.xpath("//comment()"))
    saved = _SAVED.search(comments)
    return stated or (_web(saved[1]) if saved else "")


def _web(value: str) -> str:
    value = value.strip()
    is_web = re.fullmatch(r"https?://[^\s<>\"]+", value)
    return value if is_web and len(value) <= _ADDRESS else ""


def _title(tree: HtmlElement, site: str) -> str:
    """The ``title`` element without the name of the site."""
    title = _line(tree.findtext(".//title") or "")
    for head in tree.iter("h1"):
        heading = _line(head.text_content())
        if heading and title.startswith(heading):
            return heading
    if site:
        return re.sub(rf"\s+[|–—·-]\s+{re.escape(site)}$", "", title)
    return title


def _line(value: str) -> str:
    return " ".join(clean(value).split())
