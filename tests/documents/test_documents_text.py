"""Plain text off the web and out of PDFs: lines, hyphens, headings, furniture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents import SeedFile, load_documents
from qa.documents.load import parse_text
from qa.documents.metadata import iso_date
from qa.documents.plain import clean, parse_plain

LONG = (
    "The ferry company moved its winter timetable to the southern pier because the "
    "harbour freezes, and the fishermen who keep their boats there opposed the move."
)
OTHER = (
    "Nobody asked the sailing clubs, which use the old pier in summer and store their "
    "boats there in winter, what they thought of the plan or of its many costs."
)
LAST = (
    "In the end the council paid for a cold store, the fishermen agreed, and the first "
    "winter ferry left the southern pier two years later than it had promised."
)
BUTTONS = "\n\nShare on Facebook\n\nShare on Twitter\n\nSubscribe now"
"""What shows that a text was copied off a page."""


def load(text, file="a.txt"):
    (document,) = load_documents(SeedFile(file, text.encode(), "unused"))
    return document


def headings(document):
    return [document.text[h.start : h.end] for h in document.headings]


# Cleaning


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)
    assert clean(once) == once


@given(st.text())
def test_cleaned_text_can_be_encoded_and_holds_no_control_characters(text):
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & set("\r\x00\u200b\ufeff\u202e\u00ad")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "é"),
        ("in\u00advisible", "invisible"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tab\tstays", "tab\tstays"),
        ("right\u202eleft", "rightleft"),
    ],
)
def test_cleaning(raw, expected):
    assert clean(raw) == expected


# Lines and hyphens


def paragraphs(text):
    return [block.text for block in parse_plain(text) if block.kind == "paragraph"]


def test_hard_wrapped_lines_are_joined_into_one_paragraph():
    assert paragraphs("\n".join(_at_words(LONG, 40))) == [LONG]


def _at_words(text, width):
    line = ""
    for word in text.split():
        if len(line) + len(word) >= width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("increas-\ningly", "increasingly"),
        ("five-\nyear", "five-year"),
        ("Russian-\nChinese", "Russian-Chinese"),
        ("Chi-\nnese", "Chinese"),
        pytest.param("3-\n5", "3-5"),
        ("in\u00ad\nvestment", "investment"),
        ("in\u2010\nvestment", "investment"),
    ],
)
def test_words_broken_at_a_line_end_are_joined_as_they_are_written(broken, mended):
    lines = list(_at_words(LONG, 40))
    text = "\n".join([*lines[:-1], f"and {broken} so", lines[-1]])
    assert f"and {mended} so" in " ".join(paragraphs(clean(text)))


def test_a_page_break_in_mid_sentence_does_not_end_the_paragraph():
    lines = list(_at_words(LONG, 40))
    text = "\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:])
    assert paragraphs(text) == [LONG]


def test_web_text_keeps_one_paragraph_a_line():
    assert paragraphs(f"{LONG}\n{OTHER}\n\n{LAST}") == [LONG, OTHER, LAST]


@given(st.lists(st.sampled_from([LONG, OTHER, LAST]), min_size=1, max_size=5))
def test_clean_paragraphs_come_out_as_they_went_in(texts):
    assert paragraphs("\n\n".join(texts)) == texts


@given(st.text("ab -.\n", max_size=200))
def test_plain_text_loses_no_letter(text):
    letters = "".join(block.text for block in parse_plain(text))
    assert sorted(letters.replace("-", "").replace(" ", "")) == sorted(
        text.replace("-", "").replace(" ", "").replace("\n", "")
    )


# Headings


def test_headings_are_found_and_the_first_one_is_the_title():
    document = load(f"The winter ferry\n\n{LONG}\n\nWho paid\n\n{LAST}")
    assert document.source.title == "The winter ferry"
    assert headings(document) == ["The winter ferry", "Who paid"]
    assert [heading.level for heading in document.headings] == [1, 2]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_numbered_line_above_prose_is_its_heading(wrapped):
    text = "\n".join(_at_words(LONG, 40)) if wrapped else LONG
    lines = f"Report\nfor the year\n\n1. General\n\n{text}\n\n2. Staff\n\n{text}\n"
    blocks = parse_plain(lines)
    heads = [block.text for block in blocks if block.kind == "heading"]
    assert heads[-2:] == ["1. General", "2. Staff"]
    assert [block.text for block in blocks].count(LONG) == 2


@pytest.mark.parametrize(
    "items",
    [
        ["1. Oil", "2. A wick"],
        ["1. Oil", "2. Fill the lamp.", "3. Light it."],
        ["1. Oil", f"2. {LONG}"],
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numbered_lines_of_a_list_are_items_though_prose_follows(items, between):
    blocks = parse_plain(f"Plan\n\n{OTHER}\n\n{between.join(items)}\n\n{OTHER}\n")
    assert [b.text for b in blocks if b.kind == "item"] == items


def test_one_numbered_line_below_a_colon_is_an_item():
    blocks = parse_plain(f"Plan\n\n{OTHER}\n\nYou need:\n\n1. A lamp\n\n{LONG}\n")
    assert ("item", "1. A lamp") in [(block.kind, block.text) for block in blocks]


def test_a_title_in_capitals_is_shown_in_title_case_and_kept_in_the_text():
    document = load(f"THE FERRY OF NATO\n\n{LONG} NATO paid.")
    assert document.source.title == "The Ferry of NATO"
    assert document.text.startswith("THE FERRY OF NATO\n\n")


@pytest.mark.parametrize("line", ["It was cold.", "and so on", "- a point", "see:"])
def test_lines_that_are_no_headings(line):
    assert parse_plain(f"{line}\n\n{LONG}")[0].kind != "heading"


@pytest.mark.parametrize(
    "lines",
    [
        ["Norway 3", "Sweden 2", "Finland 1"],
        ["Where is the key?", "Under the mat", "Who has it?", "Nobody"],
        ["Harbour Office", "5 Pier Street", "Lindesund"],
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_lines_of_a_list_are_text_and_no_headings(lines, between):
    document = load(f"The winter ferry\n\n{LONG}\n\n{between.join(lines)}\n\n{LAST}")
    assert headings(document) == ["The winter ferry"]
    assert all(line in document.text for line in lines)


def test_the_first_line_is_the_title_of_a_list_too_and_a_dateline_is_no_heading():
    lines = "\n\n".join(f"The pilots wait by night {n}" for n in "abcde")
    document = load(f"The Song\nof Pilots\n\n{lines}\n\n{LONG}".replace("\n", " ", 1))
    assert document.source.title == "The Song of Pilots"
    document = load(f"The Fund\n\nBy Ann Lee\n12 January 2023\n\n{LONG} {OTHER}")
    assert headings(document) == ["The Fund"]


def test_a_heading_with_nothing_below_it_is_text_that_can_be_searched():
    document = load(
        f"# A story\n\n{LONG}\n\n## One\n\n## Two\n\n{LAST}\n\n## Three", "a.md"
    )
    assert headings(document) == ["A story", "Two"]
    assert document.text.endswith("Three")


# Furniture


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Share on facebook"),
        "Print",
        "Sign in to comment",
        "Subscribe",
        "Online Access £14.00",
        "Digital download €9.99 (Inc VAT if applicable)",
        "Kindle UK >",
        "Also available in Kindle and iPad format:",
        "Photo: A. Nobody CC BY 4.0",
        "A pier in winter. Image: Nobody / Agency",
        "© 2020 Somebody",
        "5 min read",
        "Skip to content",
        "Table of Contents",
        "*   *   *",
        "Page 3 of 9",
    ],
)
def test_a_line_of_furniture_goes_only_where_others_show_a_page(line):
    text = f"The winter ferry\n\n{LONG}\n\n{line}\n\n{OTHER}"
    assert " ".join(line.split()) in load(text).text
    parsed = parse_text(SeedFile("a.txt", (text + BUTTONS).encode(), "unused"))
    assert parsed.documents[0].text == f"The winter ferry\n\n{LONG}\n\n{OTHER}"
    left = [part.text for part in parsed.left_out]
    assert left == [" ".join(line.split()), *BUTTONS.strip().split("\n\n")]
    assert {part.where for part in parsed.left_out} == {"a.txt"}


@pytest.mark.parametrize(
    "heading",
    [
        "Recent Posts",
        "Latest Posts",
        "Related articles",
        "Stay in Contact",
        "You may also like",
        "Choose Your Subscription Topics",
        "Explore our related content",
    ],
)
def test_what_follows_a_tail_heading_goes_only_on_a_page(heading):
    text = f"The winter ferry\n\n{LONG}\n\n{OTHER}\n\n{LONG}\n\n{OTHER}"
    below = f"\n\n{heading}\n\n{LAST}"
    assert LAST in load(text + below).text
    assert load(text + BUTTONS + below).text == text


@pytest.mark.parametrize(
    "line",
    [
        "The ferry cost the town £14",
        "He read the sign: »Closed in winter«",
        "More on this later",
        "Recommended reading for sailors",
        "You may also cross on foot",
        "Comment",
    ],
)
def test_one_line_that_looks_like_a_label_does_not_end_a_book(line):
    text = f"The winter ferry\n\n{LONG}\n\n{line}\n\n" + f"{OTHER} {LAST}\n\n" * 50
    parsed = parse_text(SeedFile("a.txt", text.encode(), "unused"))
    assert parsed.left_out == ()
    assert line in parsed.documents[0].text


def test_entries_of_a_list_that_resemble_each_other_stay():
    lines = [
        f"The harbour of the island number {n} in winter, by boat" for n in "ABCDE"
    ]
    text = f"The winter ferry\n\n{LONG}\n\n" + "\n\n".join(lines) + f"\n\n{LAST}"
    assert all(line in load(text).text for line in lines)


def test_a_tail_heading_before_most_of_the_prose_does_not_cut_the_article():
    document = load(f"The winter ferry\n\nRecent Posts\n\n{LONG}\n\n{OTHER}")
    assert LONG in document.text
    assert OTHER in document.text


@pytest.mark.parametrize(
    "sentence",
    [
        "They share on facebook what they would never say to each other at home.",
        "The subscription cost him £14 a year, which he paid until he died.",
        "Recent posts along the border were abandoned when the snow came.",
        "Home is where the ferry lands.",
        "Cookies were sold on the pier.",
    ],
)
def test_prose_that_speaks_of_such_things_stays(sentence):
    assert sentence in load(f"The winter ferry\n\n{LONG}\n\n{sentence}\n\n{LAST}").text


def test_a_pull_quote_goes_and_the_sentence_it_was_lifted_from_stays():
    quote = "the fishermen who keep their boats there opposed the move"
    text = f"The winter ferry\n\n{LONG}\n\n{quote}\n\n{OTHER}"
    assert load(text + BUTTONS).text.count(quote) == 1
    assert load(text).text.count(quote) == 2


def test_a_doubled_caption_goes_with_its_credit():
    caption = "The pier: the first ferry of the winter leaves for the islands in 1989"
    document = load(
        f"The winter ferry\n\n{caption}\n\n{caption}. Image: Nobody / Agency\n\n{LONG}"
        + BUTTONS
    )
    assert document.text == f"The winter ferry\n\n{LONG}"


# What a page states about its article


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("By Ann Lee", "authors", ("Ann Lee",)),
        ("By Ann Lee and Bo van Dyk", "authors", ("Ann Lee", "Bo van Dyk")),
        (
            "By Ann Lee, Bo Chan, and Cy Fox",
            "authors",
            ("Ann Lee", "Bo Chan", "Cy Fox"),
        ),
        (
            "Ann Lee is a Senior Fellow at the IAB.\n\nBo Chan is an editor of it.",
            "authors",
            ("Ann Lee", "Bo Chan"),
        ),
        ("Ann Lee is a Senior Fellow at the IAB.", "publisher", "IAB"),
        (
            "This article originally appeared in The Pier Post on March 22, 2016.",
            "publisher",
            "The Pier Post",
        ),
        (
            "This article originally appeared in The Pier Post on March 22, 2016.",
            "published",
            "2016-03-22",
        ),
        (
            "The views are the author’s and not those of HARBOUR or any other body.",
            "publisher",
            "HARBOUR",
        ),
        ("Published: 3 May 2011", "published", "2011-05-03"),
        ("February-March 2017", "published", "2017-02"),
    ],
)
def test_stated_metadata_is_found(lines, field, value):
    document = load(f"The winter ferry\n\n{LONG}\n\n{LAST}\n\n{lines}")
    assert getattr(document.source, field) == value


def test_names_with_their_degrees_below_the_text_are_no_authors():
    document = load("\n\n".join(["The winter ferry", *[LONG] * 9, "Ann Oake, PhD"]))
    assert document.source.authors == ()


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Ann Oake, PhD", ("Ann Oake",)),
        ("Ann Oake, MPH Bo H. Lind, MS, ScD", ("Ann Oake", "Bo H. Lind")),
        ("Ann Oake, MD Bo Lind, PhD Centre for Lamps, CFL", ("Ann Oake", "Bo Lind")),
        ("Ann Oake, MD, and Bo Lind, PhD", ("Ann Oake", "Bo Lind")),
        ("Ann Oake, MSc; and Bo Lind, MPH", ("Ann Oake", "Bo Lind")),
        ("New Velmar, MS Old Norr, CA", ()),
        ("Old Norr, NV, USA", ()),
        ("Lamp Council, NATO", ()),
        ("Ann Oake, PhD, spoke of lamps.", ()),
        ("Ann Oake, MPhil, spoke of lamps.", ()),
        ("Ann Oake, who keeps lamps, PhD", ()),
    ],
)
def test_names_with_their_degrees_below_the_title_are_the_authors(line, authors):
    document = load(f"The winter ferry\n\n{line}\n\n{LONG}\n\n{LAST}")
    assert document.source.authors == authors


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee is a Senior Fellow at the IAB, they said.",
        "The study was published by Google on March 22, 2016.",
        "By Ann Lee the harbour was never mentioned.",
        "March 2016",
    ],
)
def test_what_stands_in_the_middle_of_an_article_says_nothing_of_the_article(line):
    before = "\n\n".join(f"{LONG} {n}." for n in range(9))
    after = "\n\n".join(f"{OTHER} {n}." for n in range(9))
    source = load(f"The winter ferry\n\n{before}\n\n{line}\n\n{after}").source
    assert (source.authors, source.publisher, source.published) == ((), "", "")


@pytest.mark.parametrize(
    "line",
    [
        "Marie Curie was a professor at the IAB.",
        "Published as a conference paper at ICLR 2023 1",
        "BY MARKET CAPITALISATION MEDI AND OTHERS",
    ],
)
def test_a_line_at_the_head_that_states_something_else_is_no_metadata(line):
    text = "\n\n".join(f"{LONG} {n}." for n in range(9))
    source = load(f"The winter ferry\n\n{line}\n\n{text}").source
    assert source.authors == ()


def test_nothing_is_guessed_where_nothing_is_stated():
    source = load(f"The winter ferry\n\n{LONG}\n\n{LAST}").source
    assert (source.authors, source.publisher, source.published, source.url) == (
        (),
        "",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-03-22", "2016-03-22"),
        ("2016-03", "2016-03"),
        ("2016", "2016"),
        ("March 22, 2016", "2016-03-22"),
        ("22nd March 2016", "2016-03-22"),
        ("March 2016", "2016-03"),
        ("February–March 2017", "2017-02"),
        ("29 February 2016", "2016-02-29"),
        ("30 February 2016", ""),
        ("May", ""),
        ("no date at all", ""),
        ("", ""),
    ],
)
def test_dates_keep_their_own_precision(text, expected):
    assert iso_date(text) == expected


@given(st.text(max_size=30))
def test_any_text_gives_a_date_or_nothing(text):
    assert len(iso_date(text)) in {0, 4, 7, 10}


@pytest.mark.parametrize("text", ["2023-13", "2023-02-30", "2023-00-00", "٢٠٢٣"])
def test_a_date_that_is_in_no_calendar_is_no_date(text):
    assert iso_date(text) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ann wrote:\n> It froze.\n> Nobody sailed.\n\nI saw it.", "It froze."),
        ("Ann wrote:\n\n> > It froze.\n>\n> Not so.\n\nI saw it.", "It froze."),
        ("Ann wrote:\n>It froze.\n\nI saw it.", "It froze."),
    ],
)
def test_the_marks_of_what_is_quoted_are_not_said(text, told):
    said = [block.text for block in parse_plain(f"{text}\n")]
    assert told in "\n".join(said)
    assert ">" not in "".join(said)


@pytest.mark.parametrize("line", ["It froze if ice\n> 5 cm thick lay on it.", "a => b"])
def test_a_sign_that_quotes_nothing_stays(line):
    assert ">" in "".join(block.text for block in parse_plain(f"{line}\n"))


def test_named_marks_of_notes_leave_the_text():
    (document,) = load_documents(
        SeedFile("a.txt", b"It froze.[^2] So they say.\n\n[^2]: Oake.\n", "unused")
    )
    assert document.text == "It froze. So they say.\n\nOake."
