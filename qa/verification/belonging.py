"""Whether a shortened sentence leaves each thing with what it belongs to.

No parser: where a word stands among its neighbours in the source tells enough to
refuse what may be wrong. Sentences that are fair are refused as well at times.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from qa.lexicon import HEDGES, is_content, stem, tokens

_REACH = 2
"""Adjectives that are taken to stand before a noun."""
_OPENERS = frozenset(
    """and but or that which who because although though while whereas as so if when
    where since thus hence then today now meanwhile""".split()
)
_DETERMINERS = frozenset(
    "the a an this that these those its their his her our both all such each".split()
)
_PREPOSITIONS = frozenset(
    """of in on at to from by with for against into over under between among through
    about toward towards than after before during via within without until""".split()
)
_BEFORE_NOUNS = _DETERMINERS | _PREPOSITIONS | {"and", "or", ","}
_RELATIVES = frozenset("that which who whose whom where when".split())
_WORD = re.compile(r"\w+(?:['’]\w+)?|[^\w\s]")
_JOINTS = 0.25
_RUN = 3


def starts_inside(sentence: str, source: str) -> bool:
    """Whether the first thing spoken of stands inside a phrase of the source.

    Where the subject was cut off, what followed it must not take its place.
    """
    said = tokens(sentence)
    first = next((n for n, word in enumerate(said) if is_content(word)), None)
    if first is None:
        return False
    lead = {word.lower() for word in said[:first]}
    words = _WORD.findall(source)
    owner = _owns(_WORD.findall(sentence)[first])
    places = [n for n, word in enumerate(words) if _root(word) == stem(said[first])]
    if places and not owner and all(_owns(words[place]) for place in places):
        return True
    return bool(places) and all(_is_inside(words, place, lead) for place in places)


def _owns(word: str) -> bool:
    return word.endswith(("'s", "’s"))


def _root(word: str) -> str:
    return stem(tokens(word)[0]) if word[0].isalnum() else word


def _is_inside(words: list[str], place: int, lead: set[str]) -> bool:
    """Walk from a word to the left until what begins its phrase is found."""
    described = 0
    edge = False
    adjectives = 0 if words[place][0].isupper() else _REACH
    for before in range(place - 1, -1, -1):
        word = words[before].lower()
        if word in _PREPOSITIONS:
            # "In winter the company moved": it stands before the subject.
            return word not in lead and (before > 0 or not described)
        if word in _OPENERS or not word.isalpha():
            return edge and described > adjectives
        if word in _DETERMINERS and not edge:
            edge, adjectives = True, described
        else:
            described += 1
            if described > adjectives and not edge and words[before][0].islower():
                edge = True
    return described > adjectives


def resumes_elsewhere(sentence: str, source: str) -> bool:
    """Whether "of Oslo" or "that burn" was moved to another word than its own."""
    said = [word for word in _WORD.findall(sentence) if word[0].isalnum()]
    words = _WORD.findall(source)
    roots = [_root(word) for word in words]
    if any(_lost_its_head(words, roots, a, b) for a, b in pairwise(said)):
        return True
    for left, word, right in zip(said, said[1:], said[2:], strict=False):
        if word.lower() not in _PREPOSITIONS | _RELATIVES:
            continue
        places = [
            n
            for n in range(1, len(roots) - 1)
            if words[n].lower() == word.lower() and roots[n + 1] == _root(right)
        ]
        if places and not any(_follows(roots, n, _root(left)) for n in places):
            return True
        if not places and _breaks_after(words, roots, _root(left)):
            return True
    return False


def _breaks_after(words: list[str], roots: list[str], left: str) -> bool:
    """Whether a comma or the like follows a word wherever it stands."""
    after = [words[n + 1] for n, root in enumerate(roots[:-1]) if root == left]
    return bool(after) and all(not word[0].isalnum() for word in after)


def _lost_its_head(words: list[str], roots: list[str], left: str, right: str) -> bool:
    """Whether what was left out between two words held the second one.

    "Annexation or [recognition of Abkhazia and] Ossetia": what follows belongs to
    what was left out. An aside between commas holds nothing.
    """
    if not is_content(right):
        return False
    gaps = [
        words[i + 1 : j]
        for i, root in enumerate(roots)
        if root == _root(left)
        for j in range(i + 1, len(roots))
        if roots[j] == _root(right)
    ]
    if not gaps:
        return False
    gap = min(gaps, key=len)
    if len(gap) < _REACH or not gap[0][0].isalnum():
        return False
    holds = any(word.lower() in _PREPOSITIONS for word in gap)
    return holds and gap[-1].lower() in _BEFORE_NOUNS


def _follows(roots: list[str], place: int, left: str) -> bool:
    """Whether a word stands before a place, with nothing or an aside between."""
    if left in roots[max(0, place - 2) : place]:
        return True
    aside = not roots[place - 1][0].isalnum()
    return aside and any(
        root == left and not roots[n + 1][0].isalnum()
        for n, root in enumerate(roots[: place - 1])
    )


def is_patchwork(sentence: str, source: str) -> bool:
    """Whether many neighbouring words are no neighbours in the source.

    One word left out between two makes no joint, nor does "may" for "might".
    """
    said, known = _plain(sentence), _plain(source)
    near = {*pairwise(known), *zip(known, known[2:], strict=False)}
    joints = [pair not in near for pair in pairwise(said)]
    longest = max(
        (len(list(run)) for joint, run in groupby(joints) if joint), default=0
    )
    return longest > _RUN or sum(joints) > _JOINTS * len(joints)


def _plain(text: str) -> list[str]:
    return ["may" if w.lower() in HEDGES else stem(w) for w in tokens(text)]
