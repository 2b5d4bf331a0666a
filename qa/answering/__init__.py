"""The online pipeline: a question to a checked answer, sentence by sentence."""

from qa.answering.answerer import Answerer, Limits
from qa.answering.drafting import Drafter
from qa.answering.finding import QUESTION_LENGTH, Finder, Findings, check_question

__all__ = [
    "QUESTION_LENGTH",
    "Answerer",
    "Drafter",
    "Finder",
    "Findings",
    "Limits",
    "check_question",
]
