"""Sentences that speak to a machine instead of telling a reader something.

An article may hold orders to a language model, put there to change what it says.
They are no evidence: what they ask for is not what the article states. Patterns
are narrow, so that an article about such orders stays quotable where it tells of
them; the checks hold without them too.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ORDER = re.compile(
    r"""
    (?:^|[^\w\s,'’-]\s*|\b(?:please|now|must|should)\ )
      (?: (?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?
            |prompts?|rules|guidelines|above|previous|prior|earlier|before)\b
        | (?:tell|inform|convince|ask|show|give)\ the\ (?:user|person\ asking)\b )
  | \b(?:system|developer|hidden)\ (?:prompt|message|instructions?|override|note)\b
  | \byou\ are\ (?:now\ )?(?:an?|the)\ (?:\w+\ ){0,2}
        (?:AI|assistant|chatbot|language\ model|bot|model)\b
  | \b(?:as|being)\ an?\ (?:AI|large\ language\ model|language\ model|chatbot)\b
        ,?\ (?:you|I)\b
  | \b(?:note|message|attention|instructions?)\ (?:to|for)\ (?:the\ |any\ |all\ )?
        (?:AIs?|assistants?|(?:large\ )?language\ models?|chatbots?|LLMs?|models?)\b
  | \bnew\ (?:task|instructions?|rules?)\s*:
  | \bend\ of\ (?:the\ )?(?:article|document|context|sources?)\b.{0,20}[.:\]]
  | <\|[^|]{1,40}\|> | \[/?INST\] | <</?SYS>> | </?(?:system|assistant|user)>
  | ^\W*(?:system|assistant|user|human)\s*:
  | ^\W*(?:please\ |now\ |always\ |instead,?\ |only\ )*(?:respond|reply|answer|output
        |print|repeat|translate|execute)\ (?:only|exactly|with|the\ following|every
        |as|in|nothing|from\ now)\b
  | ^\W*(?:do\ not|don['’]t|never)\ (?:cite|reveal|quote|answer)
        \ (?:the|this|that|any)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_order(sentence: str) -> bool:
    """Whether a sentence gives orders to a language model."""
    return bool(_ORDER.search(" ".join(_HIDDEN.sub("", sentence).split())))
