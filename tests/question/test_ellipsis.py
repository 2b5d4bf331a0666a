"""Follow-ups in full, where their words tell what they leave out."""

import pytest

from qa.question import understand
from qa.question.ellipsis import in_full
from qa.schema import Source, Turn

BUILT = "When was the lamp of Velt built?"


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("And the one in Norr?", "When was the lamp of Norr built?"),
        ("What about Norr Bay?", "When was the lamp of Norr Bay built?"),
        ("Who is the keeper there?", "Who is the keeper in Velt?"),
        ("How high is it?", "How high is the lamp of Velt?"),
        ("Why?", "Why was the lamp of Velt built?"),
        ("And the Bay of Norr?", "When was the lamp of Bay of Norr built?"),
    ],
)
def test_what_is_left_out_is_put_in(question, full):
    assert in_full([BUILT], question) == full


@pytest.mark.parametrize(
    "question",
    [
        "Really?",
        "Are you sure?",
        "Is that certain?",
        "Is this correct?",
        "Is that true?",
        "More details please",
        "Can you elaborate?",
        "Please continue",
        "Could you explain?",
    ],
)
def test_what_says_nothing_of_its_own_asks_once_more(question):
    assert in_full(["Who was Oake?", BUILT], question) == BUILT
    assert in_full([BUILT], f"{question} Of the lens?") != BUILT


def test_the_last_name_of_the_last_question_is_meant():
    before = [BUILT, "How did Ann Oake go from Velt to Norr?"]
    assert in_full(before, "Who lives there?") == "Who lives in Norr?"
    assert in_full(before, "And to Hald?") == "How did Ann Oake go from Velt to Hald?"


def test_a_bare_word_asks_in_place_of_two():
    assert in_full(["How long is the pier?"], "Where?") == "Where is the pier?"


def test_one_year_stands_for_another():
    before = ["How many lamps were there in 1990?"]
    assert in_full(before, "And in 2000?") == "How many lamps were there in 2000?"


@pytest.mark.parametrize(
    "question",
    [
        "How high is it in Norr?",
        "Who says it is said that?",
        "And the lens?",
        "What about its lens?",
        "How long does cheese ripen?",
        "Who?",
    ],
)
def test_what_cannot_be_told_stays(question):
    assert in_full(["Is the lamp of Velt or the pier of Norr older?"], "Is it?") == (
        "Is it?"
    )
    assert in_full([BUILT], question) == question
    assert in_full([], "Why?") == "Why?"
    assert in_full(["Who built it?"], "And in Norr?") == "And in Norr?"


MILL = "Who founded the Velt paper mill?"
FOUNDED = (
    "The Velt paper mill was founded by Ann van Oake in 1838. [1] Bo Hald paid. [2]"
)


@pytest.mark.parametrize(
    ("before", "answered", "question", "full"),
    [
        (MILL, FOUNDED, "When did it close?", "When did the Velt paper mill close?"),
        (MILL, FOUNDED, "Who worked there?", "Who worked at the Velt paper mill?"),
        (MILL, FOUNDED, "When did he die?", "When did Ann van Oake die?"),
        (MILL, FOUNDED, "who knew her", "who knew Ann van Oake"),
        (MILL, FOUNDED, "Was her son rich?", "Was Ann van Oake’s son rich?"),
        (MILL, FOUNDED, "Who led her to fame?", "Who led Ann van Oake to fame?"),
        ("When did Bo Hald die?", "In 1872.", "Who saw him?", "Who saw Bo Hald?"),
    ],
)
def test_who_and_what_an_answer_names_is_meant(before, answered, question, full):
    assert in_full([before], question, answered) == full


@pytest.mark.parametrize(
    ("before", "answered", "question"),
    [
        (MILL, "", "When did it close?"),
        (MILL, "Ann Oake built mills.", "Why did it close?"),
        (MILL, FOUNDED, "Is it true that mills burn?"),
        (MILL, FOUNDED, "Did he come from Norr?"),
        (MILL, "Ann Oake and Bo Hald founded it.", "When did he die?"),
        ("Who saw Ann Oake and Bo Hald?", "", "When did he die?"),
        ("Who saw Bo Hald?", "Ann Oake saw Bo Hald.", "When did he die?"),
        ("Does North Korea trust Putin?", "Kim Jong Un does.", "Why did he say so?"),
        ("When was the pier built?", "Ann Oake says in 1838.", "Why did he leave?"),
        ("Is South Korea an ally?", "Yes.", "When did he say so?"),
        ("What does she say about Velt Harbour?", "Ice.", "Does she expect rain?"),
        ("Why does Norr avoid the alliance?", "The alliance costs.", "Is it weak?"),
    ],
)
def test_who_and_what_several_may_be_is_not_guessed(before, answered, question):
    assert in_full([before], question, answered) == question


def test_a_follow_up_in_full_leans_on_nothing():
    (question,) = understand(
        "ok and what did they make there",
        [Turn(MILL, FOUNDED)],
        None,
        sources=lambda _: [],
        sentences=3,
    )
    assert question.search == "what did they make at the Velt paper mill"
    assert question.context == ""


def test_a_follow_up_goes_by_the_one_before_in_full():
    history = [Turn(BUILT), Turn("And the one in Norr?")]
    (question,) = understand(
        "Who is the keeper there?", history, None, sources=lambda _: [], sentences=3
    )
    assert (question.search, question.context) == ("Who is the keeper in Norr?", "")


def test_it_is_the_article_where_an_article_is_asked_about():
    velt = Source("a", "a.md", "The lamp of Velt", ("Ann Oake",))
    (question,) = understand(
        "Who wrote it?", [Turn(BUILT)], None, sources=lambda _: [velt], sentences=3
    )
    assert question.intent == "authors"
