"""What has changed between two versions of an article."""

import pytest

from qa.answering.changes import asks_for_changes, changed
from qa.answering.facts import Statement
from qa.schema import Source, Span


def version(published, *sentences):
    source = Source(published, f"{published}.md", "The Bath of Lund", (), "", published)
    return [Statement(text, source, (Span(0, len(text)),)) for text in sentences]


OLD = version(
    "2018-02-01", "The bath has 3 lanes.", "It is old.", "A swim costs 2 crowns."
)
MID = version("2020", "The bath has 4 lanes.", "It is old.", "A swim costs 3 crowns.")
NEW = version("2022", "It is old.", "A swim costs 5 crowns.", "The bath has 6 lanes.")
LANES = ["In 2018: The bath has 3 lanes.", "In 2022: The bath has 6 lanes."]
PRICES = ["In 2018: A swim costs 2 crowns.", "In 2022: A swim costs 5 crowns."]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How has the bath of Lund changed?", [*LANES, *PRICES]),
        ("What is the difference between the two articles?", [*LANES, *PRICES]),
        ("How has the number of lanes changed?", LANES),
        ("How did the crowns change over time?", PRICES),
        (
            "How have the lanes changed since 2020?",
            ["In 2020: The bath has 4 lanes.", LANES[1]],
        ),
        (
            "Compare the lanes in 2018 and 2020.",
            [LANES[0], "In 2020: The bath has 4 lanes."],
        ),
        (
            "What has changed since 2020?",
            [
                "In 2020: The bath has 4 lanes.",
                LANES[1],
                "In 2020: A swim costs 3 crowns.",
                PRICES[1],
            ],
        ),
        ("What changed in 2022?", [*LANES, *PRICES]),
        ("Has the roof changed?", []),
    ],
)
def test_sentences_that_differ_are_told_in_pairs(question, told):
    assert asks_for_changes(question)
    found = changed(question, [OLD, MID, NEW])
    assert [said.text for said in found] == told


def test_a_sentence_stands_for_one_that_is_like_it_and_for_no_other():
    new = version("2022", "A swim costs 5 crowns.", "Dogs may stay outside on Mondays.")
    old = version("2018", "A swim costs 2 crowns.", "A swim costs 3 crowns.", "Oil!")
    assert [said.text for said in changed("What changed?", [old, new])] == PRICES


def test_of_two_versions_in_a_year_the_day_is_told():
    found = changed(
        "What changed?", [OLD, version("2018-03-04", "The bath has 5 lanes.")]
    )
    assert [said.text[:14] for said in found] == ["In 2018-02-01:", "In 2018-03-04:"]


@pytest.mark.parametrize(
    "question", ["How many lanes has the bath had since 2018?", "What does Chang say?"]
)
def test_another_question_asks_for_no_changes(question):
    assert not asks_for_changes(question)
