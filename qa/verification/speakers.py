"""A sentence to what it says without naming who wrote the article."""

from __future__ import annotations

import re

from qa.language.text import content_stems
from qa.schema import Source

_VERBS = "say write argue expect note explain hold find state".split()
_ATTRIBUTED = re.compile(
    rf"""^(?: according\ to\ (?P<source>[^,]{{2,80}}),\s+
      | (?P<writer>[^,.]{{2,80}}?)\ (?:{"|".join(_VERBS)})s?\ that\s+ )""",
    re.IGNORECASE | re.VERBOSE,
)
_GENERIC = re.compile(
    r"(?:the|this) (?:article|author|authors|report|paper)", re.IGNORECASE
)


def without_attribution(sentence: str, source: Source) -> str:
    """A sentence without "According to Ann Oake, …" or "Ann Oake argues that …".

    Only a name of who wrote or published the article is taken away; what someone
    in the article says stays attributed.
    """
    found = _ATTRIBUTED.match(sentence)
    if found is None:
        return sentence
    who = found["source"] or found["writer"]
    rest = sentence[found.end() :]
    if not _is_source(who, source):
        return sentence
    return rest[:1].upper() + rest[1:]


def _is_source(who: str, source: Source) -> bool:
    """Whether it names the article, its publisher, or authors by name or surname."""
    if _GENERIC.fullmatch(who):
        return True
    authors = [content_stems(name) for name in source.authors]
    known = [
        *authors,
        *(name[-1:] for name in authors),
        content_stems(source.publisher),
    ]
    named = [content_stems(name) for name in re.split(r",|\band\b", who)]
    return all(name and name in known for name in named)
