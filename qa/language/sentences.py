"""Text to sentences: the one place that decides where a sentence ends."""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

from qa.schema import Span

_TOKEN = re.compile(r"(?:<[^<>]{1,40}>|\W)+")
"""No sentence of its own: a control token behind the full stop, a mark of a note."""


def sentence_spans(text: str) -> list[Span]:
    """Spans of the sentences of one paragraph, white space around them left out."""
    spans: list[Span] = []
    for boundary in get_sentence_boundaries("en", text):
        sentence = boundary["text"]
        start = boundary["start_index"] + len(sentence) - len(sentence.lstrip())
        end = start + len(sentence.strip())
        if end > start and spans and _TOKEN.fullmatch(text[start:end]):
            spans[-1] = Span(spans[-1].start, end)
        elif end > start:
            spans.append(Span(start, end))
    return spans


def split_sentences(text: str) -> list[str]:
    """The sentences of one paragraph."""
    return [text[span.start : span.end] for span in sentence_spans(text)]
