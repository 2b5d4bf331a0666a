"""Hits made by hand: passages of sentences with their scores and readings."""

from dataclasses import replace

from qa.schema import Hit, Passage, Reading, SentenceReading, Signal, Source, Span

SOURCE = Source(id="s", file="a.txt", title="Harbours of the north")


def hit(*sentences, scores=None, score=0.5, name="p", start=100, cosine=0.5):
    """A passage of sentences, joined by spaces, that begins at ``start``."""
    spans = []
    for sentence in sentences:
        begin = spans[-1].end + 1 if spans else start
        spans.append(Span(begin, begin + len(sentence)))
    text = " ".join(sentences)
    passage = Passage(
        id=name,
        document_id="s",
        start=start,
        end=start + len(text),
        text=text,
        heading="Piers",
        sentences=tuple(spans),
    )
    signal = Signal(cosine, 1)
    scores = tuple(scores or [score] * len(sentences))
    return Hit(passage, SOURCE, score, signal, signal, scores)


def read(found, answer, *, answerable=0.9):
    """The hit as read: the words it would answer with, and how probably."""
    start = found.passage.start + found.passage.text.index(answer)
    reading = Reading(1.0, answerable, Span(start, start + len(answer)))
    return replace(found, reading=reading)


def judged(found, *chances, direct=None, answerable=0.9):
    """The hit as read by a reader that says how probably each sentence belongs."""
    outright = direct or chances
    sentences = tuple(map(SentenceReading, chances, outright))
    return replace(found, reading=Reading(1.0, answerable, None, sentences))
