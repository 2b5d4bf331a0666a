"""Asking in the background: drawn as it comes, stopped at once, never a traceback."""

import logging
import threading
import time

import pytest

from qa.errors import GenerationError
from qa.schema import Citation, Retrieved, Sentence, Source, Verified
from qa.ui.page.conversation import Conversation
from qa.ui.page.streaming import reply
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.request_queue import RequestQueue

CITATION = Citation(
    1, Source("d", "a.md", "A"), "", 0, 5, "Words", "supported", score=0.9
)


class Scripted:
    """Plays its events; an exception is raised, an Event is waited for."""

    def __init__(self, *script):
        self._script = script
        self.ended = threading.Event()

    def stream(self, question, *, history=(), filters=None, cancel=None, **_):
        for item in self._script:
            if isinstance(item, Exception):
                raise item
            if item == "wait":
                cancel.wait(10)
            else:
                yield item
        self.ended.set()


def asked(question="Why?"):
    conversation = Conversation()
    conversation.begin(question)
    return conversation


def test_what_is_verified_can_be_drawn_and_opened_before_the_answer_ends():
    sentence = Sentence("It is so.", (1,))
    answerer = Scripted(Retrieved(()), Verified(sentence, (CITATION,)), "wait")
    conversation, kept = asked(), RecentAnswers()
    drawing = reply(lambda: answerer, conversation, kept, RequestQueue())
    deadline = time.monotonic() + 5
    while not conversation.exchanges[0].sentences and time.monotonic() < deadline:
        next(drawing)
    (exchange,) = conversation.exchanges
    assert exchange.under_way
    assert exchange.sentences == (sentence,)
    assert kept.cited(f"{exchange.id}-1") == (exchange, CITATION)
    drawing.close()


def test_leaving_early_stops_the_answer():
    answerer = Scripted(Retrieved(()), "wait")
    conversation = asked()
    drawing = reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue())
    next(drawing)
    drawing.close()
    assert answerer.ended.wait(2)
    assert conversation.exchanges[0].stage == "stopped"


def test_a_stop_ends_the_drawing_while_the_model_is_silent():
    answerer = Scripted("wait")
    conversation = asked()
    drawing = reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue())
    next(drawing)
    conversation.stop()
    start = time.monotonic()
    assert len(list(drawing)) <= 2
    assert time.monotonic() - start < 1
    assert answerer.ended.wait(2)


def test_silence_is_drawn_every_second_or_so():
    drawing = reply(lambda: Scripted("wait"), asked(), RecentAnswers(), RequestQueue())
    next(drawing)
    start = time.monotonic()
    next(drawing)
    assert 0.8 < time.monotonic() - start < 2
    drawing.close()


def test_many_events_are_drawn_together():
    sentences = [Verified(Sentence(f"RequestQueue {n}.", (1,)), ()) for n in range(200)]
    answerer = Scripted(*sentences, GenerationError("over"))
    conversation = asked()
    assert (
        len(
            list(reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue()))
        )
        < 20
    )
    assert len(conversation.exchanges[0].sentences) == 200


def test_an_error_of_ours_is_told_in_one_line():
    conversation = asked()
    list(
        reply(
            lambda: Scripted(GenerationError("it broke;\n try")),
            conversation,
            RecentAnswers(),
            RequestQueue(),
        )
    )
    (exchange,) = conversation.exchanges
    assert (exchange.stage, exchange.failure) == ("failed", "it broke; try")


def test_a_bug_is_logged_and_told_without_its_details(caplog):
    conversation = asked()
    with caplog.at_level(logging.ERROR):
        list(
            reply(
                lambda: Scripted(KeyError("secret")),
                conversation,
                RecentAnswers(),
                RequestQueue(),
            )
        )
    (exchange,) = conversation.exchanges
    assert exchange.stage == "failed"
    assert "secret" not in exchange.failure
    assert "KeyError" in exchange.failure
    assert "secret" in caplog.text


@pytest.mark.parametrize("stop", [False, True])
def test_with_nothing_to_answer_nothing_is_asked(stop):
    conversation = asked() if stop else Conversation()
    conversation.stop()
    before = conversation.exchanges
    answerer = Scripted(AssertionError())
    list(reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue()))
    assert conversation.exchanges == before


def test_questions_are_answered_one_at_a_time_in_order_and_see_who_is_before_them():
    queue, first = RequestQueue(), Scripted(Retrieved(()), "wait")
    one, two, three = asked("One?"), asked("Two?"), asked("Three?")
    drawings = [
        reply(lambda who=answerer: who, conversation, RecentAnswers(), queue)
        for answerer, conversation in (
            (first, one),
            (Scripted("wait"), two),
            (Scripted("wait"), three),
        )
    ]
    for drawing in drawings:
        next(drawing)
    next(drawings[2])
    assert [c.exchanges[0].stage for c in (one, two, three)] == [
        "searching",
        "waiting",
        "waiting",
    ]
    assert [c.exchanges[0].ahead for c in (two, three)] == [1, 2]
    drawings[0].close()
    assert first.ended.wait(2)
    deadline = time.monotonic() + 5
    while two.exchanges[0].stage == "waiting" and time.monotonic() < deadline:
        next(drawings[1])
    next(drawings[2])
    assert two.exchanges[0].stage == "searching"
    assert three.exchanges[0].ahead == 1
    for drawing in drawings:
        drawing.close()


def test_whoever_leaves_the_queue_makes_room():
    queue, one, two = RequestQueue(), asked("One?"), asked("Two?")
    ahead = queue.join("other")
    drawing = reply(lambda: Scripted("wait"), one, RecentAnswers(), queue)
    next(drawing)
    drawing.close()
    assert one.exchanges[0].stage == "stopped"
    drawing = reply(lambda: Scripted("wait"), two, RecentAnswers(), queue)
    next(drawing)
    assert two.exchanges[0].ahead == 1
    ahead.leave()
    drawing.close()
    assert queue.join("other").wait(1)


def test_when_too_many_wait_the_next_is_told_so():
    queue = RequestQueue(limit=1)
    for name in ("one", "two"):
        queue.join(name)
    conversation = asked()
    list(reply(Scripted, conversation, RecentAnswers(), queue))
    (exchange,) = conversation.exchanges
    assert exchange.stage == "failed"
    assert "1 questions are waiting already" in exchange.failure


def test_a_question_that_is_being_answered_cannot_be_taken_up_again():
    queue, conversation = RequestQueue(), asked()
    queue.join("other")
    drawing = reply(lambda: Scripted("wait"), conversation, RecentAnswers(), queue)
    next(drawing)
    assert conversation.claim() is None
    drawing.close()
