"""Words as full-text search knows them, in every store."""

from __future__ import annotations

import snowballstemmer

from qa.language.text import without_accents

_SHORTEST, _LONGEST = 3, 64
"""Bytes of a word that SQLite stems: "us" is no plural of "u"."""
_PORTER = snowballstemmer.stemmer("porter")


def index_term(term: str) -> str:
    """A word without ending, accents and case."""
    word = without_accents(term).lower()
    stemmed = _SHORTEST <= len(word.encode()) <= _LONGEST
    return str(_PORTER.stemWord(word)) if stemmed else word
