"""Tables as lines that can be read one by one."""

from hypothesis import example, given
from hypothesis import strategies as st

from qa.documents.tables import is_data, row_lines

CELLS = st.lists(st.lists(st.sampled_from(["", "a", "12", "1990", "b c"]), max_size=4))


@given(CELLS, st.integers(0, 3))
@example([["", "a"], ["a", "12"], ["a"]], 2)
def test_no_cell_is_lost(grid, heads):
    lines = list(row_lines(grid, heads))
    said = " ".join(lines)
    assert all(cell in said for row in grid for cell in row) or len(lines) == 1


def test_years_and_words_above_figures_are_heads_and_figures_are_not():
    assert list(row_lines([["Port", "1990"], ["Velmar", "41"]], 0)) == [
        "Port: Velmar; 1990: 41"
    ]
    assert list(row_lines([["Velmar", "41"], ["Ostrel", "12"]], 0)) == [
        "Velmar; 41",
        "Ostrel; 12",
    ]


def test_one_row_or_one_column_is_no_table():
    assert not is_data([["a", "b"]])
    assert not is_data([["a"], ["b"], ["c"]])
    assert is_data([["a", "b"], ["c", "d"]])
