"""What is asked: a question and its history come to one value, ``schema.Question``.

Nothing else decides what a question means: the answerer, evaluation, ``/retrieve``,
assistants and the feedback file are handed the same value.
"""

from qa.question.understanding import SUMMED, Wishes, understand

__all__ = ["SUMMED", "Wishes", "understand"]
