"""What a web page states about itself: JSON-LD, ``citation_*``, ``og:`` and others.

Nothing is guessed, and nothing but http and https addresses is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from qa.documents.blocks import Metadata
from qa.documents.metadata import iso_date
from qa.documents.plain import clean_line
from qa.documents.webdate import page_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(article|report|posting|paper|publication)$", re.IGNORECASE)
_SITES = re.compile(r"Web|Comment|Review|Answer|Question")
_SAVED = re.compile(
    r"saved (?:from url=\(\d+\)|with SingleFile\s+url:\s*)(https?://\S+)"
)
_TITLES = ("og:title", "dc.title", "dcterms.title", "twitter:title")
_DATES = (
    "article:published_time datepublished date dc.date dcterms.date dcterms.created "
    "parsely-pub-date pubdate publishdate dc.date.issued"
).split()
_BEFORE = "by|von|par|por|di|door|af|av"
_BY = re.compile(rf"^(?:{_BEFORE})\b[:\s]\s*", re.IGNORECASE)
_LABEL = re.compile(rf"(?:(?i:by|von|par|por)|[^\W\d]+ (?:{_BEFORE})):?")
"""What introduces a name, as in an element of its own: "Article by"."""
_NO_NAME = re.compile(
    r"://|@|\d|[→»<>{}|]|\w\.\w{2,3}$|^(?:Dr\.?|Ph\.?D\.?|M\.?D\.?|admin(?:istrator)?|webmaster|root|user|guest|author)$",
    re.IGNORECASE,
)
_MANY = 4
"""More names than this are those of a list of authors beside the article."""
_BREAK = r"\s*[|–—·»:-]\s*"
_SITE = re.compile(rf"|{_BREAK}.{{1,80}}|\s*\(.{{1,60}}\)")
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
    linked, of_article = _linked_data(tree)
    article = scholarly.or_else(linked)
    social = Metadata(
        title=_first(named, *_TITLES),
        authors=_names(named.get("author", []) or named.get("dc.creator", [])),
        publisher=_first(named, "og:site_name", "dc.publisher", "publisher"),
        published=_date(_first(named, *_DATES), day_first=_day_first(tree)),
    )
    stated = Metadata(url=_address(tree, named)).or_else(article).or_else(social)
    title = _title(tree, stated)
    certain = bool(scholarly.published or (of_article and linked.published))
    day = page_date(tree, stated.published, title, certain=certain)
    return replace(stated, title=title, authors=_authors(tree, stated), published=day)


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


def _linked_data(tree: HtmlElement) -> tuple[Metadata, bool]:
    """The first article or other work that the page's JSON-LD describes, and whether
    it is an article by its type.
    """
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            values = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _objects(values, _NESTED):
            if (of_article := _is_article(item)) or _is_written(item):
                work = Metadata(
                    title=_text(item.get("headline") or item.get("name")),
                    authors=_names(list(_strings(item.get("author")))),
                    publisher=_text(item.get("publisher")),
                    published=_date(_text(item.get("datePublished"))),
                    url=_web(_text(item.get("url"))),
                )
                return work, of_article
    return Metadata(), False


def _is_article(item: dict[str, Any]) -> bool:
    return any(_ARTICLE.search(kind) for kind in _strings(item.get("@type")))


def _is_written(item: dict[str, Any]) -> bool:
    """Whether somebody wrote it one day, like a recipe, and not beside an article."""
    written = {"author", "datePublished"} <= item.keys()
    kinds = _strings(item.get("@type"))
    return written and not any(_SITES.match(kind) for kind in kinds)


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
    """Names of people, no addresses or accounts; "Doe, Jane" is turned round."""
    found = []
    for value in values:
        name = _BY.sub("", value)
        parts = name.split(", ")
        if len(parts) == 2 and all(len(part.split()) < 3 for part in parts):
            name = f"{parts[1]} {parts[0]}" if " " not in parts[0] else name
        is_label = _NO_NAME.search(name) or _LABEL.fullmatch(name)
        if name and len(name) < 120 and not is_label:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _authors(tree: HtmlElement, stated: Metadata) -> tuple[str, ...]:
    """Who is stated, or marked as the author, or named in a byline; never the site."""
    from trafilatura import extract_metadata

    if not (names := _not_site(stated.authors, stated.publisher)):
        names = _not_site(_names(_bylines(tree)), stated.publisher)
    if not 0 < len(names) <= _MANY:
        config = {"extensive_search": False, "original_date": True}
        copy = _without_labels(tree)
        found = extract_metadata(copy, date_config=config).author or ""
        names = _not_site(_names(found.split("; ")), stated.publisher)
    return names


def _without_labels(tree: HtmlElement) -> HtmlElement:
    """The page without what introduces names, which trafilatura would take for one."""
    copy = deepcopy(tree)
    for element in copy.xpath("//*[not(*)]"):
        said = _line(element.text or element.get("content", ""))
        if _LABEL.fullmatch(said) and not _is_in_line(element):
            element.drop_tree()
    return copy


def _is_in_line(element: HtmlElement) -> bool:
    """Whether words stand right before or behind an element, as of one sentence."""
    before = element.getprevious()
    ahead = element.getparent().text if before is None else before.tail
    return bool((ahead or "").strip() or (element.tail or "").strip())


def _not_site(names: Sequence[str], site: str) -> tuple[str, ...]:
    """Names without what is the site's, of which trafilatura makes "Review Org"."""
    known = _letters(site)
    return tuple(name for name in names if not known or _letters(name) not in known)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _bylines(tree: HtmlElement) -> list[str]:
    marked = tree.xpath("//*[@rel='author' or @itemprop='author']")
    return [_line(element.text_content()) for element in marked]


def _date(value: str, *, day_first: bool | None = None) -> str:
    moment = re.match(r"\d{4}-\d\d-\d\d(?=T)", value)
    value = moment[0] if moment else value
    return iso_date(value, day_first=day_first) if len(value) < 60 else ""


def _day_first(tree: HtmlElement) -> bool | None:
    """How the page's language writes 3/4/2020; None where nobody can know."""
    language = (tree.get("lang") or "").lower().replace("_", "-")
    if language in {"", "en"}:
        return None
    return language != "en-us"


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


def _title(tree: HtmlElement, stated: Metadata) -> str:
    """The stated title, or the ``title`` element, without the name of the site."""
    title = stated.title or _line(tree.findtext(".//title") or "")
    for head in tree.iter("h1"):
        heading = _line(head.text_content())
        rest = title.removeprefix(heading)
        if heading and rest != title and _SITE.fullmatch(rest):
            return heading
    for site in filter(None, (stated.publisher, _host(stated.url))):
        title = re.sub(rf"{_BREAK}{re.escape(site)}$", "", title, flags=re.IGNORECASE)
    return title


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.") if url else ""


def _line(value: str) -> str:
    """One line of text; some sites escape their entities twice."""
    return clean_line(unescape(value))
