"""Heads of the columns of a PDF's table: told where every column has one, or not."""

from qa.documents.columnheads import column_heads
from qa.documents.columns import Line

NONE = ((), False)
HEADS = ("Port", "2019", "2020")


def row(*texts, width=40.0, lefts=(0, 100, 200, 300, 400)):
    """A line with a cell at each of some places."""
    cells = tuple((left, left + width) for left, _ in zip(lefts, texts, strict=False))
    return Line("\t".join(texts), 0, 500, 0, 10, cells=cells)


def told(*rows):
    return column_heads(rows, [True] * len(rows))


def figures(count, cells=3):
    return [row(f"Town {n}", *["7"] * (cells - 1)) for n in range(count)]


def test_the_row_above_figures_is_their_heads():
    assert told(row(*HEADS), *figures(2)) == [
        (HEADS, True),
        (HEADS, False),
        (HEADS, False),
    ]


def test_a_row_with_more_cells_than_there_are_columns_has_no_heads():
    found = told(row(*HEADS), *figures(3), *figures(1, cells=4))
    assert found[3:] == [(HEADS, False), NONE]


def test_many_lines_of_words_are_no_heads():
    words = [row(*(f"{n}{letter}" for n in ("a", "b", "c"))) for letter in "vwxyz"]
    assert told(*words, *figures(2)) == [NONE] * 7
    assert told(*words[1:], *figures(2))[-1] != NONE


def test_heads_that_are_alike_tell_nothing():
    assert told(row("Port", "2019", "2019"), *figures(2)) == [NONE] * 3


def test_columns_that_reach_into_each_other_have_no_heads():
    wide = row("Town", "7", "7", width=120.0)
    assert told(row(*HEADS), wide, *figures(1)) == [NONE] * 3


def test_rows_of_all_widths_are_no_columns():
    others = [*figures(1, cells=2), *figures(1, cells=4), *figures(1, cells=5)]
    assert told(row(*HEADS), *figures(2), *others) == [NONE] * 6


def test_of_a_row_whose_cells_are_not_known_nothing_is_told():
    unknown = Line("Port\t2019\t2020", 0, 500, 0, 10, cells=((0, 500),))
    assert told(unknown, *figures(2)) == [NONE] * 3
