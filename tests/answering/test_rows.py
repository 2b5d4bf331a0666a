"""Questions over the rows of a table."""

from dataclasses import replace

import pytest

from qa.answering.rows import is_head, of_rows_named, rows_asked, rows_in
from qa.answering.rows import told as row_told
from qa.language.sentences import sentence_spans
from qa.schema import Hit, Passage, Reading, SentenceReading, Signal, Source, Span

LAMPS = (
    "Lamp: Old Pier; Fuel: oil; 2019 (hours): 9; 2020 (hours): 1,200",
    "Lamp: Tower; Fuel: gas; 2019 (hours): 11; 2020 (hours): 30",
    "Lamp: Old Pier Gate; Fuel: oil; 2019 (hours): 4; 2020 (hours): 5",
    "Lamp: Total; Fuel: –; 2019 (hours): 24; 2020 (hours): 1,235",
)


def passage_of(lines, heading=""):
    text = "\n\n".join(lines)
    spans, at = [], 0
    for line in lines:
        spans.append(Span(at, at + len(line)))
        at += len(line) + 2
    passage = Passage("p", "d", 0, len(text), text, heading, tuple(spans))
    return passage, Source("d", "lamps.md", "Lamps of the North")


def table(*lines, heading=""):
    return list(rows_in([passage_of(lines, heading)]))


def hits_of(lines, heading=""):
    signal = Signal(0.5, 1)
    scores = tuple(number / 10 for number, _ in enumerate(lines))
    return [Hit(*passage_of(lines, heading), 0.5, signal, signal, scores)]


def told(question, *lines):
    found, note = rows_asked(question, table(*(lines or LAMPS)))
    return [LAMPS.index(statement.text) for statement in found], note


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What fuel does the Tower burn?", [1]),
        ("How many hours did the tower burn in 2020?", [1]),
        ("What is the fuel of the Old Pier?", [0]),
        ("What is the fuel of the Old Pier Gate?", [2]),
        ("How many hours did the tower burn in 2018?", []),
        ("What is the fuel of the harbour?", []),
        ("Who built the tower?", []),
        ("What is the price of oil for lamps?", []),
        ("What is not the fuel of the Tower?", []),
        ("Who made the lamp Tower?", []),
        ("Which lamps stand by the Tower?", []),
    ],
)
def test_the_row_that_is_named_answers_and_no_other(question, rows):
    assert told(question) == (rows, "")


@pytest.mark.parametrize("head", ["Yield per plant", "Yield in kg", "Yield (kg)"])
def test_a_head_is_named_without_its_unit(head):
    rows = table(f"Sort: Ox Cheek; {head}: 4.6", f"Sort: Early; {head}: 1.4")
    found, _ = rows_asked("What was the yield of the Ox Cheek?", rows)
    assert [row.text for row in found] == [f"Sort: Ox Cheek; {head}: 4.6"]
    assert not rows_asked("How many plants of Ox Cheek are there?", rows)[0]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which lamp burnt the most hours in 2020?", 0),
        ("Which lamp burnt the least in 2020?", 2),
        ("Which lamp burnt most in 2019?", 1),
        ("Which lamp burnt the most hours in the first half of 2020?", 0),
        ("Which lamp burnt the second most hours in 2020?", 1),
    ],
)
def test_the_highest_and_the_lowest_are_compared_without_the_sum(question, row):
    rows, note = told(question)
    assert rows == [row]
    assert "3 rows of the table in “Lamps of the North”" in note


@pytest.mark.parametrize(
    "question",
    [
        "Which lamp burnt the most in 2018?",
        "Which lamp burnt at least 10 hours in 2020?",
        "Which lamp burnt the fourth most hours in 2020?",
        "Which keeper burnt the most in 2020?",
        "Which lamp burnt the most?",
    ],
)
def test_what_the_table_does_not_tell_is_not_compared(question):
    assert told(question) == ([], "")


DEPTHS = (
    "Lake: Ask; Depth: −5; Coast: no",
    "Lake: Brim; Depth: 38,5; Coast: yes",
    "Lake: Cold; Depth: 7.25 m; Coast: no",
    "Lake: Deep; Depth: 1,200; Coast: unknown",
)


HUTS = (
    "Hut: Ardoch; Height (m): 20; Bunks: 12; Cost: 9; Hut length: 4; Child fee: 3",
    "Hut: Bhan; Height (m): 725; Bunks: 4; Cost: 12; Hut length: 7; Child fee: 2",
    "Hut: Cold; Height (m): 540; Bunks: 10; Cost: 6; Hut length: 9; Child fee: 4",
)


def picked(lines, question):
    found, _ = rows_asked(question, table(*lines))
    return [lines.index(statement.text) for statement in found]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which lake has the lowest depth?", [0]),
        ("Which lake has the highest depth?", [3]),
        ("Which lake has the second lowest depth?", [2]),
        ("Which is the largest lake?", [3]),
        ("Which lakes have no coast?", [0, 2]),
    ],
)
def test_figures_are_compared_as_they_are_written(question, rows):
    assert picked(DEPTHS, question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which hut lies highest?", [1]),
        ("Which is the highest of the huts?", [1]),
        ("Which is the second highest hut?", [2]),
        ("Which is the cheapest hut?", [2]),
        ("which hut is longest", [2]),
        ("Which hut has the highest rating?", []),
        ("Which hut has the lowest price?", []),
        ("Which hut has the longest opening hours?", []),
        ("Which hut has the lowest cost?", [2]),
        ("Which is the best hut?", []),
        ("Which hut is the deepest?", []),
        ("Which is the largest hut?", []),
    ],
)
def test_a_superlative_tells_the_column_that_it_speaks_of(question, rows):
    assert picked(HUTS, question) == rows


def test_a_row_with_an_empty_cell_is_compared_too():
    lines = (*DEPTHS, "Lake: Even; Depth: 2,000")
    found, note = rows_asked("Which lake has the highest depth?", table(*lines))
    assert ([s.text for s in found], "5 rows" in note) == ([lines[-1]], True)


def test_a_unit_need_not_be_named():
    lines = ("Lake: Ask; Depth (metres): 5", "Lake: Brim; Depth (metres): 6")
    (found,), _ = rows_asked("What is the depth of the Brim?", table(*lines))
    assert found.text == lines[1]


@pytest.mark.parametrize(
    "lines",
    [
        ("Lake: Ask; Depth: 5; Coast: yes",),
        ("Lake: Ask; Depth: 5; Coast: no", "Lake: Brim; Depth: –; Coast: no"),
    ],
)
def test_one_figure_is_the_highest_of_none(lines):
    assert rows_asked("Which lake has the highest depth?", table(*lines)) == ([], "")


def test_one_row_is_no_table_to_count_in():
    assert told("Which lamp burns gas?", LAMPS[1]) == ([], "")


def test_rows_of_two_articles_are_two_tables():
    both = [*table(*DEPTHS[:2]), *table(*DEPTHS[2:])]
    for row in both[2:]:
        other = replace(row.source, id="e")
        both[both.index(row)] = replace(row, source=other)
    found, note = rows_asked("Which lake has the highest depth?", both)
    assert ([s.text for s in found], "2 rows" in note) == ([DEPTHS[1]], True)


def test_of_two_columns_with_figures_none_is_chosen():
    lines = ("Lake: Ask; Depth: 5; Width: 9", "Lake: Brim; Depth: 6; Width: 8")
    assert rows_asked("Which is the largest lake?", table(*lines)) == ([], "")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which lamps burn oil?", [0, 2]),
        ("Which of the lamps burn gas?", [1]),
        ("How many lamps burn oil or gas?", [0, 1, 2]),
        ("Which lamps do not burn oil?", []),
        ("Which lamps burnt oil in 2018?", []),
        ("Why do the lamps burn oil?", []),
    ],
)
def test_rows_that_hold_a_word_are_counted(question, rows):
    found, note = told(question)
    assert found == rows
    assert note.startswith(f"Counted: {len(rows)} of 3 rows" if rows else "")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which boats carry coal to Velt?", [0]),
        ("Which boats carry coal?", [0, 1]),
        ("Which boats go to Velt or Norr?", [0, 1, 2]),
    ],
)
def test_rows_hold_what_is_asked_in_each_column(question, rows):
    boats = (
        "Boat: Auk; Cargo: coal; Port: Velt",
        "Boat: Eider; Cargo: coal; Port: Norr",
        "Boat: Teal; Cargo: hay; Port: Velt",
    )
    found, _ = rows_asked(question, table(*boats))
    assert [boats.index(statement.text) for statement in found] == rows


def test_rows_of_two_tables_are_not_compared_with_each_other():
    found, note = rows_asked("Which lake has the lowest depth?", table(*DEPTHS, *LAMPS))
    assert (len(found), "4 rows" in note) == (1, True)


def test_a_key_of_many_rows_names_none():
    lines = [f"Lake: Ask; Depth: {n}" for n in range(11)]
    question = "What is the depth of the Ask?"
    assert rows_asked(question, table(*lines)) == ([], "")
    assert len(rows_asked(question, table(*lines[:10]))[0]) == 10


def test_prose_with_a_colon_is_no_row():
    prose = "The lamp needs two things: oil and a wick; both are dear. Note: it is old."
    spans = tuple(sentence_spans(prose))
    passage = Passage("p", "d", 0, len(prose), prose, "", spans)
    assert list(rows_in([(passage, Source("d", "a.md", "A"))])) == []


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        ("Lamp | 2019 | 2020", "Lamp: Tower; 2019: 11; 2020: 30"),
        ("Lamps of 1990 · Lamp | 2019 | 2020", "Lamp: Tower; 2019: 11; 2020: 30"),
        (" | 2019 | 2020", "Tower; 2019: 11; 2020: 30"),
    ],
)
def test_a_row_below_heads_that_stand_apart_is_told_with_them(heads, told):
    lines = ("Lamp | 2019 | 2020", "Old Pier | 9 | 1,200", "Tower | 11 | 30")
    rows = table(*lines, heading=heads)
    (found,), _ = rows_asked("How long did the tower burn in 2020?", rows)
    assert found.text == told
    (place,) = found.places
    assert "\n\n".join(lines)[place.start : place.end] == lines[-1]


def test_a_row_with_other_cells_than_heads_tells_no_heads():
    heads = "Lamp | 2019 | 2020"
    assert table("Tower", "Pier | 4 | 5 | 6 | 7", heading=heads) == []


@pytest.mark.parametrize(
    ("caption", "rows"),
    [
        ("Lamps of 1990", 1),
        ("Lamps of 1991", 0),
        ("Lamps of 1990 and 1991", 0),
        ("Lamps", 0),
    ],
)
def test_the_year_of_a_row_may_be_that_of_its_caption(caption, rows):
    found = table("Tower | gas | 30", heading=f"{caption} · Lamp | Fuel | Hours")
    told, _ = rows_asked("What fuel did the Tower burn in 1990?", found)
    assert len(told) == rows


SHARES = ("Own Brands | 14.7", "Prisunic | 11.7", "Casino | 17.1")


@pytest.mark.parametrize(
    ("caption", "question", "told"),
    [
        ("Shares of retailers", "Which retailer had the lowest rate?", []),
        ("Shares of retailers", "Who has the lowest share of retailers?", []),
        # Words of a head name no row.
        ("retailers", "Which retailer had the lowest own brands share?", [11.7]),
        # Of what nothing tells that it is compared, a row is named at most.
        ("Shares", "Which retailer had the lowest own brands share?", [14.7]),
        # A name says nothing of what the rows are.
        ("The Retailer Ltd", "Which retailer had the lowest share?", []),
    ],
)
def test_what_is_compared_may_be_told_by_the_caption(caption, question, told):
    found = table(*SHARES, heading=f"{caption} · Names | Own brands share")
    said, _ = rows_asked(question, found)
    assert [float(one.text.rpartition(" ")[2]) for one in said] == told


@pytest.mark.parametrize(
    "day", ["June 30, 2011", "june 30th, 2011", "30 June 2011", "6/30/2011"]
)
def test_a_day_names_its_columns_however_it_is_written(day):
    heads = "Loan | 31/12/2010 euros | 31/12/2010 % | 6/30/2011 euros | 6/30/2011 %"
    found = table("Leases | 7 | 1 | 9 | 2", "Farms | 5 | 1 | 3 | 1", heading=heads)
    (row,), _ = rows_asked(f"How much was in leases on {day}?", found)
    assert "euros: 9" in row.text
    assert rows_asked("How much was in leases on 29 June 2011?", found) == ([], "")


def test_a_month_names_its_column():
    found = table("Velt | 7 | 9", heading="Port | May 2011 | June 2011")
    (row,), _ = rows_asked("How many ships came to Velt in June 2011?", found)
    assert row.text.endswith("9")
    assert rows_asked("How many ships came to Velt in July 2011?", found) == ([], "")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which system had the highest overall exclusion rate?", ["Norr"]),
        ("Which system had the highest rate?", []),
        ("Which system had the highest desired rate?", []),
    ],
)
def test_a_head_may_be_named_by_most_of_its_words(question, told):
    heading = "System | Desired population overall exclusion rate | Desired return rate"
    found = table("Velt | 4 | 96", "Norr | 25 | 90", heading=heading)
    said, _ = rows_asked(question, found)
    assert [row.text.split(";")[0].removeprefix("System: ") for row in said] == told


@pytest.mark.parametrize(
    ("question", "lines", "heading", "told"),
    [
        (
            "what was the revenue of the south region in the first quarter",
            ("North | 5 | 6", "South | 7 | 8"),
            "Region | First quarter | Second quarter",
            ["South"],
        ),
        (
            "What profit did the First Union bank make?",
            ("First Union | 70", "Credit Mutuel | 20"),
            "Bank | Profit",
            ["First Union"],
        ),
        (
            "What is the average price of diesel in Velmar?",
            ("Velmar | 30 | 4", "Norr | 20 | 3"),
            "Port | Average price of fish | Ships",
            [],
        ),
        (
            "Which of the lamps has the most steps?",
            ("Ann Oake | 30", "Bo Lind | 2"),
            "keepers of lamps · Keeper | Years",
            [],
        ),
    ],
)
def test_a_superlative_or_a_likeness_by_chance_moves_no_row(
    question, lines, heading, told
):
    said, _ = rows_asked(question, table(*lines, heading=heading))
    assert [row.text.split(";")[0].partition(": ")[2] for row in said] == told


@pytest.mark.parametrize("head", ["Total (n)", "No.", "Number"])
def test_the_largest_number_is_that_of_the_head_which_counts(head):
    found = table("Velt | 4 | 96", "Norr | 9 | 90", heading=f"Country | Share | {head}")
    (row,), _ = rows_asked("Which country had the largest number of cases?", found)
    assert "Velt" in row.text
    assert rows_asked("Which country had the largest cases?", found) == ([], "")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which shop has the fewest items, and how many?", "Velt"),
        ("Which shop has the fewest items?", ""),
        ("Which shop has the fewest lamps, and how many?", ""),
    ],
)
def test_how_many_asks_for_the_number_of_what_is_named(question, told):
    found = table(
        "Velt | 9 | 96", "Norr | 4 | 100", heading="Shop | Share | Number of items"
    )
    rows, _ = rows_asked(question, found)
    assert [row.text[6:10] for row in rows] == [told] * bool(told)


def test_a_row_is_told_with_the_heads_of_its_passage():
    heading = "Ports · Table 1 · Port | 2019 | 2020"
    assert row_told("Velt | 4 | 9", heading) == "Port: Velt; 2019: 4; 2020: 9"
    for text, below in (
        ("Velt | 4 | 9 | 11", heading),
        ("Velt | 4 | 9", "Ports"),
        ("Fish | oil was dear.", "Ports"),
        ("Fish was dear.", heading),
        ("Port | 2019 | 2020", heading),
    ):
        assert row_told(text, below) == text


def test_heads_in_rows_of_their_own_are_known():
    heading = "Table 1 · Port of landing | 2019 tonnes"
    assert is_head("Port | 2019", heading)
    assert is_head("of landing | tonnes", heading)
    assert not is_head("landing", heading)
    assert not is_head("Velt | 2019", heading)
    assert not is_head("Port", "Ports")


@pytest.mark.parametrize("quarter", ["the third quarter of 2006", "Q3 2006"])
def test_a_quarter_names_its_column(quarter):
    found = table("2005 | 70 | 61", "2006 | 96 | 84", heading=" | Q2 | Q3")
    (row,), _ = rows_asked(f"What was the issuance in {quarter}?", found)
    assert row.text.endswith("84")


def test_the_title_is_the_caption_of_a_table_without_one():
    (row,) = table("Tower | gas | 30", heading="Lamp | Fuel | Hours")
    assert row.caption == "Lamps of the North"


@pytest.mark.parametrize("question", ["How many ships in 1990?", "Ships of 1990?"])
@pytest.mark.parametrize(("head", "told"), [("", "1990"), ("Season", "Season: 1990")])
def test_a_row_of_figures_alone_is_named_by_its_first(question, head, told):
    rows = table("1989 | 7 | 4", "1990 | 8 | 5", heading=f"{head} | Ships | Boats")
    (found,), _ = rows_asked(question, rows)
    assert found.text == f"{told}; Ships: 8; Boats: 5"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many ships sank within 3 weeks?", []),
        ("How many ships came to berth 3?", ["Berth: 3; Ships: 8; Boats: 9"]),
    ],
)
def test_a_mere_number_names_a_row_with_its_head(question, told):
    rows = table("3 | 8 | 9", "4 | 8 | 3", heading="Berth | Ships | Boats")
    assert [found.text for found in rows_asked(question, rows)[0]] == told


def test_an_empty_cell_moves_no_other():
    rows = table("1990 | 8 |  | 9", heading=" | Ships | Boats | Rafts | Kites")
    (found,), _ = rows_asked("How many ships in 1990?", rows)
    assert found.text == "1990; Ships: 8; Rafts: 9"


def test_figures_that_stand_in_heads_by_chance_are_a_row():
    (row,) = table("10 | 20 | 2", heading="Age | 2010 | 2020")
    assert row.text == "Age: 10; 2010: 20; 2020: 2"
    assert table("10 | 20 | 2", heading="Age 10 | 20 ships | 2 boats") == []


def test_rows_of_heads_are_no_rows():
    lines = ("2019 | 2020", "Lamp | gas | oil", "Tower | 1 | 2")
    (row,) = table(*lines, heading="Lamp | 2019 gas | 2020 oil")
    assert row.text == "Lamp: Tower; 2019 gas: 1; 2020 oil: 2"


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many ships had Velt in 2020?", 1),
        ("How many boats had Velt in 2020?", 0),
        ("What had Velt in 2020?", 0),
    ],
)
def test_a_year_with_several_heads_names_none_of_them(question, rows):
    heads = "Port | 2019 ships | 2019 (%) | 2020 ships | 2020 (%)"
    found = table("Velt | 1 | 2 | 3 | 4", heading=heads)
    assert len(rows_asked(question, found)[0]) == rows


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many ships carry coal for Norr?", ["Coal: Norr; Ships: 4"]),
        ("How many ships carry hay for Norr?", ["Hay: Norr; Ships: 9"]),
        ("How many ships has Norr?", ["Coal: Norr; Ships: 4", "Hay: Norr; Ships: 9"]),
    ],
)
def test_tables_side_by_side_are_told_apart(question, told):
    lines = ("Velt | 7 | Norr | 9", "Norr | 4 | Velt | 2")
    rows = table(*lines, heading="Coal | Ships | Hay | Ships")
    found, _ = rows_asked(question, rows)
    assert sorted(statement.text for statement in found) == told


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How long did the Tower burn before it broke?", [1, 3]),
        ("Is version 22.04 kept?", [0, 1, 2, 3]),
        ("Which lamp burns longer than the Tower?", [0, 1, 2, 3]),
        ("Is the Tower the lamp that burns longest?", [0, 1, 2, 3]),
        ("Who kept lamps after the Tower?", [0, 1, 2, 3]),
        ("How long do lamps burn?", [0, 1, 2, 3]),
    ],
)
def test_other_rows_than_the_one_named_do_not_answer_but_the_sum(question, kept):
    passage = passage_of(LAMPS)[0]
    (hit,) = of_rows_named(question, hits_of(LAMPS))
    assert [passage.sentences.index(s) for s in hit.passage.sentences] == kept
    assert len(hit.sentence_scores) == len(kept)


@pytest.mark.parametrize(
    ("question", "caption", "kept"),
    [
        ("How much did Velmar handle in 2018?", "Ports", []),
        ("How much did Velmar handle in 2018?", "Ports as of 2018", [0]),
        ("How much did Velmar handle in 2020?", "Ports", [0]),
        ("Did Velmar handle more in 2018 than in 2020?", "Ports", [0]),
        ("What does Velmar, open since 1904, handle?", "Ports", [0]),
        ("How much did Norr handle in 2018?", "Ports", []),
        ("How much did Velmar handle?", "Ports", [0]),
        ("How much did ports handle in 2018?", "Ports", [0, 1]),
    ],
)
def test_a_row_told_by_other_years_does_not_answer(question, caption, kept):
    lines = ("Velmar | 38 | 40 | 1904", "Norr | 7 | 9 | 1911")
    hits = hits_of(lines, heading=f"{caption} · Port | 2019 | 2020 (tonnes) | Opened")
    found = of_rows_named(question, hits)
    places = [span for hit in found for span in hit.passage.sentences]
    assert [hits[0].passage.sentences.index(place) for place in places] == kept


def test_a_year_that_no_head_is_leaves_the_row():
    hits = hits_of(("Velmar | 38", "Norr | 7"), heading="Port | Tonnes")
    (hit,) = of_rows_named("How much did Velmar handle in 2018?", hits)
    assert len(hit.passage.sentences) == 1


def test_a_first_cell_that_is_a_figure_names_a_row_too():
    lines = (
        "Version: 1.2 LTS; Name: Ask; End: May",
        "Version: 1.3; Name: Brim; End: no",
    )
    hits = hits_of(lines)
    (hit,) = of_rows_named("When does 1.2 LTS stop?", hits)
    assert hit.passage.sentences == hits[0].passage.sentences[:1]
    assert of_rows_named("When does Ask stop?", hits) == (hit,)


def test_a_line_of_two_tables_answers_where_either_of_its_rows_is_named():
    lines = ("Velt | 7 | Norr | 9", "Norr | 4 | Velt | 2", "Brim | 1 | Sand | 3")
    hits = hits_of(lines, heading="Coal | Ships | Hay | Ships")
    (hit,) = of_rows_named("Is Norr a port?", hits)
    assert hit.passage.sentences == hits[0].passage.sentences[:2]


def test_a_number_of_things_names_no_row_that_is_numbered():
    hits = hits_of(("No.: 1; Risk: Fire", "No.: 2; Risk: Flood"))
    assert of_rows_named("What do the 2 reports say?", hits) == tuple(hits)


def read_as(hits, *belongs, answerable=0.8):
    """The hits as a reader that finds these probabilities of its sentences."""
    (hit,) = hits
    sentences = tuple(SentenceReading(each, 0.1) for each in belongs)
    return [replace(hit, reading=Reading(0.0, answerable, None, sentences))]


CODED = (
    "Lamp: Type B3; Fuel: oil; Hours: 9",
    "Lamp: Type B5; Fuel: gas; Hours: 11",
    "B9 was sold.",
)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How long does B7 burn?", 1),
        ("What does b7 burn?", 1),
        ("How long does B5 burn?", 3),
        ("How long does Type B5 burn?", 2),
        ("How long does B9 burn?", 3),
        ("How long does the Beacon burn in 2020?", 3),
        ("Which lamps burn like B7?", 3),
        ("Who lit B7?", 3),
    ],
)
def test_a_table_of_other_things_does_not_answer(question, kept):
    hits = read_as(hits_of(CODED), 0.6, 0.1, 0.2)
    (hit,) = of_rows_named(question, hits)
    assert len(hit.passage.sentences) == len(hit.reading.sentences) == kept
    assert hit.reading.answerable == (0.2 if kept == 1 else 0.8)


@pytest.mark.parametrize("told", [{"heading": "Of B7"}, {"title": "B7"}])
def test_a_code_above_a_table_may_be_that_of_its_rows(told):
    (hit,) = read_as(hits_of(CODED, told.get("heading", "")), 0.6, 0.1, 0.2)
    source = replace(hit.source, title=told.get("title", "Lamps"))
    hits = [replace(hit, source=source)]
    assert of_rows_named("How long does B7 burn?", hits) == tuple(hits)


def test_a_table_that_is_named_by_words_may_answer_whatever_the_code():
    hits = read_as(hits_of(LAMPS), 0.6, 0.1, 0.2, 0.1)
    assert of_rows_named("How long do lamps in hut B7 burn?", hits) == tuple(hits)


def test_without_its_rows_a_passage_answers_no_more_probably_than_before():
    hits = read_as(hits_of(CODED), 0.1, 0.1, 0.4, answerable=0.3)
    (hit,) = of_rows_named("How long does B7 burn?", hits)
    assert hit.reading.answerable == 0.3
    (unread,) = of_rows_named("How long does B7 burn?", hits_of(CODED))
    assert (len(unread.passage.sentences), unread.reading) == (1, None)


def test_a_row_that_is_named_keeps_what_was_read_of_it():
    hits = read_as(hits_of(CODED), 0.1, 0.3, 0.1)
    (hit,) = of_rows_named("How long does Type B5 burn beside B7?", hits)
    assert (len(hit.passage.sentences), hit.reading.answerable) == (2, 0.8)
