"""A question understood: what is looked for, in which articles, for which answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from qa.answering.shape import Shape, shape_of
from qa.evidence import asks_several
from qa.framing import Framed, named_before, summarised, unframed
from qa.query import points_back
from qa.schema import Filters, Source, Turn
from qa.summary import newest

_SUMMED = 20
"""Articles that one answer sums up at most."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a question comes to.

    Attributes:
        searched: The question without a frame like "According to …".
        history: Earlier turns that it may lean on.
        filters: Which articles are searched: the reader's choice, or those named.
        before: ``Source.file`` of the articles that "it" or "they" may mean.
        summed: The articles to sum up; empty where no summary is wanted.
        several: Whether it asks what each of several articles says.
        shape: Of the answer.
    """

    searched: str
    history: Sequence[Turn]
    filters: Filters | None
    before: tuple[str, ...]
    summed: tuple[Source, ...]
    several: bool
    shape: Shape


def understand(
    question: str,
    history: Sequence[Turn],
    filters: Filters | None,
    *,
    sources: Callable[[Filters | None], Sequence[Source]],
    sentences: int,
) -> Inquiry:
    """What a question comes to.

    Args:
        question: As asked.
        history: Earlier turns.
        filters: The reader's choice of articles; it comes before what is named.
        sources: Loads those of all documents that filters let through.
        sentences: Of an answer in prose.
    """
    known = cache(lambda: sources(None))
    before = [turn.question for turn in history]
    summed = newest(
        summarised(question, lambda: sources(filters), before=before), _SUMMED
    )
    if summed:
        framed = Framed(question, tuple(source.file for source in summed))
    elif filters:
        framed = Framed(question)
    else:
        framed = unframed(question, known, before=before)
    # "What is said about ice?" is short because its frame was taken off.
    leans = framed.question == question or points_back(framed.question)
    several = framed.several or asks_several(question)
    pointed = before if points_back(question) else []
    return Inquiry(
        framed.question,
        history if leans else (),
        Filters(files=framed.files) if framed.files else filters,
        named_before(pointed, known)[0],
        summed,
        several,
        shape_of(question, sentences, several=several, summed=len(summed)),
    )
