"""What readers see of a page: its headline, and the short lines that may say a day.

A line is of the headline's article unless it stands in an item of its own (a teaser, a
comment) or in a list of things alike that the headline is not in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = {"script", "style", "head", "noscript", "template"}
_HEADS = {"h1", "h2", "h3", "h4"}
_ITEMS = {"a", "li", "article", "aside", "nav"}
_HOME = re.compile(r"(?:https?:)?(?://[^/]*)?/?(?:index\.\w+)?(?:[?#].*)?")
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d\d(?!\d)"
)
_BREAK = re.compile(r"[|–—·»:/-]")
_PARTS = 8
_HEADLINE = range(4, 301)
_LINE = 80
_MORE = 40
"""An item is more than the day in it by these letters."""
_NEARLY = 0.7


class Page:
    """The visible text of a page, and where each element stands in it.

    Attributes:
        text: Of the whole page, words apart by one space.
        spans: The start and end of each element in the text.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.spans: dict[HtmlElement, tuple[int, int]] = {}
        self._dated: dict[HtmlElement, None] = {}
        self.text = " ".join(self._walk(tree))

    def _walk(self, tree: HtmlElement) -> Iterator[str]:
        at = 0
        walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, element in walker:
            holder, said = element.getparent(), element.tail
            if event == "start":
                self.spans[element] = (at, at)
                if element.tag in _UNSEEN:
                    walker.skip_subtree()
                    continue
                holder, said = element, element.text
            elif event == "end":
                self.spans[element] = (self.spans[element][0], at)
                if element.tag == "time" and self._length(element):
                    self._dated[element] = None
            if words := " ".join((said or "").split()):
                at += len(words) + 1
                yield words
                if holder is not None and _YEAR.search(words):
                    self._dated[holder] = None

    def said(self, element: HtmlElement) -> str:
        """The text of an element."""
        start, end = self.spans[element]
        return self.text[start:end].strip()

    def _length(self, element: HtmlElement) -> int:
        start, end = self.spans[element]
        return end - start

    def headline(self, titles: Sequence[str]) -> HtmlElement | None:
        """The heading that says a title, or all of it but the site's name; else the
        first ``h1``, else any element that says a title.

        What links to the front page is the name of the site.
        """
        short = [
            element
            for element in self.spans
            if self._length(element) in _HEADLINE and not _leads_home(element)
        ]
        heads = [element for element in short if element.tag in _HEADS]
        found = self._saying(titles, heads, 1.0)
        if found is None:
            found = next((head for head in heads if head.tag == "h1"), None)
        if found is None:
            others = [element for element in short if element.tag not in _ITEMS]
            found = self._saying(titles, others, _NEARLY)
        return found

    def _saying(
        self, titles: Sequence[str], elements: Sequence[HtmlElement], share: float
    ) -> HtmlElement | None:
        """The first element that says a share of what the best says of a title."""
        for title in titles:
            parts = _parts(title)
            scores = [_common(_letters(self.said(e)), parts) for e in elements]
            best = max(scores, default=0.0)
            for element, score in zip(elements, scores, strict=True):
                if score >= max(share * best, _HEADLINE.start):
                    return element
        return None

    def lines(
        self, head: HtmlElement | None
    ) -> tuple[list[HtmlElement], list[HtmlElement]]:
        """The lines that may say a day of the headline's article, and of others."""
        around = set() if head is None else {head, *head.iterancestors()}
        lines: dict[HtmlElement, None] = {}
        for element in self._dated:
            line, above = element, [element, *element.iterancestors()]
            apart = self._length(element)
            if element in around or head in above or self._length(element) > _LINE:
                continue
            for up in above:
                teaser = up.tag == "a" and self._length(up) > apart + _MORE
                if teaser or up in around or self._length(up) > _LINE:
                    break
                line = up
            lines[line] = None
        listed = self._listed(lines, around)
        others = [e for e in lines if e in listed or self._in_item(e, around)]
        return [line for line in lines if line not in set(others)], others

    def _listed(
        self, lines: dict[HtmlElement, None], around: set[HtmlElement]
    ) -> set[HtmlElement]:
        """Lines alike in what holds more than their days, but not the headline."""
        alike: dict[tuple[HtmlElement, str], list[HtmlElement]] = {}
        for line in lines:
            shape = " ".join(map(_shape, (line, line.getparent())))
            for up in line.iterancestors():
                if up in around:
                    break
                alike.setdefault((up, shape), []).append(line)
        return {
            line
            for (up, _), many in alike.items()
            if len(many) > 1 and self._length(up) > _LINE * len(many)
            for line in many
        }

    def _in_item(self, line: HtmlElement, around: set[HtmlElement]) -> bool:
        """Whether a line stands in an item of its own that says more than a day.

        An ``article`` is that of the headline where this stands in none.
        """
        for above in (line, *line.iterancestors()):
            if above in around:
                return False
            if above.tag == "article" and all(e.tag != "article" for e in around):
                return False
            more = self._length(above) - self._length(line)
            if above.tag in _ITEMS and more > _MORE:
                return True
        return False


def _leads_home(element: HtmlElement) -> bool:
    return any(
        _HOME.fullmatch(link.get("href", "").strip()) for link in element.iter("a")
    )


def _parts(title: str) -> list[str]:
    """The letters of a title, and of each part of it between breaks."""
    split = [_letters(part) for part in _BREAK.split(title)[:_PARTS]]
    ends = range(1, len(split) + 1)
    return ["".join(split[start:end]) for end in ends for start in range(end)]


def _common(words: str, parts: Sequence[str]) -> float:
    """How many letters of a title a heading says, most of them its own."""
    found = (part for part in parts if part in words and 2 * len(part) > len(words))
    return max((len(p) if p == words else _NEARLY * len(p) for p in found), default=0)


def _shape(element: HtmlElement | None) -> str:
    return "" if element is None else f"{element.tag}.{element.get('class', '')}"


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
