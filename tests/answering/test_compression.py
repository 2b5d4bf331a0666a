"""A long sentence without the parts that the question does not ask about."""

import pytest

from qa.answering.compression import compressed
from qa.schema import Evidence, Source, Span

FERRY = (
    "The ferry company of Lindesund, which carries the mail as well, moved its whole "
    "winter timetable to the southern pier (although the fishermen of Maarheim "
    "opposed it) in 1987."
)


def evidence(text, answer=None):
    source = Source("s", "a.md", "Piers")
    return Evidence(1, source, "", 100, 100 + len(text), text, 1.0, answer)


def test_parts_beside_the_question_are_left_out():
    assert compressed(evidence(FERRY), "Where is the winter timetable now?") == (
        "The ferry company of Lindesund moved its whole winter timetable to the "
        "southern pier in 1987."
    )


@pytest.mark.parametrize(
    ("question", "stays"),
    [
        ("Who carries the mail?", "which carries the mail as well"),
        ("What did Maarheim think of the timetable?", "fishermen of Maarheim"),
    ],
)
def test_what_the_question_asks_about_stays(question, stays):
    assert stays in compressed(evidence(FERRY), question)


def test_what_the_reader_took_for_the_answer_stays():
    start = 100 + FERRY.index("mail")
    item = evidence(FERRY, Span(start, start + 4))
    assert "the mail" in compressed(item, "Where is the winter timetable now?")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (FERRY, "Why is the winter timetable at the southern pier?"),
        ("The ferry, which is old, moved.", "What moved?"),
        (
            FERRY.replace("carries the mail as well", "sailed for Norland in 1950"),
            "Who opposed it in Maarheim, the fishermen?",
        ),
    ],
)
def test_asked_why_or_short_or_with_a_number_all_stays(text, question):
    assert compressed(evidence(text), question) is None


def test_a_part_of_few_words_stays():
    text = FERRY.replace("although the fishermen of Maarheim opposed it", "in Maarheim")
    assert "(in Maarheim)" in compressed(evidence(text), "When did it move?")


def test_a_condition_stays():
    text = f"If the tax on old ferries is lifted, {FERRY[0].lower()}{FERRY[1:]}"
    shorter = compressed(evidence(text), "Who sells the southern pier?")
    assert shorter.startswith("If the tax on old ferries is lifted, the ferry company")


def test_a_semicolon_stays_where_the_aside_in_front_of_it_went():
    text = (
        "The town of Lindesund sold the long southern pier, although it was old; the "
        "money went to the fishermen of Maarheim and Norland."
    )
    assert compressed(evidence(text), "What did Lindesund sell?") == text.replace(
        ", although it was old", ""
    )
