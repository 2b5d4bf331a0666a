"""Chapters and other sections by what people call them."""

from dataclasses import replace

import pytest

from qa.answering.sections import section_of, sections
from qa.documents.blocks import Block, Metadata
from qa.documents.composing import compose

BOOK = compose(
    "book.md",
    [
        Block("heading", "The Pier", 1),
        Block("paragraph", "It begins."),
        Block("heading", "Chapter I: Wood", 2),
        Block("paragraph", "Oak was felled."),
        Block("heading", "The saw", 3),
        Block("paragraph", "It was blunt."),
        Block("heading", "Chapter Two", 2),
        Block("paragraph", "Stone was cut."),
        Block("heading", "Chapter 3", 2),
        Block("paragraph", "It burned down."),
    ],
    Metadata(title="The Pier"),
)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("chapter 1", "Chapter I", "blunt."),
        ("chapter i", "Chapter I", "blunt."),
        ("first chapter", "Chapter I", "blunt."),
        ("chapter two", "Chapter Two", "cut."),
        ("second chapter", "Chapter Two", "cut."),
        ("chapter 3", "Chapter 3", "down."),
        ("last chapter", "Chapter 3", "down."),
        ("end", "It burned", "down."),
        ("chapter I – Wood", "Chapter I", "blunt."),
        ("THE SAW", "The saw", "blunt."),
        ("begin", "The Pier", ""),
    ],
)
def test_a_section_is_found_by_its_number(asked, first, last):
    span = section_of(BOOK, asked)
    text = BOOK.text[span.start : span.end].strip()
    assert text.startswith(first)
    assert text.endswith(last)


def test_what_there_is_not_is_not_found():
    assert section_of(BOOK, "chapter 4") is None
    assert section_of(BOOK, "part 1") is None
    assert section_of(BOOK, "the chapter") is None
    assert section_of(BOOK, "saw") is None
    assert section_of(BOOK, "two") is None


def test_a_heading_with_nothing_below_is_no_section():
    words = [Block("heading", "Ice", 1), Block("heading", "Thaw", 1)]
    blocks = [*words, Block("paragraph", "It came."), *words]
    once = compose("b.md", blocks, Metadata())
    assert section_of(once, "ice") is None
    span = section_of(once, "thaw")
    assert once.text[span.start : span.end].startswith("Thaw\n\nIt came.")


def test_a_book_may_begin_with_another_number():
    later = replace(BOOK, headings=BOOK.headings[3:])
    assert section_of(later, "chapter 1") is None
    assert section_of(later, "last chapter") == section_of(BOOK, "chapter 3")


@pytest.mark.parametrize(
    ("roman", "number"), [("IV", 4), ("IX", 9), ("XL", 40), ("LXXXVIII", 88)]
)
def test_roman_numbers_are_read(roman, number):
    blocks = [Block("heading", f"Part {roman}", 1), Block("paragraph", "It was.")]
    assert section_of(compose("b.md", blocks, Metadata()), f"part {number}")


def test_the_edges_of_a_long_article_are_a_tenth_of_it():
    paragraphs = [Block("paragraph", f"Line {n:02}.") for n in range(40)]
    long = compose("b.md", paragraphs, Metadata())
    for asked, first, last in (("start", 0, 3), ("end", 36, 39)):
        span = section_of(long, asked)
        said = long.text[span.start : span.end].split("\n\n")
        assert [s for s in said if s] == [
            f"Line {n:02}." for n in range(first, last + 1)
        ]


def test_chapters_are_counted():
    assert len(list(sections(BOOK, "chapter"))) == 3
