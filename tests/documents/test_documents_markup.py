"""Markdown with front matter, and JSON Lines."""

import json

import pytest

from qa.documents import SeedFile, load_documents
from qa.documents.markdown import is_markdown
from qa.errors import SeedError
from qa.schema import Heading


def load(file, text):
    return load_documents(SeedFile(file, text.encode(), "unused"))


def headings(document):
    return [(document.text[h.start : h.end], h.level) for h in document.headings]


def test_front_matter_is_the_source_of_the_document():
    (document,) = load(
        "a.md",
        "---\ntitle: 'The ferry: a story'\nauthors: [Ann Lee, ' Bo Chan ']\n"
        "publisher: Pier Post\ndate: 2016-03-22\nurl: https://example.org/a\n"
        "ignored: {anything: goes}\n---\n\nIt froze every winter.\n",
    )
    source = document.source
    assert source.file == "a.md"
    assert source.title == "The ferry: a story"
    assert source.authors == ("Ann Lee", "Bo Chan")
    assert source.publisher == "Pier Post"
    assert source.published == "2016-03-22"
    assert source.url == "https://example.org/a"
    assert document.text == "The ferry: a story\n\nIt froze every winter."
    assert document.headings == (Heading(0, 18, 1),)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("Ann Lee", ("Ann Lee",)), ("", ()), ("[A B, C D]", ("A B", "C D")), ("[]", ())],
)
def test_authors_are_one_or_many(stated, expected):
    (document,) = load("a.md", f"---\nauthors: {stated}\n---\nThe text.")
    assert document.source.authors == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("author: Ann Lee", (("Ann Lee",), "", "")),
        ("by: Ann Lee and Bo Chan", (("Ann Lee", "Bo Chan"), "", "")),
        ("byline: Ann Lee, Bo Chan", (("Ann Lee", "Bo Chan"), "", "")),
        ("author: Lee, Ann", (("Lee, Ann",), "", "")),
        ("author: {name: Ann Lee}", (("Ann Lee",), "", "")),
        ("author: [{name: Ann Lee}, Bo Chan]", (("Ann Lee", "Bo Chan"), "", "")),
        ("author: Bo Chan\nauthors: Ann Lee", (("Ann Lee",), "", "")),
        ("publication: Pier Post", ((), "Pier Post", "")),
        ("journal: Pier Post", ((), "Pier Post", "")),
        ("magazine: Pier Post", ((), "Pier Post", "")),
        ("outlet: Pier Post", ((), "Pier Post", "")),
        ("publication: {name: Pier Post}", ((), "Pier Post", "")),
        ("pubdate: 2016-03", ((), "", "2016-03")),
        ("publish_date: 2016-03", ((), "", "2016-03")),
        ("publishDate: 2016-03", ((), "", "2016-03")),
        ("published: true", ((), "", "")),
    ],
)
def test_front_matter_has_the_names_that_people_give_it(front, expected):
    (document,) = load("a.md", f"---\n{front}\n---\nThe text.")
    stated = document.source
    assert (stated.authors, stated.publisher, stated.published) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("2016", "2016"), ("2016-03", "2016-03"), ("March 2016", "2016-03"), ("", "")],
)
def test_a_stated_date_keeps_its_precision(stated, expected):
    (document,) = load("a.md", f"---\ndate: {stated}\n---\nThe text.")
    assert document.source.published == expected


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: a: b: c", "not valid YAML .line"),
        ("title: [unclosed", "not valid YAML"),
        ("title: !!python/object/apply:os.system ['x']", "not valid YAML"),
        ("title: [a, b]", "title: "),
        ("title: {a: b}", "title: "),
        ("publication: {a: b}", "publication: "),
        ("author: {a: b}", "author"),
        ("authors: {a: b}", "authors"),
        ("date: some day", "date: 'some day' is no date"),
        ("url: javascript:alert(1)", "url: only http and https"),
        ("url: file:///etc/passwd", "url: only http and https"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused_with_its_key(front, reason):
    with pytest.raises(SeedError, match=rf"^a\.md: .*{reason}"):
        load("a.md", f"---\n{front}\n---\nThe text.")


@pytest.mark.parametrize(
    "above",
    [
        "---\nThe harbour: a story of ice.\n\nIt froze.\n---\n",
        "---\nIt froze: nobody sailed.\n---\n",
        "---\n\nA first part.\n\n---\n",
        "***\n\nA first part.\n\n---\n",
    ],
)
def test_text_between_two_rules_is_no_front_matter(above):
    (document,) = load("a.md", f"{above}\nThe second part.\n")
    words = [word for word in above.split() if word[0].isalpha()]
    assert all(word in document.text for word in words)
    assert not document.headings
    assert document.text.endswith("The second part.")


def test_front_matter_may_hold_comments_lists_and_blocks():
    front = "# who\nauthors:\n  - Ann Lee\n  - Bo Chan\nnote: |\n  two\n\n  lines\n"
    (document,) = load("a.md", f"---\n{front}...\nThe text.")
    assert document.source.authors == ("Ann Lee", "Bo Chan")
    assert document.text == "The text."


def test_markdown_becomes_plain_words_with_its_headings():
    (document,) = load(
        "a.md",
        "# The *winter* ferry\n\nIt **froze** [every](http://x.org) `winter`\n"
        "in 1987.\n\n"
        "## Who `paid`\n\n- The council\n- Nobody else\n\n"
        "| who | what |\n|---|---|\n| Ann | pier |\n\n"
        "<script>alert(1)</script>\n\n> Quoted words.\n\n```\nSome  code.\n```\n",
    )
    assert headings(document) == [("The winter ferry", 1), ("Who paid", 2)]
    assert "It froze every winter in 1987." in document.text
    for words in ("The council", "Nobody else", "Ann", "Quoted words.", "Some code."):
        assert words in document.text
    for marks in ("*", "`", "http", "script", "|", "  "):
        assert marks not in document.text


def test_a_row_of_a_table_is_one_line_with_its_heads():
    table = "| Port | 2019 | |\n|---|--:|---|\n| Velmar | 41.2 | a |\n| | 7 | |\n"
    (document,) = load("a.md", f"# Ports\n\nSome text.\n\n{table}\nMore.\n")
    assert document.text.split("\n\n")[2:] == [
        "Port: Velmar; 2019: 41.2; a",
        "2019: 7",
        "More.",
    ]


def test_marks_of_notes_leave_the_sentence_and_powers_stay():
    (document,) = load(
        "a.md",
        "# Cells\n\nIt counts 800<sup>3</sup> cells[^1] of H<sub>2</sub>O.[^b]\n\n"
        "[^1]: Says Ann.\n[^b]: Bo\n",
    )
    assert document.text.split("\n\n")[1:] == [
        "It counts 800³ cells of H₂O.",
        "Says Ann.",
        "Bo",
    ]


CODE = "# light the lamp\nlamp --oil 3 \\\n   --wick new\nif (lit) {\n  wait();\n}\n"
PROSE = "The lamp of the pier is lit by hand at\ndusk, as it was a hundred years\nago."
LINES = ["# light the lamp", "lamp --oil 3 --wick new", "if (lit) {", "wait(); }"]


@pytest.mark.parametrize(
    "block", [f"```sh\n{CODE}```", CODE.replace("\n", "\n    ").join(["    ", ""])]
)
def test_each_line_of_code_stands_by_itself(block):
    (document,) = load("a.md", f"# Lamps\n\nDo this:\n\n{block}\n\nThen wait.\n")
    assert document.text.split("\n\n")[2:-1] == LINES


def test_prose_that_is_set_like_code_is_prose():
    (document,) = load("a.md", f"# Lamps\n\n```\n{PROSE}\n```\n\nSo.")
    assert " ".join(PROSE.split()) in document.text


def test_code_with_a_remark_that_ends_a_sentence_is_code():
    (document,) = load("a.md", "# Lamps\n\n```\nlamp -a\nlamp -b\n\n# Lit.\n```\n")
    assert document.text.split("\n\n")[1:] == ["lamp -a", "lamp -b", "# Lit."]


def test_html_is_read_as_it_is_seen():
    (document,) = load(
        "a.md",
        "# Lamps\n\n<!-- secret -->\n\n<details><summary>Who pays?</summary>\nThe "
        "<b>town</b> &amp; we.\n</details>\n\n<style>a {}</style>\n\nOil<br>and gas.\n",
    )
    assert document.text.split("\n\n")[1:] == [
        "Who pays?",
        "The town & we.",
        "Oil and gas.",
    ]


def test_what_is_struck_out_is_not_said_and_a_term_stands_before_its_meaning():
    (document,) = load("a.md", "# Lamps\n\nIt has ~~two~~ three.\n\nWick\n: A cord.\n")
    assert document.text.split("\n\n")[1:] == ["It has three.", "Wick: A cord."]


def test_a_word_before_a_colon_stays():
    (document,) = load("a.md", "# Lamps\n\nIts *wick*: a cord.\n")
    assert document.text.endswith("Its wick: a cord.")


@pytest.mark.parametrize("file", ["a.txt", "a.text"])
def test_a_text_that_shows_itself_as_markdown_is_read_as_such(file):
    text = "# Lamps\n\nIt **burns** oil.[^1]\n\n> So they say.\n\n[^1]: Says Ann.\n"
    (document,) = load(file, text)
    assert document.text == "Lamps\n\nIt burns oil.\n\nSo they say.\n\nSays Ann."
    assert headings(document) == [("Lamps", 1)]


@pytest.mark.parametrize(
    "text", ["# not a heading\nlamp --oil", "It costs 2 ** 3 crowns.", "a | b | c"]
)
def test_one_sign_alone_makes_no_markdown(text):
    assert load("a.txt", f"The lamp of the pier.\n\n{text}\n")[0].text.endswith(
        text[-5:]
    )
    assert not is_markdown(text)


@pytest.mark.parametrize("item", ["coal", "oil and gas", "1987", "£14"])
def test_short_items_of_lists_and_tables_are_no_furniture(item):
    (document,) = load(
        "a.md", f"# The ferry\n\nIt carried:\n\n- {item}\n- People of all kinds.\n"
    )
    assert item in document.text


def test_the_title_of_the_front_matter_is_not_said_twice():
    (document,) = load("a.md", "---\ntitle: The Ferry\n---\n# The ferry\n\nIt froze.")
    assert document.text == "The ferry\n\nIt froze."
    assert headings(document) == [("The ferry", 1)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Ferries\n\nThey froze.\n\n## Why they froze\n\nIt was cold.", "Ferries"),
        ("## Opinion\n\n# The winter ferry\n\nIt froze.", "The winter ferry"),
        ("# Opinion\n\n# The winter ferry\n\nIt froze.", "The winter ferry"),
        ("## Opinion\n\nIt froze.", "Opinion It froze."),
    ],
)
def test_the_title_is_the_highest_heading_and_a_rubric_is_none(text, title):
    (document,) = load("a.md", text)
    assert document.source.title == title


def test_each_record_is_a_document_with_its_metadata():
    first, second = load(
        "a.jsonl",
        json.dumps({"id": "x", "title": "T", "text": "One.", "date": "2016-03"})
        + "\n\n"
        + json.dumps({"id": 7, "text": "Two.", "authors": "Ann Lee", "url": ""})
        + "\n",
    )
    assert (first.source.file, first.source.title) == ("a.jsonl#x", "T")
    assert first.source.published == "2016-03"
    assert (second.source.file, second.source.title) == ("a.jsonl#7", "Two.")
    assert second.source.authors == ("Ann Lee",)
    assert [first.text, second.text] == ["One.", "Two."]


def test_records_are_taken_as_they_are_without_looking_for_furniture():
    (document,) = load("a.jsonl", '{"id": 1, "text": "Recent posts\\n\\nShare this"}')
    assert document.text == "Recent posts\n\nShare this"


def test_empty_records_are_left_out_as_long_as_one_has_text():
    lines = '{"id": 1, "text": " "}\n{"id": 2, "text": "Two."}'
    assert [d.source.file for d in load("a.jsonl", lines)] == ["a.jsonl#2"]
    with pytest.raises(SeedError, match="holds no text"):
        load("a.jsonl", '{"id": 1, "text": " "}')


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "x"}', "needs an id"),
        ('{"id": "", "text": "x"}', "needs an id"),
        ('{"id": [1], "text": "x"}', "needs an id"),
        ('{"id": 1}', "needs a text"),
        ('{"id": 1, "text": null}', "needs a text"),
        ('{"id": 1, "text": "x", "date": "some day"}', "date: "),
        ('{"id": "a", "text": "x"}', "the id 'a' stands twice"),
    ],
)
def test_a_malformed_line_is_refused_with_its_number(line, reason):
    text = '{"id": "a", "text": "One."}\n' + line
    with pytest.raises(SeedError, match=rf"^a\.jsonl, line 2: .*{reason}"):
        load("a.jsonl", text)
