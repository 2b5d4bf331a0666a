"""Facts about the articles themselves, from the catalogue.

The answer still cites: the words of the article that state it, or else its title.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice

from qa.answering.results import best_told
from qa.answering.sections import sections
from qa.language.rendering import join_names
from qa.language.sentences import paragraph_spans, sentence_spans
from qa.language.text import content_stems, normalise
from qa.question.linking import articles_named
from qa.question.period import Period, period_asked
from qa.question.works import ALL, ANY_WORK, WORKS, WRITER, WRITERS
from qa.schema import Document, Hit, Intent, Question, Source, Span

_THE_AUTHOR = re.compile(
    r"""^\W*the\ (?:author|writer)s?\b(?!['’]).*?\b(?:is|are|was|were|works?|serves?
    |teach(?:es)?|writes?)\b""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_AND_WHEN = re.compile(r"\w.*\band when\W*$", re.IGNORECASE | re.DOTALL)
_A_WORK = re.compile(rf"\b{ANY_WORK}\b", re.IGNORECASE)
_WORKS = re.compile(rf"\b(?:{WORKS}|{WRITERS})\b", re.IGNORECASE)
_WHO = re.compile(rf"\b(?:who|{WRITER}|{WRITERS})\b", re.IGNORECASE)
_SPEAKING = frozenset(
    content_stems("discuss mention cover deal talk write treat address refer")
)
_HOW_MANY = re.compile(rf"\W*how many {ALL}{ANY_WORK}\b", re.IGNORECASE)
_WRITERS = re.compile(rf"\W*how many (?:\w+ )?{WRITERS}\b", re.IGNORECASE)
_PUBLISHERS = re.compile(r"\W*how many (?:\w+ )?publishers\b", re.IGNORECASE)
_MONTHS = tuple(calendar.month_name[1:])
_MOST = 10
_NEAR = 5
"""Passages found first, of which one is of the article that is described."""
_RECORDS = {
    Intent.AUTHORS: "who wrote it",
    Intent.DATE: "when it was published",
    Intent.PUBLISHER: "by whom or where it was published",
}
_RECORDED = frozenset(content_stems("written published appeared issued dated"))
_IMPRINT = re.compile(
    r"""\W*(?:this\ \w+\ (?:was|is|has\ been)\ )?(?:first\ |originally\ )?
    (?:published|written|issued|dated)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TOPIC_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the places in a document that it cites."""

    text: str
    source: Source
    places: tuple[Span, ...]


def state_facts(
    question: Question,
    hits: Sequence[Hit],
    *,
    sources: Callable[[], Sequence[Source]],
    document: Callable[[str], Document],
) -> tuple[Statement, ...]:
    """What the catalogue knows; empty where it states nothing that was asked.

    Args:
        question: About the articles themselves.
        hits: Found for it, best first; they tell which articles speak of a topic,
            and which "the article" is where it is not named.
        sources: Loads those of the articles that may be meant.
        document: Loads a document by id.

    Returns:
        Statements, best first, each about one article.
    """
    intent = question.intent
    if question.section:
        return tuple(_sections(sources(), document, question.section))
    if intent in {Intent.LIST, Intent.COUNT}:
        return _all(question, sources(), document)
    if intent is Intent.TOPIC:
        return _on_topic(question.text, hits)
    meant = question.articles or _described(question.text, hits)
    opening = "Of the articles with a date, " if question.undated else ""
    asked = [intent, *[Intent.DATE] * bool(_AND_WHEN.search(question.text))]
    stated = (_stated(i, source, document) for source in meant for i in asked)
    told = dict.fromkeys(filter(None, stated))  # a date may be asked for twice
    return tuple(replace(s, text=opening + s.text) for s in told)


def _stated(
    intent: Intent, source: Source, document: Callable[[str], Document]
) -> Statement | None:
    title = f"“{source.title}”"
    if intent is Intent.AUTHORS:
        if not source.authors:
            return _of_unnamed(source, document(source.id))
        text = f"{title} was written by {join_names(source.authors)}."
        return _cited(text, source, document, source.authors)
    if intent is Intent.WORKS:
        by = join_names(source.authors) or source.publisher
        text = f"{title} is by {by}." if source.authors else f"{title} is from {by}."
        return _cited(text, source, document, source.authors or (source.publisher,))
    if intent in {Intent.DATE, Intent.AGE} and source.published:
        by = f" by {source.publisher}" if source.publisher else ""
        at = "on" if source.published.count("-") == 2 else "in"
        text = f"{title} was published{by} {at} {_date(source.published)}."
        return _cited(text, source, document, _date_forms(source.published))
    if intent is Intent.PUBLISHER and source.publisher:
        text = f"{title} was published by {source.publisher}."
        return _cited(text, source, document, (source.publisher,))
    return None


def unstated(question: Question, hits: Sequence[Hit]) -> str:
    """A line that an article does not state what is asked about it; empty where it is
    no such question, or a passage may tell.

    Args:
        question: That the catalogue knows no answer to.
        hits: Found in the articles that it means.
    """
    period = period_asked(question.text)
    if question.intent in {Intent.LIST, Intent.COUNT} and period:
        return f"None of the articles with a date is of {period}."
    meant = question.articles or _described(question.text, hits)
    if question.intent not in _RECORDS or not meant:
        return ""
    if any(_may_record(hit) for hit in hits):
        return ""
    return f"“{meant[0].title}” does not state {_RECORDS[question.intent]}."


def _described(question: str, hits: Sequence[Hit]) -> tuple[Source, ...]:
    """The article that is described and not named: of those found first the one whose
    title has most of the words, else the first.
    """
    asked = set(content_stems(question))
    found = {hit.source.id: hit.source for hit in hits[:_NEAR]}.values()
    return tuple(nlargest(1, found, lambda s: len(asked & set(content_stems(s.title)))))


def of_author(
    search: str,
    sources: Callable[[], Sequence[Source]],
    document: Callable[[str], Document],
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """What articles tell of the author whose name is all that a question says: the
    sentences of his own that begin with his name, and which articles are his.

    Args:
        search: "Who is Ann Oake?"
        sources: Loads those of the articles that may be meant.
        document: Loads a document by id.
    """
    told: list[Statement] = []
    works: list[Statement] = []
    for source, author in islice(_by(search, sources), _MOST):
        loaded = document(source.id)
        for span in _sentences(loaded):
            said = loaded.text[span.start : span.end]
            if _begins_with(said, author):
                told.append(Statement(said, source, (span,)))
        works.extend(filter(None, [_stated(Intent.WORKS, source, document)]))
    return tuple(told), tuple(works)


def _by(
    search: str, sources: Callable[[], Sequence[Source]]
) -> Iterator[tuple[Source, str]]:
    """The articles of the author whose name is all that a question says."""
    said = set(content_stems(search))
    if not said or _WHO.match(search.strip()) is None:
        return  # most questions need not look at all articles
    known = sources()
    files, _ = articles_named(search, known, titled=False)
    for source in known if files else ():
        for author in source.authors if source.file in files else ():
            if said <= set(content_stems(author)):
                yield source, author


def _begins_with(said: str, author: str) -> bool:
    """Whether a sentence begins with an author's name; "Ann Oake: …" is a turn."""
    name = normalise(author)
    return said.endswith(".") and normalise(said).startswith((f"{name} ", f"{name},"))


def _may_record(hit: Hit) -> bool:
    """Whether a passage may tell who wrote, or when appeared, what its article is: in
    an imprint, "First published in 1998", or a sentence on a work or on its title.

    "She wrote the programme notes" tells nothing of the article.
    """
    title = set(content_stems(hit.source.title))
    before = ""
    for number in range(len(hit.passage.sentences)):
        told = hit.passage.sentence(number)
        both = f"{before} {told}"
        named = len(title & set(content_stems(both))) > len(title) / 2
        speaks = named or _A_WORK.search(both)
        if _IMPRINT.match(told) or (speaks and _RECORDED & set(content_stems(told))):
            return True
        before = told
    return False


def _of_unnamed(source: Source, document: Document) -> Statement | None:
    """What an article that names no author says of one: "The author is a diplomat."."""
    for span in _sentences(document):
        told = document.text[span.start : span.end]
        if _THE_AUTHOR.search(told):
            text = f"Of its author, “{source.title}” says: “{told}”"
            return Statement(text, source, (span,))
    return None


def _all(
    question: Question,
    sources: Sequence[Source],
    document: Callable[[str], Document],
) -> tuple[Statement, ...]:
    """The first articles of those that are asked for; where there are more, or it is
    asked, their number.
    """
    period = period_asked(question.text)
    named = question.articles or sources
    meant = [s for s in named if period is None or period.holds(s)]
    listed = [_listed(s, document, dated=bool(period)) for s in meant[:_MOST]]
    among = sources
    if period and not all(source.published for source in sources):
        among = [source for source in sources if source.published]
    whole = f"{len(among):,} articles{' with a date' * (among is not sources)}"
    opening = ""
    if question.intent is Intent.COUNT:
        some = "; the first is " if len(meant) > 1 else ": "
        opening = f"{_counted(question.text, meant, whole, period)}{some}"
    elif len(meant) > _MOST:
        opening = f"The first of {len(meant):,}: "
    elif among is not sources:
        opening = "Of the articles with a date, "
    if listed and opening:
        listed[0] = replace(listed[0], text=opening + listed[0].text)
    return tuple(listed)


def _counted(
    question: str, meant: Sequence[Source], whole: str, period: Period | None
) -> str:
    """How many there are of what is asked for: authors, publishers, or articles.

    Args:
        question: As asked.
        meant: The articles that are asked for.
        whole: How many articles those are among.
        period: That they are of.
    """
    where = f"the articles of {period}" if period else whole
    for noun, asked, named in (
        ("author", _WRITERS, {name for source in meant for name in source.authors}),
        ("publisher", _PUBLISHERS, {s.publisher for s in meant if s.publisher}),
    ):
        if asked.match(question):
            some = len(named) != 1
            is_or_are = "are" if some else "is"
            return f"There {is_or_are} {len(named):,} {noun}{'s' * some} in {where}"
    if period:
        is_or_are = "are" if len(meant) != 1 else "is"
        return f"{len(meant):,} of {whole} {is_or_are} of {period}"
    if whole != f"{len(meant):,} articles":
        return f"{len(meant):,} of {whole}"
    return f"There are {whole}" if len(meant) != 1 else "There is 1 article"


def _sections(
    sources: Sequence[Source], document: Callable[[str], Document], kind: str
) -> Iterator[Statement]:
    """How many chapters, or the like, articles have; of those that have any."""
    for source in sources:
        loaded = document(source.id)
        places = [Span(h.start, h.end) for h in sections(loaded, kind)]
        if number := len(places):
            shown = tuple(places[:_MOST])
            names = ", ".join(f"“{loaded.text[p.start : p.end]}”" for p in shown)
            noun = kind if number == 1 else f"{kind}s"
            more = " and others" if number > _MOST else ""
            text = f"“{source.title}” has {number} {noun}: {names}{more}."
            yield Statement(text, source, shown)


def _listed(
    source: Source, document: Callable[[str], Document], *, dated: bool
) -> Statement:
    """An article with what is known of it, citing its date or else its title."""
    by = f" by {join_names(source.authors)}" if source.authors else ""
    stated = ", ".join(filter(None, [source.publisher, _date(source.published)]))
    text = f"“{source.title}”{by}" + (f" ({stated})." if stated else ".")
    needles = _date_forms(source.published) if dated else ()
    return _cited(text, source, document, needles)


def topic_of(question: str) -> set[str]:
    """The stems of what articles are asked to speak of."""
    return set(content_stems(_WORKS.sub("", question))) - _SPEAKING


def _on_topic(question: str, hits: Sequence[Hit]) -> tuple[Statement, ...]:
    """Each article with a passage about it, and that passage's best sentence."""
    topic = topic_of(question)
    asks_who = _WHO.search(question) is not None
    found: dict[str, Statement] = {}
    for hit in hits:
        text = f"{hit.passage.heading} {hit.passage.text}"
        share = len(topic & set(content_stems(text))) / len(topic) if topic else 0.0
        if share <= _TOPIC_SHARE or hit.source.id in found:
            continue
        if (best := best_told(hit)) is None:
            continue
        by = f" by {join_names(hit.source.authors)}" if hit.source.authors else ""
        unstated = "; its author is not stated" if asks_who and not by else ""
        sentence = f"“{hit.source.title}”{by} discusses it{unstated}."
        found[hit.source.id] = Statement(
            sentence, hit.source, (hit.passage.sentences[best],)
        )
    stated = list(found.values())
    if stated and _HOW_MANY.match(question):
        number = f"{len(stated)} article{'s' * (len(stated) != 1)}"
        if len({hit.source.id for hit in hits}) == len(stated) > 1:
            number = f"At least {number}"  # there may be more than were found
        stated[0] = replace(stated[0], text=f"{number} found: {stated[0].text}")
    return tuple(stated)


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
    for whole in paragraph_spans(document.text):
        text = document.text[whole.start : whole.end]
        spans += [whole] if "\n" in text else sentence_spans(text, whole.start)
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
