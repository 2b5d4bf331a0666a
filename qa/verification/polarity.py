"""Opposites and negations: does a sentence turn round what its source says."""

from __future__ import annotations

from collections.abc import Sequence

from qa.language.opposites import opposites
from qa.verification.ground import Ground
from qa.verification.statements import Statement, Word

_COPIED = 0.85
"""From this share of words shared on, two sentences differ in one thing."""
_MOST = 0.7
"""Share of the words said from which on the whole sentence is meant."""
_FEW = 2


def _shared_clauses(said: frozenset[str], source: Statement) -> list[list[Word]]:
    """The source's clauses that share most content with some words, best first."""
    clauses = source.clauses()
    shared = [len({w.stem for w in c if w.content} & said) for c in clauses]
    most = max(shared, default=0)
    # Where nearly all is shared, a clause may be meant that repeats no word.
    least = 0 if len(said & source.stems) >= _MOST * len(said) else max(1, most - 1)
    order = sorted(range(len(clauses)), key=lambda i: (-shared[i], i))
    return [clauses[i] for i in order if shared[i] >= least]


def opposite_fault(said: Statement, source: Ground) -> str | None:
    """A word where the source has its opposite."""
    everything = said.all_stems
    for word in said.words:
        against = opposites(word.stem)
        if not against:
            continue
        clauses = _shared_clauses(said.stems - {word.stem}, source.closest)
        if any(word.stem == w.stem for clause in clauses for w in clause):
            continue
        for clause in clauses:
            used = {w.stem: w for w in clause}
            if any(opposites(s) & against for s in used):
                break
            theirs = [s for s in used if s in against and s not in everything]
            if theirs:
                ours = [w for w in said.words if w.clause == word.clause]
                if _negated(ours) == _negated(clause):
                    other = source.closest.as_written(used[theirs[0]])
                    here = said.as_written(word)
                    return f"says “{here}” where the source says “{other}”"
                break
    return None


def _negated(words: Sequence[Word]) -> bool:
    return any(word.negation for word in words)


def negation_fault(said: Statement, source: Ground) -> str | None:
    """A clause that negates where the source's clause of the same words does not."""
    theirs = source.closest.clauses()
    for ours in said.clauses():
        words = {word.stem for word in ours if word.content and not word.negation}
        if len(words) < _FEW or not theirs:
            continue
        shared = [len(words & {word.stem for word in clause}) for clause in theirs]
        most = max(shared)
        alike = [c for c, n in zip(theirs, shared, strict=True) if n == most]
        if most < 0.5 * len(words) or any(_same_sense(ours, c) for c in alike):
            continue
        if _negated(ours):
            return "it negates what the source states"
        return "it states what the source negates"
    return _negated_as_a_whole(said, source.closest)


def _negated_as_a_whole(said: Statement, source: Statement) -> str | None:
    """The same sentence with one negation more or less."""
    ours = {word.stem for word in said.content if not word.negation}
    theirs = {word.stem for word in source.content if not word.negation}
    same = len(ours & theirs)
    alone = not _negated(source.words)
    enough = 0.6 * len(ours) if alone else _COPIED * max(len(ours), len(theirs))
    if same < max(_FEW, enough) or _same_sense(said.words, source.words):
        return None
    return "only one of it and the source negates"


def _same_sense(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether both negate or neither; "not rare" is as good as "common"."""
    if _negated(ours) == _negated(theirs):
        return True
    known = {word.stem for word in theirs}
    return any(opposites(word.stem) & known for word in ours if word.stem not in known)
