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


def test_days_and_units_may_be_heads_and_days_alone_are_what_a_table_says():
    lefts = (0, 100, 200, 300, 400)
    days = row("12/31/2009", "6/30/2011", lefts=(150, 350))
    heads = row("Loan", "$000's", "%", "$000's", "%", lefts=lefts)
    assert told(days, heads, *figures(2, cells=5))[-1][0] == (
        *("Loan", "12/31/2009 $000's", "12/31/2009 %"),
        *("6/30/2011 $000's", "6/30/2011 %"),
    )
    ships = [row(name, "1/2/2019", "3/4/2020") for name in ("Brig", "Yawl")]
    assert told(row("Ship", "Launched", "Sunk"), *ships)[-1] == (
        ("Ship", "Launched", "Sunk"),
        False,
    )


def at(y, *texts, lefts=(0, 100, 200), **how):
    return replace(
        row(*texts, lefts=lefts, **how),
        y=y,
        left=lefts[0],
        right=lefts[len(texts) - 1] + how.get("width", 40),
    )


def heads_above(*lines, in_table=2, cells=3):
    """What is told of lines above so many rows of figures."""
    below = [at(-12 * n, f"Town {n}", *["7"] * (cells - 1)) for n in range(in_table)]
    found = column_heads([*lines, *below], [False] * len(lines) + [True] * in_table)
    return found[-1].heads, [line.is_head for line in found[: len(lines)]]


def test_lines_that_stand_above_columns_are_heads_of_theirs():
    heads = at(24, "Port", "Ships", "Landed")
    unit = at(12, "(tonnes)", lefts=(200,))
    assert heads_above(heads, unit) == (
        ("Port", "Ships", "Landed (tonnes)"),
        [True, True],
    )
    years = at(24, "2019", "2020", lefts=(100, 200))
    below = at(12, "Port", "Ships", "Landed")
    both = ("Port", "2019 Ships", "2020 Landed")
    assert heads_above(years, below) == (both, [True, True])
    assert heads_above(replace(years, y=60), below)[1] == [False, True]
    first = at(36, "All", lefts=(200,))
    below = at(12, "Port", "Ships", "Landed")
    assert heads_above(replace(first, y=24), below) == (
        ("Port", "Ships", "All Landed"),
        [True, True],
    )
    assert heads_above(first, below)[1] == [False, True]


def test_lines_above_that_are_set_otherwise_or_go_on_from_others_are_no_heads():
    heads = at(12, "Port", "Ships", "Landed")
    told = (("Port", "Ships", "Landed"), [False, True])
    line = at(24, "Landings", lefts=(200,))
    assert heads_above(replace(line, bold=True), heads) == told
    assert heads_above(replace(line, size=14), heads) == told
    assert heads_above(at(24, "The North", lefts=(0,)), heads) == told
    assert heads_above(at(24, "Percent", lefts=(100,)), heads) == told
    wide = at(36, "Prose that ends", lefts=(0,), width=240)
    assert heads_above(wide, line, heads) == (told[0], [False, False, True])


def test_names_of_parts_that_stand_in_the_first_column_do_not_end_a_table():
    heads, above, below = row(*HEADS), figures(2), figures(2)
    names = [Line(name, 0, 60, 0, 10, cells=((0, 60),)) for name in "abcd"]
    lines = [heads, *above, *names, *below]
    rows = [len(line.cells) > 1 for line in lines]
    assert column_heads(lines, rows)[-1].heads == HEADS
    lines[4] = replace(names[0], right=300)
    assert column_heads(lines, rows)[-1].heads == ()
    shifted = [row("Town", "7", "7", lefts=(0, 150, 250)) for _ in below]
    assert column_heads([heads, *above, *names, *shifted], rows)[-1].heads == ()


def test_groups_are_alike_however_their_heads_are_broken_into_lines():
    years = row("2019", "2020", lefts=(150, 350))
    upper = row("landed", lefts=(100,))
    lower = row("Port", "fish", "%", "landed fish", "%")
    assert told(years, upper, lower, *figures(2, cells=5))[-1][0] == (
        *("Port", "2019 landed fish", "2019 %", "2020 landed fish", "2020 %"),
    )


def test_a_head_may_be_long_but_no_sentence():
    for length, heads in ((80, ("p" * 80, "2019", "2020")), (81, ())):
        assert told(row("p" * length, "2019", "2020"), *figures(2))[-1][0] == heads


def test_groups_may_stand_behind_other_columns_and_be_parted_again():
    lefts = (0, 100, 200, 300, 400, 500)
    years = row("All", "2019", "2020", lefts=(100, 250, 450))
    heads = row("Port", "boats", "ships", "%", "ships", "%", lefts=lefts)
    below = [row("Town", *["7"] * 5, lefts=lefts) for _ in range(2)]
    assert told(years, heads, *below)[-1][0] == (
        *("Port", "All boats", "2019 ships", "2019 %", "2020 ships", "2020 %"),
    )
    lefts = tuple(range(0, 900, 100))
    sexes = row("Women", "Men", lefts=(250, 650))
    ages = row("Age", *["old", "young"] * 2, lefts=(0, 150, 350, 550, 750))
    heads = row("(years)", *["no.", "%"] * 4, lefts=lefts)
    below = [row("Town", *["7"] * 8, lefts=lefts) for _ in range(2)]
    assert told(sexes, ages, heads, *below)[-1][0] == (
        "Age (years)",
        *("Women old no.", "Women old %", "Women young no.", "Women young %"),
        *("Men old no.", "Men old %", "Men young no.", "Men young %"),
    )
