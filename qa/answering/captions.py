"""What a numbered figure or table shows, in the words of its caption.

"Table 4-1" is a name in any language: a word and a number that a line of an article
begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.facts import Statement
from qa.language.injection import is_order
from qa.language.sentences import sentence_spans
from qa.language.text import content_stems
from qa.schema import AnswerType, Document, Question, Span

_LABEL = re.compile(r"\b[^\W\d_]{3,}\.?\s+[^\W\d_]{0,3}\d+(?:[.–-]\d+)*[^\W\d_]?\b")
_WHAT = re.compile(r"\W*what\b", re.IGNORECASE)
_REST = 1
"""Words that a question about all of a figure has beside its label: "shows"."""
_LONGEST = 400


def label_asked(question: Question) -> str:
    """The label of the figure or table that a question asks about as a whole."""
    found = _LABEL.search(question.search)
    if not found or not _WHAT.match(question.search):
        return ""
    rest = content_stems(question.search.replace(found[0], " "))
    whole = len(rest) <= _REST and question.expects is AnswerType.ANY
    return found[0] if whole else ""


def captioned(label: str, documents: Sequence[Document]) -> list[Statement]:
    """The caption with a label in each article that has one, and the first sentence
    that begins with the label: "Table 2 shows …".
    """
    words = r"\s+".join(map(re.escape, label.split()))
    begins = re.compile(
        rf"{words}(?![.–-]\d)(?P<mark>[\s|]*[.:|–—-])?(?=\W)", re.IGNORECASE
    )
    told: list[Statement] = []
    for document in documents:
        captions: list[Span] = []
        sentences: list[Span] = []
        start = 0
        for paragraph in document.text.split("\n\n"):
            spans = sentence_spans(paragraph) if begins.search(paragraph) else []
            for number, span in enumerate(spans):
                found = begins.match(paragraph, span.start)
                place = Span(start + span.start, start + span.end)
                if found and found["mark"] and not number:
                    end = spans[min(1, len(spans) - 1)].end
                    short = found.end() >= span.end
                    captions.append(Span(place.start, start + end) if short else place)
                elif found:
                    sentences.append(place)
            start += len(paragraph) + 2
        told += [
            Statement(document.text[s.start : s.end], document.source, (s,))
            for s in (captions[:1] + sentences[:1] if captions else [])
            if s.end - s.start <= _LONGEST
            and not is_order(document.text[s.start : s.end])
        ]
    return told
