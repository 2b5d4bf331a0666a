"""A question understood: one value that every later stage goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from heapq import nlargest

from qa.question.answer_type import answer_type
from qa.question.coreference import carried, points_back, without_opening
from qa.question.ellipsis import in_full
from qa.question.intent import (
    age_asked,
    any_age,
    catalogue_intent,
    first_or_last,
    points_at_work,
)
from qa.question.intent_head import Wish
from qa.question.linking import articles_meant
from qa.question.rewriting import as_question, compared, plainly, questions_in
from qa.question.scope import (
    Framed,
    asks_of_articles,
    named_before,
    section_asked,
    sections_counted,
    summarised,
    unframed,
)
from qa.question.shape import asks_several, claim_of, one_of_several, shape_of
from qa.schema import Filters, Intent, Question, Source, Turn

SUMMED = 20
"""Articles that one answer sums up at most."""

Wishes = Callable[[str, Sequence[Source]], Wish]
"""A question and all articles to what it wants; see ``IntentReader``."""
Sources = Callable[[Filters | None], Sequence[Source]]
"""Loads what is known of all articles that filters let through."""


def understand(
    text: str,
    history: Sequence[Turn],
    filters: Filters | None,
    *,
    sources: Sources,
    sentences: int,
    wishes: Wishes | None = None,
) -> tuple[Question, ...]:
    """What was written comes to: one question, or several asked at once, in order.

    Args:
        text: As written.
        history: Earlier turns, oldest first.
        filters: The reader's choice of articles; it comes before what is named.
        sources: Loads those that filters let through.
        sentences: Of an answer in prose.
        wishes: Tells what a question wants whose words do not tell it; None leaves
            it to the words.
    """
    parts = questions_in(text)
    known = cache(lambda: sources(None))
    if things := compared(text):
        named = summarised(text, known) or unframed(text, known).files
        parts = parts if named else things
    turns = list(history)
    understood = []
    for part in parts:
        question = _understand_one(part, turns, filters, sources, sentences)
        if wishes is not None and question.intent is Intent.CONTENT:
            question = _as_wished(question, sources, wishes, sentences)
        if len(parts) > 1:
            shape = one_of_several(question.shape, len(parts))
            question = replace(question, shape=shape)
        understood.append(question)
        turns.append(Turn(part))
    return tuple(understood)


def _understand_one(
    written: str,
    history: Sequence[Turn],
    filters: Filters | None,
    sources: Sources,
    sentences: int,
) -> Question:
    plain = plainly(written)
    before, answered = _asked_before(history)
    if plain.said:
        before.append(plain.said)
        answered = ""
    asked = _in_full(before, plain.asked, answered)
    known = cache(lambda: sources(None))
    chosen = cache(lambda: sources(filters))
    summed = newest(summarised(asked, chosen, before=before), SUMMED)
    if summed:
        framed = Framed(asked, tuple(source.file for source in summed))
    elif filters:
        framed = Framed(asked)
    else:
        framed = unframed(asked, known, before=before)
    several = framed.several or asks_several(asked)
    search = as_question(framed.question)
    # "What is said about ice?" is short because its frame was taken off.
    leans = framed.question == asked or points_back(framed.question)
    put_in = asked != plain.asked  # it has what it leaned on
    content = Question(
        text=asked,
        intent=_intent(summed, several=several),
        search=search,
        context=carried(before, search) if leans and not put_in else "",
        filters=Filters(files=framed.files) if framed.files else filters,
        articles=summed,
        section=section_asked(asked) if summed else "",
        shape=shape_of(asked, sentences, several=several, summed=len(summed)),
        expects=answer_type(search),
        claim=claim_of(search),
    )
    pointed = named_before(before, known)[0] if points_back(asked) else ()
    return _of_catalogue(content, chosen, framed.files, pointed) or content


def _asked_before(history: Sequence[Turn]) -> tuple[list[str], str]:
    """The questions of all turns, each in full, and the answer to the last."""
    before: list[str] = []
    answered = ""
    for turn in history:
        for part in questions_in(turn.question):
            before.append(_in_full(before, plainly(part).asked, answered))
        answered = turn.answer
    return before, answered


def _in_full(before: Sequence[str], question: str, answered: str) -> str:
    """A follow-up in full, but one on articles, of which "it" may be one."""
    if catalogue_intent(without_opening(question)) or asks_of_articles(question):
        return question
    full = in_full(before, question, answered)
    return question if full == question else without_opening(full)


def _intent(summed: Sequence[Source], *, several: bool) -> Intent:
    if summed:
        return Intent.SUMMARY
    return Intent.COMPARISON if several else Intent.CONTENT


def _of_catalogue(
    content: Question,
    sources: Callable[[], Sequence[Source]],
    framed: Sequence[str],
    pointed: Sequence[str],
) -> Question | None:
    """The same as a question about the articles themselves; None where it is none.

    Args:
        content: The question as one about what articles say.
        sources: Loads those of the articles that may be meant.
        framed: ``Source.file`` of the articles that the frame of the question names.
        pointed: ``Source.file`` of the articles that "it" means.
    """
    asked = without_opening(content.text)
    if kind := sections_counted(asked):
        return replace(content, intent=Intent.COUNT, section=kind)
    intent = catalogue_intent(asked)
    if intent is None:
        return None
    if intent in {Intent.LIST, Intent.COUNT, Intent.TOPIC}:
        return replace(content, intent=intent)
    if age := age_asked(asked):
        meant, undated = first_or_last(asked, sources(), age)
        if not meant:
            return None
        return replace(content, intent=intent, articles=meant, undated=undated)
    by_author = intent is Intent.WORKS
    meant = articles_meant(asked, sources(), by_author=by_author)
    if not meant and not by_author and points_at_work(asked):
        files = framed or pointed
        meant = tuple(source for source in sources() if source.file in files)
        return replace(content, intent=intent, articles=meant)
    return replace(content, intent=intent, articles=meant) if meant else None


def _as_wished(
    question: Question, sources: Sources, wishes: Wishes, sentences: int
) -> Question:
    """The question with what it wants as the head tells it, where it can be given."""
    if question.is_follow_up:
        return question  # the head reads one question, not what went before
    asked = without_opening(question.text)
    wish = wishes(asked, sources(None))
    intent, known = wish.intent, sources(question.filters)
    named = tuple(source for source in wish.articles if source in known)
    if intent is Intent.COMPARISON and len(named) > 1:
        shape = shape_of(asked, sentences, several=True)
        files = Filters(files=[source.file for source in named])
        return replace(question, intent=intent, shape=shape, filters=files)
    if intent is Intent.SUMMARY and named:
        summed = newest(named, SUMMED)
        shape = shape_of(asked, sentences, summed=len(summed))
        return replace(question, intent=intent, articles=summed, shape=shape)
    if intent in {Intent.LIST, Intent.COUNT, Intent.TOPIC}:
        return replace(question, intent=intent)
    if intent is Intent.AGE:
        meant, undated = first_or_last("", named or known, any_age(asked))
        if meant:
            return replace(question, intent=intent, articles=meant, undated=undated)
    if intent.is_catalogue and named:
        return replace(question, intent=intent, articles=named)
    return question


def newest(sources: Sequence[Source], number: int) -> tuple[Source, ...]:
    """Those published last, in their order, where there are more than so many."""
    latest = nlargest(number, sources, key=lambda source: source.published)
    kept = {source.id for source in latest}
    return tuple(source for source in sources if source.id in kept)
