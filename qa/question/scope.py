"""A question without its frame: what is asked, and whose articles are asked.

"What does Ann Oake say about ferries?" is about ferries, in the articles of one
author; no passage says "Ann Oake says", and looking for it leads away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.question.coreference import points_back, without_opening
from qa.question.linking import articles_named, named_at_once
from qa.question.works import (
    ANY,
    ANY_WORK,
    LIBRARY,
    WORK,
    WORKS,
    WRITER,
    WRITERS,
)
from qa.schema import Source

_TAIL = r"""(?:,?\ (?:briefly|please|for\ me|in\ (?:short|brief|detail|a\ nutshell
    |(?:[\w-]+\ ){1,3}(?:sentences?|words|lines|points|bullets|terms)))){0,3}\W*"""
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_DOES = r"(?:does|do|did|has|have|is|are)"
_IS = r"(?:['’]s|\ is|\ are|\ was|\ were)"
_POINTS = r"""(?:points?|ideas?|arguments?|messages?|claims?|thes[ei]s|findings?
    |conclusions?|take-?aways?)"""
_PLEASE = r"(?:please\ |(?:can|could|would)\ you\ (?:please\ )?|I\ (?:want|need)\ )?"


@dataclass(frozen=True, slots=True)
class _Frame:
    """A way to ask what somebody says, and the words that stand for whom.

    Attributes:
        pattern: With a group ``who``, and ``topic`` or ``question`` for what is
            asked of them, if more than a summary is.
        freely: Whether "it", "she" and the like mean an article here.
        titled: Whether a title alone, without "article", names its article.
    """

    pattern: re.Pattern[str]
    freely: bool = False
    titled: bool = True


def _frame(pattern: str, *, freely: bool = False, titled: bool = True) -> _Frame:
    flags = re.IGNORECASE | re.VERBOSE | re.DOTALL
    return _Frame(re.compile(pattern, flags), freely, titled)


_FRAMES = (
    _frame(
        rf"""^what(?:\ {_DOES})?\ (?P<who>.{{2,80}}?)
            \ (?:say|says|said)\ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        freely=True,
    ),
    # Any verb will do of an author or "the article", not of what a title names too.
    _frame(
        rf"""^what(?:\ {_DOES})?\ (?P<who>.{{2,80}}?)
            \ (?!{ANY}\b)(?:[a-z]+|have\ to\ say|tell\ us)
            \ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        freely=True,
        titled=False,
    ),
    _frame(
        rf"""^what{_IS}\ (?P<who>.{{2,80}}?)['’]s?
            \ (?:[\w-]+\ ){{0,2}}[a-z]+\ {_ABOUT}\ (?P<topic>.+?)\W*$"""
    ),
    _frame(
        r"""^how\ (?:does|do|did)\ (?P<who>.{2,80}?)
            \ (?:see|view|describe|assess|portray|characteri[sz]e|explain|present
            |judge|regard|interpret|understand|define)
            \ (?P<topic>.+?)\W*$"""
    ),
    _frame(r"^(?:according\ to|based\ on)\ (?P<who>[^,]{2,80}),\s*(?P<question>.+)$"),
    _frame(rf"^in\ (?P<who>[^,]*\b{ANY_WORK}\b[^,]*),\s*(?P<question>.+)$"),
    _frame(
        rf"""^(?:compare|contrast)\ (?:what\ )?(?P<who>.{{2,120}}?)
            \ (?:(?:say|write|think|argue|claim)s?\ )?{_ABOUT}\ (?P<topic>.+?)\W*$"""
    ),
    _frame(
        rf"""^(?:how|where|do|does)\ (?:(?:do|does|did)\ )?(?P<who>.{{2,120}}?)
            \ (?:differ|agree|disagree|compare)\ {_ABOUT}\ (?P<topic>.+?)\W*$"""
    ),
    _frame(
        r"^(?P<question>.+?),?\ (?:according\ to|based\ on)\ (?P<who>[^,?]{2,80})\?*$"
    ),
    _frame(rf"^(?P<question>.+?)\ in\ (?P<who>[^,?]*\b{ANY_WORK}\b[^,?]*)\?*$"),
)
_SUMMARIES = (
    # Of a text, which its title alone may name.
    _frame(
        rf"""^{_PLEASE}(?:summari[sz]e|sum\ up|outline|recap|list|give\ me)
            \ (?:the\ )?(?:[\w-]+\ ){{0,2}}{_POINTS}\ (?:of|in|from)
            \ (?P<who>.+?){_TAIL}$""",
        freely=True,
    ),
    _frame(
        rf"^{_PLEASE}(?:summari[sz]e|sum\ up|outline|recap)\ (?P<who>.+?){_TAIL}$",
        freely=True,
    ),
    _frame(
        rf"""^{_PLEASE}(?:describe|explain|discuss|tell\ (?:me|us)\ (?:more\ )?about)
            \ (?P<who>[^?]*?\b{ANY_WORK}\b[^?]*?){_TAIL}$""",
        freely=True,
    ),
    _frame(rf"^{_PLEASE}sum\ (?P<who>.+?)\ up{_TAIL}$", freely=True),
    _frame(
        rf"""^{_PLEASE}(?:(?:give|write|show|make)\ (?:me\ )?)?(?:an?\ |the\ )?
            (?:[\w-]+\ ){{0,2}}(?:summary|overview|outline|gist|abstract|synopsis)\ of
            \ (?P<who>.+?){_TAIL}$""",
        freely=True,
    ),
    # "What is it about?", where "it" is as often the matter.
    _frame(
        rf"""^what{_IS}?\ (?P<who>.+?)(?:\ (?:is|are|was|were))?\ (?:all\ )?about
            {_TAIL}$"""
    ),
    _frame(rf"^tl;?dr\W*(?P<who>.+?){_TAIL}$", freely=True),
    # Of people too: "Luther" may be what an article is about.
    _frame(
        rf"""^what{_IS}\ the\ (?:[\w-]+\ ){{0,2}}{_POINTS}
            \ (?:of|in|from)\ (?P<who>.+?){_TAIL}$""",
        titled=False,
    ),
    _frame(
        rf"""^what{_IS}\ (?P<who>.{{2,80}}?)['’]s?
            \ (?:[\w-]+\ ){{0,2}}{_POINTS}{_TAIL}$""",
        titled=False,
    ),
    _frame(
        rf"""^what\ (?:(?:does|do|did)\ )?(?P<who>.+?)\ (?:argues?|says?|concludes?
            |claims?|discuss(?:es)?|covers?|tells?\ (?:us|me)){_TAIL}$""",
        titled=False,
    ),
    _frame(rf"^{_PLEASE}(?:compare|contrast)\ (?P<who>.+?){_TAIL}$", titled=False),
    _frame(
        rf"^how\ (?:do|does)\ (?P<who>.+?)\ (?:differ|compare){_TAIL}$", titled=False
    ),
)
_RECORDS = (
    # What is asked about an article itself.
    _frame(r"^who\ (?:wrote|authored|published)\ (?P<who>.+?)\W*$", freely=True),
    _frame(
        rf"^who\ (?:is|are|was|were)\ the\ {WRITERS}?{WRITER}?\ of\ (?P<who>.+?)\W*$",
        freely=True,
    ),
    _frame(
        r"""^(?:when|where)\ (?:was|did|has)\ (?P<who>.+?)\ (?:been\ )?(?:published
            |appear(?:ed)?|written|come\ out|issued)\W*$""",
        freely=True,
    ),
    _frame(
        r"""^what\ (?:is|was)\ the\ (?:publication\ )?(?:date|year|publisher)\ of
            \ (?P<who>.+?)\W*$""",
        freely=True,
    ),
)
_IN_PASSING = re.compile(
    rf"""\bthe\ (?P<who>(?:(?:(?!\ the\ )[^,?]){{2,60}}\ )?\b{ANY_WORK}\b
    (?:\ (?:by|from)\ (?:the\ )?(?:(?-i:[A-Z])\S*\ ?){{1,4}})?)""",
    re.IGNORECASE | re.VERBOSE,
)
_ALL = re.compile(
    rf"""(?:(?:all|the|these|this|my|your|our|of|whole|both|each|every|\d+|two|three
    |four|five|six|seven|eight|nine|ten)\s+)*(?:{ANY}|{LIBRARY})""",
    re.IGNORECASE | re.VERBOSE,
)
_EVERY = re.compile(rf"s$|{LIBRARY}|\b(?:each|every)\b", re.IGNORECASE)
_THIS = re.compile(rf"(?:this|the|my)\s+(?:{WORK}|{WRITER})", re.IGNORECASE)
_IT = re.compile(r"it|this", re.IGNORECASE)
_ONE_BACK = re.compile(
    rf"(?:this|that|the|the same) (?:{WORK}|{WRITER})", re.IGNORECASE
)
_MANY_BACK = re.compile(
    rf"""they|them|both
    |(?:these|those|both|(?:the|these|those)\ (?:two|three|four|five))
    \ (?:{WORKS}|{WRITERS})""",
    re.IGNORECASE | re.VERBOSE,
)
_BACK = re.compile(r"it|this|that|he|she|they", re.IGNORECASE)
"""What may mean the articles that an earlier question named: by a word for one, by a
word for several, or by a word that means as much else."""


@dataclass(frozen=True, slots=True)
class Framed:
    """What a question asks, and of which articles.

    Attributes:
        question: Without the frame.
        files: ``Source.file`` of the articles that are named; empty means all.
        several: Whether more than one is named by itself, as in "A and B".
    """

    question: str
    files: tuple[str, ...] = ()
    several: bool = False


def unframed(
    question: str,
    sources: Callable[[], Sequence[Source]],
    *,
    before: Sequence[str] = (),
) -> Framed:
    """Take "According to the Pier Press, …" and its like off a question.

    Args:
        question: As asked.
        sources: Loads those of all documents.
        before: Earlier questions, oldest first; "she" may be an author named there.

    Returns:
        The question as it is, of all articles, where it has no such frame or the
        frame names none of the sources: "What does the mayor say about …?" Of the
        article named, where it is asked about itself: "Who wrote …?"
    """
    plain = without_opening(question)
    for frame in _FRAMES:
        if (found := frame.pattern.search(plain)) is None:
            continue
        who = found["who"].strip()
        files, several = _meant(who, before, sources, frame)
        if not files and _ALL.fullmatch(who) is None:
            continue
        parts = found.groupdict()
        asked = parts.get("question") or f"what is said about {parts['topic']}"
        asked = asked[:1].upper() + asked[1:].rstrip("? ") + "?"
        return Framed(asked, files, several)
    for frame in _RECORDS:
        if found := frame.pattern.search(plain):
            return Framed(question, _meant(found["who"], before, sources, frame)[0])
    return Framed(question)


def summarised(
    question: str,
    sources: Callable[[], Sequence[Source]],
    *,
    before: Sequence[str] = (),
) -> tuple[Source, ...]:
    """The articles that a question wants summed up; empty where it wants no summary.

    "Summarise the Pier Press article", "What does Ann Oake argue?", "What are the
    articles about?"; "the article" is meant where there is only one.

    Args:
        question: As asked.
        sources: Loads those of the documents that may be meant.
        before: Earlier questions, oldest first; "it" may be an article named there.
    """
    plain = without_opening(question)
    for frame in _SUMMARIES:
        if (found := frame.pattern.search(plain)) is None:
            continue
        who, known = found["who"].strip(), sources()
        this = _THIS.fullmatch(who) or (not before and _IT.fullmatch(who))
        if this and len(known) == 1:
            return tuple(known)
        files, _ = _meant(who, before, sources, frame)
        if not files and _ALL.fullmatch(who) and _EVERY.search(who):
            return tuple(known)
        if files:
            return tuple(source for source in known if source.file in files)
    return ()


def _meant(
    who: str,
    before: Sequence[str],
    sources: Callable[[], Sequence[Source]],
    frame: _Frame,
) -> tuple[tuple[str, ...], bool]:
    """The articles that some words mean, as ``articles_named`` gives them."""
    return _meant_back(who, before, sources, freely=frame.freely) or articles_named(
        who, sources(), titled=frame.titled
    )


def _meant_back(
    who: str,
    before: Sequence[str],
    sources: Callable[[], Sequence[Source]],
    *,
    freely: bool,
) -> tuple[tuple[str, ...], bool] | None:
    """The articles named before that some words mean, as ``articles_named`` gives them.

    Args:
        who: The words.
        before: Earlier questions.
        sources: Loads those of all documents.
        freely: Whether "it", "she" and the like mean an article here.
    """
    if _ONE_BACK.fullmatch(who) or (freely and _BACK.fullmatch(who)):
        files, several = named_before(before, sources)
        return (files, several) if files else None
    if _MANY_BACK.fullmatch(who):
        files, several = named_before(before, sources)
        return (files, True) if several else None
    return None


def named_before(
    before: Sequence[str], sources: Callable[[], Sequence[Source]]
) -> tuple[tuple[str, ...], bool]:
    """The articles named last, where every question since then points at them; as
    ``articles_named`` gives them.
    """
    for question in reversed(before):
        framed = unframed(question, sources)
        if framed.files:
            return framed.files, framed.several
        if summed := summarised(question, sources):
            return tuple(source.file for source in summed), len(summed) > 1
        found = _IN_PASSING.search(question)
        if found and (files := named_at_once(found["who"], sources(), titled=True)):
            return files, False
        if not points_back(question) and question == without_opening(question):
            break
    return (), False
