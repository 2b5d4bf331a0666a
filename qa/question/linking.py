"""Which articles some words name: by author, publisher or title.

"Oake", "the Pier Press article", "“Winter ferries”" and "Oake and Lind" do; "the sun"
does not, though an author be called Sun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.language.text import content_stems, stem, tokens
from qa.schema import Source

_ARTICLE = re.compile(
    r"\b(?:article|piece|paper|essay|report|author|writer)s?\b", re.IGNORECASE
)
_TEXT = re.compile(rf"{_ARTICLE.pattern}|[“”\"«»]", re.IGNORECASE)
_AND = re.compile(
    r",\s*(?:and\s+)?|\s+(?:and|&|with|to|versus|vs\.?)\s+", re.IGNORECASE
)
_PARTS = 10
_OF_TITLE = 0.5
"""Share of a title's words that names its article, where an article is spoken of."""
_OF_TITLE_ALONE = 0.8


def articles_named(
    who: str, sources: Sequence[Source], *, titled: bool = True
) -> tuple[tuple[str, ...], bool]:
    """The articles that some words name, and no more.

    Args:
        who: The words.
        sources: Of all articles.
        titled: Whether a title alone names its article.

    Returns:
        Their files, and whether they were named one by one: "A and B".
    """
    if files := named_at_once(who, sources, titled=titled):
        return files, False
    parts = _AND.split(who)
    if not 1 < len(parts) <= _PARTS:
        return (), False
    found: dict[str, None] = {}
    for part in parts:
        if not (files := named_at_once(part, sources, titled=titled)):
            return (), False
        found |= dict.fromkeys(files)
    return tuple(found), True


def named_at_once(
    who: str, sources: Sequence[Source], *, titled: bool
) -> tuple[str, ...]:
    """The articles whose author, publisher or title some words name.

    A few words of a title do where they are said to be of an article and only one
    has them; without "article" or quotation marks, nearly all of it is needed.
    """
    meant = set(content_stems(_ARTICLE.sub("", who)))
    if not meant:
        return ()
    told = _TEXT.search(who) is not None
    files = tuple(s.file for s in sources if _is_by(who, meant, s, told=told))
    if files or not (titled or told):
        return files
    titles = {source.file: set(content_stems(source.title)) for source in sources}
    share = _OF_TITLE if told else _OF_TITLE_ALONE
    files = tuple(
        file
        for file, title in titles.items()
        if meant <= title and len(meant) > share * len(title)
    )
    if not files and told:
        files = tuple(file for file, title in titles.items() if meant <= title)
    return files if len(files) == 1 else ()


def _is_by(who: str, meant: set[str], source: Source, *, told: bool) -> bool:
    """Whether some words name an author or the publisher, and no one else.

    A publisher's name is often made of words that stand for much else, as "China
    Daily": without "article", all of them are needed.
    """
    publisher = set(content_stems(source.publisher))
    known = publisher.union(
        content_stems(source.title), *map(content_stems, source.authors)
    )
    if not meant <= known:
        return False
    if publisher & meant and (told or publisher <= meant):
        return True
    return any(_is_called(who, meant, author) for author in source.authors)


def _is_called(who: str, meant: set[str], author: str) -> bool:
    """Whether an author is named: in full or by a surname, as "the sun" is not."""
    names = content_stems(author)
    if not names or names[-1] not in meant:
        return False
    words = tokens(who)
    return len(meant.intersection(names)) > 1 or any(
        stem(word) == names[-1] and word[0].isupper() and before.lower() != "the"
        for before, word in pairwise(["", *words])
    )
