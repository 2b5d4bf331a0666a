"""Ways to ask what somebody says, as patterns: who is asked, and about what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.question.works import ANY, ANY_WORK, WRITER, WRITERS

_TAIL = r"""(?:,?\ (?:briefly|please|for\ me|in\ (?:short|brief|detail|a\ nutshell
    |(?:[\w-]+\ ){1,3}(?:sentences?|words|lines|points|bullets|terms)))){0,3}\W*"""
_ABOUT = r"(?:about|on|regarding|concerning|of)"
_DOES = r"(?:does|do|did|has|have|is|are)"
_IS = r"(?:['’]s|\ is|\ are|\ was|\ were)"
_POINTS = r"""(?:points?|ideas?|arguments?|messages?|claims?|thes[ei]s|findings?
    |conclusions?|take-?aways?)"""
_PLEASE = r"(?:please\ |(?:can|could|would)\ you\ (?:please\ )?|I\ (?:want|need)\ )?"


@dataclass(frozen=True, slots=True)
class Frame:
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


def _frame(pattern: str, *, freely: bool = False, titled: bool = True) -> Frame:
    flags = re.IGNORECASE | re.VERBOSE | re.DOTALL
    return Frame(re.compile(pattern, flags), freely, titled)


FRAMES = (
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
SUMMARIES = (
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
    _frame(rf"^tl;?dr\W*(?P<who>.*?){_TAIL}$", freely=True),
    _frame(
        r"^how\ (?:does|do|did)\ (?P<who>.+?)\ (?:end|begin|start)\W*$", titled=False
    ),
    _frame(
        rf"^what\ (?:does|do|did)\ (?P<who>.+?)\ write\ about{_TAIL}$", titled=False
    ),
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
RECORDS = (
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
