"""What a program gives along with a question: plain values do, wrong ones are named."""

import pytest
from fakes import Library, quoting

from qa.errors import FilterError, QaError, QuestionError, SettingsError
from qa.schema import Filters, Strictness, Turn

QUESTION = "When did the ferry leave the southern pier?"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("pier"))
    library.write("a.md", "# Ferries\n\nThe ferry left the southern pier in 1987.")
    library.build()
    return quoting(library)


@pytest.mark.parametrize("strictness", [*Strictness, *map(str, Strictness)])
def test_strictness_may_be_its_name(answerer, strictness):
    assert answerer.answer(QUESTION, strictness=strictness).strictness == strictness


def test_a_turn_may_be_a_pair(answerer):
    pairs = answerer.answer("And when?", history=[(QUESTION, "In 1987.")])
    turns = answerer.answer("And when?", history=[Turn(QUESTION, "In 1987.")])
    assert pairs.understood == turns.understood
    assert pairs.understood[0].is_follow_up


@pytest.mark.parametrize(
    ("terms", "error", "told"),
    [
        ({"strictness": "lax"}, SettingsError, "lenient, balanced, strict"),
        ({"strictness": 3}, SettingsError, "strictness 3"),
        ({"sources": 0}, SettingsError, "from 1"),
        ({"sources": True}, SettingsError, "sources True"),
        ({"sources": "2"}, SettingsError, "sources '2'"),
        ({"filters": "a.md"}, FilterError, "Filters(files="),
        ({"filters": Filters(files="a.md")}, FilterError, "['a.md']"),
        ({"filters": Filters(publishers="P")}, FilterError, "['P']"),
        ({"history": [("What?", "It.", "")]}, QuestionError, "Turn(question, answer)"),
        ({"history": ["What?"]}, QuestionError, "Turn(question, answer)"),
        ({"history": [("What?", 3)]}, QuestionError, "Turn(question, answer)"),
    ],
)
def test_a_wrong_value_is_one_message_with_what_to_give(answerer, terms, error, told):
    with pytest.raises(error) as caught:
        answerer.answer(QUESTION, **terms)
    assert told in str(caught.value)
    assert isinstance(caught.value, QaError)


@pytest.mark.parametrize("question", [None, 3, b"Why?", ["Why?"]])
def test_a_question_is_text(answerer, question):
    with pytest.raises(QuestionError, match="text"):
        answerer.answer(question)
