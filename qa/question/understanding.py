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
    asks_of_all,
    catalogue_intent,
    first_or_last,
    points_at_work,
)
from qa.question.intent_head import Wish
from qa.question.linking import articles_meant, says_title, titled_like
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
        wishes: Tells what a question wants that stands alone. Where it tells
            content, of other questions, and where it is None, some patterns tell what
            is asked of the catalogue.
    """
    parts = questions_in(text)
    known = cache(lambda: sources(None))
    if things := compared(text):
        named = summarised(text, known) or unframed(text, known).files
        parts = parts if named else things
    turns = list(history)
    understood = []
    for part in parts:
        question = _understand_one(part, turns, filters, sources, sentences, wishes)
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
    wishes: Wishes | None,
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
    if kind := sections_counted(without_opening(asked)):
        return replace(content, intent=Intent.COUNT, section=kind)
    if summed:
        return content
    pointed = named_before(before, known)[0] if points_back(asked) else ()
    alone = not content.is_follow_up and not pointed
    wish = _wish(without_opening(asked), known, wishes if alone else None)
    return _as_wished(content, wish, chosen, framed.files or pointed, sentences)


def _wish(
    asked: str, known: Callable[[], Sequence[Source]], wishes: Wishes | None
) -> Wish:
    """What a question wants; see ``understand``."""
    wish = wishes(asked, known()) if wishes else Wish(Intent.CONTENT, ())
    if wish.intent is not Intent.CONTENT:
        return wish
    return replace(wish, intent=catalogue_intent(asked) or Intent.CONTENT)


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


def _as_wished(
    content: Question,
    wish: Wish,
    sources: Callable[[], Sequence[Source]],
    meant_by_it: Sequence[str],
    sentences: int,
) -> Question:
    """The question as one of what it wants, where that can be given.

    Args:
        content: The question as one about what articles say.
        wish: What it wants, and which articles its words name whole.
        sources: Loads those of the articles that may be meant.
        meant_by_it: ``Source.file`` of the articles that "it" and the like mean.
        sentences: Of an answer in prose.
    """
    if wish.intent is Intent.CONTENT or content.intent is not Intent.CONTENT:
        return content
    asked, known = without_opening(content.text), sources()
    named = tuple(source for source in wish.articles if source in known)
    if wish.intent is Intent.COMPARISON:
        if len(named) < 2:
            return content
        shape = shape_of(asked, sentences, several=True)
        files = Filters(files=[source.file for source in named])
        return replace(content, intent=wish.intent, shape=shape, filters=files)
    if wish.intent is Intent.SUMMARY:
        if not named or content.shape.kind == "list":
            return content  # "What are the rules of the bath house?"
        summed = newest(named, SUMMED)
        shape = shape_of(asked, sentences, summed=len(summed))
        return replace(content, intent=wish.intent, articles=summed, shape=shape)
    return _of_catalogue(content, wish.intent, named, known, meant_by_it) or content


def _of_catalogue(
    content: Question,
    intent: Intent,
    named: Sequence[Source],
    known: Sequence[Source],
    meant_by_it: Sequence[str],
) -> Question | None:
    """The question as one about the articles themselves; None where it is none."""
    asked = without_opening(content.text)
    listed = intent in {Intent.LIST, Intent.COUNT}
    if intent is Intent.TOPIC or (listed and catalogue_intent(asked) is Intent.TOPIC):
        return replace(content, intent=Intent.TOPIC)
    if listed and says_title(asked, known):
        return None  # "How many stops does the tram of Velmar have?"
    age = age_asked(asked)
    if age or intent is Intent.AGE:
        rest, among = (asked, known) if age else ("", named or known)
        meant, undated = first_or_last(rest, among, age or any_age(asked))
        found = replace(content, intent=intent, articles=meant, undated=undated)
        return found if meant else None
    of_all = listed or intent is Intent.WORKS
    meant = articles_meant(asked, named or known, by_author=of_all) or tuple(named)
    if meant or listed:
        return replace(content, intent=intent, articles=meant)
    if intent is Intent.WORKS:
        return None
    return _of_one(content, intent, known, meant_by_it)


def _of_one(
    content: Question,
    intent: Intent,
    known: Sequence[Source],
    meant_by_it: Sequence[str],
) -> Question | None:
    """The question as one about the article that it describes and does not name; of
    all where it speaks of them all, None where of none.
    """
    asked = without_opening(content.text)
    if asks_of_all(asked):
        return replace(content, intent=Intent.LIST)
    if meant := titled_like(asked, known):
        return replace(content, intent=intent, articles=meant)
    if points_at_work(asked):
        meant = tuple(source for source in known if source.file in meant_by_it)
        return replace(content, intent=intent, articles=meant)
    return None


def newest(sources: Sequence[Source], number: int) -> tuple[Source, ...]:
    """Those published last, in their order, where there are more than so many."""
    latest = nlargest(number, sources, key=lambda source: source.published)
    kept = {source.id for source in latest}
    return tuple(source for source in sources if source.id in kept)
