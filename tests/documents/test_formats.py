"""One article in every format: the same passages, and the right page."""

import re

import pytest
from fakes import BagOfWordsEmbedder
from rendering import as_docx, as_html, as_pdf, make_article

from qa.documents import Parser, SeedFile
from qa.documents.passages import split

ARTICLE = make_article()


@pytest.fixture(scope="module")
def parser():
    with Parser() as opened:
        yield opened


def read(parser, file, data):
    (document,) = parser.parse(SeedFile(file, data, "unused")).documents
    return document


def passages(document):
    count = BagOfWordsEmbedder().count_tokens
    found = split(document, count_tokens=count, size=120, window=200)
    return [(p.heading, " ".join(p.text.split())) for p in found]


@pytest.fixture(scope="module")
def from_docx(parser):
    return read(parser, "a.docx", as_docx(ARTICLE))


def test_a_word_file_gives_the_whole_article_and_nothing_around_it(from_docx):
    said = " ".join(from_docx.text.split())
    for sentence in ARTICLE.sentences():
        assert sentence.strip() in said
    assert "Journal of Samples" not in said
    headings = [from_docx.text[h.start : h.end] for h in from_docx.headings]
    assert headings == [ARTICLE.title, *(name for name, _ in ARTICLE.sections)]
    assert (from_docx.source.title, from_docx.pages) == (ARTICLE.title, ())
    assert from_docx.source.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.pdf", as_pdf(ARTICLE)[0]),
        ("columns.pdf", as_pdf(ARTICLE, columns=2)[0]),
        ("a.html", as_html(ARTICLE)),
    ],
    ids=["PDF", "PDF of two columns", "HTML"],
)
def test_every_format_gives_the_same_passages_up_to_white_space(
    parser, from_docx, file, data
):
    document = read(parser, file, data)
    assert passages(document) == passages(from_docx)
    assert document.source.title == ARTICLE.title
    assert document.source.authors == ("Jane Doe",)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("footnotes", [False, True])
def test_every_sentence_of_a_pdf_names_the_page_it_begins_on(
    parser, columns, footnotes
):
    data, places = as_pdf(ARTICLE, columns=columns, footnotes=footnotes)
    document = read(parser, "a.pdf", data)
    flat = re.sub(r"\s", " ", document.text)
    found = [
        document.page_at(flat.index(sentence.strip()))
        for sentence in ARTICLE.sentences()
    ]
    assert found == places
    assert len(document.pages) == max(places) > 1
