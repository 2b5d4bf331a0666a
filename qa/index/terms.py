"""Words as full-text search knows them, in every store."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from qa.language.inflection import base_form
from qa.language.text import searchable, tokens, without_accents
from qa.schema import Passage, Source

_WORD = re.compile(r"[^\W_]+")
_LENGTHS = 2
"""Letters that terms which are like each other may differ by in length."""
_SHORTEST, _LONGEST = 3, 64
"""Bytes of a word that SQLite stems: "us" is no plural of "u"."""
_LATER = re.compile(r"[^aeiou]*[aeiouy]+[^aeiouy].*?(logi|bli)")
"""What Porter's own later version, SQLite's, shortens once more: "technologi"."""
_PORTER = snowballstemmer.stemmer("porter")


def index_term(term: str) -> str:
    """A word's base form without ending, accents and case."""
    return _stemmed(base_form(without_accents(term).lower()))


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    if not _SHORTEST <= len(word.encode()) <= _LONGEST:
        return word
    stemmed = str(_PORTER.stemWord(word))
    if _LATER.fullmatch(stemmed):
        shorter = stemmed[:-1] + ("e" if stemmed.endswith("bli") else "")
        return str(_PORTER.stemWord(shorter))
    return stemmed


def lengths_like(term: str) -> tuple[int, int]:
    """The least and the most letters of terms that may be meant by one."""
    return len(term) - _LENGTHS, len(term) + 2 * _LENGTHS


def as_written(term: str, passage: Passage, source: Source) -> str:
    """A word as a passage, or what is said of its article, writes it; may be empty."""
    stated = [passage.text, passage.heading, source.title, *source.authors]
    for word in tokens(" ".join([*stated, source.publisher])):
        if index_term(word) == term:
            return word
    return ""


def index_terms(text: str) -> list[str]:
    """The words of a text in order, as ``index_term`` gives them: parted at whatever is
    no letter or figure, as SQLite parts them.
    """
    plain = without_accents(searchable(text)).lower()
    return [_stemmed(word) for word in _WORD.findall(plain)]
