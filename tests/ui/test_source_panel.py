"""The source panel: the whole article, exactly the quoted words marked."""

from dataclasses import replace

import pytest
from fakes import Library, article
from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Citation, Document, Heading, Source, Span, Table
from qa.ui.page.conversation import Exchange
from qa.ui.panels.source_panel import (
    QuoteLink,
    TableBlock,
    lay_out,
    open_citation,
    preview_citation,
)
from qa.ui.server.recent_answers import RecentAnswers

TEXT = "A title\n\nOne line.\nSame paragraph.\n\nPart two\n\nLast words here."
SOURCE = Source("d", "a.md", "A title", ("Ann Lee",), "", "2017", "https://x.example/a")
DOCUMENT = Document(SOURCE, TEXT, (Heading(0, 7, 1), Heading(36, 44, 2)))
ANSWER = "0a" * 8


def cite(start, end, source=SOURCE, number=1):
    quote = TEXT[start:end]
    return Citation(number, source, "", start, end, quote, "quoted", 1.0)


def laid_out(document, quote, answer=None):
    """The article with one quote marked."""
    cited = replace(
        cite(quote.start, quote.end, document.source), answer=answer, quote=""
    )
    return lay_out(document, [cited], 1)


def keeping(*citations, answer=ANSWER):
    answers = RecentAnswers()
    answers.remember(Exchange(answer, "Why?", citations=citations))
    return answers


def marked(page, number=1):
    """The marked text of each block that has any."""
    blocks = [
        "".join(run.text for run in block.runs if run.quote == number)
        for block in page.blocks
    ]
    return [text for text in blocks if text]


def answering(page):
    runs = [run for block in page.blocks for run in block.runs]
    return [run.text for run in runs if run.answers]


def test_the_article_is_laid_out_in_headings_and_paragraphs_under_its_title():
    page = laid_out(DOCUMENT, Span(9, 18))
    assert (page.title, page.byline) == ("A title", "Ann Lee, 2017")
    assert page.url == "https://x.example/a"
    texts = [
        (block.level, "".join(run.text for run in block.runs)) for block in page.blocks
    ]
    assert texts == [
        (0, "One line.\nSame paragraph."),
        (2, "Part two"),
        (0, "Last words here."),
    ]


def test_the_quoted_words_and_no_others_are_marked():
    assert marked(laid_out(DOCUMENT, Span(9, 18))) == ["One line."]


def test_a_quote_over_several_blocks_is_marked_in_each():
    start, end = TEXT.index("Same"), TEXT.index(" words")
    assert marked(laid_out(DOCUMENT, Span(start, end))) == [
        "Same paragraph.",
        "Part two",
        "Last",
    ]


def test_the_words_that_answer_stand_out_in_the_quote():
    page = laid_out(DOCUMENT, Span(9, 18), Span(13, 17))
    assert answering(page) == ["line"]
    assert marked(page) == ["One line."]
    assert answering(laid_out(DOCUMENT, Span(9, 18))) == []


def test_a_quoted_title_is_shown_and_marked():
    assert marked(laid_out(DOCUMENT, Span(0, 7))) == ["A title"]


def test_an_address_that_is_no_web_page_is_not_offered():
    source = replace(SOURCE, url="javascript:pwn(1)")
    assert laid_out(replace(DOCUMENT, source=source), Span(0, 1)).url == ""


@given(st.text(alphabet="ab .\n\u2028é", max_size=60), st.data())
def test_nothing_of_the_text_is_lost_and_the_marks_are_the_quote(text, data):
    end = data.draw(st.integers(0, len(text)))
    start = data.draw(st.integers(0, end))
    page = laid_out(Document(replace(SOURCE, title="?"), text), Span(start, end))
    shown = [run.text for block in page.blocks for run in block.runs]
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert "".join("".join(marked(page)).split()) == "".join(text[start:end].split())


@pytest.fixture
def built(tmp_path):
    library = Library(tmp_path)
    library.write("lamp.md", article("lamp"))
    library.build()
    index = library.open()
    with index.snapshot() as snapshot:
        (source,) = snapshot.sources()
        text = snapshot.document(source.id).text
    return library, index, Citation(1, source, "", 0, 9, text[:9], "quoted", 1.0)


def test_a_citation_opens_its_article(built):
    _, index, citation = built
    answers = keeping(citation)
    page = open_citation(f"{ANSWER}-1", answers, index)
    assert page.error == ""
    assert marked(page) == [citation.quote]


@pytest.mark.parametrize(
    "key",
    [
        f"{ANSWER}-2",
        f"{'0b' * 8}-1",
        f"{ANSWER}-99999999999999999999",
        f"{ANSWER}-１",
        "../../etc/passwd",
        "",
        None,
        7,
        ["x"],
        {"a": 1},
    ],
)
def test_a_key_that_names_no_citation_is_an_error_and_nothing_else(built, key):
    _, index, citation = built
    answers = keeping(citation)
    page = open_citation(key, answers, index)
    assert "no longer kept" in page.error
    assert page.blocks == ()


def test_an_article_that_changed_meanwhile_is_named(built):
    library, index, citation = built
    answers = keeping(citation)
    library.write("lamp.md", article("wick"))
    library.build()
    assert "lamp.md has changed" in open_citation(f"{ANSWER}-1", answers, index).error


def test_an_index_that_is_gone_is_told_in_one_line(tmp_path, built):
    _, _, citation = built
    answers = keeping(citation)
    page = open_citation(f"{ANSWER}-1", answers, Library(tmp_path / "none").open())
    assert "qa build" in page.error


def test_the_other_quotes_of_the_answer_are_marked_with_their_own_numbers():
    words, other = TEXT.index("Last words"), Source("e", "b.md", "B")
    cited = [cite(9, 18), cite(words, words + 10, number=2), cite(0, 7, other, 3)]
    page = lay_out(DOCUMENT, cited, 2)
    assert (marked(page, 1), marked(page, 2)) == (["One line."], ["Last words"])
    assert marked(page, 3) == []
    assert page.number == 2


@pytest.mark.parametrize(("opened", "other"), [(1, 2), (2, 1)])
def test_where_quotes_overlap_the_opened_one_is_whole(opened, other):
    page = lay_out(DOCUMENT, [cite(9, 18), cite(13, 34, number=2)], opened)
    whole = {1: "One line.", 2: "line.\nSame paragraph."}
    assert marked(page, opened) == [whole[opened]]
    assert marked(page, other) != [whole[other]]


def test_an_opened_citation_lists_all_quotes_of_its_answer(built):
    _, index, citation = built
    elsewhere = cite(0, 7, Source("e", "b.md", "B"), 2)
    page = open_citation(f"{ANSWER}-1", keeping(citation, elsewhere), index)
    title = citation.document.title
    assert page.quotes == (
        QuoteLink(f"{ANSWER}-1", 1, title, here=True),
        QuoteLink(f"{ANSWER}-2", 2, "B", here=False),
    )


def test_the_card_shows_the_quote_what_answers_in_it_and_its_source():
    cited = replace(cite(9, 18), answer=Span(13, 17), heading="Part two", page=3)
    card = preview_citation(f"{ANSWER}-1", keeping(cited))
    assert (card.before, card.answer, card.after) == ("One ", "line", ".")
    assert card.title == "A title"
    assert card.byline == "Ann Lee, 2017 · Part two · p. 3"
    assert "word for word" in card.verdict
    assert card.error == ""


def test_a_card_without_known_answer_is_the_whole_quote():
    card = preview_citation(f"{ANSWER}-1", keeping(cite(9, 18)))
    assert (card.before, card.answer, card.after) == ("One line.", "", "")


@pytest.mark.parametrize("key", [None, "", f"{ANSWER}-9", "../x"])
def test_a_card_of_nothing_says_so(key):
    assert "no longer kept" in preview_citation(key, keeping(cite(9, 18))).error


def table_page(lines, quoted, heads=("Port", "2020"), *, labelled=True, head_rows=0):
    """The page of an article that is a table, with one line quoted."""
    text = "\n\n".join(("Before.", *lines, "After."))
    tables = (Table(9, len(text) - 8, heads, labelled, head_rows),)
    document = Document(SOURCE, text, tables=tables)
    start = text.index(quoted)
    return laid_out(document, Span(start, start + len(quoted)))


def cells(table):
    return [["".join(run.text for run in cell) for cell in row] for row in table.rows]


def test_a_table_is_drawn_with_the_cells_of_the_quoted_row_marked():
    lines = ["Port: Velmar; 2020: 41", "Port: Ostrel", "Port: Maar; 2020: 3"]
    page = table_page(lines, lines[2])
    before, table, after = page.blocks
    assert (before.runs[0].text, after.runs[0].text) == ("Before.", "After.")
    assert table.heads == ("Port", "2020")
    assert cells(table) == [["Velmar", "41"], ["Ostrel", ""], ["Maar", "3"]]
    marks = [[[run.quote for run in cell] for cell in row] for row in table.rows]
    assert marks == [[[0], [0]], [[0], []], [[1], [1]]]


def test_heads_that_stand_in_the_text_are_not_shown_twice_unless_quoted():
    lines = ["Port | 2020", "Velmar | 41", "Ostrel | 12"]
    shown = table_page(lines, "Velmar | 41", labelled=False, head_rows=1).blocks[1]
    assert cells(shown) == [["Velmar", "41"], ["Ostrel", "12"]]
    quoted = table_page(lines, "Port | 2020", labelled=False, head_rows=1).blocks[1]
    assert cells(quoted)[0] == ["Port", "2020"]
    alone = table_page(lines[:1], "Before.", labelled=False, head_rows=1).blocks[1]
    assert (alone.heads, cells(alone)) == ((), [["Port", "2020"]])


def test_of_a_long_table_the_rows_around_the_quote_are_shown():
    lines = [f"Port: P{number}; 2020: {number}" for number in range(1000)]
    found = cells(table_page(lines, lines[500]).blocks[1])
    assert found[0] == ["… 400 rows …"]
    assert found[1][0] == "P400"
    assert found[-2][0] == "P600"
    assert found[-1] == ["… 399 rows …"]
    short = cells(table_page(lines[:400], lines[0]).blocks[1])
    assert len(short) == 400
    assert isinstance(table_page(lines, "Before.").blocks[1], TableBlock)
