"""Lines that say who wrote an article and when, and nothing else."""

import pytest

from qa.documents.bylines import named
from qa.documents.files import SeedFile
from qa.documents.load import load_documents

PROSE = "The ferry carried mail to the islands, and fish from them, for fifty years."
OTHER = "In winter it lay at the pier, and two men kept its lamps and its engine."


@pytest.mark.parametrize(
    ("line", "authors", "published", "publisher"),
    [
        ("By Ann Oake", ("Ann Oake",), "", ""),
        ("by: Ann Oake and Bo van Dyk", ("Ann Oake", "Bo van Dyk"), "", ""),
        ("Written by Ann Oake", ("Ann Oake",), "", ""),
        ("Words by Ann Oake", ("Ann Oake",), "", ""),
        ("Text by Ann Oake", ("Ann Oake",), "", ""),
        ("Story by Ann Oake", ("Ann Oake",), "", ""),
        ("Report by Ann Oake", ("Ann Oake",), "", ""),
        ("Article by Ann Oake", ("Ann Oake",), "", ""),
        ("Author: Ann Oake", ("Ann Oake",), "", ""),
        ("Authors: Ann Oake, Bo Lind", ("Ann Oake", "Bo Lind"), "", ""),
        ("3 May 2020", (), "3 May 2020", ""),
        ("Date: 3 May 2020", (), "3 May 2020", ""),
        ("Dated 3 May 2020", (), "3 May 2020", ""),
        ("Written 3 May 2020", (), "3 May 2020", ""),
        ("Posted on May 3, 2020", (), "May 3, 2020", ""),
        ("Printed May 2020.", (), "May 2020", ""),
        ("Issued 2020-05-03", (), "2020-05-03", ""),
        ("First published 2020-05", (), "2020-05", ""),
        ("Originally published 2020-05", (), "2020-05", ""),
        ("Last published 2020-05", (), "2020-05", ""),
        ("Last updated: 3 May 2020", (), "3 May 2020", ""),
        ("Revised 3 May 2020", (), "3 May 2020", ""),
        ("Published 3 May 2020 in the Pier Post", (), "3 May 2020", "the Pier Post"),
        ("Published 3 May 2020 by Pier & Sons", (), "3 May 2020", "Pier & Sons"),
        ("By Ann Oake | 3 May 2020", ("Ann Oake",), "3 May 2020", ""),
        (
            "By Ann Oake | 3 May 2020 | The Pier Post",
            ("Ann Oake",),
            "3 May 2020",
            "The Pier Post",
        ),
        (
            "By Ann Oake | Pier Policy Review | 3 May 2020",
            ("Ann Oake",),
            "3 May 2020",
            "Pier Policy Review",
        ),
        ("By Ann Oake · 3 May 2020", ("Ann Oake",), "3 May 2020", ""),
        ("By Ann Oake – 3 May 2020", ("Ann Oake",), "3 May 2020", ""),
        ("By Ann Oake, 3 May 2020", ("Ann Oake",), "3 May 2020", ""),
        ("By Ann Oake; 3 May 2020", ("Ann Oake",), "3 May 2020", ""),
        ("The Hague, 3 May 2020", (), "3 May 2020", ""),
        ("3 May 2020, The Hague", (), "3 May 2020", ""),
        (
            "By Ann Oake, The Pier Post, 3 May 2020",
            ("Ann Oake",),
            "3 May 2020",
            "",
        ),
        (
            "By Ann Oake; published in The Pier Post; 3 May 2020",
            ("Ann Oake",),
            "3 May 2020",
            "The Pier Post",
        ),
    ],
)
def test_what_a_line_says_of_its_article(line, authors, published, publisher):
    said = named(line)
    assert said is not None
    assert (said.authors, said.published, said.publisher) == (
        authors,
        published,
        publisher,
    )


@pytest.mark.parametrize(
    "line",
    [
        "Ann Oake",
        "The Pier Post",
        "Published in The Pier Post",
        "By Ann Oake the harbour was never mentioned.",
        "By Ann Oake, published in The Pier Post, 3 May 2020",
        "By and by the harbour froze.",
        "The lamp was lit on 3 May 2020.",
        "3 May 2020: the lamp was lit.",
        "By May 2020 the lamp was lit.",
        "Lamp race, 3 May 2020",
        "BY MARKET CAPITALISATION MEDI",
        "2020",
        "3 May 2020 in Paris",
        "By Ann Oake | Paris | 3 May 2020",
        "Ferries | The Pier Post | 3 May 2020",
        f"By Ann Oake | {'x' * 200}",
    ],
)
def test_a_line_that_says_more_or_less_is_none(line):
    assert named(line) is None


@pytest.mark.parametrize("gap", ["\n", "  \n", "\n\n"])
def test_the_lines_below_a_title_are_the_article_s(gap):
    head = gap.join(["By Ann Oake", "Published 3 May 2020 in the Pier Post"])
    text = f"# The ferry\n\n{head}\n\n{PROSE}\n\n{OTHER}\n"
    (document,) = load_documents(SeedFile("a.md", text.encode(), "unused"))
    source = document.source
    assert source.authors == ("Ann Oake",)
    assert (source.published, source.publisher) == ("2020-05-03", "the Pier Post")
    assert "By Ann Oake\n\nPublished" in document.text


def test_a_paragraph_that_ends_in_a_date_is_whole():
    text = f"# The ferry\n\n{PROSE}\nIt was sold on\n3 May 2020\n\n{OTHER}\n"
    (document,) = load_documents(SeedFile("a.md", text.encode(), "unused"))
    assert f"{PROSE} It was sold on 3 May 2020" in document.text
    assert document.source.published == ""


@pytest.mark.parametrize("below", ["By Bo Lind", "4 June 2021"])
def test_what_stands_at_the_head_comes_before_what_stands_below(below):
    head = "By Ann Oake, keeper of the lamp\n\nDate: 3 May 2020, a Sunday"
    text = f"# The ferry\n\n{head}\n\n{PROSE}\n\n{OTHER}\n\n{below}\n"
    (document,) = load_documents(SeedFile("a.md", text.encode(), "unused"))
    assert document.source.authors == ("Ann Oake",)
    assert document.source.published == "2020-05-03"
