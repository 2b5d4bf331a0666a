"""The evidence taken apart, with a sentence in mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.language.sentences import split_sentences
from qa.verification.statements import Statement, Word, statement

_INSIDE = frozenset(("of", "for", "the", "and"))
"""Small words inside a name."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The evidence taken apart.

    Attributes:
        sentences: All of it, in order.
        closest: The sentence that shares most with what is checked.
        stems: The stems of all words.
        names: The stems of all names.
        initials: What the names of several words may be called in short.
        context: Names that may be used though no sentence has them.
    """

    sentences: tuple[Statement, ...]
    closest: Statement
    stems: frozenset[str]
    names: frozenset[str]
    initials: frozenset[str]
    context: frozenset[str] = frozenset()


def ground(said: Statement, evidence: Sequence[str], context: str = "") -> Ground:
    """Take the evidence apart, with a sentence in mind."""
    sentences = tuple(s for text in evidence for s in _sentences(text))
    wanted = said.stems
    closest = max(sentences, key=lambda s: len(wanted & s.stems), default=statement(""))
    return Ground(
        sentences,
        closest,
        stems=frozenset[str]().union(*(s.all_stems for s in sentences)),
        names=frozenset[str]().union(*(s.names for s in sentences)),
        initials=frozenset(
            short for s in sentences for run in name_runs(s) for short in initials(run)
        ),
        context=statement(context).all_stems,
    )


@lru_cache(maxsize=2048)
def _sentences(text: str) -> tuple[Statement, ...]:
    return tuple(map(statement, split_sentences(text)))


def name_runs(sentence: Statement) -> list[list[Word]]:
    """Capitalised words that make one name: "Organisation for Co-operation"."""
    runs: list[list[Word]] = []
    last = None
    for word in sentence.words:
        if word.text[:1].isupper():
            near = last is not None and word.start - last.start == 1
            if not (near and runs):
                runs.append([])
            runs[-1].append(word)
            last = word
        elif word.text in _INSIDE and last is not None:
            last = word if word.start - last.start == 1 else None
    return runs


def initials(run: Sequence[Word]) -> set[str]:
    """What a name may be called in short, two letters at least."""
    letters = "".join(word.text[0] for word in run).lower()
    return {
        letters[i:j]
        for i in range(len(letters))
        for j in range(i + 2, len(letters) + 1)
    }
