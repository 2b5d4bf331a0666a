"""Opposites and negations: does a sentence turn round what its source says."""

from __future__ import annotations

from collections.abc import Sequence

from qa.language.opposites import opposites
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


def turns_word_round(said: Statement, source: Statement) -> bool:
    """Whether it has a word where the source has its opposite."""
    everything = said.all_stems
    for word in said.words:
        against = opposites(word.stem)
        if not against:
            continue
        clauses = _shared_clauses(said.stems - {word.stem}, source)
        if any(word.stem == w.stem for clause in clauses for w in clause):
            continue
        for clause in clauses:
            used = {w.stem for w in clause}
            if any(opposites(s) & against for s in used):
                break
            if used & against - everything:
                ours = [w for w in said.words if w.clause == word.clause]
                if _negated(ours) == _negated(clause):
                    return True
                break
    return False


def _negated(words: Sequence[Word]) -> bool:
    return any(word.negation for word in words)


def turns_sense_round(said: Statement, source: Statement) -> bool:
    """Whether a clause negates where the source's clause of the same words does not."""
    theirs = source.clauses()
    for ours in said.clauses():
        words = {word.stem for word in ours if word.content and not word.negation}
        if len(words) < _FEW or not theirs:
            continue
        shared = [len(words & {word.stem for word in clause}) for clause in theirs]
        most = max(shared)
        alike = [c for c, n in zip(theirs, shared, strict=True) if n == most]
        if most < 0.5 * len(words) or any(_same_sense(ours, c) for c in alike):
            continue
        return True
    return _negated_as_a_whole(said, source)


def _negated_as_a_whole(said: Statement, source: Statement) -> bool:
    """Whether it is the same sentence with one negation more or less."""
    ours = {word.stem for word in said.content if not word.negation}
    theirs = {word.stem for word in source.content if not word.negation}
    same = len(ours & theirs)
    alone = not _negated(source.words)
    enough = 0.6 * len(ours) if alone else _COPIED * max(len(ours), len(theirs))
    return same >= max(_FEW, enough) and not _same_sense(said.words, source.words)


def _same_sense(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether both negate or neither; "not rare" is as good as "common"."""
    if _negated(ours) == _negated(theirs):
        return True
    known = {word.stem for word in theirs}
    return any(opposites(word.stem) & known for word in ours if word.stem not in known)
