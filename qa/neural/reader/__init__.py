"""Question and passages to readings: relevance, answerability, the words that answer.

Between the index and the evidence: retrieval re-orders its hits by them, evidence
prefers the sentence that holds the answer, the gate asks whether there is one.
"""

from qa.neural.reader.cross_encoder import CrossEncoderReader
from qa.neural.reader.reader_protocol import NOT_READ, Reader
from qa.neural.reader.span import SpanReader
from qa.neural.reader.stored import SETTINGS, read_settings

__all__ = [
    "NOT_READ",
    "SETTINGS",
    "CrossEncoderReader",
    "Reader",
    "SpanReader",
    "read_settings",
]
