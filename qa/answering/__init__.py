"""The online pipeline: a question to a checked answer, sentence by sentence."""

from qa.answering.answerer import QUESTION_LENGTH, Answerer, Limits, check_question
from qa.answering.drafting import AllAtOnce, Drafter, OneByOne

__all__ = [
    "QUESTION_LENGTH",
    "AllAtOnce",
    "Answerer",
    "Drafter",
    "Limits",
    "OneByOne",
    "check_question",
]
