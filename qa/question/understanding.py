"""A question understood: what is looked for, in which articles, for which answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import nlargest

from qa.question.coreference import points_back
from qa.question.rewriting import as_question, plainly, questions_in
from qa.question.scope import Framed, named_before, summarised, unframed
from qa.question.shape import Shape, asks_several, shape_of
from qa.schema import Filters, Source, Turn

_SUMMED = 20
"""Articles that one answer sums up at most."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a question comes to.

    Attributes:
        asked: The question without courtesies.
        searched: It without a frame like "According to …", as a question.
        history: Earlier turns that it may lean on.
        filters: Which articles are searched: the reader's choice, or those named.
        before: ``Source.file`` of the articles that "it" or "they" may mean.
        summed: The articles to sum up; empty where no summary is wanted.
        several: Whether it asks what each of several articles says.
        shape: Of the answer.
    """

    asked: str
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
    plain = plainly(question)
    asked = plain.asked
    turns = [
        replace(turn, question=plainly(part).asked)
        for turn in history
        for part in questions_in(turn.question)
    ]
    if plain.said:
        turns.append(Turn(plain.said))
    known = cache(lambda: sources(None))
    before = [turn.question for turn in turns]
    summed = newest(summarised(asked, lambda: sources(filters), before=before), _SUMMED)
    if summed:
        framed = Framed(asked, tuple(source.file for source in summed))
    elif filters:
        framed = Framed(asked)
    else:
        framed = unframed(asked, known, before=before)
    # "What is said about ice?" is short because its frame was taken off.
    leans = framed.question == asked or points_back(framed.question)
    several = framed.several or asks_several(asked)
    pointed = before if points_back(asked) else []
    return Inquiry(
        asked,
        as_question(framed.question),
        tuple(turns) if leans else (),
        Filters(files=framed.files) if framed.files else filters,
        named_before(pointed, known)[0],
        summed,
        several,
        shape_of(asked, sentences, several=several, summed=len(summed)),
    )


def newest(sources: Sequence[Source], number: int) -> tuple[Source, ...]:
    """Those published last, in their order, where there are more than so many."""
    latest = nlargest(number, sources, key=lambda source: source.published)
    kept = {source.id for source in latest}
    return tuple(source for source in sources if source.id in kept)
