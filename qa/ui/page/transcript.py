"""A conversation as a file to keep: Markdown, or one HTML page without network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from qa.language.rendering import ABSTAINED, cited, draft_lost, remarks
from qa.schema import Citation, join_sentences
from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import flat, safe_url
from qa.ui.page.references import as_markdown, escape_markdown, quoted_text

_TITLE = "Questions and answers"


def export_markdown(exchanges: Sequence[Exchange]) -> str:
    """Each question as a heading, its answer with references below it."""
    parts = [f"# {_TITLE}\n"]
    for exchange in exchanges:
        parts.append(f"## {escape_markdown(exchange.question)}\n")
        parts.append(as_markdown(exchange))
        parts += [f"*{escape_markdown(line)}*\n" for line in _notes(exchange)]
    return "\n".join(parts)


def export_html(exchanges: Sequence[Exchange]) -> str:
    """The same as a page that needs nothing but itself."""
    style = (files("qa.ui") / "assets" / "export.css").read_text(encoding="utf-8")
    body = "".join(_article(exchange) for exchange in exchanges)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_TITLE}</title><style>{style}</style></head>"
        f"<body><main><h1>{_TITLE}</h1>{body}</main></body></html>\n"
    )


def _article(exchange: Exchange) -> str:
    items = "".join(_reference(exchange.id, c) for c in exchange.citations)
    notes = "".join(f"<p><small>{escape(n)}</small></p>" for n in _notes(exchange))
    unanswered = "".join(
        f"<p>{escape(flat(line))}</p>"
        for line in remarks(exchange.unanswered, exchange.notes)
    )
    return (
        f"<article><h2>{escape(flat(exchange.question))}</h2>"
        f"<p>{_linked(exchange)}</p>{unanswered}<ol>{items}</ol>{notes}</article>"
    )


def _linked(exchange: Exchange) -> str:
    """The answer, its markers leading to the references below it."""
    if exchange.stage == "abstained":
        return ABSTAINED
    said = []
    for sentence in exchange.sentences:
        links = "".join(
            f' <a href="#{exchange.id}-{number}">[{number}]</a>'
            for number in sentence.citations
        )
        said.append(escape(quoted_text(sentence, exchange)) + links)
    return join_sentences(said, exchange.shape, bullet="• ", line_break="<br>")


def _reference(answer: str, citation: Citation) -> str:
    where = escape(flat(cited(citation)))
    url = safe_url(citation.document.url)
    link = f', <a href="{escape(url)}" rel="noreferrer">original</a>' if url else ""
    quote = escape(flat(citation.quote))
    return (
        f'<li value="{citation.number}" id="{answer}-{citation.number}">{where}{link}'
        f"<blockquote>{quote}</blockquote></li>"
    )


def _notes(exchange: Exchange) -> list[str]:
    """What was left out, and which models answered."""
    notes = [f"Left out: {r.text} ({r.reason})" for r in exchange.rejected]
    notes += draft_lost(exchange.draft_lost)
    if exchange.stage in {"stopped", "failed"}:
        notes.append(exchange.failure or "Stopped before its end.")
    if exchange.models is not None:
        models = exchange.models
        embedder = models.embedder.split("@")[0]
        notes.append(
            f"Answered by {models.generator}, judged by {models.judge}, "
            f"read by {models.reader}, found by {embedder}."
        )
    return [flat(note) for note in notes]
