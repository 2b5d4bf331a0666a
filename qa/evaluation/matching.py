"""Whether a hit, the evidence or an answer holds what a question asks for; pure.

A text contains a snippet when, both normalised, the snippet stands in it, or at
least 60 % of the snippet's words do, in order. A snippet left empty stands in
every text, so a gold place without one is met by its document alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.evaluation.questions import Gold, Question
from qa.language.text import normalise, on_one_line, tokens
from qa.schema import Answer, Evidence, Hit
from qa.verification import is_verbatim

_IN_ORDER = 0.6
_INTRODUCED = re.compile(
    r"^(?:yes: |no: )?(?:by contrast, )?(?:according to (?:\".*?\"|[^,:]*)[,:] )?"
)
_MARKER = re.compile(r" \[\d+\]")


def contains(text: str, snippet: str) -> bool:
    """The definition at the top of this file."""
    if normalise(snippet) in normalise(text):
        return True
    words = _words(snippet)
    return _common(_words(text), words) >= _IN_ORDER * len(words)


def _words(text: str) -> list[str]:
    return [token.lower() for token in tokens(on_one_line(text))]


def _common(text: Sequence[str], words: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(words) + 1)
    for token in text:
        previous = 0
        for column, word in enumerate(words, 1):
            kept = row[column]
            row[column] = previous + 1 if token == word else max(kept, row[column - 1])
            previous = kept
    return row[-1]


def gold_rank(hits: Sequence[Hit], gold: Sequence[Gold]) -> int | None:
    """Rank, from 1, of the first hit that contains gold evidence."""
    for rank, hit in enumerate(hits, 1):
        for item in gold:
            if is_from(hit.source.file, item.source) and contains(
                hit.passage.text, item.evidence
            ):
                return rank
    return None


def evidence_found(evidence: Sequence[Evidence], gold: Sequence[Gold]) -> bool:
    """Whether gold is in the evidence shown, the sentences of one source joined."""
    for item in gold:
        shown = " ".join(
            e.text for e in evidence if is_from(e.source.file, item.source)
        )
        if shown and contains(shown, item.evidence):
            return True
    return False


def cites_gold(answer: Answer, gold: Sequence[Gold]) -> bool:
    """Whether a citation leads into a gold source."""
    return any(
        is_from(citation.document.file, item.source)
        for citation in answer.citations
        for item in gold
    )


def is_gold_sentence(quote: str, gold: Sequence[str]) -> bool:
    """Whether a quote is one of the sentences, or either holds the other whole."""
    said = normalise(quote)
    return any(said in text or text in said for text in map(normalise, gold))


def is_from(file: str, source: str) -> bool:
    """Whether a document is the named seed file, or the record with that id."""
    return source in {file, file.rpartition("#")[2]}


def says_each(text: str, groups: Iterable[Iterable[str]]) -> bool:
    """Whether each group has an alternative in an answer's text, markers left out."""
    said = normalise(_MARKER.sub("", text))
    return all(any(normalise(option) in said for option in group) for group in groups)


def has_facts(question: Question, answer: Answer) -> bool:
    """Whether an answer says what it must."""
    return says_each(answer.text, question.must_include)


def has_prose(answer: Answer) -> bool:
    """Whether a sentence of the answer is more than a quote.

    A quote with its source named in front ("According to Ann Oake, …") is one.
    """
    said = (_INTRODUCED.sub("", normalise(s.text)) for s in answer.sentences)
    quotes = [citation.quote for citation in answer.citations]
    return any(not any(is_verbatim(text, q) for q in quotes) for text in said)
