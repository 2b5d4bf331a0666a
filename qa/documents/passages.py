"""Documents to passages: whole sentences of one section, fit for the embedder."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from qa.documents.composing import long_turns
from qa.documents.tables import heading_of
from qa.language.sentences import paragraph_spans, sentence_spans
from qa.schema import Document, Passage, Span

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Tokens of each text as the embedder counts them, without special tokens."""

_SPECIAL_TOKENS = 2
_CONTEXT_TOKENS = 48


def split(
    document: Document, *, count_tokens: CountTokens, size: int, window: int
) -> tuple[Passage, ...]:
    """Cut a document into passages.

    Passages follow sections and paragraphs; a paragraph over ``size`` is cut
    between sentences into parts of like length. Only a sentence that the
    embedder could not read whole is cut inside, between words.

    Args:
        document: With its headings.
        count_tokens: The embedder's own count.
        size: Tokens a passage should not exceed.
        window: Tokens the embedder reads at most; longer text it would cut
            without a word.

    Returns:
        Passages in reading order; none overlap, all text below a heading is in one.
    """
    passages: list[Passage] = []
    longest = min(size, window - _SPECIAL_TOKENS - _CONTEXT_TOKENS)
    for heading, section in _parts(document):
        room = _CONTEXT_TOKENS if heading else 0
        limit = min(size, window - _SPECIAL_TOKENS - room)
        groups = _groups(document, section, count_tokens, limit, longest)
        passages += [_passage(document, heading, group) for group in groups]
    return tuple(passages)


def context(words: str, count_tokens: CountTokens) -> str:
    """What is embedded in front of a text so that it can stand alone.

    Returns:
        The words and a colon, cut to the tokens that ``split`` leaves room for;
        nothing for no words.
    """
    kept = words.split()
    while kept and count_tokens([" ".join(kept) + ":"])[0] > _CONTEXT_TOKENS:
        kept.pop()
    return " ".join(kept) + ": " if kept else ""


def _parts(document: Document) -> Iterator[tuple[str, Span]]:
    """Sections, cut around what does not say all of its context itself, which stands in
    the heading then: a table's caption and the heads of its columns, and who speaks in
    a long turn.
    """
    tables = [t for t in document.tables if not t.labelled and (t.caption or t.heads)]
    captions = {table.caption for table in tables}
    apart = [
        *((Span(t.start, t.end), heading_of(t.caption, heads=t.heads)) for t in tables),
        *((Span(t.start, t.end), t.speaker) for t in long_turns(document)),
    ]
    apart.sort(key=lambda part: part[0].start)
    for name, section in _sections(document):
        start = section.start
        while apart and apart[0][0].start < section.end:
            span, said = apart.pop(0)
            if document.text[start : span.start].strip():
                yield name, Span(start, span.start)
            known = name == document.source.title or any(
                caption.startswith(name) for caption in captions
            )
            yield heading_of("" if known else name, said), span
            start = span.end
        if document.text[start : section.end].strip():
            yield name, Span(start, section.end)


def _sections(document: Document) -> Iterator[tuple[str, Span]]:
    """Each heading's text with the span of what stands directly below it."""
    text, headings = document.text, document.headings
    starts = [0, *(heading.end for heading in headings)]
    ends = [*(heading.start for heading in headings), len(text)]
    # A colon at the end of a passage's heading is that of a speaker.
    names = ["", *(text[h.start : h.end].rstrip(": ") for h in headings)]
    for name, start, end in zip(names, starts, ends, strict=True):
        if text[start:end].strip():
            yield name, Span(start, end)


def _groups(
    document: Document,
    section: Span,
    count_tokens: CountTokens,
    limit: int,
    longest: int,
) -> Iterator[list[Span]]:
    """Sentences of a section, grouped into passages of at most ``limit`` tokens;
    a sentence has at most ``longest``, since it is embedded after the title.
    """
    text = document.text
    group: list[Span] = []
    used = 0
    paragraphs = paragraph_spans(text[section.start : section.end], section.start)
    for paragraph in _joined(paragraphs, document.units):
        sentences = list(_fitting(document, paragraph, count_tokens, longest))
        counts = list(count_tokens([text[s.start : s.end] for s in sentences]))
        if group and used + sum(counts) > limit:
            yield group
            group, used = [], 0
        parts = list(_balanced(sentences, counts, limit))
        yield from parts[:-1]
        group += parts[-1]
        used += sum(counts[-len(parts[-1]) :])
    if group:
        yield group


def _joined(paragraphs: Iterable[Span], units: Sequence[Span]) -> Iterator[Span]:
    """Paragraphs, those of a unit as one."""
    ahead = deque(units)
    whole: Span | None = None
    for paragraph in paragraphs:
        while ahead and ahead[0].end <= paragraph.start:
            ahead.popleft()
        start = paragraph.start if whole is None else whole.start
        whole = Span(start, paragraph.end)
        if not (ahead and ahead[0].start < whole.end < ahead[0].end):
            yield whole
            whole = None
    if whole is not None:
        yield whole


def _sentences(document: Document, paragraph: Span) -> Iterator[Span]:
    """The sentences of a paragraph; a unit is one."""
    first, last = (
        bisect_left(document.units, place, key=lambda unit: unit.start)
        for place in (paragraph.start, paragraph.end)
    )
    start, end = paragraph.start, Span(paragraph.end, paragraph.end)
    for unit in (*document.units[first:last], end):
        yield from sentence_spans(document.text[start : unit.start], start)
        if unit.start < unit.end:
            yield unit
        start = unit.end


def _fitting(
    document: Document, paragraph: Span, count_tokens: CountTokens, limit: int
) -> Iterator[Span]:
    text = document.text
    for whole in _sentences(document, paragraph):
        if count_tokens([text[whole.start : whole.end]])[0] <= limit:
            yield whole
        else:
            yield from _cut(text, whole, count_tokens, limit)


def _cut(
    text: str, span: Span, count_tokens: CountTokens, limit: int
) -> Iterator[Span]:
    """Halve between words, or inside one that alone is too long, until all fit."""
    if count_tokens([text[span.start : span.end]])[0] <= limit:
        yield span
        return
    middle = (span.start + span.end) // 2
    gap = text.rfind(" ", span.start + 1, middle)
    left, right = (gap, gap + 1) if gap > 0 else (middle, middle)
    for part in (Span(span.start, left), Span(right, span.end)):
        yield from _cut(text, part, count_tokens, limit)


def _balanced(
    sentences: Sequence[Span], counts: Sequence[int], limit: int
) -> Iterator[list[Span]]:
    """Cut a paragraph's sentences into the fewest parts, of like length."""
    remaining = sum(counts)
    part: list[Span] = []
    used = 0
    for sentence, count in zip(sentences, counts, strict=True):
        parts = max(1, -(-(remaining + used) // limit))
        target = (remaining + used) / parts
        if part and (used + count > limit or used + count / 2 > target):
            yield part
            part, used = [], 0
        part.append(sentence)
        used += count
        remaining -= count
    yield part


def _passage(document: Document, heading: str, sentences: list[Span]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    key = f"{document.source.id}:{start}:{end}"
    pages = tuple(p for s in sentences if (p := document.page_at(s.start)))
    return Passage(
        id=sha256(key.encode()).hexdigest()[:16],
        document_id=document.source.id,
        start=start,
        end=end,
        text=document.text[start:end],
        heading=heading,
        sentences=tuple(sentences),
        pages=pages,
        pictures=tuple(page for page in document.pictures if page in pages),
    )
