"""The questions that the page proposes."""

import pytest

from qa.schema import Document, Heading, Source
from qa.ui.panels.example_questions import example_question


def document(*headings, title="The lamp", authors=()):
    text, places = title, [Heading(0, len(title), 1)]
    for heading in headings:
        start = len(text) + 2
        text += f"\n\n{heading}\n\nWords."
        places.append(Heading(start, start + len(heading), 2))
    return Document(Source("d", "a.md", title, tuple(authors)), text, tuple(places))


def test_an_example_asks_about_a_heading_of_the_article():
    question = example_question(document("Introduction", "Oil and wicks"))
    assert question == "What does “The lamp” say about “Oil and wicks”?"


def test_an_example_names_the_author_where_one_is_stated():
    question = example_question(document("Oil and wicks", authors=["Ann Lee", "B"]))
    assert question == "What does Ann Lee say about “Oil and wicks”?"


def test_examples_take_other_headings_in_turn():
    long = document("Oil and wicks", "Glass and brass")
    assert "Glass and brass" in example_question(long, 1)
    assert "Oil and wicks" in example_question(long, 2)


@pytest.mark.parametrize(
    "heading", ["Conclusion", "The argument in brief", "Why lamps go out", "word " * 20]
)
def test_headings_that_tell_nothing_are_not_asked_about(heading):
    assert example_question(document(heading)) == "What is “The lamp” about?"


def test_a_heading_in_capitals_is_asked_about_in_ordinary_letters():
    question = example_question(document("OIL AND THE WICKS OF LAMPS"))
    assert "“Oil and the Wicks of Lamps”" in question


def test_a_long_title_is_cut_between_words():
    question = example_question(document(title="word " * 60))
    assert question.endswith("word…” about?")
    assert len(question) < 120
