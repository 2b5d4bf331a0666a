"""Tables, slides, messages, subtitles and other files people have: text and place."""

import json
from datetime import datetime
from email import message_from_string, policy
from io import BytesIO

import pytest
from pptx import Presentation
from rendering import MESSAGE, TOWNS, VTT, as_zip, odt, slides, workbook

from qa.documents import SeedFile, left_out
from qa.documents.load import parse_seed
from qa.documents.sheets import _shown
from qa.errors import SeedError

ROWS = [
    "Town: Velmar; Population: 41200; River: Ruhm",
    "Town: Ostrel; Population: 950.5",
]


def read(file, data):
    data = data.encode() if isinstance(data, str) else data
    return parse_seed(SeedFile(file, data, "unused"))


def article(file, data):
    (document,) = read(file, data).documents
    return document


def lines(document):
    """Its blocks but for the title, each with its page."""
    found, at = [], 0
    for block in document.text.split("\n\n"):
        if block != document.source.title:
            found.append((block, document.page_at(at)))
        at += len(block) + 2
    return found


@pytest.mark.parametrize(
    ("file", "comma"),
    [("z.zip#t.csv", ","), ("t.csv", ";"), ("t.tsv", "\t"), ("t.csv", "|")],
)
def test_a_row_of_a_table_in_text_carries_its_heads_and_its_number(file, comma):
    text = "\n".join(comma.join(map(str, row)) for row in TOWNS)
    document = article(file, text)
    assert document.source.title == "t"
    assert lines(document) == [(ROWS[0], 2), (ROWS[1], 3)]


def test_commas_and_quotation_marks_in_cells_part_no_cells():
    assert lines(article("t.tsv", "Town\tHas, is\tBy, in\nVelmar\ta, b\tc, d\n")) == [
        ("Town: Velmar; Has, is: a, b; By, in: c, d", 2)
    ]
    first = "Town,Said\n" + 'Velmar,"Yes, today"\n' * 2000
    (*_, last) = lines(article("t.csv", f'{first}Ostrel,"No: ""never"", no"\n'))
    assert last == ('Town: Ostrel; Said: No: "never", no', 2002)


def test_each_sheet_is_an_article_and_a_row_keeps_its_number():
    data = workbook(Towns=dict(enumerate(TOWNS, 5)), Empty={}, Notes={1: ["Said Ann."]})
    towns, notes = read("b.xlsx", data).documents
    assert [d.source.file for d in (towns, notes)] == ["b.xlsx#Towns", "b.xlsx#Notes"]
    assert towns.source.title == "b: Towns"
    assert lines(towns) == [(ROWS[0], 6), (ROWS[1], 7)]
    assert lines(notes) == [("Said Ann.", 1)]


def test_an_empty_row_ends_a_table_and_the_next_has_heads_of_its_own():
    text = "Town,River\nVelmar,Ruhm\n,\nPier,Built\nOld,in May\n"
    assert lines(article("t.csv", text)) == [
        ("Town: Velmar; River: Ruhm", 2),
        ("Pier: Old; Built: in May", 5),
    ]


def test_days_and_moments_of_a_sheet_are_written_alike_and_a_wide_row_has_heads():
    day, moment = datetime(2020, 5, 1), datetime(2020, 5, 1, 9, 30)
    text = "Town,Day,,\nVelmar,May,,\n"
    assert lines(article("t.csv", text)) == [("Town: Velmar; Day: May", 2)]
    values = [_shown(value) for value in (day, moment, moment.time(), 3.0, None)]
    assert values == ["2020-05-01", "2020-05-01 09:30:00", "09:30:00", "3", ""]


def test_the_row_that_a_slide_marks_as_heads_is_one():
    document = article("a.pptx", slides([("Port", "Cargo"), ("Velmar", "coal")]))
    assert ("Port: Velmar; Cargo: coal", 2) in lines(document)


def test_slides_are_parts_under_their_titles_with_tables_and_notes():
    document = article("a.pptx", slides())
    assert [(document.text[h.start : h.end]) for h in document.headings] == [
        "Why the pier froze",
        "Slide 2",
    ]
    found = dict(lines(document))
    assert found["It was cold."] == found["Speak slowly."] == 1
    assert found["Port: Velmar; 2020: 41"] == 2


def test_what_is_grouped_on_a_slide_is_read():
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    inner = slide.shapes.add_group_shape().shapes.add_group_shape()
    inner.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "It was cold."
    buffer = BytesIO()
    show.save(buffer)
    assert ("It was cold.", 1) in lines(article("a.pptx", buffer.getvalue()))


def test_a_message_says_who_wrote_it_and_leaves_out_what_it_quotes():
    parsed = read("a.eml", MESSAGE)
    (document,) = parsed.documents
    source = document.source
    assert (source.title, source.authors, source.published) == (
        "The pier",
        ("Ann Oake",),
        "2022-05-10",
    )
    assert document.text.endswith("The pier opens in June.")
    assert [part.text for part in parsed.left_out] == [
        "When does it open?",
        "It is cold.",
    ]


def test_quotes_that_a_mail_program_marks_are_left_out_too():
    inner = "<blockquote type='cite'>How cold was it?</blockquote>"
    html = (
        "<p>The pier opens in June.</p><blockquote class='gmail_quote'>When does it?"
        f"{inner}</blockquote><p>Bring <blockquote>a coat</blockquote></p>"
    )
    head = MESSAGE.partition("\n\n")[0].replace("text/plain", "text/html")
    parsed = read("a.eml", f"{head}\n\n{html}")
    text = parsed.documents[0].text
    assert text.partition("opens")[2].split() == ["in", "June.", "Bring", "a", "coat"]
    assert [part.text for part in parsed.left_out] == ["When does it? How cold was it?"]


@pytest.mark.parametrize("said", ["<", "group:;\t", "Bo <bo@pier.test"])
def test_a_malformed_address_costs_no_message(said):
    text = MESSAGE.replace("Bo <bo@pier.test>", said)
    box = f"From a Tue May 10 2022\n{text}\nFrom b Tue May 10 2022\n{MESSAGE}"
    parsed = read("a.mbox", box)
    assert not parsed.unread
    first, second = parsed.documents
    assert first.source.authors == second.source.authors == ("Ann Oake",)
    assert f"To: {said.strip()}" in first.text


def test_of_a_message_in_two_forms_the_plain_one_is_read():
    message = message_from_string(MESSAGE, policy=policy.default)
    message.add_alternative("<p>The pier is blue.</p>", subtype="html")
    (document,) = read("a.eml", message.as_bytes()).documents
    assert "opens in June" in document.text
    assert "blue" not in document.text


def test_what_is_attached_to_a_message_is_named():
    message = message_from_string(MESSAGE, policy=policy.default)
    message.add_attachment(b"x", maintype="image", subtype="png", filename="ice.png")
    (part,) = read("a.eml", message.as_bytes()).unread
    assert part.where == "a.eml, ice.png"


def test_a_mailbox_holds_its_messages_by_number_and_names_those_that_are_none():
    box = f"From ann Tue May 10 10:00:00 2022\n{MESSAGE}\nFrom x Tue May 10 2022\nno\n"
    parsed = read("a.mbox", box)
    assert [d.source.file for d in parsed.documents] == ["a.mbox#1"]
    assert [part.where for part in parsed.unread] == ["a.mbox#2"]


def test_a_line_that_a_mailbox_escapes_is_no_quote_and_one_of_many_is_asked_for(
    tmp_path,
):
    said = [f"Subject: {n}\nFrom: a\n\n>From here it is {n}.\n" for n in range(1, 12)]
    box = "".join(
        f"From a Tue May 10 2022\n{s}> Of {n}\n" for n, s in enumerate(said, 1)
    )
    first = read("a.mbox", box).documents[0]
    assert first.text.endswith("From here it is 1.")
    (tmp_path / "a.mbox").write_text(box, encoding="utf-8")
    (part,) = left_out(tmp_path, "a.mbox#1", max_bytes=None)
    assert (part.text, part.where) == ("Of 1", "a.mbox#1")


SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\nThe pier opens\n\n"
    "2\n00:00:03,500 --> 00:00:05,000\nin June.\n"
)


def test_what_is_said_in_subtitles_has_its_speaker_and_its_time():
    document = article("a.vtt", VTT)
    assert document.text.split("\n\n") == [
        "a",
        "00:00:01",
        "Ann: The pier opens in June.",
        "00:01:10",
        "Bo: Who pays?",
    ]
    assert article("a.srt", SRT).text.endswith("The pier opens in June.")


def test_subtitles_that_roll_are_read_once_and_speakers_stay_apart():
    cues = ["<v A>Is the", "<v A>Is the\n<v A>pier open", "<v B>No."]
    times = "00:00:0{}.000 --> 00:00:0{}.000\n{}"
    text = "\n\n".join(times.format(n, n + 1, cue) for n, cue in enumerate(cues))
    found = article("a.vtt", f"WEBVTT\n\n{text}\n").text
    assert found.split("\n\n")[2:] == ["A: Is the pier open", "B: No."]


def test_rich_text_is_read_with_its_letters():
    data = rb"{\rtf1\ansi\ansicpg1252 The caf\'e9 of \b Ann\b0  is open.\par Cold.\par}"
    assert article("a.rtf", data).text == "The café of Ann is open.\n\nCold."
    row = rb"\trowd Velmar\intbl\cell 41\intbl\cell\row"
    data = rb"{\rtf1 Towns in brief\par" + row + row.replace(b"41", b"7") + rb"}"
    assert lines(article("b.rtf", data))[-2:] == [
        ("Velmar|41", None),
        ("Velmar|7", None),
    ]


def test_an_open_document_has_headings_lists_tables_and_notes():
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row
        )
        + "</table:table-row>"
        for row in TOWNS
    )
    document = article(
        "a.odt",
        odt(
            "<text:tracked-changes><text:p>Struck out.</text:p></text:tracked-changes>"
            '<text:h text:outline-level="1">The pier</text:h><text:p>It<text:s/>froze.'
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Says Ann.</text:p></text:note-body></text:note> It thawed."
            "</text:p>"
            "<text:list><text:list-item><text:p>One</text:p></text:list-item>"
            "</text:list>"
            f"<table:table>{cells}</table:table>"
        ),
    )
    assert document.text.split("\n\n") == [
        "The pier",
        "It froze. It thawed.",
        "One",
        *ROWS,
        "Says Ann.",
    ]


def test_records_in_json_are_lines_with_their_keys():
    values = {
        "towns": [{"Town": "Velmar", "River": "Ruhm"}],
        "by": {"who": "Ann"},
        "n": 3,
        "open": True,
    }
    assert article("a.json", json.dumps(values)).text.split("\n\n") == [
        "n: 3; open: true",
        "towns: Town: Velmar; River: Ruhm",
        "by: who: Ann",
    ]


def test_heads_cells_and_notes_of_an_open_document_stay_what_they_are():
    def paragraphs(*texts):
        return "".join(f"<text:p>{text}</text:p>" for text in texts)

    def row(*cells):
        made = (f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{''.join(made)}</table:table-row>"

    heads, cells = (
        row(*map(paragraphs, cells))
        for cells in (("Port", "Cargo"), ("Velmar", "coal"))
    )
    note = f"<text:note><text:note-body>{paragraphs('One', 'Two')}</text:note-body>"
    body = (
        f"<text:p>It froze.{note}</text:note></text:p>"
        f"<table:table>{row(paragraphs('Red.', 'Blue.'))}</table:table>"
        f"<table:table><table:table-header-rows>{heads}</table:table-header-rows>"
        f"{cells}</table:table>"
    )
    assert article("a.odt", odt(body)).text.split("\n\n") == [
        "It froze.",
        "Red.",
        "Blue.",
        "Port: Velmar; Cargo: coal",
        "One Two",
    ]


def test_a_cell_below_a_wide_one_of_opendocument_keeps_its_head():
    def row(*cells):
        made = "".join(
            f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
            if cell
            else "<table:covered-table-cell/>"
            for cell in cells
        )
        return f"<table:table-row>{made}</table:table-row>"

    rows = row("Town", "2019", "2020") + row("Velmar", "", "7") + row("Ostrel", 5, 6)
    table = f"<table:table>{rows}</table:table>"
    assert "Town: Velmar; 2020: 7" in article("a.odt", odt(table)).text


def test_a_notebook_is_its_text_and_code_and_leaves_out_what_it_gave():
    cells = [
        {"cell_type": "markdown", "source": ["# The pier\n", "It froze."]},
        {"cell_type": "code", "source": "days = 3", "outputs": [{"text": ["3\x1b\n"]}]},
    ]
    parsed = read("a.ipynb", json.dumps({"cells": cells}))
    assert parsed.documents[0].text == "The pier\n\nIt froze.\n\ndays = 3"
    assert [part.text for part in parsed.left_out] == ["3"]


@pytest.mark.parametrize("kind", ["rst", "tex"])
def test_other_marked_up_text_is_read_as_text(kind):
    assert "It froze." in article(f"a.{kind}", "The pier\n\nIt froze.").text


@pytest.mark.parametrize(
    ("file", "data", "reason"),
    [
        ("a.xlsx", b"noise" * 99, "encrypted or damaged"),
        ("a.xlsx", as_zip({"a.xml": "<a/>"}), "encrypted or damaged"),
        ("a.pptx", b"noise" * 99, "damaged archive"),
        ("a.pptx", as_zip({"a.xml": "<a/>"}), "no PowerPoint file"),
        ("a.pptx", b"\xd0\xcf\x11\xe0" + bytes(99), "is encrypted"),
        ("a.odt", as_zip({"a.xml": "<a/>"}), "no OpenDocument file"),
        (
            "a.odt",
            odt("", **{"meta.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
            "entities",
        ),
        (
            "a.odt",
            odt("", **{"META-INF/manifest.xml": "<encryption-data/>"}),
            "encrypted",
        ),
        ("a.rtf", b"words", "no RTF file"),
        ("a.eml", b"words", "no message"),
        ("a.mbox", b"words", "no message"),
        ("a.vtt", b"words", "no subtitle file"),
        ("a.srt", b"words", "no subtitle file"),
        ("a.json", b"[" * 100_000, "not valid JSON"),
        ("a.ipynb", b"[]", "no notebook"),
        ("a.csv", b"\n \n", "empty"),
        ("a.json", b"[" + b"[1]," * 200_000 + b"[1]]", "more than 200,000 values"),
    ],
)
def test_what_is_no_file_of_its_kind_is_told(file, data, reason):
    with pytest.raises(SeedError, match=rf"^{file}: .*{reason}"):
        read(file, data)
