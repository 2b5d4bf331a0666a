"""What a numbered figure or table shows, in the words of its caption.

"Table 4-1" is a name in any language: a word and a number that a line of an article
begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.facts import Statement
from qa.language.injection import is_order
from qa.language.sentences import paragraph_spans, sentence_spans
from qa.language.text import content_stems
from qa.schema import AnswerType, Document, Question, Span

_LABEL = re.compile(r"\b[^\W\d_]{3,}\.?\s+[^\W\d_]{0,3}\d{1,3}(?:[.–-]\d+)*[^\W\d_]?\b")
"""Of three digits at most: "since 2019" is none."""
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
    return [
        Statement(text, document.source, (span,))
        for document in documents
        for span in _begun(document.text, begins)
        if len(text := document.text[span.start : span.end]) <= _LONGEST
        and not is_order(text)
    ]


def _begun(text: str, begins: re.Pattern[str]) -> list[Span]:
    """The first caption, and the first sentence, that begin so; none without one."""
    near = [p for p in paragraph_spans(text) if begins.search(text, p.start, p.end)]
    captions = [c for p in near if (c := _caption(text, p, begins))]
    starts = {caption.start for caption in captions}
    sentences = [
        s
        for p in near
        for s in sentence_spans(text[p.start : p.end], p.start)
        if s.start not in starts and begins.match(text, s.start, p.end)
    ]
    return captions[:1] + sentences[:1] if captions else []


def _caption(text: str, paragraph: Span, begins: re.Pattern[str]) -> Span | None:
    """The caption that a paragraph begins with: its first sentence, or where that is
    the label alone, "Table 2.", the next with it.
    """
    spans = sentence_spans(text[paragraph.start : paragraph.end], paragraph.start)
    found = begins.match(text, spans[0].start, paragraph.end)
    if found is None or not found["mark"]:
        return None
    last = spans[:2][-1] if found.end() >= spans[0].end else spans[0]
    return Span(spans[0].start, last.end)
