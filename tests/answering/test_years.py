"""What tells of other years does not answer what is asked of one."""

from dataclasses import replace

import pytest
from fakes import understood

from qa.answering.years import of_year_named
from qa.documents.blocks import Block, Metadata
from qa.documents.composing import compose
from qa.language.sentences import sentence_spans
from qa.schema import (
    Hit,
    Intent,
    Passage,
    Reading,
    SentenceReading,
    Signal,
    Span,
)


def hit(text, published="", title="The tower", reading=None):
    blocks = [Block("heading", title, 1), Block("paragraph", text)]
    document = compose("a.md", blocks, Metadata(title=title, published=published))
    start = document.text.index(text)
    spans = tuple(Span(start + s.start, start + s.end) for s in sentence_spans(text))
    passage = Passage(
        document.source.id,
        document.source.id,
        start,
        start + len(text),
        text,
        "",
        spans,
    )
    signal = Signal(0.5, 1)
    scores = tuple(1 / (n + 1) for n in range(len(spans)))
    found = Hit(passage, document.source, 0.5, signal, signal, scores, reading)
    return document, found


def kept(question, *found):
    documents = {document.source.id: document for document, _ in found}
    hits = [hit for _, hit in found]
    left, note = of_year_named(understood(question), hits, documents.__getitem__)
    return [hits.index(hit) for hit in left], note


LATER = hit("In 2022 there were 1,960 visitors to the tower.")
NAMING = hit("In 2021 the tower was closed to visitors.")
ASKED = "How many visitors did the tower have in 2021?"


def test_what_tells_of_other_years_in_an_article_without_it_does_not_answer():
    assert kept(ASKED, LATER, NAMING) == ([1], "")
    note = "What was found tells of other years, not of 2021."
    assert kept(ASKED, LATER) == ([], note)
    assert kept(ASKED) == ([], "")


@pytest.mark.parametrize(
    ("text", "published", "title"),
    [
        ("In 2022 it had 90 visitors. The season 2020/21 was bad.", "", "T"),
        ("In 2022 it had 90 visitors. The winter of 2020–21 was bad.", "", "T"),
        ("In 2022 it had 90 visitors. It was built in the 2020s.", "", "T"),
        ("In 2022 it had 90 visitors. It was closed in summer '21.", "", "T"),
        ("In 2022 it had 90 visitors.", "2021-05", "T"),
        ("In 2022 it had 90 visitors.", "", "Report for 2021"),
        ("From 2018 to 2024 the tower had 90 visitors a day.", "", "T"),
        ("Since 2019 the tower has 90 visitors a day.", "", "T"),
        ("Until 2023 the tower had 90 visitors a day.", "", "T"),
        ("The tower has 90 visitors a day.", "", "T"),
        ("The tower had 2020 visitors.", "", "T"),
    ],
)
def test_what_may_tell_of_the_year_is_kept(text, published, title):
    assert kept(ASKED, hit(text, published, title)) == ([0], "")


@pytest.mark.parametrize(
    "text",
    [
        "In 2022 the tower had 90 visitors.",
        "In May 2022 the tower had 12021 visitors.",
        "After 2022 the tower had 90 visitors.",
        "During 2019 the tower had 90 visitors.",
        "Since 2022 the tower had 90 visitors.",
        "From 2022 on the tower had 90 visitors.",
        "Until 2020 the tower had 90 visitors.",
        "By 2022 the tower had 90 visitors.",
        "The year 2022 brought 90 visitors.",
        "Before 2020 the tower had 90 visitors.",
    ],
)
def test_other_years_and_numbers_do_not_name_it(text):
    assert kept(ASKED, hit(text))[0] == []


@pytest.mark.parametrize("when", ["during 2021", "in the year 2021", "in May 2021"])
def test_a_year_is_asked_of_in_several_ways(when):
    assert kept(f"How many visitors did the tower have {when}?", LATER)[0] == []


def test_the_sentence_that_answers_best_counts():
    sentences = [SentenceReading(0.9, 0.2), SentenceReading(0.8, 0.7)]
    text = "In 2022 it was painted. The tower has 90 visitors a day."
    reading = Reading(1.0, 0.9, None, tuple(sentences))
    assert kept(ASKED, hit(text))[0] == []
    assert kept(ASKED, hit(text, reading=reading))[0] == [0]


@pytest.mark.parametrize(
    "question",
    [
        "How many visitors does the tower have?",
        "How many visitors did the tower have since 2021?",
        "Did the tower have more visitors in 2020 or in 2021?",
        "Can I get a grant of 2021 euros for the tower?",
        "Is the tower open at 2021?",
        "How many visitors did the tower have in 2021-22?",
        "How many visitors did the tower have in 2021–22?",
        "How many visitors did the tower have in 2021/22?",
        "How many visitors did the tower have in 1021?",
    ],
)
def test_without_a_single_year_all_are_kept(question):
    assert kept(question, LATER) == ([0], "")


def test_questions_of_another_kind_keep_all():
    asked = replace(understood(ASKED), intent=Intent.COMPARISON)
    assert of_year_named(asked, [LATER[1]], {}.__getitem__) == ((LATER[1],), "")
