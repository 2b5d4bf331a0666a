"""What a question comes to: what is searched, where, for how long an answer."""

import pytest

from qa.question.understanding import understand
from qa.schema import Filters, Source, Turn

OAKE = Source("a", "a.md", "Winter ferries of the north", ("Ann Oake",), "Pier Press")
LIND = Source("b", "b.md", "The summer ferries", ("Bo Lind",), "Harbour")
BEFORE = (Turn("What does Bo Lind say about copper lamps?", "They shine."),)


def ask(question, history=BEFORE, filters=None):
    return understand(
        question, history, filters, sources=lambda _: [OAKE, LIND], sentences=3
    )


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("What does Ann Oake say about ice?", False),
        ("What does he say about ice?", False),
        ("What does he say about them?", True),
        ("What do the articles say about ice?", False),
        ("And the ice?", True),
    ],
)
def test_a_question_without_its_frame_leans_on_the_last_only_where_it_says_so(
    question, leans
):
    assert ask(question).history == (BEFORE if leans else ())


def test_the_choice_of_the_reader_comes_before_what_is_named():
    chosen = Filters(files=("b.md",))
    question = "What does Ann Oake say about ice?"
    assert ask(question).filters == Filters(files=("a.md",))
    asked = ask(question, filters=chosen)
    assert (asked.searched, asked.filters) == (question, chosen)


def test_a_choice_may_be_a_list():
    chosen = Filters(files=["a.md", "b.md"])
    asked = ask("Summarise the articles", filters=chosen)
    assert asked.summed == (OAKE, LIND)


def test_two_that_are_named_are_several():
    assert ask("How do Oake and Lind differ on ice?").several
    assert ask("What do they say about ice?", BEFORE).several is False
    asked = ask("Summarise both articles in one sentence.", ())
    assert (asked.summed, asked.shape.sentences) == ((OAKE, LIND), 2)


def test_what_it_may_mean_is_known_only_where_the_question_points_back():
    assert ask("Who wrote it?").before == ("b.md",)
    assert ask("Who wrote the law?").before == ()
    assert ask("Who wrote it?", (Turn("Why do rivers freeze?", ""),)).before == ()


def test_courtesies_are_not_searched_for():
    asked = ask("Hello! Can you list the lamps, please? Thanks.", ())
    assert (asked.searched, asked.shape.kind) == ("What are the lamps?", "list")
    asked = ask("Hi, could you tell me what Oake says about ice?", ())
    assert (asked.searched, asked.filters.files) == (
        "What is said about ice?",
        ("a.md",),
    )


def test_a_question_may_lean_on_what_is_said_before_it():
    asked = ask("I read about copper lamps. Why do they shine?", ())
    assert asked.searched == "Why do they shine?"
    assert [turn.question for turn in asked.history] == ["Copper lamps."]


def test_each_of_several_questions_asked_before_may_be_leant_on():
    before = (Turn("Why do rivers freeze? Who wrote the Pier Press article?"),)
    assert ask("When did it appear?", before).filters.files == ("a.md",)
