"""Web furniture in plain text: what shows a page, and how much of it goes."""

from qa.documents.blocks import Block
from qa.documents.furniture import without_furniture

LABELS = ["Share on Facebook", "Tweet", "Subscribe now"]
TAIL = "Related articles"


def prose(count):
    said = "The lamp of pier {} burns all night, as the keepers of the north say."
    return [Block("paragraph", said.format(n)) for n in range(count)]


def labels(kind="paragraph"):
    return [Block(kind, text) for text in LABELS]


def test_labels_go_from_a_page_and_stay_in_a_long_text_that_has_few():
    assert without_furniture([*prose(9), *labels()])[0] == prose(9)
    long = [*prose(200), *labels()]
    assert without_furniture(long) == (long, [])


def test_items_that_were_marked_are_no_labels():
    listed = [*prose(9), *labels("item")]
    assert without_furniture(listed)[0] == prose(9)
    assert without_furniture(listed, marked=True) == (listed, [])


def test_a_notice_below_the_author_goes_and_the_article_below_its_byline_stays():
    byline, tail = Block("paragraph", "By Ann Oake"), Block("heading", TAIL, 2)
    article = [Block("heading", "Lamps", 1), byline, *prose(30)]
    kept, left = without_furniture([*article, *labels(), tail, *prose(3)])
    assert kept == article
    assert len(left) == 7
    notice = Block("paragraph", "All rights are those of the house, it says.")
    kept, _ = without_furniture([*prose(30), byline, notice, *labels(), tail])
    assert kept == [*prose(30), byline]
