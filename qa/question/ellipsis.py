"""A follow-up in full: "And in Ostrel?" after "When was the pier of Velmar built?".

Only what can be told from the words: one name or year for another, "there", "it" and
"he" for what was named last, a bare "Why?" for the way the last question asked.
Everything else is searched with what it leans on (``coreference``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.language.places import place
from qa.language.sentences import split_sentences
from qa.language.text import content_stems, is_content, tokens

_NAME = r"[^\W\d_a-z][\w'’-]*"
_NAMES = rf"{_NAME}(?:\s+(?:(?:of|de|van|von|and\s+the)\s+)?{_NAME})*"
_IN = r"(?:in|at|on|of|for|from|near|to|by|with)"
_OTHER = re.compile(
    rf"""^\W*(?:(?i:and|but|or|what\s+about|how\s+about|and\s+what\s+about)\b\s*)+
    (?:(?i:the\s+one|the\s+ones|that|those)\s+)?(?:(?i:{_IN})\s+)?
    (?:(?i:the)\s+)?(?P<thing>{_NAMES}|(?:1\d|20)\d\d)\W*$""",
    re.VERBOSE,
)
_LAST_NAME = re.compile(rf"(?<=[\w,]\s){_NAMES}")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_BARE = re.compile(r"^\W*(?P<asks>why|when|where|how)\W*$", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:why|when|where|how(?:\s+(?:long|high|old|often|far|big|deep|wide))?)\s+"
    r"(?=(?:is|are|was|were|do|does|did|has|have|had|will|can|could)\b)",
    re.IGNORECASE,
)
_AGAIN = frozenset(
    content_stems("really sure certain correct true detail elaborate continue explain")
)
"""Words that ask for an answer once more, or for more of it."""
_THERE = re.compile(r"\bthere(?=\W*$)", re.IGNORECASE)
_PLACE = re.compile(rf"\b(?:in|at|on|of|near|to|from)\s+(?P<place>(?:the\s+)?{_NAMES})")
_IT = re.compile(r"\bit\b(?!\s+(?:(?:is|was)\s+)?\w+\s+(?:that|to)\b)", re.IGNORECASE)
_THING = re.compile(
    rf"\b(?:the|an?)\s+(?:[a-z-]+\s+){{0,2}}?[a-z-]+\s+{_IN}\s+(?:the\s+)?{_NAMES}"
)
_NOTED = re.compile(r"\b(?:[Tt]he|[Aa]n?)(?:\s+[^\W\d_][\w'’-]*){1,5}")
_RUN = re.compile(rf"\b{_NAME}(?:\s+(?:(?:de|van|von)\s+)?{_NAME})*")
_WHO = re.compile(r"^\W*who\b", re.IGNORECASE)
_OF_PERSON = re.compile(rf"\b(?:his|her(?!\W*$|\s+{_IN}\b))\b(?=\s+\w)", re.IGNORECASE)
_PERSON_AGAIN = re.compile(r"\b(?:he|him|she|her)\b", re.IGNORECASE)


def in_full(earlier: Sequence[str], question: str, answered: str = "") -> str:
    """The question with what it leaves out, or as it is where that cannot be told.

    Args:
        earlier: Questions asked before, oldest first, each in full.
        question: As asked.
        answered: The answer to the last of them, which may name a person that it did
            not; what both name in the same words is what they are about.
    """
    if not earlier:
        return question
    before = earlier[-1]
    said = set(content_stems(question))
    if said and said <= _AGAIN:
        return before
    if found := _OTHER.match(question):
        return _instead(before, found["thing"]) or question
    if found := _BARE.match(question):
        asks = _ASKS.match(before)
        return (
            f"{found['asks'].capitalize()} {before[asks.end() :]}" if asks else question
        )
    if _THERE.search(question) and (places := _PLACE.findall(before)):
        return _THERE.sub(f"in {places[-1]}", question)
    if _LAST_NAME.search(question):
        return question
    return _with_person(_with_thing(question, before, answered), before, answered)


def _with_thing(question: str, before: str, answered: str) -> str:
    things = _THING.findall(before) or _named_in_both(before, answered)
    if len(things) != 1:
        return question
    return _THERE.sub(f"at {things[0]}", _IT.sub(things[0], question))


def _named_in_both(before: str, answered: str) -> list[str]:
    """What stands in an answer as in its question, each once: "the north pier"; nothing
    where the question names somebody or something else.
    """
    text = f" {' '.join(tokens(answered.lower()))} "
    found: dict[str, None] = {}
    for noted in _NOTED.findall(before):
        words = noted.split()
        while len(words) > 1 and f" {' '.join(words).lower()} " not in text:
            words.pop()
        thing = " ".join(words)
        others = _named(before.partition(" ")[2].replace(thing, ""))
        if len(words) > 1 and is_content(words[-1]) and not others:
            found[thing] = None
    return list(found)


def _with_person(question: str, before: str, answered: str) -> str:
    """With the person last spoken of in place of "he", "her" and the like."""
    if person := _person(before, answered):
        question = _OF_PERSON.sub(f"{person}’s", question)
        question = _PERSON_AGAIN.sub(person, question)
    return question


def _person(before: str, answered: str) -> str:
    """Whom a question names, or the answer to "Who …?": the one name there, of two
    words or more and of no place; empty where there are several, or one is meant that
    was named earlier still.
    """
    if _OF_PERSON.search(before) or _PERSON_AGAIN.search(before):
        return ""
    named = set(_named(before.partition(" ")[2]))  # it begins with a capital anyway
    if _WHO.match(before):
        first = " ".join(split_sentences(answered)[:1])
        told = {name for name in _named(first) if name not in before}
        named = told | {name for name in named if " " in name}
    if len(named) != 1:
        return ""
    (name,) = named
    words = name.split()
    return name if len(words) > 1 and not any(map(place, words)) else ""


def _named(text: str) -> list[str]:
    """Its names as they are written, neighbouring capitalised words as one."""
    found = []
    for run in _RUN.findall(text):
        words = run.split()
        if not is_content(words[0]):  # "The" of a sentence
            words = words[1:]
        found += [" ".join(words)] if words else []
    return found


def _instead(before: str, thing: str) -> str:
    """The question before with one name, or year, instead of its last."""
    pattern = _YEAR if _YEAR.fullmatch(thing) else _LAST_NAME
    places = list(pattern.finditer(before))
    if not places:
        return ""
    last = places[-1]
    return before[: last.start()] + thing + before[last.end() :]
