"""A page number from the PDF to the reader: index, answer, terminal, page, JSON."""

from dataclasses import replace

import pytest
from fakes import Library, quoting
from rendering import Article, as_pdf, make_article

from qa.cli.app import _print_sources
from qa.documents.passages import split
from qa.language.rendering import citation_to_json, page_numbers, reference
from qa.schema import Citation, Document, Passage, Source, Span
from qa.ui.panels.source_panel import lay_out

MOVED = "The ferry company moved its winter timetable to the southern pier in 1987."
QUESTION = "Where did the ferry company move its winter timetable?"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    """A library of one PDF, and the page on which it says where the ferry goes."""
    filler = [text for _, texts in make_article().sections for text in texts]
    texts = [*filler[:14], MOVED, *filler[14:]]
    data, places = as_pdf(Article("Winter ferries", "Ann Oake", [("History", texts)]))
    before = sum(text.count(".") for text in filler[:14])
    library = Library(tmp_path_factory.mktemp("harbour"))
    library.write("ferry.pdf", data)
    library.build(size=60)
    assert places[before] > 1
    return library, places[before]


def test_a_citation_names_the_page_of_its_quote(harbour):
    library, page = harbour
    answer = quoting(library).answer(QUESTION)
    (citation,) = (c for c in answer.citations if c.quote == MOVED)
    assert citation.page == page
    assert citation_to_json(citation)["page"] == page
    assert reference(citation.document, citation.page).endswith(f", p. {page}")


def test_the_terminal_prints_the_page(harbour, capsys):
    library, page = harbour
    _print_sources(quoting(library).answer(QUESTION), show_rejected=False)
    assert f"“Winter ferries”, p. {page}\n" in capsys.readouterr().out


def test_the_nearest_passages_of_an_abstention_name_their_pages(harbour):
    library, _ = harbour
    answer = quoting(library).answer("Does a zebra yodel about quantum bagels?")
    assert answer.abstained
    with library.open().snapshot() as snapshot:
        for nearest in answer.nearest:
            document = snapshot.document(nearest.document.id)
            assert nearest.page == document.page_at(nearest.start) is not None


def test_pages_are_read_back_from_the_index_as_they_were_written(harbour):
    library, _ = harbour
    with library.open().writer() as writer:
        (document,) = writer.documents("ferry.pdf")
    assert len(document.pages) > 1
    count = library.embedder.count_tokens
    expected = split(document, count_tokens=count, size=60, window=120)
    with library.open().snapshot() as snapshot:
        found = snapshot.passages(range(1, len(expected) + 1)).values()
        assert snapshot.document(document.source.id) == document
    assert [passage for passage, _ in found] == list(expected)


def test_the_reader_shows_the_page_of_the_quote(harbour):
    library, page = harbour
    with library.open().snapshot() as snapshot:
        (source,) = snapshot.sources()
        document = snapshot.document(source.id)
    start = document.text.index("The ferry company moved")
    quote = document.text[start : start + 20]
    cited = [Citation(1, source, "", start, start + 20, quote, "quoted", 1.0)]
    assert lay_out(document, cited, 1).byline == f"Ann Oake, p. {page}"
    assert lay_out(replace(document, pages=()), cited, 1).byline == "Ann Oake"


def test_the_page_of_an_offset_is_that_of_the_last_page_begun():
    document = Document(Source("d", "a.pdf", "A"), "x" * 30, (), (0, 10, 10, 20))
    found = [document.page_at(offset) for offset in (0, 9, 10, 19, 20, 29)]
    assert found == [1, 1, 3, 3, 4, 4]
    assert replace(document, pages=()).page_at(5) is None


def test_a_sentence_without_pages_has_none():
    passage = Passage("p", "d", 0, 1, "x", "", (Span(0, 1),))
    assert passage.page_of(0) is None
    assert replace(passage, pages=(4,)).page_of(0) == 4


def test_page_numbers_are_told_once_each_and_in_order():
    assert page_numbers([5, None, 3, 5]) == "pp. 3, 5"
    assert page_numbers([7]) == "p. 7"
    assert page_numbers([None]) == ""
    assert page_numbers([7], "a.pptx") == "slide 7"
    assert page_numbers([7, 9], "b.xlsx#Towns") == "rows 7, 9"
    assert page_numbers([7], "a.csv.pdf") == "p. 7"
