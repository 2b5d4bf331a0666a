"""Questions over the rows of a table."""

import pytest

from qa.answering.rows import rows_asked, rows_in
from qa.language.sentences import sentence_spans
from qa.schema import Passage, Source, Span

LAMPS = (
    "Lamp: Old Pier; Fuel: oil; 2019 (hours): 9; 2020 (hours): 1,200",
    "Lamp: Tower; Fuel: gas; 2019 (hours): 11; 2020 (hours): 30",
    "Lamp: Old Pier Gate; Fuel: oil; 2019 (hours): 4; 2020 (hours): 5",
    "Lamp: Total; Fuel: –; 2019 (hours): 24; 2020 (hours): 1,235",
)


def table(*lines):
    text = "\n\n".join(lines)
    spans, at = [], 0
    for line in lines:
        spans.append(Span(at, at + len(line)))
        at += len(line) + 2
    passage = Passage("p", "d", 0, len(text), text, "", tuple(spans))
    return list(rows_in([(passage, Source("d", "lamps.md", "Lamps of the North"))]))


def told(question, *lines):
    found, note = rows_asked(question, table(*(lines or LAMPS)))
    return [LAMPS.index(statement.text) for statement in found], note


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What fuel does the Tower burn?", [1]),
        ("How many hours did the tower burn in 2020?", [1]),
        ("What is the fuel of the Old Pier?", [0]),
        ("What is the fuel of the Old Pier Gate?", [2]),
        ("How many hours did the tower burn in 2018?", []),
        ("What is the fuel of the harbour?", []),
        ("Who built the tower?", []),
    ],
)
def test_the_row_that_is_named_answers_and_no_other(question, rows):
    assert told(question) == (rows, "")


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which lamp burnt the most hours in 2020?", 0),
        ("Which lamp burnt the least in 2020?", 2),
        ("Which lamp burnt most in 2019?", 1),
    ],
)
def test_the_highest_and_the_lowest_are_compared_without_the_sum(question, row):
    rows, note = told(question)
    assert rows == [row]
    assert "3 rows of the table in “Lamps of the North”" in note


def test_rows_that_hold_a_word_are_counted():
    rows, note = told("Which lamps burn oil?")
    assert rows == [0, 2]
    assert note.startswith("Counted: 2 of 3 rows")


def test_prose_with_a_colon_is_no_row():
    prose = "The lamp needs two things: oil and a wick; both are dear."
    spans = tuple(sentence_spans(prose))
    passage = Passage("p", "d", 0, len(prose), prose, "", spans)
    assert list(rows_in([(passage, Source("d", "a.md", "A"))])) == []
