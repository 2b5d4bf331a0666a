"""Chapters and other sections by what people call them."""

import pytest

from qa.answering.sections import section_of, sections
from qa.documents.blocks import Block, Metadata, compose

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


def test_chapters_are_counted():
    assert len(list(sections(BOOK, "chapter"))) == 3
