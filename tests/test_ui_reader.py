"""The source panel: the whole article, exactly the quoted words marked."""

from dataclasses import replace

import pytest
from fakes import Library, article
from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Citation, Document, Heading, Source, Span
from qa.ui.reader import Shown, lay_out, open_citation

TEXT = "A title\n\nOne line.\nSame paragraph.\n\nPart two\n\nLast words here."
SOURCE = Source("d", "a.md", "A title", ("Ann Lee",), "", "2017", "https://x.example/a")
DOCUMENT = Document(SOURCE, TEXT, (Heading(0, 7, 1), Heading(36, 44, 2)))
ANSWER = "0a" * 8


def cite(start, end, source=SOURCE):
    return Citation(1, source, "", start, end, TEXT[start:end], "quoted", 1.0)


def marked(page):
    """The marked text of each block that has any."""
    blocks = [
        "".join(run["text"] for run in block["runs"] if run["marked"])
        for block in page["blocks"]
    ]
    return [text for text in blocks if text]


def answering(page):
    runs = [run for block in page["blocks"] for run in block["runs"]]
    return [run["text"] for run in runs if run["answers"]]


def test_the_article_is_laid_out_in_headings_and_paragraphs_under_its_title():
    page = lay_out(DOCUMENT, Span(9, 18))
    assert (page["title"], page["byline"]) == ("A title", "Ann Lee, 2017")
    assert page["url"] == "https://x.example/a"
    texts = [
        (block["level"], "".join(run["text"] for run in block["runs"]))
        for block in page["blocks"]
    ]
    assert texts == [
        (0, "One line.\nSame paragraph."),
        (2, "Part two"),
        (0, "Last words here."),
    ]


def test_the_quoted_words_and_no_others_are_marked():
    assert marked(lay_out(DOCUMENT, Span(9, 18))) == ["One line."]


def test_a_quote_over_several_blocks_is_marked_in_each():
    start, end = TEXT.index("Same"), TEXT.index(" words")
    assert marked(lay_out(DOCUMENT, Span(start, end))) == [
        "Same paragraph.",
        "Part two",
        "Last",
    ]


def test_the_words_that_answer_stand_out_in_the_quote():
    page = lay_out(DOCUMENT, Span(9, 18), Span(13, 17))
    assert answering(page) == ["line"]
    assert marked(page) == ["One line."]
    assert answering(lay_out(DOCUMENT, Span(9, 18))) == []


def test_a_quoted_title_is_shown_and_marked():
    assert marked(lay_out(DOCUMENT, Span(0, 7))) == ["A title"]


def test_an_address_that_is_no_web_page_is_not_offered():
    source = replace(SOURCE, url="javascript:pwn(1)")
    assert lay_out(replace(DOCUMENT, source=source), Span(0, 1))["url"] == ""


@given(st.text(alphabet="ab .\n\u2028é", max_size=60), st.data())
def test_nothing_of_the_text_is_lost_and_the_marks_are_the_quote(text, data):
    end = data.draw(st.integers(0, len(text)))
    start = data.draw(st.integers(0, end))
    page = lay_out(Document(replace(SOURCE, title="?"), text), Span(start, end))
    shown = [run["text"] for block in page["blocks"] for run in block["runs"]]
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
    shown = Shown()
    shown.remember(ANSWER, (citation,))
    page = open_citation(f"{ANSWER}-1", shown, index)
    assert page["error"] == ""
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
    shown = Shown()
    shown.remember(ANSWER, (citation,))
    page = open_citation(key, shown, index)
    assert "no longer kept" in page["error"]
    assert page["blocks"] == []


def test_an_article_that_changed_meanwhile_is_named(built):
    library, index, citation = built
    shown = Shown()
    shown.remember(ANSWER, (citation,))
    library.write("lamp.md", article("wick"))
    library.build()
    assert "lamp.md has changed" in open_citation(f"{ANSWER}-1", shown, index)["error"]


def test_an_index_that_is_gone_is_told_in_one_line(tmp_path, built):
    _, _, citation = built
    shown = Shown()
    shown.remember(ANSWER, (citation,))
    page = open_citation(f"{ANSWER}-1", shown, Library(tmp_path / "none").open())
    assert "qa build" in page["error"]


def test_the_oldest_answers_are_forgotten():
    shown = Shown(limit=2)
    for name in ("0a" * 8, "0b" * 8, "0c" * 8):
        shown.remember(name, (cite(0, 7),))
    assert shown.find(f"{'0a' * 8}-1") is None
    assert shown.find(f"{'0c' * 8}-1") == cite(0, 7)
