"""A plain question about an article, to show what one may ask."""

from __future__ import annotations

from collections.abc import Iterator

from titlecase import titlecase

from qa.schema import Document

_TITLE_LENGTH = 90
_HEADING_WORDS = range(2, 11)
# Words of headings that say what a section is, not what it is about, or that ask
# themselves.
_UNTELLING = frozenset(
    {
        *("abstract", "acknowledgements", "appendix", "argument", "author", "authors"),
        *("background", "bibliography", "brief", "caveat", "conclusion", "conclusions"),
        *("contents", "footnotes", "introduction", "methods", "notes", "overview"),
        *("references", "summary", "how", "what", "why"),
    }
)


def example_question(document: Document, turn: int = 0) -> str:
    """A plain question about an article, from its title or author and a heading.

    Args:
        document: The article.
        turn: Which of its headings; others each time.
    """
    source = document.source
    title = source.title
    if len(title) > _TITLE_LENGTH:
        title = title[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
    headings = list(_telling_headings(document))
    who = source.authors[0] if source.authors else f"“{title}”"
    if not headings:
        return f"What is “{title}” about?"
    return f"What does {who} say about “{headings[turn % len(headings)]}”?"


def _telling_headings(document: Document) -> Iterator[str]:
    for heading in document.headings:
        text = " ".join(document.text[heading.start : heading.end].split())
        words = text.casefold().replace(":", " ").split()
        if (
            heading.level > 1
            and len(words) in _HEADING_WORDS
            and not _UNTELLING.intersection(words)
        ):
            yield titlecase(text) if text.isupper() else text
