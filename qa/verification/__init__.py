"""Drafts to checked sentences: what a source does not say does not pass.

A draft is taken apart (``drafts``); a sentence is held against its source by
exact tests (``faults``, over ``statements``, ``quantities``, ``opposites`` and
``places``) and by a score of support (``support``), which the ``checker`` brings
to a verdict with a reason; ``strict`` is the test without any words of its own.
"""

from qa.verification.checker import Checker, Judgement
from qa.verification.drafts import (
    drafted_sentences,
    is_verbatim,
    says_same,
    settled_sentences,
)
from qa.verification.strict import Similarity, Support, verify
from qa.verification.support import WeighedSupport, read_formula

__all__ = [
    "Checker",
    "Judgement",
    "Similarity",
    "Support",
    "WeighedSupport",
    "drafted_sentences",
    "is_verbatim",
    "read_formula",
    "says_same",
    "settled_sentences",
    "verify",
]
