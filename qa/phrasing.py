"""A question as plainly as it can be put: no courtesies, and no request for a question.

The reader learnt from questions as examinations put them; "Hi! I am writing a paper.
Could you list …? Thanks." makes it doubt what it finds. DECISIONS.md has by how much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.lexicon import content_stems
from qa.passages import sentence_spans

_GREETING = re.compile(
    r"""^\W*(?:hi|hello|hey|greetings|good\ (?:morning|afternoon|evening|day))\b
    (?:\ (?:there|all|everyone|again))?\s*[,!.:–—-]+\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(
    r"""(?:(?<=[?.!,;])|\s[–—-])\s*(?:(?:many\ )?thanks|thank\ you|thx|cheers)
    (?:\ (?:a\ lot|(?:so|very)\ much|in\ advance|for\ your\ help))*\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_PLEASE = re.compile(
    r"""^\W*(?:please|kindly)\b,?\s+
    |(?<!\bthey)(?<!\byou)(?<!\bwe)(?<!\bI),?\s+please\b(?=\s*[?.!]*$)""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = r"""(?:(?:in|on|at|by|for|to|from|with|of|under|until|since)\s+)?
    (?:who(?:m|se)?|what|which|when|where|why|how)\b"""
_QUESTION = re.compile(
    rf"""^\W*(?:{_ASKING}|(?:is|are|was|were|do|does|did|has|have|had|can|could|will
    |would|should)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_WORK = frozenset(
    content_stems(
        "I'm I've prepare write work read study research need want try know understand "
        "find help interested briefing report paper essay thesis presentation memo "
        "note colleagues boss team student analyst journalist researcher scholar new "
        "here topic subject question quick curious questions today use"
    )
)
"""What people say of themselves and their work, which no question leans on."""
_OF_ONESELF = r"^(?!if\b)(?:[^?]*\b(?-i:I|[Mm]y|[Ww]e|[Oo]ur)\b[^?]*?|as\ an?\b[^?,]*?)"
_CLAUSE = re.compile(
    rf"{_OF_ONESELF}(?:,\s+(?:so\s+|and\s+|but\s+)?|[;:–—]\s*|\s+(?:so|and|but)\s+)"
    r"(?P<rest>.+)$",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_POLITELY = r"""(?:(?:please|kindly|just)\s+
    |(?:can|could|would|will)\s+you\s+(?:please\s+|kindly\s+)?
    |I\s*(?:['’]d|\s+would)\s+(?:like|love)\s+(?:you\s+)?to\s+
    |I\s+(?:want|need|have)\s+(?:you\s+)?to\s+
    |I\s*(?:['’]m|\s+am)\s+trying\s+to\s+
    |(?:let|help)\s+(?:me|us)\s+(?:to\s+)?)*"""
_ME = r"(?:\s+(?:to\s+)?(?:me|us))?"
_INDIRECT = re.compile(
    rf"""^\W*{_POLITELY}
    (?:tell{_ME}|explain{_ME}|show{_ME}|know|understand|learn|see|find\s+out|describe
      |discuss|clarify|(?:do|did|would)\s+you\s+(?:happen\s+to\s+)?know|any\s+idea
      |I\s*(?:\s+am|['’]m|\s+was)?\s*(?:just\s+)?(?:wonder|wondering|curious))
    [,:]?\s+(?:about\s+)?(?P<asked>(?:{_ASKING}|(?:whether|if)\b).+)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_IF = re.compile(r"^if\b", re.IGNORECASE)
_REQUEST = re.compile(
    rf"""^\W*{_POLITELY}
    (?:(?:list|name|enumerate|identify){_ME}
      |give{_ME}(?=\s+(?:all|a\s+list)\b)
      |(?:describe|explain|outline|discuss|define|characteri[sz]e|summari[sz]e|sum\s+up
        |elaborate\s+on){_ME}
      |(?:tell|inform|brief)\s+(?:me|us)\s+(?:(?:something|more|all)\s+)?(?:about|of|on)
      |what\s+(?:can\s+you\s+tell\s+(?:me|us)|do\s+you\s+know)\s+about
      |(?:give|show){_ME}\s+(?:an?\s+|some\s+|more\s+)?(?:[\w-]+\s+)?
        (?:overview|summary|description|account|explanation|information|info|details
          |background|facts)\s+(?:of|about|on|for))
    \s+(?:a\s+list\s+of\s+|all\s+(?:of\s+)?)?(?P<thing>(?!of\b|wh|how\b).+?)[\s.?!]*$""",
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
    built them?" and says before: "I read about the ferries."
    """
    text = _THANKS.sub("", _GREETING.sub("", question)).rstrip(" ,;")
    said, asked = _last_asked(text)
    if (clause := _CLAUSE.search(asked)) and _asks(clause["rest"]):
        first = asked[: clause.start("rest")]
        if not _asks(first):
            said, asked = f"{said} {first}", clause["rest"]
    asked = _PLEASE.sub("", asked)
    if found := _INDIRECT.search(asked):
        asked = _IF.sub("whether", found["asked"]).rstrip(". ")
    if not asked.strip() or asked == question:
        return Plain(question)
    told = set(content_stems(said)) - _OF_WORK
    return Plain(asked[:1].upper() + asked[1:], said.strip() if told else "")


def as_question(request: str) -> str:
    """A request for facts as a question: "List the ferries." as "What are the
    ferries?"; everything else as it is.
    """
    if (found := _REQUEST.search(request)) is None:
        return request
    thing = found["thing"]
    return f"What {'are' if _SEVERAL.search(thing) else 'is'} {thing}?"


def _last_asked(text: str) -> tuple[str, str]:
    """What comes before the last sentence, and that one, if it alone is asked."""
    spans = sentence_spans(text)
    if len(spans) < 2:
        return "", text
    before, last = text[: spans[-1].start].strip(), text[spans[-1].start :]
    begun = text[spans[-1].start - 1].isspace() and last[0].isupper()
    alone = "?" not in before and (_asks(last) or (begun and last.endswith("?")))
    return (before, last) if alone else ("", text)


def _asks(sentence: str) -> bool:
    """Whether it is a question or a request for one."""
    return any(p.search(sentence) for p in (_QUESTION, _INDIRECT, _REQUEST))
