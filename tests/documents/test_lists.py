"""Lists, turns of a transcript, tables and notes of plain text, read as one."""

import textwrap
from itertools import pairwise

import pytest
from fakes import BagOfWordsEmbedder

from qa.documents import SeedFile
from qa.documents.load import parse_seed
from qa.documents.notes import unmarked, without_marks
from qa.documents.passages import split

PROSE = "The lamp of the pier is lit by hand at dusk, as it was a hundred years ago."


def sentences(file, text):
    """All sentences of a seed, those of a unit with a bar between their lines."""
    document = parse_seed(SeedFile(file, text.encode(), "unused")).documents[0]
    count = BagOfWordsEmbedder().count_tokens
    passages = split(document, count_tokens=count, size=100, window=256)
    found = [p.sentence(n) for p in passages for n in range(len(p.sentences))]
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
    return [sentence.replace("\n\n", " | ") for sentence in found]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.md", f"{PROSE} It needs:\n\n- oil\n- a wick\n"),
        ("a.md", f"{PROSE} It needs:\n\n1. oil\n2. a wick\n"),
        ("a.html", f"<p>{PROSE} It needs:<ul><li>oil<li>a wick</ul>"),
        ("a.txt", f"{PROSE} It needs:\n\noil\na wick\n\n{PROSE}\n"),
    ],
)
def test_a_short_list_is_one_sentence_with_what_leads_in_to_it(file, text):
    assert "It needs: | oil | a wick" in sentences(file, text)


def test_sentences_in_a_list_that_no_colon_announces_stay_apart():
    told = sentences("a.md", f"{PROSE}\n\n- It burns oil.\n- It burns long.\n")
    assert told[-2:] == ["It burns oil.", "It burns long."]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.md", f"# A\n\n{PROSE}\n\n## Rules\n\n- It burns oil.\n- It burns long.\n"),
        ("a.html", f"<p>{PROSE}<h2>Rules</h2><ol><li>It burns oil.<li>It burns long."),
    ],
)
def test_sentences_in_a_list_right_below_a_heading_are_one(file, text):
    assert sentences(file, text)[-1] == "It burns oil. | It burns long."


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("## Rules\n\n- It burns oil. It burns long.\n", "It burns long."),
        ("- It burns “oil.”\n- It burns “long.”\n", "It burns “long.”"),
        ("- It burns oil!\n- It burns long!\n", "It burns long!"),
    ],
)
def test_sentences_of_one_item_or_that_end_otherwise_stay_apart_too(text, last):
    assert sentences("a.md", f"# A\n\n{PROSE}\n\n{text}")[-1] == last


def test_points_that_are_counted_are_one_with_the_sentence_before_them():
    points = "First, it is warm. It always was. Second, it is dear."
    told = sentences("a.txt", f"Lamps\n\n{PROSE} Two things hold. {points} So it is.\n")
    assert told == [PROSE, f"Two things hold. {points}", "So it is."]
    assert sentences("a.md", f"{PROSE} Finally, it is warm.") == [
        PROSE,
        "Finally, it is warm.",
    ]
    long = f"First, {PROSE} {PROSE} {PROSE} Second, it is dear."
    assert sentences("a.md", long)[-1] == "Second, it is dear."


def test_a_long_list_is_read_item_by_item():
    items = "".join(f"- the lamp of pier {n} and its keeper\n" for n in range(30))
    assert "the lamp of pier 7 and its keeper" in sentences(
        "a.md", f"Lamps:\n\n{items}"
    )


def test_lettered_lines_are_items():
    told = sentences("a.md", f"{PROSE}\n\nFirst do this:\na) fill it\nb) light it\n")
    assert told[-1] == "First do this: | a) fill it | b) light it"


QUOTED = "Ann Lee wrote: | The lamp is too dim. | I asked for oil."


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.md", "Ann Lee wrote:\n\n> The lamp is too dim.\n>\n> I asked for oil.\n"),
        ("a.txt", "Ann Lee wrote:\n> The lamp is too dim.\n>\n> I asked for oil.\n"),
        (
            "a.html",
            "Ann Lee wrote:<blockquote><p>The lamp is too dim.<p>I asked for oil.",
        ),
    ],
)
def test_what_is_quoted_stays_with_who_said_it(file, text):
    assert sentences(file, f"{PROSE}\n\n{text}\n\n")[-1] == QUOTED


def test_a_quote_that_nobody_leads_in_to_stands_by_itself():
    told = sentences("a.md", f"{PROSE}\n\n> It is dim.\n>\n> I asked for “oil”\n")
    assert told[1:] == ["It is dim.", "I asked for “oil”"]
    told = sentences("a.md", f"{PROSE} She wrote:\n\n> It is dim.\n\nSo it is.")
    assert told[1:] == ["She wrote: | It is dim.", "So it is."]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.md", "\n\n> I asked for “oil”, he said\n>\n> Or gas\n"),
        ("a.txt", "\n\n> I asked for “oil”, he said\n>\n> Or gas\n"),
        ("a.html", "<blockquote><p>I asked for “oil”, he said<p>Or gas</blockquote>"),
        (
            "a.html",
            " Ann:<blockquote>Dim</blockquote><p>I asked for “oil”, he said<p>Or gas",
        ),
    ],
)
def test_paragraphs_that_nobody_leads_in_to_are_no_list(file, text):
    told = sentences(file, f"{'<p>' * (file == 'a.html')}{PROSE}{text}")
    assert told[-2:] == ["I asked for “oil”, he said", "Or gas"]


def test_an_answer_below_its_question_stays_with_it():
    asked = "How long does it burn?\nNine hours\n\nWho pays?\nThe town\n"
    told = sentences("a.txt", f"Lamps\n\n{PROSE}\n\n{asked}")
    assert told[-2:] == ["How long does it burn? | Nine hours", "Who pays? | The town"]


def test_a_byline_and_its_date_are_no_list():
    told = sentences(
        "a.txt", f"Lamps of the North\n\nBy Ann Oake\n3 May 2020\n\n{PROSE}\n"
    )
    assert told == ["By Ann Oake", "3 May 2020", PROSE]


def test_a_turn_of_a_transcript_keeps_its_speaker():
    text = f"{PROSE}\n\nANN OAKE: No. It is too dear.\n\nBO LIND: I agree. We wait.\n"
    told = sentences("a.txt", text)
    assert told[-2:] == ["ANN OAKE: No. It is too dear.", "BO LIND: I agree. We wait."]


RULES = [
    "Opening. Tuesdays from five to eight. Bring a bag.",
    "**The loan.** Up to five tools.",
    "Late returns. 2 marks per tool and day.",
]


@pytest.mark.parametrize("file", ["a.txt", "a.md"])
def test_a_heading_in_a_paragraph_stands_before_its_sentence(file):
    title = "# Rules of the shed" if file == "a.md" else "Rules of the shed\n"
    rules = [rule if file == "a.md" else rule.replace("*", "") for rule in RULES]
    told = sentences(file, "\n\n".join([title, PROSE, *rules, "No. We wait long."]))
    assert told[-5:] == [
        "Opening. Tuesdays from five to eight.",
        "Bring a bag.",
        "The loan. Up to five tools.",
        "Late returns. 2 marks per tool and day.",
        "No. We wait long.",
    ]


@pytest.mark.parametrize(
    ("paragraphs", "apart"),
    [
        (["No. We wait.", "Yes. We go.", PROSE, PROSE], "No."),  # two
        (["Oil. We wait.", "Tar. We go.", "Ice. It is."] + [PROSE] * 7, "Oil."),
        (["Why? We wait.", "Who? We go.", "When? It is."], "Why?"),
        (["oil. We wait.", "tar. We go.", "ice. It is."], "oil."),
        (["Paint it all red. We wait.", *["Tar it all now. We go."] * 2], "We wait."),
    ],
)
def test_short_sentences_here_and_there_are_no_headings(paragraphs, apart):
    told = sentences("a.txt", "\n\n".join(["Sheds", PROSE, *paragraphs]))
    assert apart in told
    assert "We wait." in told


def test_no_two_things_that_are_quoted_as_one_overlap():
    texts = [
        "Sheds",
        "Equipment. You need:",
        "- oil\n- a wick",
        "Rules. First, pay the fee. Second, bring a bag. Third, wait.",
        "ANN OAKE: No.",
        "It rained. We stayed in the barn.",
        "BO LIND: Yes.",
        "Loans. Two weeks for all.",
        "ANN OAKE: No.",
        "Fees. Two marks a day.",
    ]
    text = "\n\n".join(texts).encode()
    (document,) = parse_seed(SeedFile("a.txt", text, "unused")).documents
    assert len(document.units) > 2
    assert all(a.end <= b.start for a, b in pairwise(document.units))


@pytest.mark.parametrize(
    ("speaker", "other"),
    [
        ("Ann Oake, keeper of the pier", "Bo Lind, pupil, 11"),
        ("Dr. Ann Oake, physician", "BO LIND"),
        ("Ann Oake (keeper)", "Bo Lind, town treasurer"),
    ],
)
def test_who_speaks_may_be_told_with_what_they_are(speaker, other):
    text = f"{PROSE}\n\n{speaker}: No. Too dear.\n\n{other}: I agree. We wait.\n"
    told = sentences("a.txt", text)
    assert told[-2:] == [f"{speaker}: No. Too dear.", f"{other}: I agree. We wait."]


def test_a_word_and_what_is_said_of_it_is_no_speaker():
    text = f"{PROSE}\n\nPaint, nice and red: one. Two.\n\nTar, black: one. Two.\n"
    assert sentences("a.txt", text)[-1] == "Two."
    text = "In Porto, three things matter: wine. Rain.\n\nNew Hall, below: one. Two."
    barn = "Old Barn, above: one. Three."
    told = sentences("a.txt", "\n\n".join([PROSE, text, barn, *[PROSE] * 7]))
    assert {"Rain.", "Two.", "Three."} <= set(told)
    told = sentences("a.txt", f"{PROSE}\n\n{text}\n")
    assert "Rain." in told


SPOKEN = "We have to mend the nets by hand. " * 20
TALK = [
    "Fishing in the North",
    PROSE,
    "ANN OAKE: Who pays?",
    f"BO LIND (Union): No. {SPOKEN}",
    "The wholesalers have to pay.",
    "[Applause]",
    "What about the state?",
    f"BO LIND (Union): It is poor. {SPOKEN}",
    "ANN OAKE: I see.",
    "It is late.",
]
LINES = {
    "a.txt": "\n\n".join(TALK),
    "a.md": "\n\n".join(
        ["# " + TALK[0], *TALK[1:3], f"**{TALK[3][:16]}**{TALK[3][16:]}"]
    )
    + "\n\n"
    + "\n\n".join(TALK[4:]),
    "a.html": f"<h1>{TALK[0]}</h1>" + "".join(f"<p>{line}</p>" for line in TALK[1:]),
}


@pytest.mark.parametrize("file", LINES)
def test_each_part_of_a_long_turn_is_given_to_its_speaker(file):
    document = parse_seed(SeedFile(file, LINES[file].encode(), "unused")).documents[0]
    count = BagOfWordsEmbedder().count_tokens
    passages = split(document, count_tokens=count, size=60, window=256)
    said_by = {
        p.sentence(n): p.speaker for p in passages for n in range(len(p.sentences))
    }
    assert said_by["The wholesalers have to pay."] == "BO LIND (Union)"
    assert said_by["We have to mend the nets by hand."] == "BO LIND (Union)"
    assert said_by["[Applause]"] == said_by["What about the state?"] == ""
    assert said_by[PROSE] == ""
    assert said_by["ANN OAKE: Who pays?"] == ""  # it says so itself
    assert "ANN OAKE: I see.\n\nIt is late." in said_by


def test_labels_here_and_there_make_no_transcript_of_what_follows():
    notes = "\n\n".join(["NOTE: Oil is dear. We wait.", *[PROSE] * 5] * 2)
    text = f"Lamps\n\n{PROSE}\n\nTIP: Use less. Or none.\n\n{notes}\n"
    document = parse_seed(SeedFile("a.txt", text.encode(), "unused")).documents[0]
    count = BagOfWordsEmbedder().count_tokens
    passages = split(document, count_tokens=count, size=60, window=256)
    assert not any(p.speaker for p in passages)


def test_a_heading_with_a_colon_is_no_speaker():
    text = f"# Lamps\n\n## Results:\n\n{PROSE}\n"
    document = parse_seed(SeedFile("a.md", text.encode(), "unused")).documents[0]
    count = BagOfWordsEmbedder().count_tokens
    (passage,) = split(document, count_tokens=count, size=60, window=256)
    assert (passage.heading, passage.speaker) == ("Results", "")


def test_one_label_makes_no_transcript():
    told = sentences("a.txt", f"{PROSE}\n\nNOTE: It is dear. We wait.\n\n{PROSE}\n")
    assert "We wait." in told


def test_columns_of_plain_text_are_the_rows_of_a_table():
    rows = "Lamp      2019   2020\nPier       1.5    2.5\nTower      3.5    4.5\n"
    assert sentences("a.txt", f"{PROSE}\n\n{rows}")[-2:] == [
        "Lamp: Pier; 2019: 1.5; 2020: 2.5",
        "Lamp: Tower; 2019: 3.5; 2020: 4.5",
    ]


def test_marks_of_notes_leave_the_text_that_has_the_notes_below():
    notes = "7 Oake, p. 3.\n8 Without oil."
    text = f"It had 40 lamps.7 By 1900 it had 212.8 All burn.\n\n{notes}"
    assert without_marks(text).split("\n")[0] == (
        "It had 40 lamps. By 1900 it had 212. All burn."
    )


def test_one_note_in_brackets_is_enough():
    text = "It had 40 lamps.[1] All burn.\n\n[1] Oake, p. 3."
    assert without_marks(text) == "It had 40 lamps. All burn.\n\n[1] Oake, p. 3."


@pytest.mark.parametrize(
    "text",
    [
        "It had 212.8 lamps.\n\n3 May\n8 June",
        "It had 212.8 lamps.",
        "It has 3 km2 of lamps.\n\n[2] Oake, p. 3.",
        "It weighs 2.7 tons or 2.81 tons.\n\n7 Oake.\n8 Lind.",
    ],
)
def test_other_figures_stay(text):
    assert without_marks(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("T h e  l a m p  b u r n s  i n  1 9 6 1.", "The lamp burns in 1961."),
        ("It is v e r y d e a r here.", "It is verydear here."),
        ("Lamps A B C D E burn.", "Lamps A B C D E burn."),
        ("x = a b + c", "x = a b + c"),
    ],
)
def test_letters_that_stand_apart_are_words(written, read):
    assert sentences("a.txt", f"{PROSE}\n\n{written}\n")[-1] == read


RESULTS = """Results of the regatta

Single scull
1 Greta Ahlborn, Neuwerk, 7:51
2 Sunniva Dale, Hovde, 7:58

Wind from the west
Referee Hanna Wulf
Lost property at the boathouse
"""


@pytest.mark.parametrize("file", ["a.txt", "a.md"])
def test_lines_of_which_none_goes_on_in_the_next_stand_each_for_itself(file):
    text = RESULTS if file == "a.txt" else f"# {RESULTS}"
    document = parse_seed(SeedFile(file, text.encode(), "unused")).documents[0]
    assert document.source.title == "Results of the regatta"
    assert sentences(file, text) == [
        "Single scull | 1 Greta Ahlborn, Neuwerk, 7:51 | 2 Sunniva Dale, Hovde, 7:58",
        "Wind from the west | Referee Hanna Wulf | Lost property at the boathouse",
    ]


def test_prose_beside_a_list_stays_prose_whatever_is_more():
    prose = "The regatta was held on the\nFirst Sunday in July, in rain, and\nAnn won."
    results = "\n\n".join(
        f"{n} Ann Oake, Velt\n{n} Bo Lind\n{n} Norr" for n in range(9)
    )
    found = sentences("a.txt", f"Regatta of Velt\n\n{prose}\n\n{results}\n")
    assert found[0] == prose.replace("\n", " ")
    assert found[1:3] == [
        "0 Ann Oake, Velt | 0 Bo Lind | 0 Norr",
        "1 Ann Oake, Velt | 1 Bo Lind | 1 Norr",
    ]


def test_two_lines_stand_apart_where_most_do():
    groups = ["Ann Oake\nVelt\nOpen on Mondays", "Bo Lind\nNorr"]
    assert sentences("a.txt", "Doctors\n\n" + "\n\n".join(groups)) == [
        "Ann Oake | Velt | Open on Mondays",
        "Bo Lind | Norr",
    ]


@pytest.mark.parametrize("file", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "lines",
    [
        ["The bridge of Velt was built by", "Thomas Oake for the", "Council in 1826."],
        [
            "The pier has a lamp that",
            "Ann Oake has lit since",
            "1921, and no one else.",
        ],
        ["Ann does not light the lamp in", "Winter.", "Bo lights it."],
        ["The lamp that burns above the town,", "The oil that feeds it,", "Burn low"],
        ["THE LAMP OF VELT WAS LIT BY", "ANN OAKE FROM 1921, AS", "IT HAD BEEN."],
        ["The lamp of Velt is lit by", "Ann Oake, and the lamp of", "Norr by Bo Lind"],
        ["Die Brücke in Velt", "wurde 1826 von", "Ann Oake gebaut"],
        ["桥建于", "1826年", "高417米"],
    ],
)
def test_lines_that_go_on_are_joined(file, lines):
    whole = " ".join(lines).replace(" Bo lights", "\nBo lights")
    prose = "\n".join(textwrap.wrap(PROSE, 40))
    assert sentences(file, f"{prose}\n\n" + "\n".join(lines)) == [
        PROSE,
        *whole.split("\n"),
    ]


@pytest.mark.parametrize("end", ["  \n", "<br>", "<br/>\n", "\\\n"])
def test_where_a_line_of_markdown_is_meant_to_end_it_does(end):
    text = end.join(["Ann Oake", "12 Gerber Street", "Velt"])
    assert sentences("a.md", f"{PROSE}\n\n{text}\n\n{PROSE}") == [
        PROSE,
        "Ann Oake | 12 Gerber Street | Velt",
        PROSE,
    ]
    goes_on = f"Ann Oake lit the lamp{end}by hand every night."
    assert sentences("a.md", goes_on) == ["Ann Oake lit the lamp by hand every night."]


@pytest.mark.parametrize(
    "lines",
    [
        ["Denmark | 3.1 | 10.2"],
        ["Denmark | 10.2 | 3.1", "Finland | 4 | 5"],
        ["It grew by 3.1 per cent."],
    ],
)
def test_the_end_of_a_number_is_no_mark(lines):
    assert unmarked(lines, ["1"]) == lines
    assert unmarked([*lines, "All said so.1"], ["1"]) == [*lines, "All said so."]
    assert unmarked(["It began in 1990.1 All burn."], ["1"]) == [
        "It began in 1990. All burn."
    ]
