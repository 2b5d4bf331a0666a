"""Lists that are quoted whole, and the one item of them that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.answering.facts import Statement
from qa.language.numbers import place_of, quantities
from qa.language.sentences import enumerates, sentence_spans
from qa.language.text import (
    content_stems,
    full_names,
    has_negation,
    is_content,
    stem,
    stems,
    tokens,
)
from qa.schema import Evidence, Hit, Span

_LINE = re.compile(r"\S(?:(?!\n\n).)*", re.DOTALL)
_INLINE = re.compile(r"(?<!\S)\(?(?:[a-h]|[1-9]|i{1,3}|iv|vi{0,3})\)\s+")
_ASKED = re.compile(
    r"^\W*(?:(?:what|which|who)\s+(?:are|were)\s+(?:the|its|their)\b"
    r"|(?P<counted>how\s+many)\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;]*(?:\b(?:and|or)\s*)?$")
_SEVERAL = 2
_LABEL = re.compile(r"([^:\n]{1,60}):\s")
_FEW = 3
"""Times as many items a list has as those that are shown alone."""


def is_itemised(quote: str) -> bool:
    """Whether a quote is a list: a sentence has one paragraph."""
    return "\n\n" in quote


def in_one_line(quote: str) -> str:
    """A quote on one line; the items of a list get the marks between them that their
    lines were instead of.
    """
    lines = [" ".join(line.split()) for line in quote.split("\n\n")]
    marked = [line if line[-1:] in ",;:.?!" else f"{line};" for line in lines[:-1]]
    return " ".join([*marked, lines[-1]])


def item_asked(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The item that a question asks for by its place, "the third condition", of the
    lists that speak of such things; empty where it asks for none.
    """
    found = []
    for place, thing in _places(question):
        for listed in evidence:
            items = _items(listed.text)
            if place > len(items):
                continue
            lead = listed.text[: items[0].start]
            above = f"{listed.source.title}. {listed.heading}. {lead}"
            said = content_stems(f"{listed.heading} {listed.text}")
            if stem(thing) in said and not _is_name(question, place, thing, above):
                found.append(_part(listed, items[place - 1]))
    return tuple(found)


def _places(question: str) -> Iterator[tuple[int, str]]:
    """The places that are asked for, counted from 1, each with the word behind it."""
    for word, thing in pairwise(tokens(question)):
        if place := place_of(word.lower()):
            yield place, thing


def _is_name(question: str, place: int, thing: str, above: str) -> bool:
    """Whether a place is part of a name that stands above a list: "the first aid box"
    where the title or lead speaks of first aid, and no "first aid" asked for alone; or
    of the end of a lead: "Bring to your first appointment:".
    """
    said = tokens(question)
    follows = any(
        (place_of(word.lower()), of, is_content(after)) == (place, thing, True)
        for word, of, after in zip(said, said[1:], said[2:], strict=False)
    )
    known = [(of, stem(word)) for of, word in _places(above)]
    last = tokens(above)[-1:] == [thing] and above.rstrip().endswith(":")
    return (follows or last) and (place, stem(thing)) in known


def narrowed(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with the items alone that a question names, of lists that have
    others too: "Longest leek: Ann Oake" for "Who grew the longest leek?".
    """
    if any(map(has_negation, tokens(question))):
        return tuple(evidence)
    return tuple(part for listed in evidence for part in _narrowed(question, listed))


def _narrowed(question: str, listed: Evidence) -> Sequence[Evidence]:
    items = _items(listed.text)
    texts = [listed.text[item.start : item.end] for item in items]
    named = _labelled(question, texts, listed)
    if items and not any(named):
        lead = listed.text[: items[0].start]
        above = full_names(f"{listed.source.title} {listed.heading} {lead}")
        wanted = set(full_names(question)) - set(above)
        # Behind a mark, since the first word of a text is no name by its capital.
        named = [bool(wanted & set(full_names(f"- {text}"))) for text in texts]
    if not 0 < _FEW * sum(named) <= len(items):
        return [listed]
    parts = zip(items, named, strict=True)
    return [_part(listed, item) for item, is_named in parts if is_named]


def _labelled(question: str, items: Sequence[str], listed: Evidence) -> list[bool]:
    """Which items have before a colon what a question says, and the most of it; none
    of a "vice chair" where the list has a chair.
    """
    asked = set(content_stems(question))
    known = set(stems(f"{listed.source.title} {listed.heading} {listed.text}"))
    more = {
        stem(word)
        for before, word in pairwise(tokens(question))
        if is_content(before) and stem(before) not in known
    }
    labels = [content_stems(m[1]) if (m := _LABEL.match(i)) else [] for i in items]
    said = [
        len(label) if asked.issuperset(label) and not more & set(label[:1]) else 0
        for label in labels
    ]
    most = max(said, default=0)
    return [0 < number == most for number in said]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list among the sentences of a passage, and where its items stand in it."""

    hit: Hit
    span: Span
    text: str
    items: Sequence[Span]

    @property
    def lead(self) -> str:
        """What leads in to the items; empty where only the heading does."""
        return self.text[: self.items[0].start]

    @property
    def above(self) -> str:
        """All that stands above its items."""
        return f"{self.hit.source.title}. {self.hit.passage.heading}. {self.lead}"

    def is_named(self, wanted: set[str]) -> bool:
        """Whether all words stand above the items, not all in the title alone."""
        above = set(stems(f"{self.hit.passage.heading} {self.lead}"))
        title = set(stems(self.hit.source.title))
        return wanted <= above | title and not wanted <= title - above

    def counts(self, thing: str) -> bool:
        """Whether its items are things of this kind, as its heading says."""
        return not self.lead and content_stems(self.hit.passage.heading)[:1] == [thing]

    def part(self, item: Span) -> Statement:
        """One item, quoted."""
        start = self.span.start
        place = Span(start + item.start, start + item.end)
        text = self.text[item.start : item.end]
        return Statement(text, self.hit.source, (place,))


def lists_asked(question: str, hits: Sequence[Hit]) -> list[Statement]:
    """The one list that has all words of a question above its items, or its item that
    is asked for by its place, or how many items it has.

    Args:
        question: What is searched for.
        hits: Whose sentences may be lists.
    """
    words = tokens(question)
    places = {word: place for word in words if (place := place_of(word.lower()))}
    wanted = [stem(w) for w in words if is_content(w) and w not in places]
    asks = _ASKED.search(question)
    if not wanted or not (asks or places) or any(map(has_negation, words)):
        return []
    found = [listed for listed in _lists(hits) if listed.is_named(set(wanted))]
    if len(found) != 1 or len(places) > 1:
        return []
    (listed,) = found
    if places:
        (place,) = places.values()
        if any(_is_name(question, *each, listed.above) for each in _places(question)):
            return []
        return [listed.part(item) for item in listed.items[place - 1 : place]]
    said = in_one_line(listed.text)
    if asks and asks["counted"] and not quantities(listed.lead):
        said = f"{len(listed.items)}: {said}" if listed.counts(wanted[0]) else ""
    return [Statement(said, listed.hit.source, (listed.span,))] if said else []


def _lists(hits: Sequence[Hit]) -> Iterator[_Listed]:
    for hit in hits:
        for number, span in enumerate(hit.passage.sentences):
            text = hit.passage.sentence(number)
            if items := _items(text):
                yield _Listed(hit, span, text, items)


def _items(quote: str) -> list[Span]:
    """Where the items of a list stand in it, without what leads in to them: lines,
    "(a) …; (b) …", or sentences with "First, …", "Second, …".
    """
    lines = [Span(*line.span()) for line in _LINE.finditer(quote)]
    if len(lines) > 1:
        said = [quote[line.start : line.end] for line in lines]
        led = said[0].endswith(":") or said[0][-1] == "." != said[1][-1]
        return lines[led:]
    marks = [mark.span() for mark in _INLINE.finditer(quote)]
    if len(marks) < _SEVERAL:
        starts = [
            s.start for s in sentence_spans(quote) if enumerates(quote[s.start :])
        ]
        marks = [(start, start) for start in starts]
    if len(marks) < _SEVERAL:
        return []
    ends = [*(start for start, _ in marks[1:]), len(quote)]
    parts = [quote[mark[1] : end] for mark, end in zip(marks, ends, strict=True)]
    return [
        Span(begin, begin + len(_BETWEEN.sub("", part)))
        for (_, begin), part in zip(marks, parts, strict=True)
    ]


def _part(listed: Evidence, item: Span) -> Evidence:
    start, end = listed.start + item.start, listed.start + item.end
    text = listed.text[item.start : item.end]
    return replace(listed, start=start, end=end, text=text, answer=None)
