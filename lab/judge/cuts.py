"""What is left out of a true sentence: what changes its meaning, and what does not.

A writer shortens, and most of what a shortened sentence gets wrong is a word that is
gone: "nearly", "he denied that", "rival", "if the tax is lifted". The judge learns it
from sentences cut here; the product never sees this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from lab.judge.swaps import Swap

_END: Final = r"(?P<end>[.!]?[\"”’)]*)$"
_VERB: Final = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|do"
    r"|[a-z]+ed)"
)
_LIMITERS: Final = (
    """
not|never|nearly|almost|barely|hardly|scarcely|reportedly|allegedly|supposedly|possibly
perhaps|probably|likely|partly|partially|largely|mainly|mostly|often|sometimes|rarely
seldom|usually|temporarily|only|few|a few|some of|many of|most of|half of|part of
parts of|one of|at least|at most|more than|less than|fewer than|less|so-called
alleged|supposed|apparent|former|failed|attempted|proposed|planned|potential|possible
rival|anti-|non-|pro-|ex-|fake|mock|toy|honorary|acting|deputy|informal|unofficial
partial|limited|declining|dwindling|second|third|million|billion|thousand|percent
in theory|on paper|in part|in principle|expected to|said to|thought to|believed to
supposed to|due to be|about to|trying to|unable to|unwilling to|failed to|refused to
wanted to|hoped to|planned to|attempted to|promised to|threatened to|declined to
was accused of|were accused of|is accused of|was suspected of|was charged with
""".strip()
    .replace("\n", "|")
    .split("|")
)
_LIMITER: Final = re.compile(
    r"(?<![\w-])(?:(?:"
    + "|".join(map(re.escape, sorted(_LIMITERS, key=len, reverse=True)))
    + r")(?:\s+|(?<=-))|(?:about|around|over|under|up to)\s+(?=[\d$€£]))",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r",?\s+(?:if|unless|provided that|as long as|except|but not|excluding|other than"
    r"|apart from|subject to|pending|depending on|in case|on condition that)"
    rf"\s[^,;]+?(?P<stop>[,;]|{_END})",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^(?:If|Unless|Once|Until|Without|According to|Under|Among|Except|Outside"
    r"|Contrary to|In theory|In principle|In animals|In mice|For most|For some|In some)"
    r"\b[^,]{0,80},\s+"
)
_SAID: Final = re.compile(
    r"^(?:(?:[A-Z][\w’'.-]*|[Tt]he|an?|of|his|her|their|some|many|most|\w+)\s+){1,6}?"
    r"(?:said|says|say|claimed|claims|claim|argued|argues|argue|denied|denies|deny"
    r"|alleged|alleges|believed|believes|believe|suggested|suggests|suggest|warned"
    r"|warns|doubted|doubts|feared|fears|hoped|hopes|thought|thinks|predicted|predicts"
    r"|insisted|insists|rejected the idea|dismissed claims|proposed|expected|imagined"
    r"|refused to accept|reported|reports|maintained|maintains)\s+that\s+"
)
_SAID_AFTER: Final = re.compile(
    r",\s+(?:(?:[\w’'.-]+\s+){1,4}(?:said|says|claimed|claims|argued|argues|wrote"
    rf"|writes|suggested|suggests|believed|believes)|according to\s[^,;]+?){_END}"
)
_PASSIVE: Final = re.compile(
    r"\b(?:was|were|is|are|been|being|be)\s+(?P<verb>\w+(?:ed|en|un|wn|nt|ld|ght))"
    r"\s+by\s+(?=[A-Za-z])"
)
_ACTIVE: Final = re.compile(
    r"(?<!was )(?<!were )(?<!had )(?<!has )(?<!have )(?<!been )(?<!and )"
    r"\b(?P<verb>(?!need|inde|hundr|exceed|spee|bree|seed|feed|succeed)[a-z]{3,}ed)\s+"
    r"(?=(?:the|a|an|his|her|its|their|[A-Z])\b)"
)
_OWNER: Final = re.compile(
    r"(?<=\w)(?:'s|’s)\s+(?:[\w-]+\s+){1,3}?(?:of\s+(?:\w+\s+){1,3}?)?"
    rf"(?={_VERB}\b)"
)
_HEAD: Final = re.compile(
    r"^(?:(?:The|A|An|Its|His|Her|Their|Some|Most|Many|Both|Several)\s+)?(?:[\w-]+\s+){0,2}?"
    r"[\w-]{4,}\s+(?:of|in|between|against|for|to|on|about|over)\s+"
    r"(?=(?:the|a|an|its|his|her|their|[A-Z][\w-]+)\s)"
)
_NOUN: Final = re.compile(
    r"\b(?:the|a|an|its|his|her|their|of|in|by|for|with)\s+(?:[a-z-]{4,}\s+){0,2}?"
    r"(?P<gone>(?:[\w-]+\s+){1,3}?)(?=(?:of|in|and|to|was|is|were|are|by|that|which)\b)"
)
_UNIVERSAL: Final = re.compile(
    r"\b(?:all|every|each|no|none|never|not|only|always|any|ban(?:s|ned)?|forbids?|everyone"
    r"|nobody|first|last|\w+est|most|must|entire|whole|sole)\b"
)
_LAST_PHRASE: Final = re.compile(
    r"\s(?:in|at|on|by|for|with|among|during|from|under|against|over|within|until|since"
    rf"|before|after|without|except|than|through)\s(?:[\w’'$€£%,-]+\s?){{1,6}}?{_END}"
)
_SMALL: Final = {
    "to": ("from",), "from": ("to",), "for": ("against",), "against": ("for",),
    "with": ("without",), "without": ("with",), "before": ("after",),
    "after": ("before",), "because": ("although",), "although": ("because",),
    "all": ("some of",), "both": ("neither of",), "some": ("all",), "few": ("many",),
    "every": ("every second",), "most": ("all",), "its": ("their", "his"),
    "his": ("her", "its"), "her": ("his", "its"), "their": ("its", "his"),
    "can": ("cannot",), "should": ("does",), "or": ("and",), "rather than": ("and",),
    "instead of": ("and",), "but not": ("and",), "will": ("did", "will not"),
}  # fmt: skip
_SMALL_WORD: Final = re.compile(
    r"\b(?:" + "|".join(sorted(_SMALL, key=len, reverse=True)) + r")\b"
)

# What may go: what ties a sentence to its neighbours, and what it says beside.
_TIE: Final = re.compile(
    r"^(?:However|Moreover|Furthermore|Nevertheless|Nonetheless|In addition"
    r"|Additionally|Meanwhile|Therefore|Thus|Hence|Consequently|As a result|Similarly"
    r"|Likewise|Indeed"
    r"|In fact|Finally|Overall|Also|Still|Instead|For example|For instance|Then|Later"
    r"|By contrast|In contrast|On the other hand|Of course),\s+"
)
_ASIDES: Final = (
    re.compile(r"\s+\((?!not)[^()]{3,90}\)"),
    re.compile(rf",\s+(?:which|who|whose|where)\s[^,;]{{8,110}},(?=\s+{_VERB}\b)"),
    re.compile(rf",\s+(?:an?|the)\s(?:[\w’'-]+\s?){{2,9}},(?=\s+{_VERB}\b)"),
    re.compile(rf",\s+(?:which|whose)\s[^,;]{{8,110}}?{_END}"),
    re.compile(
        r"[,;]\s+(?:and|while|whereas|but)\s(?:(?:the|an?|its|his|her|their)\s\w+|he|she"
        rf"|it|they|[A-Z][\w’'-]+)\s{_VERB}\s[^,;]{{8,120}}?{_END}"
    ),
    re.compile(rf";\s+[^;]{{15,140}}?{_END}"),
)
_DENIES: Final = re.compile(
    r"\b(?:not|no|never|untrue|false|denied|denies|wrong|refuted|disputed|claims?|alleged"
    r"|supposed|rumou?r|myth|satire|except|unless|if|only|pending|withdrawn|retracted)\b",
    re.IGNORECASE,
)


def cut_unfairly(text: str, rng: Random) -> Swap | None:
    """Leave something out, or turn a small word, so that the meaning is another."""
    makers: list[Callable[[str, Random], Swap | None]] = [
        _limiter, _limiter, _limiter, _condition, _condition, _said, _said, _passive,
        _active, _owner, _owner, _head, _last_phrase, _small_word, _small_word, _broken,
    ]  # fmt: skip
    rng.shuffle(makers)
    for make in makers:
        made = make(text, rng)
        if made is not None and made.text != text and len(made.text.split()) > 2:
            return made
    return None


def cut_fairly(text: str, rng: Random) -> str | None:
    """Leave out what a sentence says beside; nothing that limits or denies the rest."""
    made = _TIE.sub("", text, count=1)
    places = [m for aside in _ASIDES for m in aside.finditer(made)]
    places = [m for m in places if not _DENIES.search(m.group())]
    if places and (made == text or rng.random() < 0.6):
        chosen = rng.choice(places)
        end = chosen.groupdict().get("end")
        made = made[: chosen.start()] + (end or "") + made[chosen.end() :]
    made = _capital(made)
    return made if made != text and len(made.split()) > 3 else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _gone(text: str, start: int, end: int, kind: str, *, put: str = "") -> Swap:
    made = _capital(text[:start] + put + text[end:])
    place = min(start, max(0, len(made) - 1))
    # The words on both sides of a gap carry the objection.
    left = made.rfind(" ", 0, max(0, place - 1)) + 1
    right = made.find(" ", min(len(made), place + len(put) + 1))
    return Swap(made, left, right if right > 0 else len(made), kind)


def _found(pattern: re.Pattern[str], text: str, rng: Random) -> re.Match[str] | None:
    places: Sequence[re.Match[str]] = list(pattern.finditer(text))
    return rng.choice(places) if places else None


def _limiter(text: str, rng: Random) -> Swap | None:
    found = _found(_LIMITER, text, rng)
    return _gone(text, *found.span(), "limiter") if found else None


def _condition(text: str, rng: Random) -> Swap | None:
    if opening := _OPENING.match(text):
        return _gone(text, *opening.span(), "condition")
    found = _found(_CONDITION, text, rng)
    if found is None:
        return None
    stop = found["stop"]
    put = "" if stop[:1] in ",;" else stop
    return _gone(text, *found.span(), "condition", put=put)


def _said(text: str, _: Random) -> Swap | None:
    if found := _SAID.match(text):
        return _gone(text, 0, found.end(), "attribution")
    if found := _SAID_AFTER.search(text):
        return _gone(text, *found.span(), "attribution", put=found["end"])
    return None


def _passive(text: str, rng: Random) -> Swap | None:
    found = _found(_PASSIVE, text, rng)
    return (
        _gone(text, *found.span(), "voice", put=f"{found['verb']} ") if found else None
    )


def _active(text: str, rng: Random) -> Swap | None:
    found = _found(_ACTIVE, text, rng)
    if found is None:
        return None
    return _gone(text, *found.span(), "voice", put=f"was {found['verb']} by ")


def _owner(text: str, rng: Random) -> Swap | None:
    found = _found(_OWNER, text, rng)
    return _gone(text, *found.span(), "head", put=" ") if found else None


def _head(text: str, rng: Random) -> Swap | None:
    found = _found(_HEAD, text, rng)
    return _gone(text, *found.span(), "head") if found else None


def _last_phrase(text: str, _: Random) -> Swap | None:
    """Where and when, of what is said of all or none or the first."""
    found = _LAST_PHRASE.search(text)
    if found is None or not _UNIVERSAL.search(text[: found.start()]):
        return None
    return _gone(text, *found.span(), "scope", put=found["end"])


def _small_word(text: str, rng: Random) -> Swap | None:
    found = _found(_SMALL_WORD, text, rng)
    if found is None:
        return None
    new = rng.choice(_SMALL[found.group()])
    made = text[: found.start()] + new + text[found.end() :]
    return Swap(made, found.start(), found.start() + len(new), "small word")


def _broken(text: str, rng: Random) -> Swap | None:
    """A noun gone, so that no sentence is left."""
    found = _found(_NOUN, text, rng)
    return _gone(text, *found.span("gone"), "broken") if found else None
