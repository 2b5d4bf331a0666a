"""Conversations: what is kept, in which order, and who may change it when."""

from dataclasses import replace

import pytest

from qa.schema import (
    Answer,
    Answered,
    Citation,
    Dropped,
    Models,
    Rejected,
    Retrieved,
    Sentence,
    Source,
    Timings,
    Turn,
    Verified,
)
from qa.ui.page.conversation import Conversation, Conversations, Exchange, advance

CITATION = Citation(
    1, Source("d", "a.md", "A"), "", 0, 5, "Words", "supported", score=0.9
)
SENTENCE = Sentence("It is so.", (1,))


def answered(sentences=(), citations=(), nearest=()):
    return Answered(
        Answer(
            question="Why?",
            abstained=not sentences,
            sentences=tuple(sentences),
            citations=tuple(citations),
            rejected=(),
            nearest=tuple(nearest),
            hits=(),
            evidence=(),
            timings=Timings(0.0, None, 0.0),
            models=Models("e", "g"),
        )
    )


def conversation_with(*questions):
    """Each question answered by one sentence."""
    conversation = Conversation()
    for question in questions:
        conversation.begin(question)
        taken = conversation.claim().exchange
        conversation.update(advance(taken, answered([SENTENCE], [CITATION])))
    return conversation


def test_events_build_up_the_answer():
    exchange = Exchange("0" * 16, "Why?")
    events = (
        Retrieved(()),
        Verified(SENTENCE, (CITATION,)),
        Dropped(Rejected("It is not.", "the source denies it")),
        Verified(Sentence("It stays so.", (1,)), ()),
    )
    for event in events:
        exchange = advance(exchange, event)
    assert exchange.stage == "reading"
    assert [s.text for s in exchange.sentences] == ["It is so.", "It stays so."]
    assert exchange.citations == (CITATION,)
    assert [r.text for r in exchange.rejected] == ["It is not."]


def test_an_abstention_keeps_the_nearest_passages_as_its_citations():
    exchange = advance(Exchange("0" * 16, "Why?"), answered(nearest=[CITATION]))
    assert exchange.stage == "abstained"
    assert exchange.citations == (CITATION,)


@pytest.mark.parametrize("question", ["", "  \n "])
def test_a_blank_question_is_not_taken(question):
    conversation = Conversation()
    assert not conversation.begin(question)
    assert conversation.exchanges == ()


def test_a_second_question_waits_until_the_first_is_answered():
    conversation = Conversation()
    assert conversation.begin("One?")
    assert not conversation.begin("Two?")
    conversation.stop()
    assert conversation.begin("Two?")


def test_a_question_is_claimed_once():
    conversation = Conversation()
    assert conversation.claim() is None
    conversation.begin("One?")
    assert conversation.claim().exchange.question == "One?"
    assert conversation.claim() is None


def test_history_is_what_was_asked_and_answered_before_without_failures():
    conversation = conversation_with("One?")
    conversation.begin("Two?")
    failed = replace(conversation.claim().exchange, stage="failed", failure="no")
    conversation.update(failed)
    conversation.begin("Three?")
    assert conversation.claim().history == (Turn("One?", "It is so."),)


def test_after_a_stop_nothing_more_comes_in():
    conversation = Conversation()
    conversation.begin("One?")
    claim = conversation.claim()
    conversation.stop()
    conversation.update(advance(claim.exchange, Verified(SENTENCE, (CITATION,))))
    (exchange,) = conversation.exchanges
    assert claim.cancel.is_set()
    assert exchange.stage == "stopped"
    assert exchange.sentences == ()


def test_a_question_stopped_in_the_queue_is_not_claimed():
    conversation = Conversation()
    conversation.begin("One?")
    conversation.stop()
    assert conversation.claim() is None


def test_a_stop_leaves_a_finished_answer_as_it_is():
    conversation = conversation_with("One?")
    conversation.stop()
    assert conversation.exchanges[0].stage == "answered"


def test_clearing_stops_and_forgets():
    conversation = conversation_with("One?")
    conversation.begin("Two?")
    claim = conversation.claim()
    conversation.clear()
    conversation.update(claim.exchange)
    assert claim.cancel.is_set()
    assert conversation.exchanges == ()


def test_sessions_have_conversations_of_their_own():
    conversations = Conversations()
    conversations.of("a").begin("One?")
    assert conversations.of("b").exchanges == ()
    assert conversations.of("a").exchanges[0].question == "One?"


def test_the_conversation_unused_for_longest_is_stopped_and_forgotten():
    conversations = Conversations(limit=2)
    conversations.of("a").begin("One?")
    claim = conversations.of("a").claim()
    conversations.of("b").begin("Two?")
    conversations.of("c")
    assert claim.cancel.is_set()
    assert conversations.of("b").exchanges != ()
    assert conversations.of("a").exchanges == ()


def test_an_ended_session_is_stopped_and_forgotten():
    conversations = Conversations()
    conversations.of("a").begin("One?")
    claim = conversations.of("a").claim()
    conversations.end("a")
    conversations.end("never begun")
    assert claim.cancel.is_set()
    assert conversations.of("a").exchanges == ()


def test_rewinding_forgets_an_answer_and_all_after_it():
    conversation = conversation_with("One?", "Two?", "Three?")
    kept, gone, _ = conversation.exchanges
    assert conversation.rewind(gone.id) == gone
    assert conversation.exchanges == (kept,)
    assert conversation.rewind("0" * 16) is None
    assert conversation.exchanges == (kept,)


def test_an_answer_under_way_cannot_be_rewound_or_replaced():
    conversation = conversation_with("One?")
    conversation.begin("Two?")
    before = conversation.exchanges
    assert conversation.rewind(before[0].id) is None
    assert not conversation.restore([])
    assert conversation.exchanges == before


def test_a_restored_conversation_goes_on_where_it_was():
    earlier = conversation_with("One?").exchanges
    conversation = conversation_with("Other?")
    conversation.restore([*earlier, Exchange("1" * 16, "Cut off?")])
    assert conversation.exchanges == earlier
    conversation.begin("Two?")
    claim = conversation.claim()
    assert claim.history == (Turn("One?", "It is so."),)
    assert claim.exchange.earlier == ("One?",)


def test_a_long_conversation_lets_the_oldest_exchanges_go():
    conversation = Conversation()
    for number in range(60):
        assert conversation.begin(f"Question {number}?")
        conversation.stop()
    shown = [exchange.question for exchange in conversation.exchanges]
    assert shown == [f"Question {number}?" for number in range(10, 60)]
    assert conversation.restore(conversation.exchanges * 2)
    assert len(conversation.exchanges) == 50
