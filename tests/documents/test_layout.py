"""Lines on a page to blocks: columns, heads, notes, headings, cut words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents.blocks import Block
from qa.documents.columns import Gap, Line, rows, with_marks
from qa.documents.layout import lay_out


def blocks_of(pages):
    return lay_out(pages)[0]


def column(*texts, left=72.0, top=700.0, size=10.0, width=200.0, page=0):
    """Lines one below the other; a full stop ends a line early."""
    return [
        Line(
            text,
            left,
            left + (width / 2 if text.endswith(".") else width),
            top - 12 * number,
            size,
        )
        for number, text in enumerate(texts)
    ]


LEFT = (
    "The left column begins",
    "with a few lines that",
    "go on and on until it",
    "is",
)
RIGHT = (
    "read to its end and the",
    "right column goes on from",
    "there until the very",
    "end.",
)


def texts(*pages):
    return [block.text for block in blocks_of(pages)]


def test_columns_are_read_one_after_the_other_below_a_title_across_both():
    title = Line("A Title Across Both", 72, 480, 740, 18, bold=True)
    page = [title, *column(*LEFT), *column(*RIGHT, left=300.0)]
    found = blocks_of([page])
    assert found[0] == Block("heading", "A Title Across Both", 2, page=1)
    assert [b.text for b in found[1:]] == [" ".join(LEFT + RIGHT)]


def test_the_cells_of_a_table_are_read_row_by_row():
    cells = [
        Line(f"{name}{row}", left, left + (180 if row == 0 else 30), 700 - 12 * row, 10)
        for row in range(6)
        for name, left in (("year", 72), ("trade", 300))
    ]
    assert texts(cells) == [f"year{n} | trade{n}" for n in range(6)]


def grid(*rows, lefts=(72, 200, 300), top=700):
    """Cells at the same places in each row; None leaves one empty."""
    return [
        Line(cell, left, left + 6 * len(cell), top - 12 * number, 10)
        for number, row in enumerate(rows)
        for cell, left in zip(row, lefts, strict=True)
        if cell
    ]


def heads_of(*lines):
    return [block.row.heads for block in blocks_of([lines]) if block.row]


def test_cells_that_stand_close_are_parted_as_those_of_the_rows_near_them():
    table = grid(("Port", "2019", "2020"), ("Velmar", "38.5", "1,200"))
    gaps = (Gap(1, 236, 300),)
    close = Line("12.0 340", 200, 318, 676, 10, gaps=gaps)
    far = Line("of 12 towns", 200, 318, 664, 10, gaps=(Gap(1, 340, 349),))
    table += [Line("Ostrel", 72, 108, 676, 10), close]
    table += [Line("Tarnow", 72, 108, 664, 10), far]
    assert texts(table)[2:] == ["Ostrel | 12.0 | 340", "Tarnow | of 12 towns"]
    prose = replace(close, text="Prose goes", y=640, left=72)
    assert texts([*table, prose])[-1] == "Prose goes"


def test_words_that_stand_close_are_parted_where_columns_near_them_are():
    table = grid(("Port", "2019", "2020"), ("Velmar", "38.5", "1,200"))
    close = [
        Line("At", 72, 84, 712, 10),
        Line("low water", 200, 254, 712, 10),
        Line("high water", 260, 320, 712, 10),
    ]
    assert texts([*close, *table])[0] == "At | low water | high water"
    touching = [*close[:2], replace(close[2], left=257)]
    assert texts([*touching, *table])[0] == "At | low water high water"


def test_a_name_in_two_lines_beside_its_row_is_the_first_cell_of_it():
    table = grid(("Matters", "2019", "2020"), ("Cases", "38", "41"))
    name = [Line("Matters", 72, 114, 670, 10), Line("received", 72, 120, 658, 10)]
    row = grid((None, "426", "365"), top=664)
    rest = grid(("Others", "7", "9"), top=640)
    found = blocks_of([[*table, *name, *row, *rest]])
    assert [b.text for b in found][2:] == [
        "Matters received | 426 | 365",
        "Others | 7 | 9",
    ]
    assert {b.row.heads for b in found} == {("Matters", "2019", "2020")}
    above = [replace(name[0], y=676), replace(name[1], y=652)]
    assert "Others | 7 | 9" in texts([*table, *above, *row, *rest])
    assert found[2].text not in texts([*table, *above, *row, *rest])


def test_a_head_in_two_lines_above_two_columns_is_no_heading():
    table = grid(("Velmar", "38"), ("Ostrel", "12"), ("Tarnow", "9"), lefts=(72, 200))
    heads = [
        Line("Port", 72, 96, 724, 10, True),
        Line("Landed", 200, 236, 724, 10, True),
    ]
    unit = Line("(tonnes)", 200, 248, 712, 10, bold=True)
    found = blocks_of([[*heads, unit, *table]])
    assert [b.text for b in found][:2] == ["Port | Landed", "(tonnes)"]
    assert {b.row.heads for b in found} == {("Port", "Landed (tonnes)")}


def test_bold_words_at_the_top_of_a_page_do_not_go_on_from_the_page_before():
    prose = column("Prose that goes on", "and on without an end", "over the whole page")
    top = Line("Table 1. Landings by port", 72, 272, 700, 10, bold=True)
    assert texts(prose, [top, *grid(("Velmar", "7", "9"), top=680)])[1] == top.text


def test_words_or_years_above_columns_of_figures_are_their_heads():
    table = grid(
        ("Port", "2019", "Catch"),
        ("Velmar", "38.5", "1,200"),
        ("Ostrel", "12.0", "340"),
    )
    assert heads_of(*table) == [("Port", "2019", "Catch")] * 3
    assert [block.text for block in blocks_of([table])][1] == "Velmar | 38.5 | 1,200"
    found = [block.row for block in blocks_of([table])]
    assert [row.is_head for row in found] == [True, False, False]


def test_heads_of_two_lines_and_above_two_columns_are_put_together():
    across = Line("Landed fish", 200, 330, 712, 10)
    year = Line("Year", 72, 96, 712, 10)
    table = grid(("", "cod", "ling"), ("2019", "38.5", "7"), ("2020", "12.0", "9"))
    assert heads_of(year, across, *table)[-1] == (
        "Year",
        "Landed fish cod",
        "Landed fish ling",
    )


def test_a_table_goes_on_below_the_name_of_a_part_of_it():
    above = grid(("Port", "2019", "2020"), ("Velmar", "38.5", "41"), top=700)
    name = Line("Northern ports", 72, 150, 676, 10)
    below = grid(("Ostrel", "12.0", "9"), ("Maar", "3.0", "4"), top=664)
    assert heads_of(*above, name, *below) == [("Port", "2019", "2020")] * 4


def test_where_a_column_has_no_head_none_is_told():
    table = grid(("Port", "2019", None), ("Velmar", "38", "41"), ("Ostrel", "12", "9"))
    assert set(heads_of(*table)) == {()}


def test_rows_of_words_have_no_heads_that_could_be_told():
    table = grid(("oak", "pine", "ash"), ("red", "green", "grey"), ("a", "b", "c"))
    assert set(heads_of(*table)) == {()}


def test_an_amount_in_words_is_no_head():
    table = grid(
        (None, "1994", "2003"),
        ("Low", "$9 or less", "$3 or less"),
        ("High", "$10", "$35"),
    )
    assert heads_of(*table) == [("", "1994", "2003")] * 3


def test_a_last_row_of_words_belongs_to_its_table():
    table = grid(
        (None, "1994", "2003"),
        ("Low", "$9", "$3"),
        ("High", "$10", "$35"),
        ("Highest", "more", "still more"),
    )
    assert heads_of(*table) == [("", "1994", "2003")] * 4


def test_another_table_right_below_has_its_own_heads():
    one = grid(("Port", "2019", "2020"), ("Velmar", "38", "41"), ("Ostrel", "1", "9"))
    two = grid(("Mast", "Oak", "Pine"), ("Brig", "3", "4"), ("Yawl", "1", "2"), top=664)
    assert (
        heads_of(*one, *two)
        == [("Port", "2019", "2020")] * 3 + [("Mast", "Oak", "Pine")] * 3
    )


def test_columns_of_figures_are_no_columns_of_prose():
    cells = [
        Line(text, left, left + 150, 700 - 12 * row, 10)
        for row in range(8)
        for text, left in ((f"Town {row}", 72), ("1,000 2,000", 300))
    ]
    assert texts(cells)[0] == "Town 0 | 1,000 2,000"


def test_a_table_beside_prose_is_read_apart_from_it():
    table = grid(
        *[(f"Town {n}", "1,204", "17.3") for n in range(12)], lefts=(72, 150, 220)
    )
    prose = column(*["and the lamps of it were lit by hand"] * 12, left=300, width=230)
    beside = [replace(line, y=701 - 13 * n) for n, line in enumerate(prose)]
    found = texts([*table, *beside])
    assert found[:2] == ["Town 0 | 1,204 | 17.3", "Town 1 | 1,204 | 17.3"]
    assert found[12:] == [" ".join(line.text for line in prose)]


def test_remarks_on_the_base_lines_of_a_table_are_cells_of_it():
    table = grid(
        *[(f"Town {n}", "1,204", "17.3") for n in range(12)], lefts=(72, 150, 220)
    )
    remarks = column(
        *["and the lamps of it were lit by hand"] * 12, left=300, width=230
    )
    assert texts([*table, *remarks])[0] == f"Town 0 | 1,204 | 17.3 | {remarks[0].text}"


def test_words_drawn_out_to_fill_a_line_are_no_cells():
    said, left, line = (
        "The lamps of this town were lit. By hand they say".split(),
        72,
        [],
    )
    for word in said:
        line.append(Line(word, left, left + 30, 700, 10))
        left += 30 + (27 if word.endswith(".") else 13)
    assert texts(line) == [" ".join(said)]
    heads = grid(("Q1", "Q2", "Q3", "Q4", "Q5"), lefts=range(72, 222, 30))
    assert rows(heads)[0].text.count("\t") == 4
    (cells,) = rows([replace(cell, text=f"{n}0") for n, cell in enumerate(line)])
    assert "\t" in cells.text


def test_one_wide_gap_in_a_line_of_prose_makes_no_table():
    prose = column("Prose that goes on for", "a while and", "ends.")
    prose.append(replace(prose[1], text="then", left=290.0, right=310.0))
    assert texts(prose) == ["Prose that goes on for a while and then ends."]


def test_running_heads_and_page_numbers_go_whatever_their_number():
    pages = [
        [
            Line(f"Journal of Samples {number}", 72, 200, 800, 9),
            *column("Prose of the page that", f"ends in the number {number}."),
            Line(f"{number}", 290, 300, 40, 9),
        ]
        for number in range(1, 4)
    ]
    expected = [f"Prose of the page that ends in the number {n}." for n in range(1, 4)]
    assert texts(*pages) == expected


def test_a_running_foot_of_lines_that_are_not_quite_level_goes():
    pages = [
        [
            *column("Prose that runs over", "the end of its page and"),
            Line("Papers of the Port No 9", 400, 540, 38, 8),
            Line(f"{number}", 530, 540, 29.9, 8),
            Line("May 2011", 460, 520, 30, 8),
        ]
        for number in (1, 2)
    ]
    pages[1][1] = replace(pages[1][1], text="ends.")
    (text,) = texts(*pages)
    assert "Papers" not in text
    assert "May" not in text


def test_page_numbers_that_begin_elsewhere_go_alone_and_beside_a_title():
    pages = [
        [*column("Prose that runs over"), Line("41", 290, 300, 40, 9)],
        [Line("42 THE LAMP", 72, 200, 800, 9), *column("the end of its page.")],
    ]
    assert texts(*pages) == ["Prose that runs over the end of its page."]


def test_numbers_of_sections_at_the_head_of_their_pages_stay():
    heads = ("1 Lamps and Wicks", "2 Oil")
    pages = [
        [Line(head, 72, 200, 800, 9), *column("Prose."), Line(head[0], 290, 300, 40, 9)]
        for head in heads
    ]
    assert all(head in " ".join(texts(*pages)) for head in heads)


def test_a_year_that_ends_a_paragraph_at_the_foot_of_a_page_stays():
    assert texts(column("It has not been so in any of", "2000.")) == [
        "It has not been so in any of 2000."
    ]


def test_a_cut_word_is_mended_over_a_page_and_the_page_turns_inside_it():
    first = column("The observers of the govern-")
    second = column("ment said so.")
    (block,) = blocks_of([first, second])
    assert block.text == "The observers of the government said so."
    assert (block.page, block.turns) == (1, (block.text.index("ment said"),))


def test_a_footnote_stands_before_the_paragraph_that_runs_over_its_page():
    first = [
        *column(
            "A whole one.", "The paragraph that runs over", "the end of a page and"
        ),
        *column("1 See Smith (2010).", top=90, size=7.5),
    ]
    found = blocks_of([first, column("goes on after it.")])
    assert [(b.kind, b.text, b.page) for b in found] == [
        ("paragraph", "A whole one.", 1),
        ("row", "1 See Smith (2010).", 1),
        (
            "paragraph",
            "The paragraph that runs over the end of a page and goes on after it.",
            1,
        ),
    ]


def test_the_mark_of_a_note_may_be_drawn_apart_from_it():
    lines = column("The lamps of the town are", "lit by hand and by nobody")
    for number, said in enumerate(
        ("See Smith (2010) on it", "No other town has them"), 1
    ):
        y = 100 - 12 * number
        lines.append(Line(f"{number}", 72, 76, y + 3.5, 5))
        lines.append(Line(said, 77, 200, y, 7.5))
    found = texts(lines, column("else than them."))
    assert found == [
        "1 See Smith (2010) on it",
        "2 No other town has them",
        "The lamps of the town are lit by hand and by nobody else than them.",
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_mark_beside_a_mark_is_put_before_no_mark(turned):
    marks = [Line("2", 73, 76, 104, 4), Line("1", 77, 80, 103, 5)]
    line = Line("See Smith", 81, 150, 100, 7.5)
    found = with_marks([*(marks[::-1] if turned else marks), line])
    assert [each.text for each in found] == ["2", "1 See Smith"]


@pytest.mark.parametrize("size", [7.5, 10.0])
def test_a_note_is_told_by_its_size_or_by_its_mark_and_the_gap_above_it(size):
    first = column("The lamps of the town.1 They", "were lit by hand and")
    first += column("1 See Smith (2010).", top=90, size=size)
    found = texts(first, column("by nobody else."))
    assert found == [
        "1 See Smith (2010).",
        "The lamps of the town. They were lit by hand and by nobody else.",
    ]


@pytest.mark.parametrize(
    ("said", "below"), [("The lamps of the town. They", 90), ("The town.1 It has", 676)]
)
def test_a_line_with_a_number_and_no_mark_or_no_gap_above_it_is_no_note(said, below):
    lines = [*column(said, "all been lit, with"), *column("1 lamp more.", top=below)]
    found = texts(lines, column("By nobody else."))
    assert found[0].startswith(said)


def test_a_figure_that_is_no_mark_of_the_notes_stays():
    first = column("The town has 3 km2 of", "lamps and 1.1 of wicks.")
    first += column("2 See Smith (2010).", top=90, size=7.5)
    assert texts(first)[0] == "The town has 3 km2 of lamps and 1.1 of wicks."


def test_a_footnote_keeps_its_page_when_a_paragraph_fills_the_page_above_it():
    full = ("which neither side", "discussed in public and", "which")
    second = [*column(*full), *column("2 See Doe.", top=90, size=7.5)]
    found = blocks_of([column("A text that begins"), second, column("goes on.")])
    assert [(b.text, b.page) for b in found][1:] == [("2 See Doe.", 2), ("goes on.", 3)]


def test_larger_lines_are_headings_by_size_and_bold_ones_come_last():
    page = [
        Line("The Title", 72, 200, 760, 18),
        Line("Part one", 72, 150, 730, 14),
        Line("A bold head", 72, 150, 712, 10, bold=True),
        *column("Prose that goes on for a while", "and ends here."),
    ]
    found = [(b.text, b.level) for b in blocks_of([page]) if b.kind == "heading"]
    assert found == [("The Title", 2), ("Part one", 3), ("A bold head", 4)]


def test_the_number_of_a_heading_is_no_cell():
    table = grid(*[(f"Town {n}", "1,204", "17.3") for n in range(4)])
    heads = [
        Line("8.6", 72, 86, 640, 10, bold=True),
        Line("Oil", 108, 150, 640, 10, bold=True),
    ]
    found = blocks_of([[*table, *heads, *column("And so", "on and on", top=628)]])
    assert [(b.kind, b.text) for b in found][4] == ("heading", "8.6 Oil")
    rows = grid(*[(f"{n}", f"Port {n}") for n in (1, 2, 12)], lefts=(72, 120))
    found = blocks_of([[replace(cell, bold=True) for cell in rows]])
    assert [b.text for b in found] == ["1 | Port 1", "2 | Port 2", "12 | Port 12"]


def test_the_figures_of_an_axis_are_no_heading():
    lines = [
        *column("Chart of losses", size=16, top=730),
        *column("0 100 200 300 losses", size=14),
        *column("2019", size=14, top=670),
        *column("12 August 1914", size=20, top=655),
        *column("It was the year of the lamps.", "And so", "on and on", top=640),
    ]
    kinds = {block.text: block.kind for block in blocks_of([lines])}
    assert kinds["0 100 200 300 losses"] == "paragraph"
    for said in ("Chart of losses", "2019", "12 August 1914"):
        assert kinds[said] == "heading"


def test_a_line_that_may_be_two_columns_is_never_read_as_one_sentence():
    page = column("The harbour was closed by")
    page.append(
        replace(page[0], text="a new mayor who kept bees.", left=300.0, right=420.0)
    )
    assert texts(page) == ["The harbour was closed by | a new mayor who kept bees."]


def test_a_sentence_goes_on_over_lines_that_are_set_apart():
    page = column(
        "A text that goes on and", "on in lines of which", "some stand apart."
    )
    page[1:] = [replace(line, y=line.y - 14) for line in page[1:]]
    assert texts(page) == [
        "A text that goes on and on in lines of which some stand apart."
    ]


def test_prose_set_wider_than_the_rows_of_a_file_goes_on_at_names():
    table = grid(*[(f"Town {n}", "1,204", "17.3") for n in range(12)], top=400)
    said = (
        "Of the lamps that the port had",
        "most were lit by hand, as was",
        "usual in those years. It was",
    )
    lines = [
        *said,
        "Velmar that had the first one",
        "and kept it until it fell in a",
        "Storm.",
    ]
    prose = [replace(i, y=700 - 22 * n) for n, i in enumerate(column(*lines))]
    assert texts([*table, *prose])[0] == " ".join(lines)


def test_a_line_in_the_middle_of_a_pages_head_goes_on_with_nothing():
    first = column("The lamps were lit by hand", "and that was how it stood.")
    first[1] = replace(first[1], right=first[0].right)
    second = [
        *column("Table 1: Lamps", left=150, width=60),
        *column("and so on", top=600),
    ]
    assert texts(first, second)[:2] == [
        "The lamps were lit by hand and that was how it stood.",
        "Table 1: Lamps",
    ]


def test_a_line_out_in_the_margin_makes_none_of_the_others_centred():
    pages = [
        column("Die Lampen wurden von den", "Leuten hier und von den", left=72),
        [
            Line("41 b", 28, 40, 500, 10),
            *column("Leuten dort gesehen", "und nun", top=700),
        ],
    ]
    assert texts(*pages)[0].startswith(
        "Die Lampen wurden von den Leuten hier und von den L"
    )


def test_a_drop_cap_goes_back_to_its_word():
    page = [
        Line("T", 72, 92, 676, 34),
        *column("he tower stood in the town", "for many years.", left=95.0),
    ]
    assert texts(page) == ["The tower stood in the town for many years."]


def test_a_first_line_indent_begins_a_paragraph():
    page = column("It ended on a full line here", "Now another one begins and", "ends.")
    page[1] = replace(page[1], left=84.0)
    assert len(texts(page)) == 2


def test_an_item_ends_where_the_next_has_its_mark():
    items = column("• a lamp that burns oil", "• a wick", "and its cord", "• a rope")
    assert texts(items) == [
        "• a lamp that burns oil",
        "• a wick and its cord",
        "• a rope",
    ]


def test_a_day_in_an_item_begins_no_other():
    items = column("2. The lamp was lit on the", "2. of June.", "3. It burns.")
    assert texts(items) == ["2. The lamp was lit on the 2. of June.", "3. It burns."]


def test_the_second_line_of_an_item_hangs_below_its_first():
    lines = column(
        "• An item that goes on", "over its line and", "ends.", "• One more."
    )
    page = [lines[0], *(replace(i, left=i.left + 12) for i in lines[1:3]), lines[3]]
    found = [(b.kind, b.text) for b in blocks_of([page])]
    assert found == [
        ("item", "• An item that goes on over its line and ends."),
        ("item", "• One more."),
    ]


def test_a_table_of_contents_is_no_text():
    entries = [f"{n} Introduction . . . . . . . . . . {n}" for n in (1, 2, 3)]
    blocks, left = lay_out([column(*entries, "It says so here.")])
    assert [block.text for block in blocks] == ["It says so here."]
    assert [part.text for part in left] == entries
    assert {part.where for part in left} == {", page 1"}


def test_a_list_of_prices_with_dot_leaders_is_text():
    page = column(
        "Soup . . . . . . . . 450", "Fish . . . . . . . . 900", "Ice ........ 20"
    )
    assert texts(page) == ["Soup | 450", "Fish | 900", "Ice | 20"]


def test_a_number_at_the_edge_that_is_not_the_pages_own_is_text():
    page = [*column("Prose of the page", "goes on."), Line("1987", 290, 310, 40, 9)]
    assert texts(page)[-1] == "1987"


def test_a_page_of_small_numbered_lines_is_a_listing_and_no_footnotes():
    prose = column(*["Prose of the usual size, line by line"] * 9, "ends.")
    listing = column(*[f"{n} CARD" for n in range(8)], size=7.0)
    found = blocks_of([prose, listing])
    assert [(block.kind, block.page) for block in found] == [
        ("paragraph", 1),
        ("paragraph", 2),
    ]


LINES = st.builds(
    Line,
    st.sampled_from(["Word", "2 word", "goes on", "ends.", "• item", "W", "7", "cut-"]),
    left=st.sampled_from([72.0, 84.0, 300.0]),
    right=st.sampled_from([301.0, 480.0]),
    y=st.sampled_from([40.0, 84.0, 100.0, 112.0, 124.0, 700.0, 780.0]),
    size=st.sampled_from([7.0, 10.0, 18.0]),
)


@given(st.lists(st.lists(LINES, max_size=12), max_size=5))
def test_pages_never_go_back_and_no_paragraph_is_empty(pages):
    page = 1
    for block in blocks_of(pages):
        assert block.text.strip()
        assert block.page >= page
        page = block.page + len(block.turns)
        assert list(block.turns) == sorted(block.turns)
        assert all(0 < turn < len(block.text) for turn in block.turns)
    assert page <= max(1, len(pages))
