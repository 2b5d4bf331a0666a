"""Elements of HTML to blocks; what DOCX, EPUB and web pages have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from qa.documents.blocks import Block
from qa.documents.plain import clean, clean_line, parse_preformatted, takes_note_mark
from qa.documents.scripts import lowered, raised
from qa.documents.tables import is_data, row_blocks
from qa.documents.wrapping import looks_like_heading
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
_SPAN = 50


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
        if ran_out_of_memory(exc):
            raise MemoryError from exc
        raise SeedError(f"{file}: holds no text") from exc
    if any("depth" in error.message.lower() for error in parser.error_log):
        raise SeedError(f"{file}: its elements are nested too deeply to be read")
    for script in list(tree.iter("sup", "sub")):
        text = script.text_content()
        if script.tag == "sub":
            _say(script, lowered(text))
        elif _NOTE_MARK.fullmatch(text) and _marks_note(script):
            script.drop_tree()
        else:
            _say(script, raised(text))
    for defined in list(tree.iter("dd")):
        _define(defined)
    for term in [dt for dt in tree.iter("dt") if _defines(dt)]:
        term.drop_tree()
    for cited in tree.findall(".//blockquote/cite"):
        cited.tag = "p"
    return tree


def ran_out_of_memory(exc: BaseException) -> bool:
    """Whether there was too little memory, which lxml tells in a log of its own."""
    told = getattr(exc, "error_log", ())
    return isinstance(exc, MemoryError) or any(
        entry.type_name == "ERR_NO_MEMORY" for entry in told
    )


def _define(defined: HtmlElement) -> None:
    """Put what a definition defines before it, as it is read: "Open: on Monday"."""
    term = next(
        (e for e in defined.itersiblings(preceding=True) if e.tag == "dt"), None
    )
    if term is not None and (name := said(term)):
        between = " " if name[-1] in ".:?!" else ": "
        first = defined
        while not (first.text or "").strip() and len(first) and _is_block(first[0]):
            first = first[0]
        first.text = f"{name}{between}{(first.text or '').lstrip()}"


def _defines(term: HtmlElement) -> bool:
    """Whether a definition follows a term, perhaps after others."""
    following = term.getnext()
    return following is not None and following.tag == "dd"


def _say(element: HtmlElement, text: str) -> None:
    if text != element.text_content():
        for child in list(element):
            child.drop_tree()
        element.text = text


def _marks_note(script: HtmlElement) -> bool:
    """Whether a raised number is a link, or follows a word or a stop; not in m²."""
    if script.find(".//a") is not None or script.getparent().tag == "a":
        return True
    previous = script.getprevious()
    if previous is None:
        before = script.getparent().text or ""
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
            if _is_block(element):
                found += reading.flush()
            if element.tag == "table" and (rows := _table(element)):
                walk.skip_subtree()
                reading.skipped = element
                found += rows
                continue
            reading.enter(element)
        elif event == "end" and element is reading.skipped:
            reading.skipped = None
        elif event == "end":
            if _is_block(element):
                found += reading.flush()
            reading.leave(element)
        if event != "start" and element is not root:
            reading.add(element.tail)
    return found + list(reading.flush())


def _is_block(element: HtmlElement) -> bool:
    return not _INLINE.fullmatch(str(element.tag))


def level_table(table: HtmlElement) -> None:
    """Give each cell of a table of values a place of its own where one reaches below or
    beside: trafilatura forgets that it does.
    """
    if table.find(".//*[@rowspan]") is None and table.find(".//*[@colspan]") is None:
        return
    rows, heads = _grid(table)
    lines = list(table.iter("tr"))
    for number, (line, cells) in enumerate(zip(lines, rows, strict=False)):
        line[:] = []
        for text in cells:
            etree.SubElement(line, "th" if number < heads else "td").text = text


def _table(table: HtmlElement) -> list[Block]:
    """The rows of a table of values; none where it lays out a page."""
    rows, heads = _grid(table)
    if not rows:
        return []
    captions = map(said, table.findall("./caption"))
    told = [Block("row", caption) for caption in captions if caption]
    return [*told, *row_blocks(rows, heads)]


def _grid(table: HtmlElement) -> tuple[list[list[str]], int]:
    """The cells of each row of a table of values, and how many of the first rows are
    heads; none of a table that lays out a page. A cell may be said to reach below the
    last row.
    """
    if table.find(".//table") is not None:
        return [], 0
    grid: dict[int, dict[int, str]] = {}
    heads = 0
    lines = list(table.iter("tr"))
    for number, row in enumerate(lines):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        heads += heads == number and all(c.tag == "th" or not said(c) for c in cells)
        _lay(grid, number, cells)
    laid = [grid[number] for number in range(len(lines))]
    width = max((max(row, default=-1) + 1 for row in laid), default=0)
    rows = [[row.get(column, "") for column in range(width)] for row in laid]
    return (rows, heads) if rows and is_data(rows) else ([], 0)


def _lay(
    grid: dict[int, dict[int, str]], number: int, cells: Sequence[HtmlElement]
) -> None:
    """Put a row's cells where they stand, and again where they reach below or, as
    heads, beside.
    """
    row = grid.setdefault(number, {})
    column = 0
    for cell in cells:
        while column in row:
            column += 1
        text = said(cell)
        wide, high = (_span(cell, name) for name in ("colspan", "rowspan"))
        for reach in range(wide):
            row[column + reach] = text if cell.tag == "th" or not reach else ""
        for below in range(1, high):
            grid.setdefault(number + below, {})[column] = text
        column += wide


def _span(cell: HtmlElement, name: str) -> int:
    stated = cell.get(name, "1").strip()
    return min(int(stated), _SPAN) if stated.isdecimal() and int(stated) else 1


_SAID = etree.XPath(".//text()[not(parent::script or parent::style)]")


def said(element: HtmlElement) -> str:
    """What an element says, in one line, without programs and styles."""
    return clean_line(" ".join(_SAID(element)))


class _Reading:
    """The text since the last block, and what it stands in."""

    def __init__(self) -> None:
        self.skipped: object = None
        self._parts: list[tuple[str, bool]] = []
        self._level = 0
        self._items = 0
        self._bold = 0
        self._lines = 0
        self._quotes: list[bool] = []
        self._last = ""

    def enter(self, element: HtmlElement) -> None:
        """Note what the element makes of the text in it."""
        if re.fullmatch("h[1-6]", str(element.tag)):
            self._level = int(element.tag[1])
        self._items += element.tag in _ITEMS
        if element.tag == "blockquote":  # stands like a list below who said it
            self._quotes.append(self._last.endswith(":"))
        self._bold += element.tag in _BOLD
        self._lines += element.tag == "pre"
        self.add("\n" if element.tag in {"br", "lb"} else element.text)

    def leave(self, element: HtmlElement) -> None:
        """Undo ``enter``."""
        if re.fullmatch("h[1-6]", str(element.tag)):
            self._level = 0
        self._items -= element.tag in _ITEMS
        if element.tag == "blockquote":
            self._quotes.pop()
        self._bold -= element.tag in _BOLD
        self._lines -= element.tag == "pre"

    def add(self, text: str | None) -> None:
        """Take text in."""
        if text:
            self._parts.append((text, self._bold > 0))

    def flush(self) -> Iterator[Block]:
        """The text as blocks, cut where a line was left empty."""
        parts, self._parts = self._parts, []
        bold = all(is_bold for part, is_bold in parts if part.strip())
        text = "".join(part for part, _ in parts)
        if self._lines:
            yield from parse_preformatted(clean(text))
            return
        for piece in re.split(r"\n\s*\n", text):
            line = clean_line(piece)  # entities bring things in
            if not line:
                continue
            self._last = line
            if self._level:
                yield Block("heading", line, self._level)
            elif self._items or any(self._quotes):
                yield Block("item", line)
            elif bold and looks_like_heading(line):
                yield Block("heading", line, _BOLD_LEVEL)
            else:
                yield Block("paragraph", line)
