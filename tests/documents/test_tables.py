"""Tables as lines that can be read one by one."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.documents.blocks import Block, Metadata, Row
from qa.documents.composing import compose
from qa.documents.tables import cells_of, is_data, row_blocks
from qa.schema import Table

CELLS = st.lists(st.lists(st.sampled_from(["", "a", "12", "1990", "b c"]), max_size=4))


def row_lines(grid, heads):
    return [block.text for block in row_blocks(grid, heads)]


def cells(line, heads, *, labelled=True):
    table = Table(0, len(line), heads, labelled)
    return [line[cell.start : cell.end] for cell in cells_of(line, table)]


@given(CELLS, st.integers(0, 3))
@example([["", "a"], ["a", "12"], ["a"]], 2)
def test_no_cell_is_lost(grid, heads):
    lines = row_lines(grid, heads)
    said = " ".join(lines)
    assert all(cell in said for row in grid for cell in row) or len(lines) == 1


def test_years_and_words_above_figures_are_heads_and_figures_are_not():
    assert row_lines([["Port", "1990"], ["Velmar", "41"]], 0) == [
        "Port: Velmar; 1990: 41"
    ]
    assert row_lines([["Velmar", "41"], ["Ostrel", "12"]], 0) == [
        "Velmar; 41",
        "Ostrel; 12",
    ]


def test_one_row_or_one_column_is_no_table():
    assert not is_data([["a", "b"]])
    assert not is_data([["a"], ["b"], ["c"]])
    assert is_data([["a", "b"], ["c", "d"]])


@pytest.mark.parametrize(
    ("line", "heads", "found"),
    [
        ("Port: Velmar; 2020: 38.5", ("Port", "2020"), ["Velmar", "38.5"]),
        ("Velmar; 2020: 38.5", ("", "2020"), ["Velmar", "38.5"]),
        ("Port: Velmar; Note: a; b", ("Port", "Mast", "Note"), ["Velmar", "", "a; b"]),
        ("Mast: oak", ("Port", "Mast"), ["", "oak"]),
        ("Velmar", ("Port", "Mast"), ["Velmar"]),
        ("Velmar; 41", (), ["Velmar", "41"]),
    ],
)
def test_a_row_tells_its_cells_again(line, heads, found):
    assert cells(line, heads) == found


def test_between_bars_there_are_as_many_cells_as_heads_or_the_row_is_one():
    assert cells("Velmar | 41", ("Port", "2020"), labelled=False) == ["Velmar", "41"]
    assert cells("Velmar | 41", (), labelled=False) == ["Velmar", "41"]
    few = cells("Velmar | 41", ("Port", "2019", "2020"), labelled=False)
    assert few == ["Velmar | 41"]


@given(CELLS, st.integers(0, 3))
def test_cells_stand_in_order_within_their_row(grid, heads):
    for block in row_blocks(grid, heads):
        if block.row:
            table = Table(0, len(block.text), block.row.heads, block.row.labelled)
            spans = [s for s in cells_of(block.text, table) if s.start < s.end]
            assert spans[-1].end == len(block.text)
            assert all(a.end <= b.start for a, b in pairwise(spans))


def test_rows_that_follow_each_other_are_a_table_of_the_document():
    head = Row(("Port", "2020"), labelled=False, is_head=True)
    row = Row(("Port", "2020"), labelled=False)
    other = Row(("Mast",))
    rows = [("Port | 2020", head), ("Velmar | 41", row), ("Ostrel | 12", row)]
    blocks = [Block("row", text, row=of) for text, of in (*rows, *rows)]
    blocks += [Block("row", "Mast: oak", row=other), Block("paragraph", "The end.")]
    document = compose("a.pdf", blocks, Metadata())
    told = [
        (document.text[t.start : t.end], t.heads, t.labelled, t.head_rows)
        for t in document.tables
    ]
    first = ("Port | 2020\n\nVelmar | 41\n\nOstrel | 12", row.heads, False, 1)
    assert told == [first, first, ("Mast: oak", ("Mast",), True, 0)]
