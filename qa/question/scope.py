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
from qa.schema import Source

_SAYS = r"""(?:say|said|says|write|writes|written|think|thinks|argue|argues|claim|claims
    |tell\ us|state|states|report|reports|mention|explain|conclude|expect|predict)"""
_TAIL = r"""(?:,?\ (?:briefly|please|for\ me|in\ (?:short|brief|detail|a\ nutshell
    |(?:[\w-]+\ ){1,3}(?:sentences?|words|lines|points|bullets|terms)))){0,3}\W*"""
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_WORK = r"\b(?:articles?|pieces?|papers?|essays?|reports?|texts?|sources?|documents?)\b"
_FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"""^what\ (?:(?:does|do|did|has|have|is|are)\ )?(?P<who>.{{2,80}}?)
            \ {_SAYS}\ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        rf"""^what\ (?:is|are|was|were)\ (?P<who>.{{2,80}}?)['’]s?
            \ (?:view|opinion|position|stance|take|assessment)s?
            \ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        r"""^how\ (?:does|do|did)\ (?P<who>.{2,80}?)
            \ (?:see|view|describe|assess|portray|characteri[sz]e)
            \ (?P<topic>.+?)\W*$""",
        r"^(?:according\ to|based\ on)\ (?P<who>[^,]{2,80}),\s*(?P<question>.+)$",
        rf"^in\ (?P<who>[^,]*{_WORK}[^,]*),\s*(?P<question>.+)$",
        rf"""^(?:compare|contrast)\ (?:what\ )?(?P<who>.{{2,120}}?)
            \ (?:(?:say|write|think|argue|claim)s?\ )?{_ABOUT}\ (?P<topic>.+?)\W*$""",
        rf"""^(?:how|where|do|does)\ (?:(?:do|does|did)\ )?(?P<who>.{{2,120}}?)
            \ (?:differ|agree|disagree|compare)\ {_ABOUT}\ (?P<topic>.+?)\W*$""",
        r"^(?P<question>.+?),?\ (?:according\ to|based\ on)\ (?P<who>[^,?]{2,80})\?*$",
        rf"^(?P<question>.+?)\ in\ (?P<who>[^,?]*{_WORK}[^,?]*)\?*$",
    )
)
_SAYING = _FRAMES[0]
_POINTS = r"""(?:points?|ideas?|arguments?|messages?|claims?|thes[ei]s|findings?
    |conclusions?|take-?aways?)"""
_PLEASE = r"(?:please\ |(?:can|could|would)\ you\ (?:please\ )?|I\ (?:want|need)\ )?"
_OF_WORKS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"""^{_PLEASE}(?:summari[sz]e|sum\ up|outline|recap|list|give\ me)
            \ (?:the\ )?(?:[\w-]+\ ){{0,2}}{_POINTS}\ (?:of|in|from)
            \ (?P<who>.+?){_TAIL}$""",
        rf"^{_PLEASE}(?:summari[sz]e|sum\ up|outline|recap)\ (?P<who>.+?){_TAIL}$",
        rf"""^{_PLEASE}(?:describe|explain|discuss|tell\ (?:me|us)\ (?:more\ )?about)
            \ (?P<who>[^?]*?{_WORK}[^?]*?){_TAIL}$""",
        rf"^{_PLEASE}sum\ (?P<who>.+?)\ up{_TAIL}$",
        rf"""^{_PLEASE}(?:(?:give|write|show|make)\ (?:me\ )?)?(?:an?\ |the\ )?
            (?:[\w-]+\ ){{0,2}}(?:summary|overview|outline|gist|abstract|synopsis)\ of
            \ (?P<who>.+?){_TAIL}$""",
        rf"""^what(?:['’]s|\ is|\ are|\ was|\ were)?\ (?P<who>.+?)
            (?:\ (?:is|are|was|were))?\ (?:all\ )?about{_TAIL}$""",
        rf"^tl;?dr\W*(?P<who>.+?){_TAIL}$",
    )
)
"""What is asked of a text, which its title alone may name."""
_SUMMING = (*_OF_WORKS[:5], _OF_WORKS[-1])
"""All but "What is it about?", where "it" is as often the matter."""
_OF_VOICES = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        rf"""^what(?:['’]s|\ is|\ are|\ was|\ were)\ the\ (?:[\w-]+\ ){{0,2}}{_POINTS}
            \ (?:of|in|from)\ (?P<who>.+?){_TAIL}$""",
        rf"""^what(?:['’]s|\ is|\ are|\ was|\ were)\ (?P<who>.{{2,80}}?)['’]s?
            \ (?:[\w-]+\ ){{0,2}}{_POINTS}{_TAIL}$""",
        rf"""^what\ (?:(?:does|do|did)\ )?(?P<who>.+?)\ (?:argues?|says?|concludes?
            |claims?|discuss(?:es)?|covers?|tells?\ (?:us|me)){_TAIL}$""",
        rf"^{_PLEASE}(?:compare|contrast)\ (?P<who>.+?){_TAIL}$",
        rf"^how\ (?:do|does)\ (?P<who>.+?)\ (?:differ|compare){_TAIL}$",
    )
)
"""What is asked of people too: "Luther" may be what an article is about."""
_OF_RECORDS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
    for pattern in (
        r"^who\ (?:wrote|authored|published)\ (?P<who>.+?)\W*$",
        r"^who\ (?:is|are|was|were)\ the\ authors?\ of\ (?P<who>.+?)\W*$",
        r"""^(?:when|where)\ (?:was|did|has)\ (?P<who>.+?)\ (?:been\ )?(?:published
            |appear(?:ed)?|written|come\ out|issued)\W*$""",
        r"""^what\ (?:is|was)\ the\ (?:publication\ )?(?:date|year|publisher)\ of
            \ (?P<who>.+?)\W*$""",
    )
)
"""What is asked about an article itself."""
_IN_PASSING = re.compile(
    rf"""\bthe\ (?P<who>(?:(?:(?!\ the\ )[^,?]){{2,60}}\ )?{_WORK}
    (?:\ (?:by|from)\ (?:the\ )?(?:(?-i:[A-Z])\S*\ ?){{1,4}})?)""",
    re.IGNORECASE | re.VERBOSE,
)
_ALL = re.compile(
    r"""(?:(?:all|the|these|this|my|your|our|of|whole|both|each|every|\d+|two|three
    |four|five|six|seven|eight|nine|ten)\s+)*(?:articles?|authors?|sources?|texts?
    |papers?|documents?|library|collection|everything)""",
    re.IGNORECASE | re.VERBOSE,
)
_EVERY = re.compile(
    r"s$|library|collection|everything|\b(?:each|every)\b", re.IGNORECASE
)
_THIS = re.compile(
    r"(?:this|the|my)\s+(?:article|piece|paper|essay|report|text|document|author)",
    re.IGNORECASE,
)
_IT = re.compile(r"it|this", re.IGNORECASE)
_ONE_BACK = re.compile(
    r"""(?:this|that|the|the\ same)\ (?:article|piece|paper|essay|report|text|document
        |author|writer)""",
    re.IGNORECASE | re.VERBOSE,
)
_MANY_BACK = re.compile(
    r"""they|them|both|(?:these|those|both|(?:the|these|those)\ (?:two|three|four|five))
    \ (?:articles|pieces|papers|essays|reports|texts|documents|authors|writers)""",
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
    for pattern in _FRAMES:
        if (found := pattern.search(without_opening(question))) is None:
            continue
        who = found["who"].strip()
        files, several = _meant_back(
            who, before, sources, freely=pattern is _SAYING
        ) or articles_named(who, sources())
        if not files and _ALL.fullmatch(who) is None:
            continue
        parts = found.groupdict()
        asked = parts.get("question") or f"what is said about {parts['topic']}"
        asked = asked[:1].upper() + asked[1:].rstrip("? ") + "?"
        return Framed(asked, files, several)
    for pattern in _OF_RECORDS:
        if found := pattern.search(without_opening(question)):
            who = found["who"]
            files, _ = _meant_back(who, before, sources, freely=True) or articles_named(
                who, sources()
            )
            return Framed(question, files)
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
    for pattern in (*_OF_WORKS, *_OF_VOICES):
        if (found := pattern.search(without_opening(question))) is None:
            continue
        who, known = found["who"].strip(), sources()
        this = _THIS.fullmatch(who) or (not before and _IT.fullmatch(who))
        if this and len(known) == 1:
            return tuple(known)
        files, _ = _meant_back(
            who, before, sources, freely=pattern in _SUMMING
        ) or articles_named(who, known, titled=pattern in _OF_WORKS)
        if not files and _ALL.fullmatch(who) and _EVERY.search(who):
            return tuple(known)
        if files:
            return tuple(source for source in known if source.file in files)
    return ()


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
