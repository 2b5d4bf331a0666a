"""What a shortened sentence has to keep of its source.

Leaving words out can say more than the source does, or something else: "Some
officials expect X" is not "X", "changes in the elite may matter" is not "the elite
may matter". Each test takes a sentence whose words are the source's, and answers
with what is wrong, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.lexicon import (
    content_stems,
    has_negation,
    is_content,
    names,
    stem,
    tokens,
)
from qa.verification.belonging import (
    is_patchwork,
    resumes_elsewhere,
    starts_inside,
)
from qa.verification.quantities import NUMBER_WORDS

_REACH = 2
"""Content words that a limiting word is taken to limit."""
_AMOUNTS = frozenset(
    """some few several many more most less fewer part parts partly partially half
    majority minority mainly largely mostly chiefly primarily generally usually often
    sometimes rarely occasionally almost nearly roughly approximately only least
    perceived alleged allegedly reportedly supposedly ostensibly so-called potential
    possible further former minor too necessarily""".split()
)
_VIEWS = frozenset(
    map(
        stem,
        """perspective viewpoint viewpoints opinion eyes according argue argues argued
        claim claims claimed believe believes believed contend contends assert asserts
        suggest suggests suggested expect expects expected predict predicts predicted
        warn warns warned insist insists hope hopes hoped fear fears feared pessimists
        optimists critics sceptics skeptics propaganda rumour rumours narrative
        """.split(),
    )
)
"""Whose view it is, or that it is a view; they limit their whole clause."""
_TIMES = frozenset(
    """day days week weeks month months year years decade decades century centuries
    past last next recent early late""".split()
)
_CONDITIONS = frozenset("if unless provided assuming whether".split())
_LINKS = frozenset(
    "than instead unlike despite except without before after or nor versus".split()
)
"""What stands between two words and says how they are related."""
_PRONOUNS = frozenset(
    """he she it they him her them his hers its their theirs we us our you your
    i my""".split()
)
_AUXILIARIES = {
    **dict.fromkeys(("has", "have", "having"), "have"),
    **dict.fromkeys(("is", "are", "am", "being"), "be"),
    **dict.fromkeys(("was", "were"), "was"),
    **dict.fromkeys(("do", "does"), "do"),
    **{word: word for word in ("had", "did", "will", "been")},
}
"""What tells when, and whether it is over."""
_CLAUSE = re.compile(
    r"[;:–—]|\s-\s|,\s+(?=(?:but|and|while|although|though|whereas|yet|so)\b)"
)
_CONCESSION = re.compile(
    r"^(?:although|though|while|whereas|even though)\b[^,]*,", re.IGNORECASE
)
_SCOPE = re.compile(
    r"^(?:in|on|at|during|since|under|until|before|after|among|for|across|throughout)"
    r"\b[^,;:]{2,80}?(?:,|(?=\bthere\b))",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*(?:which|who|whose|whom|where)\b", re.IGNORECASE)
_IDIOM = re.compile(r"\bif anything\b,?", re.IGNORECASE)


def shortening_fault(sentence: str, source: str) -> str | None:
    """What leaving words out has changed, for a person to read."""
    if (limit := _dropped_limit(sentence, source)) is not None:
        return f"it leaves out “{limit}”, which limits what the source says"
    if (link := _dropped_link(sentence, source)) is not None:
        return f"it leaves out “{link}”, which says how two things are related"
    if (scope := _dropped_scope(sentence, source)) is not None:
        return f"the source says it of “{scope}” only"
    if (number := _moved_number(sentence, source)) is not None:
        return f"the source counts something else by “{number}”"
    if (moved := _moved_negation(sentence, source)) is not None:
        return f"the source negates something else than “{moved}”"
    if (pronoun := _new_pronoun(sentence, source)) is not None:
        return f"whom “{pronoun}” means is not what the source says"
    if (auxiliary := _new_auxiliary(sentence, source)) is not None:
        return f"“{auxiliary}” puts it at another time than the source"
    if starts_inside(sentence, source) or resumes_elsewhere(sentence, source):
        return "it says of one thing what the source says of another"
    if is_patchwork(sentence, source):
        return "it puts together what stands apart in the source"
    return None


def _dropped_limit(sentence: str, source: str) -> str | None:
    said = set(map(stem, tokens(sentence)))
    told = set(content_stems(sentence)) - names(sentence)
    for clause in _clauses(source):
        if not told.intersection(content_stems(clause)):
            continue
        for part in clause.split(","):
            if _ASIDE.match(part) and not told.intersection(content_stems(part)):
                continue
            if (limit := _limit_in(tokens(part), said)) is not None:
                return limit
    return None


def _limit_in(words: list[str], said: set[str]) -> str | None:
    for place, word in enumerate(words):
        root, low = stem(word), word.lower()
        if root in said:
            continue
        if root in _VIEWS or low in _CONDITIONS:
            return word
        if low in _AMOUNTS and said.intersection(_content(words[place + 1 :])):
            return word
    return None


def _clauses(source: str) -> list[str]:
    source = _IDIOM.sub("", source)
    conceded = _CONCESSION.match(source)
    parts = [conceded.group(), source[conceded.end() :]] if conceded else [source]
    return [clause for part in parts for clause in _CLAUSE.split(part)]


def _content(words: list[str], number: int = _REACH) -> list[str]:
    """Stems of the first content words."""
    return [stem(word) for word in words if is_content(word)][:number]


def _dropped_link(sentence: str, source: str) -> str | None:
    said = {word.lower() for word in tokens(sentence)}
    stems = set(content_stems(sentence))
    words = tokens(source)
    for place, word in enumerate(words):
        if word.lower() in _LINKS - said:
            before = _content(words[:place][::-1], 1)
            after = _content(words[place + 1 :], 1)
            if stems.intersection(before) and stems.intersection(after):
                return word
    return None


def _dropped_scope(sentence: str, source: str) -> str | None:
    """The name or number in "In Oslo, …" or "In 1987 there …" that was left out."""
    found = _SCOPE.match(source)
    if found is None:
        return None
    # The first word after "In" is a name only if it is written as one.
    inside = tokens(found.group())[1:]
    wanted = [w for w in inside if _is_scope(w)]
    said = set(map(stem, tokens(sentence)))
    return next((word for word in wanted if stem(word) not in said), None)


def _is_scope(word: str) -> bool:
    named = word[0].isupper() and is_content(word)
    return word[0].isdigit() or named or word.lower() in _TIMES


def _moved_number(sentence: str, source: str) -> str | None:
    """The first number that counts something else than in the source."""
    known: dict[str, list[set[str]]] = {}
    for number, counted in _counted(source, _REACH + 1):
        known.setdefault(number, []).append(set(counted))
    for number, counted in _counted(sentence, _REACH):
        if number in known and not any(k.issuperset(counted) for k in known[number]):
            return number
    return None


def _counted(text: str, number: int) -> Iterator[tuple[str, list[str]]]:
    words = tokens(text)
    for place, word in enumerate(words):
        if word[0].isdigit() or word.lower() in NUMBER_WORDS:
            yield word.lower(), _content(words[place + 1 :], number)


def _moved_negation(sentence: str, source: str) -> str | None:
    """The first word negated that the source does not negate."""
    negated = {root for found in _negated(source, _REACH) for root in found}
    for found in _negated(sentence, 1):
        if not negated.issuperset(found):
            return found[0]
    return None


def _negated(text: str, number: int) -> Iterator[list[str]]:
    words = tokens(text)
    for place, word in enumerate(words):
        if has_negation(word):
            yield _content(words[place + 1 :], number)


def _new_pronoun(sentence: str, source: str) -> str | None:
    known = {word.lower() for word in tokens(source)}
    said = (word.lower() for word in tokens(sentence) if word != "US")
    return next((word for word in said if word in _PRONOUNS - known), None)


def _new_auxiliary(sentence: str, source: str) -> str | None:
    known = {_AUXILIARIES.get(word.lower()) for word in tokens(source)}
    for word in tokens(sentence):
        if (kind := _AUXILIARIES.get(word.lower())) is not None and kind not in known:
            return word
    return None
