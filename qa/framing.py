"""A question without its frame: what is asked, and whose articles are asked.

"What does Ann Oake say about ferries?" is about ferries, in the articles of one
author; no passage says "Ann Oake says", and looking for it leads away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.lexicon import content_stems
from qa.schema import Source

_SAYS = r"""(?:say|said|says|write|writes|written|think|thinks|argue|argues|claim|claims
    |tell\ us|state|states|report|reports|mention|explain|conclude|expect|predict)"""
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"""^what\ (?:does|do|did|has|have|is|are)\ (?P<who>.{{2,80}}?)
            \ {_SAYS}\ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        rf"""^what\ (?:is|are|was|were)\ (?P<who>.{{2,80}}?)['’]s?
            \ (?:view|opinion|position|stance|take|assessment)s?
            \ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        r"""^how\ (?:does|do|did)\ (?P<who>.{2,80}?)
            \ (?:see|view|describe|assess|portray|characteri[sz]e)
            \ (?P<topic>.+?)\W*$""",
        r"^according\ to\ (?P<who>[^,]{2,80}),\s*(?P<question>.+)$",
        r"^(?P<question>.+?),?\ according\ to\ (?P<who>[^,?]{2,80})\?*$",
    )
)
_ALL = re.compile(
    r"(?:(?:all|the|these|my|your|our)\s+)*(?:articles|authors|sources|texts|papers)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:article|piece|paper|essay|report)\b", re.IGNORECASE)
_OF_TITLE = 0.5
"""Share of a title's words that names its article."""


@dataclass(frozen=True, slots=True)
class Framed:
    """What a question asks, and of which articles.

    Attributes:
        question: Without the frame.
        files: ``Source.file`` of the articles that are named; empty means all.
    """

    question: str
    files: tuple[str, ...] = ()


def unframed(question: str, sources: Callable[[], Sequence[Source]]) -> Framed:
    """Take "According to the Pier Press, …" and its like off a question.

    Args:
        question: As asked.
        sources: Loads those of all documents.

    Returns:
        The question as it is, of all articles, where it has no such frame or the
        frame names none of the sources: "What does the mayor say about …?"
    """
    for pattern in _FRAMES:
        if (found := pattern.search(question)) is None:
            continue
        files = _named(found["who"], sources())
        if not files and _ALL.fullmatch(found["who"].strip()) is None:
            continue
        parts = found.groupdict()
        asked = parts.get("question") or f"what is said about {parts['topic']}"
        asked = asked[:1].upper() + asked[1:].rstrip("? ") + "?"
        return Framed(asked, files)
    return Framed(question)


def _named(who: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """The articles whose author, publisher or title some words name, and no more.

    A few words of a title do where they are said to be of an article and only one
    has them.
    """
    meant = set(content_stems(_ARTICLE.sub("", who)))
    if not meant:
        return ()
    files = tuple(source.file for source in sources if _is_meant(meant, source))
    if not files and _ARTICLE.search(who):
        partly = [s.file for s in sources if meant <= set(content_stems(s.title))]
        files = tuple(partly) if len(partly) == 1 else ()
    return files


def _is_meant(meant: set[str], source: Source) -> bool:
    authors = [content_stems(name) for name in source.authors]
    telling = {*content_stems(source.publisher), *(w for a in authors for w in a[-1:])}
    if meant & telling and meant <= telling.union(*authors):
        return True
    title = set(content_stems(source.title))
    return meant <= title and len(meant) > _OF_TITLE * len(title)
