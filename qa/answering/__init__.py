"""The online pipeline: a question to a checked answer, sentence by sentence."""

from qa.answering.answerer import QUESTION_LENGTH, Answerer, Limits, check_question

__all__ = ["QUESTION_LENGTH", "Answerer", "Limits", "check_question"]
