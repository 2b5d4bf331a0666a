"""Questions about the articles themselves, answered from the catalogue.

"Who wrote …?", "When did … appear?", "Which articles discuss …?" and "What
sources do you have?" ask for what the catalogue knows. The answer still cites:
the words of the article that state it, or else its title.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.answering.results import best_told
from qa.language.rendering import join_names
from qa.language.sentences import sentence_spans
from qa.language.text import content_stems, names, normalise
from qa.question.coreference import without_opening
from qa.schema import Document, Hit, Source, Span

Kind = Literal["authors", "date", "publisher", "by", "topic", "all", "age"]

_ARTICLE = r"(?:articles?|pieces?|papers?|essays?|commentar(?:y|ies)|reports?)"
_ANY = rf"(?:{_ARTICLE}|sources?|documents?|texts?|authors?)"
_NEWEST = r"(?:newest|latest|most\ recent(?:ly\ published)?)"
_OLDEST = r"(?:oldest|earliest)"
_AGE = rf"(?:{_NEWEST}|{_OLDEST})"
_PATTERNS: dict[Kind, str] = {
    "age": rf"""^(
        (what|which)\ (of\ the\ )?{_ANY}\ (is|are|was|were|appeared)\ (the\ )?{_AGE}\W*$
      | (what|which|show\ me|list|name)\ ((is|are|was|were)\ )?(the\ )?{_AGE}
            \ (of\ (the|your|all|my)\ )?{_ANY}\W*$
    )""",
    "all": rf"""^(
        (what|which|list|show|how\ many)\b.{{0,20}}\b{_ANY}\b.{{0,12}}
            \b(do\ you\ (have|know|use)|are\ (there|indexed|available|in))
      | list\ (all\ |the\ |your\ )*{_ANY}\W*$
    )""",
    "by": rf"""^(
        (what|which)\ {_ANY}\b.{{0,20}}\b(by|from)\b
      | what\ (did|has|have)\ .{{2,60}}\ (write|written|publish|published)\W*$
      | (what|which)\ {_ARTICLE}\ (did|has|have)\ .*(write|written|publish)
    )""",
    "topic": rf"""^(
        (what|which|how\ many)\ {_ANY}\b.{{0,12}}\b(discuss|mention|cover|deal|talk
        |writes?\b|says?\b|about\b|treat|address|refer)
      | (do|did)\ (any(\ of)?\ |some\ of\ )?((the|these|your|my)\ )?
        (articles|pieces|papers|essays|commentaries|reports|sources|documents|texts|authors)
        \ (discuss|mention|cover|address|refer\ to|(deal|talk|write)\ (with|about))\b
    )""",
    "authors": rf"""^(
        who\ (wrote|authored|penned|co-?wrote)\b
      | (who|what)\ (is|are|was|were)\b.*\bauthors?\b
      | who\ (the\ )?authors?\b.*\b(is|are|was|were)\W*$
      | (who|by\ whom)\b.*\b{_ARTICLE}\b.*\b(written|authored)\b
      | by\ whom\b.*\b{_ARTICLE}\b
    )""",
    "date": rf"""^(
        (when|(in|on)\ (which|what)\ (year|month|date|issue|day))\b.*
            \b(published|written|appear\w*|dated|posted|issued?)\b
      | (what|which)\ .*\b(date|issue|year)\b.*\b{_ARTICLE}\b
      | how\ (old|recent)\ (is|are)\b.*\b{_ARTICLE}\b
    )""",
    "publisher": r"""^(
        (where|by\ whom|who|in\ (which|what)\ (journal|magazine|publication|outlet
            |newspaper))\b.*\b(published|publisher|publishes|appear\w*)\b
    )""",
}
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for kind, pattern in _PATTERNS.items()
}
_SOURCES = re.compile(
    r"""\b(?:articles|pieces|papers|essays|commentaries|reports|sources|documents|texts
    |authors)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_AGE = re.compile(
    rf"{_AGE}\ (?:of\ \w+\ )?{_ANY}\b|{_ANY}\ \w+\ (?:the\ )?{_AGE}\W*$",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = frozenset(
    content_stems(
        "write wrote written author authored publish published appear appeared date "
        "dated year show list name issue"
    )
)
_POINTING = re.compile(rf"\b(?:{_ARTICLE}|it|this)\b", re.IGNORECASE)
_THE_AUTHOR = re.compile(
    r"""^\W*the\ (?:author|writer)s?\b(?!['’]).*?\b(?:is|are|was|were|works?|serves?
    |teach(?:es)?|writes?)\b""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MONTHS = tuple(calendar.month_name[1:])
_MOST = 10
_TOPIC_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the places in a document that it cites."""

    text: str
    source: Source
    places: tuple[Span, ...]


def answer_about(
    question: str,
    sources: Callable[[], Sequence[Source]],
    hits: Sequence[Hit],
    document: Callable[[str], Document],
    before: Sequence[str] = (),
) -> tuple[Statement, ...]:
    """Answer a question about the articles; empty when it is none.

    Args:
        question: As asked.
        sources: Loads those of all documents.
        hits: Found for the question, best first.
        document: Loads a document by id.
        before: ``Source.file`` of the articles that were spoken of last.

    Returns:
        Statements, best first, each about one article.
    """
    question = without_opening(question)
    kind = next((k for k, p in _KINDS.items() if p.search(question)), None)
    if kind is None:
        return ()
    if kind == "all":
        return _all(sources(), document)
    if kind == "topic":
        return _on_topic(question, hits)
    if _OF_AGE.search(question):
        among = _among(question, sources())
        meant, undated = _first_or_last(question, among)
        opening = "Of the articles with a date, " if undated else ""
    else:
        meant = _meant(question, sources(), hits, before, by_author=kind == "by")
        opening = ""
    stated = (_stated(kind, source, document) for source in meant)
    return tuple(replace(s, text=opening + s.text) for s in stated if s is not None)


def _meant(
    question: str,
    sources: Sequence[Source],
    hits: Sequence[Hit],
    before: Sequence[str],
    *,
    by_author: bool,
) -> list[Source]:
    """The articles a question names by title, publisher or author; otherwise, where
    it points at "the article", that spoken of last or the one its topic is found in.
    """
    asked = set(content_stems(question))
    named = []
    for source in sources:
        people = set(content_stems(" ".join([*source.authors, source.publisher])))
        people &= names(question)
        title = set(content_stems(source.title))
        share = len(title & asked) / len(title) if title else 0.0
        if people or (share > _TOPIC_SHARE and not by_author):
            named.append((len(people) + share, source))
    if named:
        best = max(score for score, _ in named)
        return [source for score, source in named if by_author or score == best]
    if by_author or not _POINTING.search(question):
        return []
    last = [source for source in sources if source.file in before]
    return last or [hit.source for hit in hits[:1]]


def _stated(
    kind: Kind, source: Source, document: Callable[[str], Document]
) -> Statement | None:
    title = f"“{source.title}”"
    if kind == "authors":
        if not source.authors:
            return _of_unnamed(source, document(source.id))
        text = f"{title} was written by {join_names(source.authors)}."
        return _cited(text, source, document, source.authors)
    if kind == "by":
        by = join_names(source.authors) or source.publisher
        text = f"{title} is by {by}." if source.authors else f"{title} is from {by}."
        return _cited(text, source, document, source.authors or (source.publisher,))
    if kind in {"date", "age"} and source.published:
        by = f" by {source.publisher}" if source.publisher else ""
        at = "on" if source.published.count("-") == 2 else "in"
        text = f"{title} was published{by} {at} {_date(source.published)}."
        return _cited(text, source, document, _date_forms(source.published))
    if kind == "publisher" and source.publisher:
        text = f"{title} was published by {source.publisher}."
        return _cited(text, source, document, (source.publisher,))
    return None


def _of_unnamed(source: Source, document: Document) -> Statement | None:
    """What an article that names no author says of one: "The author is a diplomat."."""
    for span in _sentences(document):
        told = document.text[span.start : span.end]
        if _THE_AUTHOR.search(told):
            text = f"Of its author, “{source.title}” says: “{told}”"
            return Statement(text, source, (span,))
    return None


def _all(
    sources: Sequence[Source], document: Callable[[str], Document]
) -> tuple[Statement, ...]:
    """The first articles; where there are more, their number."""
    listed = [_listed(source, document) for source in sources[:_MOST]]
    if len(sources) > _MOST:
        counted = f"The first of {len(sources):,}: {listed[0].text}"
        listed[0] = replace(listed[0], text=counted)
    return tuple(listed)


def _among(question: str, sources: Sequence[Source]) -> list[Source]:
    """Of which articles the newest or oldest is asked for: of all, or of an author's
    or publisher's; of none where more is asked of it ("the latest on Crimea").
    """
    rest = set(content_stems(_OF_AGE.sub("", question))) - _ASKING
    return [
        source
        for source in sources
        if rest <= set(content_stems(" ".join([*source.authors, source.publisher])))
    ]


def _first_or_last(
    question: str, sources: Sequence[Source]
) -> tuple[list[Source], bool]:
    """The oldest or newest article, or several where their dates do not tell, and
    whether there are some without a date.
    """
    dated = [source for source in sources if source.published]
    newest = re.search(_NEWEST, question, re.IGNORECASE | re.VERBOSE)
    date = (max if newest else min)((s.published for s in dated), default="")
    found = [
        source
        for source in dated
        if source.published.startswith(date) or date.startswith(source.published)
    ]
    return found[:_MOST], len(dated) < len(sources)


def _listed(source: Source, document: Callable[[str], Document]) -> Statement:
    by = f" by {join_names(source.authors)}" if source.authors else ""
    stated = ", ".join(filter(None, [source.publisher, _date(source.published)]))
    text = f"“{source.title}”{by}" + (f" ({stated})." if stated else ".")
    return _cited(text, source, document, ())


def _on_topic(question: str, hits: Sequence[Hit]) -> tuple[Statement, ...]:
    """Each article with a passage about it, and that passage's best sentence."""
    topic = set(content_stems(_SOURCES.sub("", question))) - set(
        content_stems("discuss mention cover deal talk write treat address refer many")
    )
    found: dict[str, Statement] = {}
    for hit in hits:
        text = f"{hit.passage.heading} {hit.passage.text}"
        share = len(topic & set(content_stems(text))) / len(topic) if topic else 0.0
        if share <= _TOPIC_SHARE or hit.source.id in found:
            continue
        if (best := best_told(hit)) is None:
            continue
        by = f" by {join_names(hit.source.authors)}" if hit.source.authors else ""
        sentence = f"“{hit.source.title}”{by} discusses it."
        found[hit.source.id] = Statement(
            sentence, hit.source, (hit.passage.sentences[best],)
        )
    return tuple(found.values())


def _cited(
    text: str,
    source: Source,
    document: Callable[[str], Document],
    needles: Sequence[str],
) -> Statement:
    """Cite the sentences in which each needle is first stated, or the title."""
    loaded = document(source.id)
    spans = _sentences(loaded)
    found = []
    for needle in needles:
        wanted = normalise(needle)
        stating = [
            s for s in spans if wanted in normalise(loaded.text[s.start : s.end])
        ]
        # Authors and dates are stated in the shortest sentence that has them.
        if stating:
            found.append(min(stating, key=lambda s: (s.end - s.start, s.start)))
    title = next((h for h in loaded.headings if h.level == 1), None)
    fallback = Span(title.start, title.end) if title else spans[0]
    places = tuple(dict.fromkeys(found)) or (fallback,)
    return Statement(text, source, places)


def _sentences(document: Document) -> list[Span]:
    """Sentences, but the lines of a journal's name and issue as one."""
    spans: list[Span] = []
    start = 0
    for paragraph in document.text.split("\n\n"):
        whole = [Span(0, len(paragraph))]
        inner = whole if "\n" in paragraph else sentence_spans(paragraph)
        spans += [Span(start + s.start, start + s.end) for s in inner]
        start += len(paragraph) + 2
    return spans


def _date(iso: str) -> str:
    """2016-03-22 as 22 March 2016, 2017-02 as February 2017."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def _date_forms(iso: str) -> tuple[str, ...]:
    """The ways a date may stand in a text, the first found is cited."""
    year, *rest = iso.split("-")
    if not rest:
        return (year,)
    month = _MONTHS[int(rest[0]) - 1]
    if len(rest) == 1:
        return (f"{month} {year}", f"{month}-")
    day = int(rest[1])
    return (f"{month} {day}, {year}", f"{day} {month} {year}", iso)
