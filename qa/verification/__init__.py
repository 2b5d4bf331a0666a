"""Drafts to checked sentences: what a source does not say does not pass.

A draft is taken apart (``drafts``); a sentence is held against its source by
exact tests (``faults``, over ``statements``, ``quantities``, ``opposites`` and
``places``) and by a score of support (``support``), which the ``checker`` brings
to a verdict with a reason. ``strict`` allows hardly a word of the sentence's own:
``edits`` lays it over its source, ``kept`` knows what may be left out; ``verifier``
joins the two.
"""

from qa.verification.checker import Checker, Judgement, SupportScore
from qa.verification.conflict import conflict
from qa.verification.drafts import (
    drafted_sentences,
    is_verbatim,
    says_same,
    settled_sentences,
)
from qa.verification.kept import shortening_fault
from qa.verification.speakers import without_attribution
from qa.verification.strict import Similarity, Support
from qa.verification.support import WeighedSupport, read_formula
from qa.verification.verifier import Verifier

__all__ = [
    "Checker",
    "Judgement",
    "Similarity",
    "Support",
    "SupportScore",
    "Verifier",
    "WeighedSupport",
    "conflict",
    "drafted_sentences",
    "is_verbatim",
    "read_formula",
    "says_same",
    "settled_sentences",
    "shortening_fault",
    "without_attribution",
]
