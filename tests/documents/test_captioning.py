"""Captions of a PDF's tables: with their rows, and with no others."""

import pytest

from qa.documents.blocks import Block, Metadata, Row
from qa.documents.captioning import with_captions
from qa.documents.composing import compose
from qa.documents.passages import split

CAPTION = "Table 3 - Landings by port, 2019"


def rows(*texts, heads=("Port", "Ships")):
    return [Block("row", text, row=Row(heads, labelled=False)) for text in texts]


def paragraphs(*texts):
    return [Block("paragraph", text) for text in texts]


def captions(*blocks):
    return [block.row.caption for block in with_captions(blocks) if block.row]


@pytest.mark.parametrize(
    "caption",
    [
        CAPTION,
        "Table CA3. | Landings",
        "Table A-1. Landings",
        "TABLE 6 Landings",
        "Tableau 8.12 : Débarquements",
    ],
)
def test_a_line_that_numbers_and_names_a_table_is_its_caption(caption):
    said = captions(*paragraphs(caption), *rows("Velmar | 7"))
    assert said == [caption.replace(" | ", " ")]


@pytest.mark.parametrize(
    "line",
    [
        "Table 3 shows the landings:",
        "Landings by port",
        "Table 3",
        "Budget 2019 Overview",
        f"{CAPTION}: {'port, ' * 50}",
    ],
)
def test_other_lines_above_a_table_are_none(line):
    assert captions(*paragraphs(line), *rows("Velmar | 7")) == [""]


def test_a_number_that_stands_alone_has_its_title_below_it():
    title = paragraphs("Exhibit 9", "Landings by port")
    assert captions(*title, *rows("Velmar | 7")) == ["Exhibit 9 Landings by port"]
    prose = paragraphs("Day 9", "We reached the port.")
    assert captions(*prose, *rows("Velmar | 7")) == [""]


def test_one_line_may_explain_a_table_below_its_caption():
    caption, said, more = paragraphs(
        CAPTION, "All ships are counted.", "Prose goes on."
    )
    assert captions(caption, said, *rows("Velmar | 7")) == [CAPTION]
    assert captions(caption, said, more, *rows("Velmar | 7")) == [""]


def test_a_caption_holds_over_names_of_parts_and_ends_where_prose_begins():
    caption, part, prose = paragraphs(CAPTION, "Northern ports", "They fell in May.")
    row = rows("Velmar | 7")
    assert captions(caption, *row, part, *row, prose, *row) == [CAPTION, CAPTION, ""]
    assert captions(caption, *row, *[part] * 4, *row) == [CAPTION, ""]
    other = Block("paragraph", "Table 4: Ships")
    assert captions(caption, *row, other, *row) == [CAPTION, "Table 4: Ships"]


def headings(*blocks):
    document = compose("a.pdf", with_captions(blocks), Metadata("Ports"))
    passages = split(
        document,
        count_tokens=lambda texts: [len(text.split()) for text in texts],
        size=50,
        window=200,
    )
    return {passage.text: passage.heading for passage in passages}


def test_the_rows_of_a_table_are_read_under_its_caption():
    part, caption = Block("heading", "The North", 2), Block("heading", CAPTION, 2)
    row = rows("Velmar | 7")
    found = headings(part, *paragraphs(CAPTION), *row)
    assert found["Velmar | 7"] == f"The North · {CAPTION} · Port | Ships"
    assert headings(caption, *row)["Velmar | 7"] == f"{CAPTION} · Port | Ships"
    later = [*paragraphs("Table 4: Ships"), *rows("Ostrel | 9")]
    found = headings(caption, *row, *later)
    assert found["Ostrel | 9"] == "Table 4: Ships · Port | Ships"
    bare = rows("Velmar | 7", heads=())
    assert headings(*paragraphs(CAPTION), *bare)["Velmar | 7"] == CAPTION


@pytest.mark.parametrize(
    "sentence",
    [
        "On 12 May the ports of the north were closed to ships.",
        "Of 24 Members present, 20 voted yes.",
    ],
)
def test_a_sentence_with_a_number_is_no_caption(sentence):
    assert captions(*paragraphs(sentence), *rows("Velmar | 7")) == [""]


def test_a_section_ends_what_a_caption_speaks_of():
    section = Block("heading", "4. Exports", level=2)
    told = captions(
        *paragraphs(CAPTION), *rows("Velmar | 7"), section, *rows("Norr | 8")
    )
    assert told == [CAPTION, ""]
