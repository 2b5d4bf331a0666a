"""A sentence to what it says without naming who wrote the article."""

from __future__ import annotations

import re

from qa.lexicon import is_content, stems, tokens
from qa.schema import Source

_ATTRIBUTED = re.compile(
    r"""^(?: according\ to\ (?P<source>[^,]{2,80}),\s+
      | (?P<writer>[^,.]{2,80}?)\ (?: say | write | argue | expect | note | explain
        | hold | find | state )s?\ that\s+ )""",
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
    if _GENERIC.fullmatch(who):
        return True
    known = {
        stem for name in (*source.authors, source.publisher) for stem in stems(name)
    }
    named = [
        stem for token in tokens(who) if is_content(token) for stem in stems(token)
    ]
    return bool(named) and known.issuperset(named)
