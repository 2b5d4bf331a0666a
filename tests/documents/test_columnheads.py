"""Heads of the columns of a PDF's table: told where every column has one, or not."""

from dataclasses import replace

from qa.documents.columnheads import column_heads
from qa.documents.columns import Line

NONE = ((), False)
HEADS = ("Port", "2019", "2020")


def row(*texts, width=40.0, lefts=(0, 100, 200, 300, 400)):
    """A line with a cell at each of some places."""
    cells = tuple((left, left + width) for left, _ in zip(lefts, texts, strict=False))
    return Line("\t".join(texts), 0, 500, 0, 10, cells=cells)


def told(*rows):
    found = column_heads(rows, [True] * len(rows))
    return [(line.heads, line.is_head) for line in found]


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
    assert told(row(*HEADS), *figures(2), unknown)[-1] == NONE
    five = row("Port", "7", "8", "9", "4")
    fewer = replace(five, text="Port\t7\t8")
    heads = row("Port", "Ships", "Boats", "Rafts", "Kites")
    assert told(heads, fewer, *figures(2, cells=5))[1] == NONE


def test_heads_above_groups_name_all_columns_of_each():
    lefts = (0, 100, 200, 300, 400)
    years = Line("2019\t2020", 0, 500, 0, 10, cells=((170, 190), (370, 390)))
    heads = row("Port", "ships", "boats", "ships", "boats", lefts=lefts)
    found = told(years, heads, *figures(2, cells=5))
    assert found[-1][0] == (
        "Port",
        "2019 ships",
        "2019 boats",
        "2020 ships",
        "2020 boats",
    )


def test_what_stands_above_each_group_alike_names_only_what_is_below_it():
    alike = Line("sunk\tsunk", 0, 500, 0, 10, cells=((190, 250), (390, 450)))
    years = Line("2019\t2020", 0, 500, 0, 10, cells=((170, 190), (370, 390)))
    heads = row("Port", "ships", "%", "ships", "%")
    assert told(years, alike, heads, *figures(2, cells=5))[-1][0] == (
        *("Port", "2019 ships", "2019 sunk %", "2020 ships", "2020 sunk %"),
    )


def test_heads_of_tables_side_by_side_may_be_alike():
    heads = ("Coal", "Ships", "Hay", "Ships")
    rows = [row("Velt", "7", "Norr", "9"), row("Norr", "4", "Velt", "2")]
    assert told(row(*heads), *rows)[-1] == (heads, False)


def test_a_column_that_a_row_leaves_out_is_an_empty_cell():
    lines = [row(*HEADS), *figures(2), row("Velt", "9", lefts=(0, 200))]
    *_, last = column_heads(lines, [True] * len(lines))
    assert (last.heads, last.text) == (HEADS, "Velt\t\t9")


def test_a_row_without_its_first_cell_has_no_heads():
    lines = [row(*HEADS), *figures(2), row("8", "9", lefts=(100, 200))]
    assert told(*lines)[-1] == NONE
