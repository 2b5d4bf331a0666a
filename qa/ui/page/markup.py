"""Exchanges to inert markup: only our own tags and links, everything else text."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from qa.language.rendering import (
    ABSTAINED,
    FROM_PICTURE,
    NEAREST,
    draft_lost,
    join_names,
    page_numbers,
    place,
    remarks,
)
from qa.schema import Citation, Rejected, Sentence, Source, is_list
from qa.ui.page.conversation import Exchange

_ACTIVE = re.compile(r"[!-/:-@\[-`{-~]")
# Directional overrides would turn round the text that follows them.
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_COPYING = {
    "plain": "Copy",
    "markdown": "Markdown",
    "bibtex": "BibTeX",
    "link": "Link",
}
_ASKING = {"retry": "Ask again", "edit": "Edit question"}
_RATING = {"good": "Good answer", "poor": "Poor answer"}
_DATES = ("{0.year}", "{0:%B} {0.year}", "{0.day} {0:%B} {0.year}")


def inert(text: str) -> str:
    """Text that neither Markdown nor HTML reads anything into, on one line."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", flat(text))


def flat(text: str) -> str:
    """Text on one line, without control characters and directional overrides."""
    return " ".join(_HIDDEN.sub(" ", text).split())


def render_question(question: str) -> str:
    """A question as it was typed, line by line."""
    return "<br>".join(inert(line) for line in question.splitlines())


def render_exchange(exchange: Exchange, *, ready: bool) -> str:
    """The answer as far as it is known.

    Args:
        exchange: The exchange.
        ready: Whether the models are loaded.
    """
    parts = [_sentences(exchange)]
    if exchange.under_way:
        parts.append(f'<p class="qa-wait">{waiting(exchange, ready=ready)}</p>')
    elif exchange.stage == "failed":
        parts.append(f'<p class="qa-failure">{inert(exchange.failure)}</p>')
    elif exchange.stage == "stopped":
        parts.append(_note("Stopped."))
    if exchange.stage == "abstained":
        parts.append(_abstention(exchange))
    elif not exchange.under_way:
        parts += [_note(line) for line in remarks(exchange.unanswered, exchange.notes)]
        parts.append(_sources(exchange))
    if not exchange.under_way:
        parts += [_note(line) for line in draft_lost(exchange.draft_lost)]
        parts.append(_left_out(exchange.rejected))
        parts.append(_acts(exchange))
    return "".join(parts)


def _note(text: str) -> str:
    return f'<p class="qa-note">{inert(text)}</p>'


def _acts(exchange: Exchange) -> str:
    """What can be done with a finished answer; the page's script does it."""
    has_text = exchange.sentences or exchange.citations
    groups = (_COPYING, _ASKING, _RATING) if has_text else (_ASKING,)
    shown = "".join(
        '<span class="qa-acts-group">'
        + "".join(
            f'<a class="qa-act" href="#do-{act}-{exchange.id}">{name}</a>'
            for act, name in group.items()
        )
        + "</span>"
        for group in groups
    )
    return f'<p class="qa-acts">{shown}</p>'


def waiting(exchange: Exchange, *, ready: bool) -> str:
    """What is being done, in a few words."""
    if exchange.stage == "waiting" and exchange.ahead:
        noun = "question" if exchange.ahead == 1 else "questions"
        return f"Waiting: {exchange.ahead} {noun} before this one…"
    if exchange.stage in {"queued", "waiting"}:
        return "Waiting for its turn…"
    if not ready:
        return "Loading models…"
    if exchange.stage == "searching":
        return "Searching…"
    if exchange.sentences or exchange.rejected:
        return "Drafting and checking…"
    noun = "passage" if exchange.passages == 1 else "passages"
    return f"Reading {exchange.passages} {noun}…"


def _sentences(exchange: Exchange) -> str:
    if not exchange.sentences:
        return ""
    shown = [_sentence(sentence, exchange) for sentence in exchange.sentences]
    if is_list(exchange.shape, shown):
        items = "".join(f"<li>{sentence}</li>" for sentence in shown)
        return f'<ul class="qa-answer">{items}</ul>'
    return f'<p class="qa-answer">{" ".join(shown)}</p>'


def _sentence(sentence: Sentence, exchange: Exchange) -> str:
    """The sentence and its numbers; quotation marks if it is the quote itself."""
    quoted = exchange.quoted(sentence)
    text = f"“{_quote(quoted)}”" if quoted else inert(sentence.text)
    return f"{text}&nbsp;{_numbers(exchange.id, exchange.cited(sentence))}"


def _quote(citation: Citation) -> str:
    """The quote, the words that answer in bold."""
    if citation.answer is None:
        return inert(citation.quote)
    start = citation.answer.start - citation.start
    end = citation.answer.end - citation.start
    before, words, after = (
        citation.quote[:start],
        citation.quote[start:end],
        citation.quote[end:],
    )
    return f"{_inert(before)}<strong>{inert(words)}</strong>{_inert(after)}"


def _inert(text: str) -> str:
    """Like ``inert``, with the white space at its ends kept."""
    lead = " " if text[:1].isspace() else ""
    tail = " " if text.strip() and text[-1:].isspace() else ""
    return f"{lead}{inert(text)}{tail}"


def _link(answer: str, number: int, text: str, kind: str = "qa-cite") -> str:
    return f'<a class="{kind}" href="#cite-{answer}-{number}">{inert(text)}</a>'


def _numbers(answer: str, cited: list[Citation], between: str = "") -> str:
    return between.join(_link(answer, c.number, f"[{c.number}]") for c in cited)


def _sources(exchange: Exchange) -> str:
    """One line an article, with the numbers of its citations."""
    lines = [_source(exchange.id, cited) for cited in exchange.cited_documents]
    return f'<ul class="qa-sources">{"".join(lines)}</ul>' if lines else ""


def _source(answer: str, citations: list[Citation]) -> str:
    first = citations[0]
    numbers = _numbers(answer, citations, " ")
    title = _link(answer, first.number, first.document.title, "qa-title")
    pages = page_numbers((c.page for c in citations), first.document.file)
    picture = FROM_PICTURE * any(c.from_picture for c in citations)
    rest = ", ".join(filter(None, [byline(first.document), pages, picture]))
    tail = f'<span class="qa-byline"> — {inert(rest)}</span>' if rest else ""
    return f"<li>{numbers} {title}{tail}</li>"


def _abstention(exchange: Exchange) -> str:
    head = f'<p class="qa-abstained">{ABSTAINED}</p>'
    head += "".join(map(_note, exchange.notes))
    if not exchange.citations:
        return head
    quotes = "".join(_nearest(exchange.id, c) for c in exchange.citations)
    return f'{head}{_note(NEAREST)}<ul class="qa-nearest">{quotes}</ul>'


def _nearest(answer: str, citation: Citation) -> str:
    quote = _link(answer, citation.number, f"“{citation.quote}”", "qa-quote")
    about = [citation.document.title, place(citation)]
    source = inert(", ".join(filter(None, about)))
    return f'<li>{quote}<span class="qa-byline">{source}</span></li>'


def _left_out(rejected: tuple[Rejected, ...]) -> str:
    if not rejected:
        return ""
    noun = "sentence" if len(rejected) == 1 else "sentences"
    items = "".join(
        f'<li>{inert(r.text)}<span class="qa-byline">{inert(r.reason)}</span></li>'
        for r in rejected
    )
    return (
        f'<details class="qa-left-out"><summary>Left out: {len(rejected)} {noun}'
        f"</summary><ul>{items}</ul></details>"
    )


def byline(source: Source) -> str:
    """Authors, publisher and date, as far as they are stated."""
    parts = (join_names(source.authors), source.publisher, readable(source.published))
    return ", ".join(part for part in parts if part)


def readable(published: str) -> str:
    """An ISO date of any precision as people write it; others as they are."""
    parts = published.split("-")
    try:
        year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
        return _DATES[len(parts) - 1].format(date(year, month, day))
    except (ValueError, IndexError):
        return published


def safe_url(url: str) -> str:
    """The address if it is http or https, otherwise nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
