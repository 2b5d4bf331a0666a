"""Words as full-text search knows them, in every store."""

from __future__ import annotations

import snowballstemmer

from qa.language.text import without_accents

_PORTER = snowballstemmer.stemmer("porter")


def index_term(term: str) -> str:
    """A word without ending, accents and case."""
    return str(_PORTER.stemWord(without_accents(term).lower()))
