"""Who does what to whom: names and numbers that have changed places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from qa.language.opposites import converses, opposites
from qa.verification.ground import Fault, Ground
from qa.verification.statements import Statement, Word

_CLOSE = 4
"""Words from one neighbour to the next."""
_ALIKE = 0.75
"""Share of words in the same order from which on two sentences are much the same."""
_WIDE = 6
"""Words within which a name still belongs to a word."""


def role_fault(said: Statement, source: Ground) -> Fault | None:
    """A name or number in the place of another that the source has as well."""
    tests = (_moved, _swapped, _replaced)
    return next(
        (fault for test in tests if (fault := test(said, source.closest))), None
    )


def _marked(sentence: Statement) -> list[Word]:
    return [
        w
        for w in sentence.content
        if w.stem[0].isdigit() or (w.name and len(w.text) > 1)
    ]


def _beside(words: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Neighbours that stand close together."""
    return ((a, b) for a, b in pairwise(words) if b.start - a.start <= _CLOSE)


def _moved(said: Statement, source: Statement) -> Fault | None:
    """A name or number beside a word that the source puts beside another."""
    special = {w.stem for w in (*_marked(said), *_marked(source))}
    outside = [word for word in source.content if not word.aside]
    pairs = (*_beside(source.content), *_beside(outside))
    shared = [word for word in said.content if word.stem in source.stems]
    for a, b in _beside(shared):
        if (a.stem in special) == (b.stem in special) or a.clause != b.clause:
            continue
        name, word = (a, b) if a.stem in special else (b, a)
        theirs = [
            left if name is a else right
            for left, right in pairs
            if (right if name is a else left).stem == word.stem
        ]
        number = name.stem[0].isdigit()
        theirs = [
            other
            for other in theirs
            if other.stem in special
            and other.stem[0].isdigit() == number
            and other.relation == name.relation
            and (not number or (len(other.stem) == 4) == (len(name.stem) == 4))
        ]
        ours = {
            w.stem
            for w in shared
            if abs(w.start - word.start) <= _WIDE and w.clause == word.clause
        }
        near = {
            w.stem for x, y in pairs if word.stem in {x.stem, y.stem} for w in (x, y)
        }
        if theirs and not ours & near & special:
            other = theirs[0].text
            reason = f"it says of {name.text} what the source says of {other}"
            return Fault("role", reason, contradicts=True)
    return None


def _swapped(said: Statement, source: Statement) -> Fault | None:
    """Two names that have changed places, as in "A sells to B"."""
    here = _first_of_each([w for w in said.content if w.name])
    there = _first_of_each([w for w in source.content if w.name])
    both = [stem for stem in here if stem in there]
    converse = _converse(said, source)
    relations: dict[str, set[str]] = {}
    for word in source.content:
        relations.setdefault(word.stem, set()).add(word.relation)
    for i, first in enumerate(both):
        for second in both[i + 1 :]:
            a, b, x, y = here[first], here[second], there[first], there[second]
            reversed_ = x.start > y.start
            if _joined(a, b, said) or _joined(x, y, source):
                continue
            turned = (b.relation == "by") != (x.relation == "by" or y.relation == "by")
            other = (
                a.relation not in relations[first]
                and b.relation not in relations[second]
                and (a.relation in relations[second] or b.relation in relations[first])
            )
            if reversed_ and other and not turned and not converse:
                reason = f"{a.text} and {b.text} have changed places"
                return Fault("role", reason, contradicts=True)
            if converse and not reversed_ and not turned and b.start - a.start <= 8:
                reason = f"{a.text} and {b.text} have changed parts"
                return Fault("role", reason, contradicts=True)
    return None


def _replaced(said: Statement, source: Statement) -> Fault | None:
    """In much the same words, another name or an opposite in one's place."""
    ours, theirs = said.content, source.content
    matcher = SequenceMatcher(
        None, [w.stem for w in theirs], [w.stem for w in ours], autojunk=False
    )
    if matcher.ratio() < _ALIKE:
        return None
    special = {w.stem for w in (*_marked(said), *_marked(source))} & source.stems
    for tag, start, stop, first, last in matcher.get_opcodes():
        if tag != "replace" or stop - start != last - first:
            continue
        for other, word in zip(theirs[start:stop], ours[first:last], strict=True):
            names = {other.stem, word.stem} <= special
            if names or other.stem in opposites(word.stem):
                reason = f"says “{word.text}” where the source says “{other.text}”"
                return Fault("role", reason, contradicts=True)
    return None


def _first_of_each(words: Sequence[Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for word in words:
        found.setdefault(word.stem, word)
    return found


def _joined(left: Word, right: Word, sentence: Statement) -> bool:
    """Whether two names stand side by side: "Russia and China"."""
    first, last = sorted((left.start, right.start))
    between = [w.text for w in sentence.words if first < w.start < last]
    return between in ([], ["and"], ["or"], ["and", "the"])


def _converse(said: Statement, source: Statement) -> bool:
    """Whether one buys where the other sells."""
    theirs = source.all_stems
    return any(
        converses(word.stem) & theirs and word.stem not in theirs for word in said.words
    )
