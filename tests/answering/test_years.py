"""The year that a question is about stands in the articles that answer it."""

from dataclasses import replace

import pytest
from fakes import understood

from qa.answering.years import of_year_named
from qa.documents.blocks import Block, Metadata
from qa.documents.composing import compose
from qa.schema import Hit, Intent, Passage, Signal, Span


def hit(text, published="", title="The tower"):
    blocks = [Block("heading", title, 1), Block("paragraph", text)]
    name = f"{abs(hash((text, published)))}.md"
    document = compose(name, blocks, Metadata(title=title, published=published))
    start = document.text.index(text)
    span = (Span(start, start + len(text)),)
    passage = Passage("p", document.source.id, start, span[0].end, text, "", span)
    signal = Signal(0.5, 1)
    return document, Hit(passage, document.source, 0.5, signal, signal, (1.0,))


def kept(question, *found):
    documents = {document.source.id: document for document, _ in found}
    hits = [hit for _, hit in found]
    asked = understood(question)
    left, note = of_year_named(asked, hits, documents.__getitem__)
    return [hits.index(hit) for hit in left], note


LATER = hit("In 2022 there were 1,960 visitors to the tower.")
NAMING = hit("In 2021 the tower was closed to visitors.")
ASKED = "How many visitors did the tower have in 2021?"


def test_an_article_that_never_names_the_year_tells_nothing_of_it():
    assert kept(ASKED, LATER, NAMING) == ([1], "")
    assert kept(ASKED, LATER) == ([], "No article that was found speaks of 2021.")
    assert kept(ASKED) == ([], "")


@pytest.mark.parametrize(
    ("text", "published", "title"),
    [
        ("The season 2020/21 brought 90 visitors to the tower.", "", "T"),
        ("The winter of 2020–21 brought 90 visitors to the tower.", "", "T"),
        ("The tower has a pot of 2,021 euros.", "", "T"),
        ("The tower had 90 visitors.", "2021-05", "T"),
        ("The tower had 90 visitors last year.", "2022", "T"),
        ("The tower had 90 visitors.", "", "Report for 2021"),
    ],
)
def test_a_year_is_named_in_other_ways_too(text, published, title):
    assert kept(ASKED, hit(text, published, title)) == ([0], "")


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("The tower had 12021 visitors.", ""),
        ("The tower had 90 visitors.", "2020-12"),
        ("The tower had 90 visitors.", "2023"),
        ("The tower had 90 visitors in 2019/20.", ""),
    ],
)
def test_other_numbers_and_dates_name_it_not(text, published):
    assert kept(ASKED, hit(text, published))[0] == []


@pytest.mark.parametrize(
    "question",
    [
        "How many visitors does the tower have?",
        "How many visitors did the tower have since 2021?",
        "How many visitors did the tower have before 2021?",
        "How many visitors did the tower have from 2018 to 2021?",
    ],
)
def test_without_a_single_year_all_are_kept(question):
    assert kept(question, LATER) == ([0], "")


def test_questions_of_another_kind_keep_all():
    asked = replace(understood(ASKED), intent=Intent.COMPARISON)
    assert of_year_named(asked, [LATER[1]], {}.__getitem__) == ((LATER[1],), "")
