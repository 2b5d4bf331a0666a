"""The filters that a reader chooses reach the answerer."""

import pytest

from qa.schema import Filters, Strictness
from qa.ui.page.conversation import Conversation, Terms
from qa.ui.page.payload import parse_action_payload, parse_question_payload
from qa.ui.page.streaming import reply
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.request_queue import RequestQueue


class Keeping:
    """An answerer that keeps the filters it was given, and says nothing."""

    def __init__(self):
        self.filters = []

    def stream(self, question, *, history=(), filters=None, cancel=None, **terms):
        self.filters.append(filters)
        self.terms = terms
        return iter(())


def test_a_question_is_asked_of_the_articles_chosen_for_it():
    answerer, conversation = Keeping(), Conversation()
    chosen = Filters(publishers=("RUSI",), since="2020")
    assert conversation.begin("Why?", Terms(chosen))
    steps = reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue())
    next(steps)
    while not answerer.filters:
        next(steps)
    steps.close()
    assert answerer.filters == [chosen]


def test_a_question_without_a_choice_is_asked_of_all_articles():
    conversation = Conversation()
    conversation.begin("Why?")
    assert not conversation.claim().exchange.terms.filters


def test_what_is_sent_with_a_question_becomes_its_terms():
    sent = (
        '{"files": ["a.md"], "publishers": ["RUSI"], "since": " 2016", "until": "",'
        ' "strictness": "strict", "sources": 3}'
    )
    assert parse_question_payload(sent).terms == Terms(
        Filters(("a.md",), ("RUSI",), "2016", ""), Strictness.STRICT, 3
    )


def test_strictness_and_sources_reach_the_answerer_where_they_were_chosen():
    answerer, conversation = Keeping(), Conversation()
    conversation.begin("Why?", Terms(Filters(), Strictness.STRICT, 3))
    steps = reply(lambda: answerer, conversation, RecentAnswers(), RequestQueue())
    next(steps)
    while not answerer.filters:
        next(steps)
    steps.close()
    assert answerer.terms == {"strictness": Strictness.STRICT, "sources": 3}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        "",
        "{",
        "[]",
        '{"strictness": "careless"}',
        '{"sources": 0}',
        '{"sources": 1000}',
        '{"replaces": "../etc"}',
        '{"since": "2016-01-01-and-more"}',
        '{"unheard": 1}',
    ],
)
def test_terms_that_make_no_sense_count_as_none(sent):
    assert parse_question_payload(sent).terms == Terms()
    assert parse_action_payload(sent) is None
