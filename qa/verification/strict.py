"""The test by words: hardly one may be the sentence's own.

A drafted sentence is supported by one piece of evidence when it is a sentence of
it, shortened where that changes nothing (``kept``), and the embedder finds the two
alike. Numbers, names, negations and hedges are looked at first, for the reason they
give. This is a measured test, not a proof; docs/answers.md says what "verified" means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.language.text import (
    content_stems,
    has_negation,
    is_hedged,
    names,
    numbers,
    stem,
    tokens,
)
from qa.schema import Evidence, Rejected
from qa.verification.edits import words_of
from qa.verification.kept import shortening_fault
from qa.verification.speakers import attributing, without_attribution
from qa.verification.vocabulary import PUT_IN

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosine of a sentence with each of several texts."""

_LEAD = re.compile(r"[\w\"'“‘(]")
_SIMILAR = 0.6
_SHORTEST = 3
_LONGEST = 120
"""Words; a sentence beyond it is not read, which bounds the time a check takes."""
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
    if len(sentence.split()) > _LONGEST:
        return "it is too long to be checked"
    return None


def word_fault(
    sentence: str, item: Evidence, *, claim: bool = False, denied: bool = False
) -> tuple[float, str | None]:
    """Share of content words covered by one piece of evidence, and the first fault.

    Args:
        claim: Whether it is what a question asks about.
        denied: Whether the sentence is read under a negation that is not in it.
    """
    sentence = without_attribution(sentence, item.source)
    said = content_stems(sentence)
    known = set(content_stems(item.text))
    if len(said) < _SHORTEST:
        return 0.0, _TOO_LITTLE
    covered = sum(word in known for word in said) / len(said)
    if missing := sorted(numbers(sentence) - numbers(item.text)):
        return covered, f"the number {missing[0]} is not in the source"
    if missing := sorted(names(sentence) - known):
        return covered, f"the source does not name {_as_written(missing[0], sentence)}"
    if _negations(sentence) != _negations(item.text) and _affirms(sentence, item.text):
        return covered, "one negates what the other states"
    if is_hedged(item.text) and not is_hedged(sentence):
        return covered, "it is more certain than the source"
    return covered, shortening_fault(sentence, item.text, claim=claim, denied=denied)


def word_beyond(draft: str, item: Evidence) -> str | None:
    """The first word of a draft, as far as it goes, that cannot be the source's.

    However it ends, ``word_fault`` finds a fault.

    Args:
        draft: The beginning of a sentence, all of its words whole.
    """
    said = words_of(draft)
    known = {*words_of(f"{item.text} {attributing(item.source)}").keys, *PUT_IN}
    words = zip(said.words, said.keys, strict=True)
    return next((word for word, key in words if key not in known), None)


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
