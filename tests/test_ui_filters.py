"""The filters that a reader chooses reach the answerer."""

from qa.schema import Filters
from qa.ui.asking import reply
from qa.ui.conversation import Conversation
from qa.ui.reader import Shown


class Keeping:
    """An answerer that keeps the filters it was given, and says nothing."""

    def __init__(self):
        self.filters = []

    def stream(self, question, *, history=(), filters=None, cancel=None):
        self.filters.append(filters)
        return iter(())


def test_a_question_is_asked_of_the_articles_chosen_for_it():
    answerer, conversation = Keeping(), Conversation()
    chosen = Filters(publishers=("RUSI",), since="2020")
    assert conversation.begin("Why?", chosen)
    steps = reply(answerer, conversation, Shown())
    next(steps)
    while not answerer.filters:
        next(steps)
    steps.close()
    assert answerer.filters == [chosen]


def test_a_question_without_a_choice_is_asked_of_all_articles():
    conversation = Conversation()
    conversation.begin("Why?")
    assert not conversation.claim().exchange.filters
