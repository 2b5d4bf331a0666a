"""Questions over many articles."""

import pytest

from qa.answering.across import told_across, words_across
from qa.schema import Passage, Source, Span

SAID = (
    ("a.md", "1990", "A storm sank 3 ferries off Velt in 1990."),
    ("b.md", "1995", "A storm sank 12 ferries off Norr in 1994."),
    ("c.md", "2001", "A storm sank 7 ferries off Hald."),
    ("d.md", "2005", "The ferry was painted."),
)


def passages(said=SAID):
    for file, published, text in said:
        source = Source(file, file, file, published=published)
        whole = Span(0, len(text))
        yield Passage(file, file, 0, len(text), text, "", (whole,)), source


def told(question, said=SAID):
    statements, note = stated(question, said)
    return [statement.source.file[0] for statement in statements], note


def stated(question, said=SAID):
    return told_across(question, lambda _: passages(said))


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("Off which towns did a storm sink ferries?", ""),
        ("In which years sank ferries in a storm?", "abc"),
        ("How many storms were there?", "abc"),
        ("How many storms were there off Velt or Norr?", ""),
        ("How many storms were there that sank ferries?", "abc"),
        ("What was the most recent storm?", "c"),
        ("When was the first storm?", "a"),
        ("Which storm sank the most ferries?", "b"),
        ("Which storm sank the fewest ferries?", "a"),
    ],
)
def test_sentences_of_many_articles_answer_together(question, files):
    assert told(question)[0] == list(files)


def test_what_was_looked_at_is_said():
    _, note = told("How many storms were there?")
    assert note.startswith("Found 3 sentences")
    assert "3 articles" in note


@pytest.mark.parametrize(
    "question",
    [
        "Who painted the ferry?",
        "Why did the storm come?",
        "Which ferry sank?",
        "Which ferries sank?",
        "What was the cause of the storm off Velt?",
        "Who was the first keeper off Velt?",
        "What was painted in the first storm off Velt?",
        "What was the last line of the song of Velt?",
        "What is the oldest ferry off Velt?",
        "What causes storms off Velt?",
        "Which ferries did they sink off Velt?",
    ],
)
def test_other_questions_are_not_asked_across(question):
    assert words_across(question) == []


def test_what_has_the_most_may_be_what_an_article_is_about():
    trains = (
        ("a.md", "", "Forty-two trains stop a day."),
        ("b.md", "", "The largest: 18 platforms and 610 trains a day."),
        ("c.md", "", "Six trains a day come up."),
    )
    (most,), note = stated("Which of the stations has the most trains a day?", trains)
    assert most.text == (
        "According to “b.md”: The largest: 18 platforms and 610 trains a day."
    )
    assert "3 articles" in note
    (fewest,), _ = stated("Which station has the fewest trains a day?", trains)
    assert fewest.source.file == "c.md"


def test_where_a_sentence_says_what_is_counted_no_others_are_asked():
    ships = (*SAID, ("e.md", "", "A collision sank 40 ferries."))
    assert told("Which storm sank the most ferries?", ships)[0] == ["b"]
    assert told("Which storm sank the most ferries?", ships[2:])[0] == []
    (most,), _ = stated("What was the highest number of ferries sunk in a storm?")
    assert most.text == SAID[1][2]


def test_one_article_is_not_many():
    assert told("How many storms were there?", SAID[:1]) == ([], "")
    assert told("What was the most recent storm?", SAID[:1]) == ([], "")


@pytest.mark.parametrize(
    "text",
    [
        "A storm sank ferries.",
        "In 2010 ferries sank: storm",
        "5 men of Norr saw that the storm sank ferries.",
    ],
)
def test_the_most_is_not_told_where_one_article_has_no_number(text):
    without_number = (*SAID, ("e.md", "2010", text))
    assert told("Which storm sank the most ferries?", without_number) == ([], "")


def test_the_last_is_not_told_where_one_article_has_no_year():
    assert told("What was the last storm?", (*SAID, ("e.md", "", "A storm."))) == (
        [],
        "",
    )


def test_a_plural_asks_over_three_articles_and_a_count_over_two():
    assert told("In which years sank ferries in a storm?", SAID[:2])[0] == []
    assert told("How many storms were there?", SAID[:2])[0] == ["a", "b"]


def test_sentences_stand_by_their_last_year():
    early = ("e.md", "2010", "Since 1700 no storm was like that of 1980.")
    later = ("f.md", "2010", "The storm of 1700 was as bad as that of 2009.")
    assert told("How many storms were there?", (later, *SAID, early))[0] == [
        *"eabcf",
    ]
    assert told("When was the first storm?", (later, *SAID, early))[0] == ["e"]
