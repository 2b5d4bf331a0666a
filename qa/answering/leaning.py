"""What ties a sentence to the one before it: "However, …", "This shift …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.items import in_one_line
from qa.language.sentences import enumerates, split_sentences
from qa.schema import Evidence

_CONNECTIVE = re.compile(
    r"""^(?: (?:however | moreover | furthermore | nonetheless | nevertheless
      | in\ (?:sum|short|addition|turn|fact|contrast|conclusion|other\ words)
      | by\ contrast | additionally | similarly | likewise | first(?:ly)?
      | second(?:ly)? | third(?:ly)? | finally | last(?:ly|\ but\ not\ least)? | thus
      | therefore | hence | indeed | (?:more|most)\ importantly | at\ the\ same\ time
      | meanwhile | consequently | as\ a\ result | accordingly | overall | still
      | for\ (?:example|instance)
      | of\ course | after\ all | on\ the\ (?:one|other)\ hand | that\ said
      | to\ be\ sure | also | if\ anything | in\ this\ (?:respect|context) ),
    | (?:but|and|yet)(?!\ (?:for|to)\b) )\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_DANGLING = re.compile(
    r"""(?:so\ far,\ )?(?:this|these|that|those|such|it|its|they|their|he|she)\b
      | (?:at|by|despite|for|from|in|on|since|to|under|with)
        \ (?:this|these|that|those|such)\b
        (?!\ (?:article|paper|piece|essay|report|study|book|chapter|section|commentary
            |volume|issue|century|decade|year|who)\b)
      | the\ latter\b
      | the\ (?:(?:most|least)\ \w+|former|first|second|third|others?)
        \ (?:is|are|was|were|has|have|had)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def trimmed(quote: str) -> str:
    """A quote on one line without the "However," that tied it to what stood before;
    points that it counts itself, "First, …. Second, …", keep their numbers.
    """
    text = in_one_line(quote)
    if enumerates(text) and any(map(enumerates, split_sentences(text)[1:])):
        return text
    rest = text[found.end() :] if (found := _CONNECTIVE.match(text)) else text
    return rest[:1].upper() + rest[1:]


def dangles(quote: str) -> bool:
    """Whether a quote begins with a word that points at what stood before it."""
    return bool(_DANGLING.match(trimmed(quote)))


def leans(item: Evidence, before: Evidence) -> bool:
    """Whether a piece of evidence points at the one right before it."""
    return dangles(item.text) and item.follows(before)


def antecedent(item: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The piece of evidence that stands right before another in its article."""
    return next((other for other in evidence if item.follows(other)), None)
