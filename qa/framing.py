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
_TAIL = r"""(?:,?\ (?:briefly|please|for\ me|in\ [\w\ -]{0,25}(?:sentences?|words|lines
    |points|bullets|short|brief|detail)))*\W*"""
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
        rf"""^(?:compare|contrast)\ (?:what\ )?(?P<who>.{{2,120}}?)
            \ (?:(?:say|write|think|argue|claim)s?\ )?{_ABOUT}\ (?P<topic>.+?)\W*$""",
        rf"""^(?:how|where|do|does)\ (?:(?:do|does|did)\ )?(?P<who>.{{2,120}}?)
            \ (?:differ|agree|disagree|compare)\ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        r"^(?P<question>.+?),?\ according\ to\ (?P<who>[^,?]{2,80})\?*$",
    )
)
_POINTS = r"""(?:points?|ideas?|arguments?|messages?|claims?|thes[ei]s|findings?
    |conclusions?|take-?aways?)"""
_PLEASE = r"(?:please\ |(?:can|could|would)\ you\ (?:please\ )?)?"
_OF_WORKS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"^{_PLEASE}(?:summari[sz]e|sum\ up|outline|recap)\ (?P<who>.+?){_TAIL}$",
        rf"""^{_PLEASE}(?:(?:give|write|show|make)\ (?:me\ )?)?(?:an?\ |the\ )?
            (?:\w+\ ){{0,2}}(?:summary|overview|outline|gist|abstract|synopsis)\ of
            \ (?P<who>.+?){_TAIL}$""",
        rf"^what(?:['’]s|\ is|\ are)\ (?P<who>.+?)\ (?:all\ )?about{_TAIL}$",
        rf"^tl;?dr\W*(?P<who>.+?){_TAIL}$",
    )
)
"""What is asked of a text, which its title alone may name."""
_OF_VOICES = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"""^what(?:['’]s|\ is|\ are|\ was|\ were)\ the\ (?:\w+\ ){{0,2}}{_POINTS}
            \ (?:of|in|from)\ (?P<who>.+?){_TAIL}$""",
        rf"""^what(?:['’]s|\ is|\ are)\ (?P<who>.{{2,80}}?)['’]s?\ (?:\w+\ ){{0,2}}
            {_POINTS}{_TAIL}$""",
        rf"""^what\ (?:does|do|did)\ (?P<who>.+?)\ (?:argue|say|conclude|claim|discuss
            |cover|tell\ (?:us|me)){_TAIL}$""",
    )
)
"""What is asked of people too: "Luther" may be what an article is about."""
_ALL = re.compile(
    r"""(?:(?:all|the|these|my|your|our|of|whole)\s+)*(?:articles|authors|sources|texts
    |papers|documents|library|collection|everything)""",
    re.IGNORECASE | re.VERBOSE,
)
_THIS = re.compile(
    r"(?:(?:this|the|my)\s+(?:article|piece|paper|essay|report|text)|it|this)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\b(?:article|piece|paper|essay|report|author|writer)s?\b", re.IGNORECASE
)
_TEXT = re.compile(rf"{_ARTICLE.pattern}|[“”\"«»]", re.IGNORECASE)
_AND = re.compile(
    r",\s*(?:and\s+)?|\s+(?:and|&|with|to|versus|vs\.?)\s+", re.IGNORECASE
)
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


def summarised(
    question: str, sources: Callable[[], Sequence[Source]]
) -> tuple[Source, ...]:
    """The articles that a question wants summed up; empty where it wants no summary.

    "Summarise the Pier Press article", "What does Ann Oake argue?", "What are the
    articles about?"; "the article" is meant where there is only one.

    Args:
        question: As asked.
        sources: Loads those of the documents that may be meant.
    """
    for pattern in (*_OF_WORKS, *_OF_VOICES):
        if (found := pattern.search(question)) is None:
            continue
        who, known = found["who"].strip(), sources()
        if _ALL.fullmatch(who) or (_THIS.fullmatch(who) and len(known) == 1):
            return tuple(known)
        titled = pattern in _OF_WORKS or _TEXT.search(who) is not None
        if files := _named(who, known, titled=titled):
            return tuple(source for source in known if source.file in files)
    return ()


def _named(
    who: str, sources: Sequence[Source], *, titled: bool = True
) -> tuple[str, ...]:
    """The articles that some words name, and no more; "A and B" may name two.

    Args:
        who: The words.
        sources: Of all articles.
        titled: Whether a title alone names its article.
    """
    files = _named_at_once(who, sources, titled=titled)
    if not files and len(parts := _AND.split(who)) > 1:
        named = [_named_at_once(part, sources, titled=titled) for part in parts]
        if all(named):
            files = tuple(dict.fromkeys(file for one in named for file in one))
    return files


def _named_at_once(
    who: str, sources: Sequence[Source], *, titled: bool
) -> tuple[str, ...]:
    """The articles whose author, publisher or title some words name.

    A few words of a title do where they are said to be of an article and only one
    has them.
    """
    meant = set(content_stems(_ARTICLE.sub("", who)))
    if not meant:
        return ()
    files = tuple(
        source.file
        for source in sources
        if _is_by(meant, source) or (titled and _is_titled(meant, source))
    )
    if not files and _ARTICLE.search(who):
        partly = [s.file for s in sources if meant <= set(content_stems(s.title))]
        files = tuple(partly) if len(partly) == 1 else ()
    return files


def _is_by(meant: set[str], source: Source) -> bool:
    authors = [content_stems(name) for name in source.authors]
    telling = {*content_stems(source.publisher), *(w for a in authors for w in a[-1:])}
    known = telling.union(content_stems(source.title), *authors)
    return bool(meant & telling) and meant <= known


def _is_titled(meant: set[str], source: Source) -> bool:
    title = set(content_stems(source.title))
    return meant <= title and len(meant) > _OF_TITLE * len(title)
