"""The test by words: hardly one may be the sentence's own.

A drafted sentence is supported by one piece of evidence when its numbers, names
and content words all occur there, in much the same order, no name has changed
its place beside a word, it negates as often and hedges as the source does, and
the embedder finds the two alike. This is a measured test, not a proof; what
"verified" means is said in the README.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.lexicon import (
    content_stems,
    has_negation,
    is_content,
    is_hedged,
    names,
    numbers,
    stem,
    tokens,
)
from qa.schema import Evidence, Rejected
from qa.verification.attribution import without_attribution
from qa.verification.kept import shortening_fault

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosine of a sentence with each of several texts."""

_LEAD = re.compile(r"[\w\"'“‘(]")
_IN_ORDER = 0.85
_SIMILAR = 0.6
_SHORTEST = 3
_TOO_LITTLE = "it says too little to be checked"


@dataclass(frozen=True, slots=True)
class Support:
    """A sentence as it may be said, the evidence for it, and how well it supports
    it, in [0, 1].
    """

    sentence: str
    evidence: Evidence
    score: float


def supported_by_words(
    sentence: str, evidence: Sequence[Evidence], similarity: Similarity
) -> Support | Rejected:
    """The best support for a sentence in the source's words, or why there is none.

    The reason given is that of the piece of evidence that comes closest.
    """
    closest, reason = -1.0, "there is no evidence"
    passed: list[tuple[float, Evidence]] = []
    for item in evidence:
        covered, fault = word_fault(sentence, item)
        if fault is None:
            passed.append((covered, item))
        elif covered > closest:
            closest, reason = covered, fault
    if not passed:
        return Rejected(sentence, reason)
    likeness = similarity(sentence, [item.text for _, item in passed])
    supports = [
        Support(sentence, item, min(1.0, (covered + like) / 2))
        for (covered, item), like in zip(passed, likeness, strict=True)
        if like >= _SIMILAR
    ]
    if not supports:
        return Rejected(sentence, "no source sentence is close enough in meaning")
    return max(supports, key=lambda support: support.score)


def malformed(sentence: str) -> str | None:
    """Why it is no sentence that could be checked."""
    if sentence.endswith("?"):
        return "it is a question"
    if not (_LEAD.match(sentence) and re.search(r"[.!…][\"'”’)\]]*$", sentence)):
        return "it is not a complete sentence"
    if len(content_stems(sentence)) < _SHORTEST:
        return _TOO_LITTLE
    return None


def word_fault(sentence: str, item: Evidence) -> tuple[float, str | None]:
    """Share of content words covered by one piece of evidence, and the first fault."""
    sentence = without_attribution(sentence, item.source)
    said = content_stems(sentence)
    source = content_stems(item.text)
    known = set(source)
    if len(said) < _SHORTEST:
        return 0.0, _TOO_LITTLE
    covered = sum(word in known for word in said) / len(said)
    if missing := sorted(numbers(sentence) - numbers(item.text)):
        return covered, f"the number {missing[0]} is not in the source"
    if missing := sorted(names(sentence) - known):
        return covered, f"the source does not name {_as_written(missing[0], sentence)}"
    if _negations(sentence) != _negations(item.text) and _affirms(sentence, item.text):
        return covered, "one negates what the other states"
    absent = [t for t in tokens(sentence) if is_content(t) and stem(t) not in known]
    if absent:
        return covered, f"“{absent[0]}” is not what the source says"
    if is_hedged(item.text) and not is_hedged(sentence):
        return covered, "it is more certain than the source"
    if _in_order([word for word in said if word in known], source) < _IN_ORDER:
        return covered, "it puts the source's words in another order"
    if (moved := _moved_name(sentence, item.text)) is not None:
        return covered, moved
    if (fault := shortening_fault(sentence, item.text)) is not None:
        return covered, fault
    return covered, None


def _as_written(name: str, sentence: str) -> str:
    return next((t for t in tokens(sentence) if stem(t) == name), name)


def _negations(text: str) -> int:
    return sum(map(has_negation, tokens(text)))


def _affirms(sentence: str, source: str) -> bool:
    """Whether a difference in negations matters: in the part that is used."""
    said = set(content_stems(sentence))
    clauses = re.split(r"[,;:–—]|\b(?:and|but|while|although|though)\b", source)
    used = [c for c in clauses if said & set(content_stems(c))]
    return _negations(" ".join(used)) != _negations(sentence)


def _in_order(said: Sequence[str], source: Sequence[str]) -> float:
    """Longest common subsequence of the content words, as a share of those said."""
    row = [0] * (len(source) + 1)
    for word in said:
        previous = 0
        for column, other in enumerate(source, 1):
            kept = row[column]
            row[column] = (
                previous + 1 if word == other else max(row[column], row[column - 1])
            )
            previous = kept
    return row[-1] / len(said)


def _moved_name(sentence: str, source: str) -> str | None:
    """A name beside a word that the source puts beside another name."""
    mentioned = names(sentence) | names(source)
    said, known = content_stems(sentence), content_stems(source)
    for left, right in pairwise(said):
        if (left in mentioned) == (right in mentioned):
            continue
        beside = {
            (a, b)
            for a, b in pairwise(known)
            if (b == right and a in mentioned and right not in mentioned)
            or (a == left and b in mentioned and left not in mentioned)
        }
        if beside and (left, right) not in beside:
            name = left if left in mentioned else right
            other = min(word for pair in beside for word in pair if word in mentioned)
            here, there = _as_written(name, sentence), _as_written(other, source)
            return f"it says of {here} what the source says of {there}"
    return None
