"""Questions, hits and answers for the evaluation's tests, and who gives them."""

from dataclasses import replace

from qa.evaluation import Bench, Texts
from qa.schema import (
    Answer,
    Citation,
    Evidence,
    Hit,
    Models,
    Passage,
    Sentence,
    Signal,
    Source,
    Span,
    Timings,
)


def hit(file, text, *, start=0, sentences=None):
    passage = Passage(
        id=f"{file}:{start}",
        document_id=f"id of {file}",
        start=start,
        end=start + len(text),
        text=text,
        heading="",
        sentences=sentences or (Span(start, start + len(text)),),
    )
    signal = Signal(0.5, 1)
    source = Source(f"id of {file}", file, "A title")
    return Hit(passage, source, 0.5, signal, signal, (0.5,) * len(passage.sentences))


def evidence(found):
    return Evidence(1, found.source, "", 0, 9, found.passage.text, 0.5)


def answer(question, text="", *, hits=(), quote=None, seconds=1.0):
    """An answer citing its first hit; an abstention when there is no text."""
    sentences, citations = (), ()
    if text:
        sentences = (Sentence(text, (1,)),)
        place = hits[0].passage
        quoted = place.text if quote is None else quote
        citations = (
            Citation(
                1,
                hits[0].source,
                "",
                place.start,
                place.start + len(quoted),
                quoted,
                "supported",
                0.9,
            ),
        )
    return Answer(
        question=question,
        abstained=not text,
        sentences=sentences,
        citations=citations,
        rejected=(),
        nearest=(),
        hits=tuple(hits),
        evidence=tuple(evidence(found) for found in hits[:1]),
        timings=Timings(seconds / 10, seconds / 2 if text else None, seconds),
        models=Models("words", "scripted"),
    )


class Scripted:
    """Answers and finds what it was told to; keeps what it was asked."""

    def __init__(self, *answers):
        self._answers = {item.question: item for item in answers}
        self.asked = []
        self.certainty = {}

    def answer(self, question, *, history=(), filters=None):
        self.asked.append((question, tuple(history)))
        return self._certain(question)

    def search(self, text, history=()):
        self.asked.append((text, tuple(history)))
        return self._certain(" ".join([*(turn.question for turn in history), text]))

    def _certain(self, question):
        found = self._answers[question]
        return replace(found, answerability=self.certainty.get(question, 0.5))


def bench(scripted, *, texts=None, certainty=None):
    texts = texts or {}
    scripted.certainty = certainty or {}
    return Bench(
        search=scripted.search,
        embed=len,
        texts=Texts(
            seed=lambda file: texts[file],
            document=lambda key: texts[key.removeprefix("id of ")],
            original=lambda file: texts[file],
        ),
    )
