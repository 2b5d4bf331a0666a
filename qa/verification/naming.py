"""Names: does the source have those that a sentence uses, or others in their place."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

from qa.language.places import governed_from, place
from qa.verification.ground import Ground, initials, name_runs
from qa.verification.statements import Statement, Word, canonical

_ROOT, _ENDING = 6, 4
_DAYS = frozenset(map(canonical, [*calendar.day_name, *calendar.month_name[1:]]))


def name_fault(said: Statement, source: Ground) -> str | None:
    """A name that the source does not have."""
    known = source.names | source.stems | source.context
    absent = [word for word in said.words if word.name and word.stem not in known]
    absent = [
        word
        for word in absent
        if not _abbreviated(word, said, source) and not _derived(word, source)
    ]
    if not absent:
        return None
    short = {i for run in name_runs(said) for i in initials(run)}
    claimed = said.all_stems | short
    others = [w for w in source.closest.words if w.name and w.stem not in claimed]
    if not others:
        return f"the source does not name {absent[0].text}"
    if all(governed_from(word.text) & known for word in absent):
        return None  # "Moscow" is another name than "Russia", and may yet mean it
    other = _counterpart(absent[0], said, source.closest, others)
    return f"names {_full(absent, absent[0])}; the source names {_full(others, other)}"


def _derived(word: Word, source: Ground) -> bool:
    """Whether the source has it with another ending: "Aristotelian", "Aristotle"."""
    return place(word.stem) is None and any(
        place(name) is None
        and abs(len(name) - len(word.stem)) <= _ENDING
        and name[:_ROOT] == word.stem[:_ROOT]
        for name in source.names
        if len(name) >= _ROOT <= len(word.stem)
    )


def _full(names: Sequence[Word], first: Word) -> str:
    """A name with the names that stand right after it."""
    found = [first]
    for word in names:
        if word.start == found[-1].start + 1:
            found.append(word)
    return " ".join(word.text for word in found)


def _counterpart(
    absent: Word, said: Statement, source: Statement, others: Sequence[Word]
) -> Word:
    """The name that the source has in the place of one that it lacks."""
    around = _neighbours(said, absent)
    dated = (absent.stem in _DAYS,)
    return max(
        others,
        key=lambda w: (
            (w.stem in _DAYS,) == dated,
            len(around & _neighbours(source, w)),
            w.relation == absent.relation,
            -w.start,
        ),
    )


def _neighbours(sentence: Statement, word: Word) -> set[str]:
    content = sentence.content
    at = content.index(word)
    return {w.stem for w in content[max(0, at - 3) : at + 4] if w is not word}


def _abbreviated(word: Word, said: Statement, source: Ground) -> bool:
    """Whether the source has it in short, or in full where the sentence is short."""
    if word.text.isupper():
        return word.stem in source.initials
    short = {w.stem for s in source.sentences for w in s.words if w.text.isupper()}
    return any(word in run and initials(run) & short for run in name_runs(said))
