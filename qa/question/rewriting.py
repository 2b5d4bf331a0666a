"""A question as plainly as it can be put: no courtesies, and no request for a question.

The reader learnt from questions as examinations put them; "Hi! I am writing a paper.
Could you list …? Thanks." makes it doubt what it finds. DECISIONS.md has by how much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.language.sentences import split_sentences
from qa.language.text import content_stems
from qa.language.word_lists import words
from qa.question.coreference import without_opening

_MOST = 5
"""Questions asked at once that are answered one by one."""
_MARKER = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)])\s+", re.MULTILINE)
"""Of an item of a list, as in "2. Who was hurt?"."""
_GREETING = re.compile(
    r"""^\W*(?:hi|hello|hey|good\ (?:morning|afternoon|evening))\b
    (?:\ (?:there|all))?\s*[,!.:–—-]+\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(
    r"""(?:(?<=[?.!,;])|\s[–—-])\s*(?:(?:many\ )?thanks|thank\ you|thx|cheers)
    (?:\ (?:a\ lot|(?:so|very)\ much|in\ advance|for\ your\ help))*\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_KINDLY = re.compile(
    r"""(?: [,(]\s*(?:if\ (?:you\ (?:(?:would|could)\ be\ so\ (?:kind|good)|please|can
        |could|don['’]t\ mind|have\ time) | (?:at\ all\ )?possible | I\ may\ ask))
      | [,(]?\s*\bin\ as\ few\ words\ as\ [^,.?!;)]* ) (?:[,)]\s*|\s*(?=[.?!]|$))""",
    re.IGNORECASE | re.VERBOSE,
)
_NOW = re.compile(
    r"(?<=\bthe )(?:latest|current|most recent|newest)\s+(?=number|figure|price|budget"
    r"|population|amount)",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"^\W*(?i:compare|contrast)\s+(?P<one>[^,.?]+?)\s+(?:and|with|to)\s+(?P<other>[^,.?]+?)\W*$"
)
_CLEFT = re.compile(r"^what\ it\ (?:is|was)\ that\b", re.IGNORECASE | re.VERBOSE)
_PLEASE = re.compile(
    r"""^\W*(?:please|kindly)\b,?\s+
    |(?<!\bthey)(?<!\byou)(?<!\bwe)(?<!\bI),?\s+please\b(?=\s*[?.!]*$)""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING_WORD = r"(?:who(?:m|se)?|what|which|when|where|why|how)"
_ASKING = rf"""(?:(?:in|on|at|by|for|to|from|with|of|under|until|since)\s+)?
    {_ASKING_WORD}\b"""
_QUESTION = re.compile(
    rf"""^\W*(?:{_ASKING}|(?:is|are|was|were|do|does|did|has|have|had|can|could|will
    |would|should)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_WORK = frozenset(
    content_stems(
        "I'm I've prepare write work read study research need want try know understand "
        "find help interested briefing report paper essay thesis presentation memo "
        "note colleagues boss team student analyst journalist scholar new "
        "topic subject question quick curious today use"
    )
)
"""What people say of themselves and their work, which no question leans on."""
_OF_ONESELF = r"^(?!if\b)(?:[^?]*\b(?-i:I|[Mm]y|[Ww]e|[Oo]ur)\b[^?]*?|as\ an?\b[^?,]*?)"
_CLAUSE = re.compile(
    rf"{_OF_ONESELF}(?:,\s+(?:so\s+|and\s+|but\s+)?|[;:–—]\s*|\s+(?:so|and|but)\s+)"
    r"(?P<rest>.+)$",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_AS_ONE = re.compile(r"^as\ an?\b.*", re.IGNORECASE | re.DOTALL)
_TOPIC = re.compile(
    r"""^(?-i:I|[Ww]e|[Mm]y|[Oo]ur)\b.*?\b(?:on|about|regarding|concerning
    |interested\ in)\s+(?P<topic>.+)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_POLITELY = r"""(?:(?-i:I)\b[^?.]*?\sto\s+)?(?:(?:please|kindly|just)\s+
    |(?:can|could|would|will)\s+you\s+
    |(?:let|help)\s+(?:me|us)\s+(?:to\s+)?)*"""
_ME = r"(?:\s+(?:to\s+)?(?:me|us))?"
_INDIRECT = re.compile(
    rf"""^\W*{_POLITELY}
    (?:tell{_ME}|explain{_ME}|show{_ME}|know|understand|describe
      |discuss|clarify|(?:do|did|would)\s+you\s+(?:happen\s+to\s+)?know|any\s+idea)
    [,:]?\s+(?:about\s+)?(?P<asked>(?:{_ASKING}|(?:whether|if)\b).+)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_OF_MINE = re.compile(
    rf"""^\W*(?:as\ an?\b[^?;]*?\s)?(?-i:I|We)\b[^?;]*?\s
    (?P<asked>(?:{_ASKING}|(?:whether|if)\b).+)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""Whatever somebody says of wanting to know: "I would be glad to hear what froze"."""
_IF = re.compile(r"^if\b", re.IGNORECASE)
_REQUEST = re.compile(
    rf"""^\W*{_POLITELY}
    (?:(?:list|name|enumerate|identify){_ME}
      |give{_ME}(?=\s+(?:all|a\s+list)\b)
      |(?:describe|explain|outline|discuss|define|characteri[sz]e|summari[sz]e|sum\s+up
        |elaborate\s+on){_ME}
      |(?:tell|inform|brief)\s+(?:me|us)\s+(?:(?:something|more|all)\s+)?(?:about|of|on)
      |what\s+(?:can\s+you\s+tell\s+(?:me|us)|do\s+you\s+know)\s+about
      |(?:give|show){_ME}\s+(?:an?\s+)?(?:[\w-]+\s+)?
        (?:overview|summary|description|account|explanation|information|info|details
          |background|facts)\s+(?:of|about|on|for))
    \s+(?:a\s+list\s+of\s+|all\s+(?:of\s+)?)?
    (?P<thing>(?!(?:of|whether|{_ASKING_WORD})\b).+?)[\s.?!]*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SEVERAL = re.compile(
    r"""^(?:(?!(?:of|in|on|at|to|for|by|from|with|between|that|who|which)\b)\S+\s+)*?
    \w+[^\Ws]s(?=\s+(?:of|in|on|at|to|for|by|from|with|between|that|who|which)\b|$)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Things, told by an "s" at the end of the words before any preposition."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What was written to the chatbot.

    Attributes:
        asked: The question or request in it, without courtesies.
        said: What was said before that and is more than "I am writing a paper"; the
            question may lean on it.
    """

    asked: str
    said: str = ""


def plainly(question: str) -> Plain:
    """Tell what is asked from what is said around it.

    "Hi! I read about the ferries. Can you tell me who built them? Thanks." asks "Who
    built them?" and says before what about: "The ferries."
    """
    text = _THANKS.sub("", _GREETING.sub("", question)).rstrip(" ,;")
    text = _KINDLY.sub(" ", text).replace(" ?", "?").strip()
    said, asked = _last_asked(text)
    if (clause := _CLAUSE.search(asked)) and _asks(clause["rest"]):
        first = asked[: clause.start("rest")]
        if not _asks(first):
            said, asked = f"{said} {first}", clause["rest"]
    asked = _PLEASE.sub("", asked)
    if found := _INDIRECT.search(asked) or _OF_MINE.search(asked):
        asked = _CLEFT.sub("what", _IF.sub("whether", found["asked"]).rstrip(". "))
    if not asked.strip() or asked == question:
        return Plain(question)
    said = _AS_ONE.sub("", said.strip())
    if topic := _TOPIC.search(said):
        said = _sentence(topic["topic"])
    told = set(content_stems(said)) - _OF_WORK
    return Plain(_sentence(asked), said if told else "")


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of a text one by one, each with what is said before it.

    "I read about the ferries. Who built them? List the engines." has two. One that says
    nothing by itself ("Why?") stays with the one before it, and of more than ``_MOST``
    none is told from the others.
    """
    parts, asked = [""], False
    for sentence in (s for item in _MARKER.split(text) for s in split_sentences(item)):
        asks = sentence.endswith("?") or _requests(sentence)
        if asked and asks and _says(parts[-1]) and _says(sentence):
            parts.append(_unjoined(sentence))
        else:
            parts[-1] = f"{parts[-1]} {sentence}".strip()
        asked = asked or asks
    return tuple(parts) if 1 < len(parts) <= _MOST else (text,)


def as_question(request: str) -> str:
    """A request for facts as a question: "List the ferries." as "What are the
    ferries?"; everything else as it is, but what is asked as it stands now is asked.
    """
    request = _NOW.sub("", request)
    if (found := _REQUEST.search(request)) is None:
        return request
    thing = found["thing"]
    return f"What {'are' if _SEVERAL.search(thing) else 'is'} {thing}?"


def compared(request: str) -> tuple[str, ...]:
    """What to ask of each thing that is to be compared: "Compare Velmar and Ostrel.";
    empty for everything else.
    """
    found = _COMPARE.match(request)
    if found is None or found["other"].isdecimal():  # of two years
        return ()
    return tuple(f"What is said about {name}?" for name in found.groups())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _last_asked(text: str) -> tuple[str, str]:
    """What comes before the last sentence, and that one, if it alone is asked."""
    if len(sentences := split_sentences(text)) < 2:
        return "", text
    before, last = text.strip().removesuffix(sentences[-1]), sentences[-1]
    begun = before[-1:].isspace() and last[0].isupper()
    alone = "?" not in before and (_asks(last) or (begun and last.endswith("?")))
    return (before.strip(), last) if alone else ("", text)


def _asks(sentence: str) -> bool:
    """Whether it is a question or a request for one."""
    return _QUESTION.search(sentence) is not None or _requests(sentence)


def _requests(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in (_INDIRECT, _REQUEST))


def _unjoined(sentence: str) -> str:
    """Without the "And" that only joins it to the question before."""
    plain = without_opening(sentence)
    alone = _asks(plain) and len(set(content_stems(plain))) > 1
    return _sentence(plain) if alone else sentence


def _says(sentence: str) -> bool:
    """Whether it has a word with a meaning of its own, as "Why not?" has not."""
    return bool(set(content_stems(sentence)) - words("negations"))
