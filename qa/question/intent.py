"""Whether a question asks about the articles themselves, and what about them.

"Who wrote …?", "When did … appear?", "Which articles discuss …?" and "What sources do
you have?" ask for what the catalogue knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from qa.language.text import content_stems
from qa.question.works import ALL, ANY, ANY_WORK, WORK, WORKS, WRITERS
from qa.schema import Intent, Source

_NEWEST = r"(?:newest|latest|most\ recent(?:ly\ published)?)"
_OLDEST = r"(?:oldest|earliest)"
_AGE = rf"(?:{_NEWEST}|{_OLDEST})"
_PATTERNS: dict[Intent, str] = {
    Intent.AGE: rf"""^(
        (what|which)\ (of\ the\ )?{ANY}\ (is|are|was|were|appeared)\ (the\ )?{_AGE}\W*$
      | (what|which|show\ me|list|name)\ ((is|are|was|were)\ )?(the\ )?{_AGE}
            \ (of\ (the|your|all|my)\ )?{ANY}\W*$
    )""",
    Intent.COUNT: rf"""^how\ many\b.{{0,20}}\b{ANY}\b.{{0,12}}
        \b(do\ you\ (have|know|use)|are\ (there|available|in))""",
    Intent.LIST: rf"""^(
        (what|which|list|show)\b.{{0,20}}\b{ANY}\b.{{0,12}}
            \b(do\ you\ (have|know|use)|are\ (there|available|in))
      | list\ (all\ |the\ |your\ )*{ANY}\W*$
    )""",
    Intent.WORKS: rf"""^(
        (what|which)\ {ANY}\b.{{0,20}}\b(by|from)\b
      | what\ (did|has|have)\ .{{2,60}}\ (write|written|publish|published)\W*$
      | (what|which)\ {ANY_WORK}\ (did|has|have)\ .*(write|written|publish)
    )""",
    Intent.TOPIC: rf"""^(
        (what|which|how\ many)\ {ALL}{ANY}\b.{{0,12}}\b(discuss|mention|cover|deal|talk
        |writes?\b|says?\b|about\b|treat|address|refer)
      | who\ (wrote|writes|has\ written|have\ written)\ about\b
      | (do|did)\ (any(\ of)?\ |some\ of\ )?((the|these|your|my)\ )?
        (?:{WORKS}|{WRITERS})
        \ (discuss|mention|cover|address|refer\ to|(deal|talk|write)\ (with|about))\b
    )""",
    Intent.AUTHORS: rf"""^(
        who\ (wrote|authored|penned|co-?wrote)\b
      | (who|what)\ (is|are|was|were)\b.*\bauthors?\b
      | who\ (the\ )?authors?\b.*\b(is|are|was|were)\W*$
      | who\b.*\b{ANY_WORK}\b.*\b(written|authored)\b
      | by\ whom\b.*\b{ANY_WORK}\b
    )""",
    Intent.DATE: rf"""^(
        (when|(in|on)\ (which|what)\ (year|month|date|issue|day))\b.*
            \b(publish(ed)?|written|appear\w*|dated|posted|issued?)\b
      | (what|which)\ .*\b(date|issue|year)\b.*\b{ANY_WORK}\b
      | how\ (old|recent)\ (is|are)\b.*\b{ANY_WORK}\b
    )""",
    Intent.PUBLISHER: r"""^(
        (where|by\ whom|who|in\ (which|what)\ (journal|magazine|publication|outlet
            |newspaper))\b.*\b(published|publisher|publishes|appear\w*)\b
    )""",
}
_INTENTS = {
    intent: re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for intent, pattern in _PATTERNS.items()
}
_OF_AGE = re.compile(
    rf"{_AGE}\ (?:of\ \w+\ )?{ANY}\b|{ANY}\ \w+\ (?:the\ )?{_AGE}\W*$",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = frozenset(
    content_stems("written authored published appeared dated year show list name issue")
)
_POINTING = re.compile(rf"\b(?:{ANY_WORK}|it|this|that)\b", re.IGNORECASE | re.VERBOSE)
_SEVERAL = re.compile(rf"\b(?:{WORKS}|{WRITERS}|publishers)\b", re.IGNORECASE)
_MOST = 10
"""Articles that share a date and are all named."""


def catalogue_intent(question: str) -> Intent | None:
    """What a question wants to know of the articles themselves; None for others.

    Args:
        question: Without what ties it to the last ("And …").
    """
    found = (i for i, pattern in _INTENTS.items() if pattern.search(question))
    return next(found, None)


def age_asked(question: str) -> Literal["", "newest", "oldest"]:
    """Whether the newest or the oldest article is asked about."""
    if not _OF_AGE.search(question):
        return ""
    newest = re.search(_NEWEST, question, re.IGNORECASE | re.VERBOSE)
    return "newest" if newest else "oldest"


def any_age(question: str) -> Literal["newest", "oldest"]:
    """Which of the two a question means that is known to ask for one of them."""
    old = re.search(r"\b(?:oldest|earliest|first|old)\b", question, re.IGNORECASE)
    return "oldest" if old else "newest"


def points_at_work(question: str) -> bool:
    """Whether it speaks of "the article" or "it", whichever that may be."""
    return _POINTING.search(question) is not None


def asks_of_all(question: str) -> bool:
    """Whether it speaks of articles, authors or publishers and of no single one."""
    several = _SEVERAL.search(question) is not None
    return several and re.search(rf"\b{WORK}\b", question, re.IGNORECASE) is None


def first_or_last(
    question: str, sources: Sequence[Source], age: Literal["newest", "oldest"]
) -> tuple[tuple[Source, ...], bool]:
    """The oldest or newest article, or several where their dates do not tell; and
    whether there are some without a date.

    Of all, or of an author's or publisher's; of none where more is asked of it ("the
    latest on Crimea").
    """
    rest = set(content_stems(_OF_AGE.sub("", question))) - _ASKING
    among = [
        source
        for source in sources
        if rest <= set(content_stems(" ".join([*source.authors, source.publisher])))
    ]
    dated = [source for source in among if source.published]
    choose = max if age == "newest" else min
    date = choose((source.published for source in dated), default="")
    found = [
        source
        for source in dated
        if source.published.startswith(date) or date.startswith(source.published)
    ]
    return tuple(found[:_MOST]), len(dated) < len(among)
