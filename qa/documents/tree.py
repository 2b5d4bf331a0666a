"""Elements of HTML to blocks; what DOCX, EPUB and web pages have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from qa.documents.blocks import Block
from qa.documents.plain import clean, looks_like_heading, takes_note_mark
from qa.errors import SeedError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|br|cite|code|data|dfn|em|font|hi|i|ins|kbd|label|lb"
    "|mark|q|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_ITEMS = frozenset({"li", "td", "th", "dt", "dd"})
_BOLD = frozenset({"b", "strong"})
_UNSEEN = re.compile(
    "audio|button|canvas|del|head|iframe|input|math|noscript|object|script|select"
    "|style|svg|template|textarea|title|video"
)
_NOTE_MARK = re.compile(r"\s*[\[(]?(\d{1,3}|[*†‡§])[\])]?\s*")
_BOLD_LEVEL = 4


def parse_html(text: str, file: str) -> HtmlElement:
    """The tree of a page; no entity, style sheet or picture is ever fetched.

    Raises:
        SeedError: It holds no element, or is nested too deeply to be read whole.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = clean(text).encode("utf-8")
    try:
        tree: HtmlElement = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as exc:
        raise SeedError(f"{file}: holds no text") from exc
    if any("depth" in error.message.lower() for error in parser.error_log):
        raise SeedError(f"{file}: its elements are nested too deeply to be read")
    for raised in list(tree.iter("sup")):
        if _NOTE_MARK.fullmatch(raised.text_content()) and _marks_note(raised):
            raised.drop_tree()
    return tree


def _marks_note(raised: HtmlElement) -> bool:
    """Whether a raised number follows a word or a stop; ``m<sup>2</sup>`` does not."""
    previous = raised.getprevious()
    if previous is None:
        before = raised.getparent().text or ""
    else:
        before = previous.tail or "".join(previous.itertext())
    return takes_note_mark(before.rstrip())


def parse_xml(data: bytes, file: str) -> Any:
    """The root of an XML part; entities stay unexpanded, nothing is fetched.

    Raises:
        SeedError: It is no XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise SeedError(f"{file}: is damaged inside (not valid XML)") from exc


def blocks_in(root: HtmlElement) -> list[Block]:
    """The headings, paragraphs and items below an element, in order."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    reading = _Reading()
    found: list[Block] = []
    for event, element in walk:
        if event == "start":
            if _UNSEEN.fullmatch(str(element.tag)):
                walk.skip_subtree()
                reading.skipped = element
                continue
            if not _INLINE.fullmatch(str(element.tag)):
                found += reading.flush()
            reading.enter(element)
        elif event == "end" and element is reading.skipped:
            reading.skipped = None
        elif event == "end":
            if not _INLINE.fullmatch(str(element.tag)):
                found += reading.flush()
            reading.leave(element)
        if event != "start" and element is not root:
            reading.add(element.tail)
    return found + list(reading.flush())


class _Reading:
    """The text since the last block, and what it stands in."""

    def __init__(self) -> None:
        self.skipped: object = None
        self._parts: list[tuple[str, bool]] = []
        self._level = 0
        self._items = 0
        self._bold = 0

    def enter(self, element: HtmlElement) -> None:
        """Note what the element makes of the text in it."""
        if re.fullmatch("h[1-6]", str(element.tag)):
            self._level = int(element.tag[1])
        self._items += element.tag in _ITEMS
        self._bold += element.tag in _BOLD
        self.add("\n" if element.tag in {"br", "lb"} else element.text)

    def leave(self, element: HtmlElement) -> None:
        """Undo ``enter``."""
        if re.fullmatch("h[1-6]", str(element.tag)):
            self._level = 0
        self._items -= element.tag in _ITEMS
        self._bold -= element.tag in _BOLD

    def add(self, text: str | None) -> None:
        """Take text in."""
        if text:
            self._parts.append((text, self._bold > 0))

    def flush(self) -> Iterator[Block]:
        """The text as blocks, cut where a line was left empty."""
        parts, self._parts = self._parts, []
        bold = all(is_bold for text, is_bold in parts if text.strip())
        for piece in re.split(r"\n\s*\n", "".join(text for text, _ in parts)):
            line = " ".join(clean(piece).split())  # entities bring things in
            if not line:
                continue
            if self._level:
                yield Block("heading", line, self._level)
            elif self._items:
                yield Block("item", line)
            elif bold and looks_like_heading(line):
                yield Block("heading", line, _BOLD_LEVEL)
            else:
                yield Block("paragraph", line)
