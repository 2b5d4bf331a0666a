"""What a sentence is worth by its score from retrieval, its passage's, and more if the
reader found the answer in it.
"""

from __future__ import annotations

from qa.schema import Hit, Span

_SENTENCE, _PASSAGE, _ANSWER = 0.75, 0.6, 0.2


def worth(hit: Hit, number: int) -> float:
    """Of a sentence, by its number in the passage, from 0."""
    span = hit.passage.sentences[number]
    found = _ANSWER * answering(hit, span)
    return _SENTENCE * hit.sentence_scores[number] + _PASSAGE * hit.score + found


def answering(hit: Hit, sentence: Span) -> float:
    """How probably a sentence answers: 0 unless the reader's answer is in it."""
    if hit.reading is None or shared(hit.reading.answer, sentence) is None:
        return 0.0
    return hit.reading.answerable or 0.0


def shared(answer: Span | None, sentence: Span) -> Span | None:
    """The part of an answer that lies in a sentence."""
    if answer is None or answer.start >= sentence.end or answer.end <= sentence.start:
        return None
    return Span(max(answer.start, sentence.start), min(answer.end, sentence.end))
