"""Words as full-text search knows them, in every store."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from qa.language.text import without_accents

_SHORTEST, _LONGEST = 3, 64
"""Bytes of a word that SQLite stems: "us" is no plural of "u"."""
_LATER = re.compile(r"[^aeiou]*[aeiouy]+[^aeiouy].*?(logi|bli)")
"""What Porter's own later version, SQLite's, shortens once more: "technologi"."""
_PORTER = snowballstemmer.stemmer("porter")


def index_term(term: str) -> str:
    """A word without ending, accents and case."""
    return _stemmed(without_accents(term).lower())


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    if not _SHORTEST <= len(word.encode()) <= _LONGEST:
        return word
    stemmed = str(_PORTER.stemWord(word))
    if _LATER.fullmatch(stemmed):
        shorter = stemmed[:-1] + ("e" if stemmed.endswith("bli") else "")
        return str(_PORTER.stemWord(shorter))
    return stemmed
