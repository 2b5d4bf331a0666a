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
    found, note = told_across(question, passages(said))
    return [statement.source.file[0] for statement in found], note


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("Off which towns did a storm sink ferries?", ""),
        ("In which years sank ferries in a storm?", "abc"),
        ("How many storms were there?", "abc"),
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
    ["Who painted the ferry?", "Why did the storm come?", "Which ferry sank?"],
)
def test_other_questions_are_not_asked_across(question):
    assert words_across(question) == []


def test_one_article_is_not_many():
    assert told("How many storms were there?", SAID[:1]) == ([], "")
    assert told("What was the most recent storm?", SAID[:1]) == ([], "")
    without_number = (*SAID, ("e.md", "2010", "A storm sank ferries."))
    assert told("Which storm sank the most ferries?", without_number) == ([], "")
