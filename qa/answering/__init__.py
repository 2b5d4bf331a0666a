"""The online pipeline: a question to a checked answer, sentence by sentence."""

from qa.answering.answerer import Answerer, Limits
from qa.answering.drafting import AllAtOnce, Drafter, InOwnWords, OneByOne
from qa.answering.finding import QUESTION_LENGTH, Finder, Findings, check_question

__all__ = [
    "QUESTION_LENGTH",
    "AllAtOnce",
    "Answerer",
    "Drafter",
    "Finder",
    "Findings",
    "InOwnWords",
    "Limits",
    "OneByOne",
    "check_question",
]
