"""An answer as text to take along: plain, Markdown, or BibTeX entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.language.rendering import (
    ABSTAINED,
    NEAREST,
    cited,
    page_numbers,
    remarks,
)
from qa.language.text import without_accents
from qa.schema import Citation, Sentence, Source, join_sentences
from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import flat, safe_url

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$-])")
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def as_plain(exchange: Exchange) -> str:
    """The answer, then its references with the words quoted."""
    lines = [
        answer_text(exchange),
        *map(flat, remarks(exchange.unanswered, exchange.notes)),
        "",
    ]
    for citation in exchange.citations:
        where = cited(citation)
        url = safe_url(citation.document.url)
        lines.append(f"[{citation.number}] {where}{f', {url}' if url else ''}")
        lines.append(f"    “{flat(citation.quote)}”")
    return "\n".join(lines).strip() + "\n"


def as_markdown(exchange: Exchange) -> str:
    """The answer with its references as Markdown; all text escaped."""
    marked = [escape_markdown(text) for text in _marked(exchange)]
    # A bullet other than that of the references, which are another list.
    said = join_sentences(marked, exchange.shape, bullet="* ")
    lines = [
        said,
        "",
        *map(escape_markdown, remarks(exchange.unanswered, exchange.notes)),
        "",
    ]
    for citation in exchange.citations:
        where = escape_markdown(cited(citation))
        url = safe_url(citation.document.url)
        if url:
            where = f"{where}, <{url}>"
        lines.append(f"- \\[{citation.number}\\] {where}  ")
        lines.append(f"  > {escape_markdown(citation.quote)}")
    return "\n".join(lines).strip() + "\n"


def as_bibtex(exchange: Exchange) -> str:
    """The answer as a comment that cites, and an entry for each article."""
    keys = _bibtex_keys([c.document for c in exchange.citations])
    said = [_latex_comment(sentence, exchange, keys) for sentence in exchange.sentences]
    entries = [_entry(keys[c[0].document.id], c) for c in exchange.cited_documents]
    return "\n\n".join(["\n".join(said) or f"% {ABSTAINED}", *entries]) + "\n"


def answer_text(exchange: Exchange) -> str:
    """The sentences with their markers, or that there is no answer."""
    return join_sentences(_marked(exchange), exchange.shape)


def _marked(exchange: Exchange) -> list[str]:
    if exchange.stage == "abstained":
        return [f"{ABSTAINED} {NEAREST}"]
    return [quoted_text(s, exchange) + s.markers for s in exchange.sentences]


def quoted_text(sentence: Sentence, exchange: Exchange) -> str:
    """The sentence on one line, in quotation marks if it is a quote itself."""
    text = flat(sentence.text)
    return f"“{text}”" if exchange.quoted(sentence) else text


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", flat(text)).replace("&", "&amp;")


def _latex_comment(sentence: Sentence, exchange: Exchange, keys: dict[str, str]) -> str:
    """A sentence of the answer as a LaTeX comment that cites."""
    cited = dict.fromkeys(keys[c.document.id] for c in exchange.cited(sentence))
    return f"% {_latex(sentence.text)} \\cite{{{','.join(cited)}}}"


def _bibtex_keys(sources: Iterable[Source]) -> dict[str, str]:
    """Author, year and first word of the title; a letter tells twins apart."""
    keys: dict[str, str] = {}
    for source in sources:
        if source.id in keys:
            continue
        author = source.authors[0].split()[-1] if source.authors else source.publisher
        words = [_ascii(word) for word in source.title.split()]
        title = next((word for word in words if len(word) > 3), "")
        key = f"{_ascii(author)}{source.published[:4]}{title}" or "article"
        twins = sum(known.rstrip("bcdefghijk") == key for known in keys.values())
        keys[source.id] = key + ("bcdefghijk"[twins - 1] if 0 < twins < 11 else "")
    return keys


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", without_accents(text).casefold())


def _entry(key: str, citations: Sequence[Citation]) -> str:
    source = citations[0].document
    pages = page_numbers((c.page for c in citations), source.file)
    year, month, *_ = (*source.published.split("-"), "", "")
    known_month = month.isdecimal() and 1 <= int(month) <= 12
    fields = {
        "author": " and ".join(f"{{{_latex(name)}}}" for name in source.authors),
        "title": f"{{{_latex(source.title)}}}",
        "howpublished": _latex(source.publisher),
        "year": year if year.isdecimal() else "",
        "url": _url(source.url),
        "note": _latex(f"Quoted from {pages}" if pages else ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if known_month:
        lines.append(f"  month = {_MONTHS[int(month) - 1]},")
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _url(url: str) -> str:
    """An address that cannot end its field."""
    return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", safe_url(url))


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in flat(text))
