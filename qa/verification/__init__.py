"""Drafts to checked sentences: what a source does not say does not pass.

A draft is taken apart (``drafts``); a sentence is held against its source by exact
tests (``faults``, over ``statements``) and by the judge, which
``verifier`` joins to a verdict with a reason. ``conflict`` tells two sources that
contradict each other.
"""

from qa.verification.claims import Judgement, judge_claims
from qa.verification.conflict import conflict
from qa.verification.drafts import (
    drafted_sentences,
    is_cut,
    is_quote,
    is_verbatim,
    says_same,
    settled_sentences,
)
from qa.verification.nearness import is_freed, share_in_order
from qa.verification.speakers import without_attribution
from qa.verification.verifier import Support, Verifier

__all__ = [
    "Judgement",
    "Support",
    "Verifier",
    "conflict",
    "drafted_sentences",
    "is_cut",
    "is_freed",
    "is_quote",
    "is_verbatim",
    "judge_claims",
    "says_same",
    "settled_sentences",
    "share_in_order",
    "without_attribution",
]
