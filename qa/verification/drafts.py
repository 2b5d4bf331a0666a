"""A draft to its sentences, and when two of them say the same."""

from __future__ import annotations

import re
from collections import Counter

from qa.language.sentences import split_sentences
from qa.language.text import MARKS, content_stems, on_one_line, written_tokens

_MARKER = re.compile(r"[^\S\n]*\[\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SETTLED = 3
_OWN = 0.9
"""Share of a sentence's words from which on they are its source's."""


def drafted_sentences(draft: str) -> list[str]:
    """The sentences of a draft, markers and list marks taken out."""
    sentences = []
    for line in _unmarked(draft).split("\n"):
        opening = ""
        for part in split_sentences(_BULLET.sub("", line)):
            whole = opening + part
            # The splitter leaves an unclosed quotation mark with what precedes it.
            sentence = whole.rstrip("“‘ ")
            opening = whole[len(sentence) :].strip()
            if sentence:
                sentences.append(sentence)
    return sentences


def settled_sentences(draft: str) -> list[str]:
    """Those sentences of a growing draft that more text cannot change.

    A sentence is settled once the one after it has a few words: until then a
    quotation mark, a marker or a list mark could still belong to either.
    """
    sentences = drafted_sentences(draft)
    begun = bool(sentences) and len(sentences[-1].split()) >= _SETTLED
    return sentences[: -1 if begun else -2]


def _unmarked(draft: str) -> str:
    """Without markers; of a full stop on each side of one, the first stays."""
    return re.sub(r"(?<=[.!?])\.(?=\s|$)", "", _MARKER.sub("", draft))


def is_verbatim(sentence: str, quote: str) -> bool:
    """Whether a sentence is the quote itself, up to case and punctuation."""
    return _bare(sentence) in _bare(quote)


def is_quote(sentence: str, text: str) -> bool:
    """Whether a sentence is a whole sentence of a text, up to case and punctuation."""
    bare = _bare(sentence)
    return bare == _bare(text) or bare in map(_bare, split_sentences(text))


def is_cut(sentence: str, text: str) -> bool:
    """Whether a sentence is made of a text's own words, or nearly: less some."""
    said, left = _bare(sentence).split(), Counter(_bare(text).split())
    own = sum((Counter(said) & left).values())
    return own >= _OWN * len(said)


def says_same(left: str, right: str) -> bool:
    """Whether two sentences would repeat each other in one answer."""
    a, b = set(content_stems(left)), set(content_stems(right))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= 0.8


def _bare(text: str) -> str:
    words = written_tokens(_THOUSANDS.sub("", on_one_line(text)))
    return " ".join(word.lower() for word in words if word not in MARKS)
