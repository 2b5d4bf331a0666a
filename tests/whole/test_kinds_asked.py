"""A question to one file of each kind: the answer, the quote and its place."""

import json
import warnings

import pytest
from rendering import as_docx, make_article, ods, odt, slides, workbook

from qa.settings import Settings
from qa.wiring import assemble, run_build

pytestmark = pytest.mark.real

FILES = {
    "ports.csv": b"Port,Cargo in 2020 (tonnes)\nVelmar,38500\nOstrel,13400\n",
    "towns.xlsx": lambda: workbook(
        Towns={1: ["Town", "Founded", "River"], 2: ["Lemgrad", 1883, "Silk"]}
    ),
    "frost.pptx": slides,
    "storm.eml": (
        b"From: Ann Oake <ann@pier.test>\nTo: Bo <bo@pier.test>\nSubject: The storm\n"
        b"Date: Tue, 10 May 2022 10:00:00 +0200\n\n"
        b"The storm of last Friday destroyed eleven fishing boats in Karsund.\n"
    ),
    "interview.vtt": (
        b"WEBVTT\n\n00:02:05.000 --> 00:02:09.000\n"
        b"<v Tor Lind>The lighthouse of Brenhold was sold for ninety thousand crowns.\n"
    ),
    "keeper.rtf": rb"{\rtf1\ansi The keeper of Sandholm is called Petra Lund.\par}",
    "canal.odt": lambda: odt(
        "<text:p>The canal of Tarnow was dug by four hundred convicts.</text:p>"
    ),
    "bridges.json": json.dumps(
        [{"bridge": "Old Arch", "length in metres": 214, "river": "Ebbe"}]
    ).encode(),
    "herds.tsv": b"Herd\tReindeer\tHerder\nUpper Falk\t1840\tMirja Salo\n",
    "lakes.ods": lambda: ods(
        "Lakes", [["Lake", "Fish", "Owner"], ["Brisk Water", "char", "Ole Dahl"]]
    ),
    "club.mbox": (
        b"From a Mon Apr  4 2022\nFrom: Ivo Petz <ivo@club.test>\nSubject: Regatta\n\n"
        b"The regatta begins at noon.\n\n"
        b"From b Tue Apr  5 2022\nFrom: Mona Reus <mona@club.test>\nSubject: A key\n\n"
        b"The key of the boathouse hangs behind the blue oar.\n"
    ),
    "walk.srt": (
        b"1\n00:00:45,000 --> 00:00:49,000\nThe castle of Orrin was burnt down\n"
        b"by the monks of Feld.\n"
    ),
    "bell.rst": (
        b"The bell of Marnow\n==================\n\n"
        b"The bell of Marnow weighs eleven tonnes and hangs in the north tower.\n"
    ),
    "snails.tex": (
        b"\\section{Results}\n\nThe snails of Iland lay about forty eggs each spring.\n"
    ),
    "tides.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "markdown",
                    "source": "The tide at Visholm rises by seven metres in March.",
                }
            ]
        }
    ).encode(),
}
ASKED = [
    ("How much cargo did Ostrel handle in 2020?", "13400", "ports.csv", 3),
    ("When was Lemgrad founded?", "1883", "towns.xlsx#Towns", 2),
    ("Which number has port Velmar for 2020 on the slides?", "41", "frost.pptx", 2),
    ("How many fishing boats did the storm destroy?", "eleven", "storm.eml", None),
    (
        "For how much was the lighthouse of Brenhold sold?",
        "ninety",
        "interview.vtt",
        None,
    ),
    ("What is the keeper of Sandholm called?", "Petra Lund", "keeper.rtf", None),
    ("Who dug the canal of Tarnow?", "convicts", "canal.odt", None),
    ("What is the length of the bridge Old Arch?", "214", "bridges.json", None),
    ("Who is the herder of Upper Falk?", "Mirja Salo", "herds.tsv", 2),
    ("Which fish lives in Brisk Water?", "char", "lakes.ods#Lakes", 2),
    ("Where does the key of the boathouse hang?", "blue oar", "club.mbox#2", None),
    ("Who burnt down the castle of Orrin?", "monks of Feld", "walk.srt", None),
    ("How much does the bell of Marnow weigh?", "eleven", "bell.rst", None),
    ("How many eggs do the snails of Iland lay?", "forty", "snails.tex", None),
    ("By how much does the tide at Visholm rise?", "seven", "tides.ipynb", None),
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    home = tmp_path_factory.mktemp("kinds")
    (home / "seeds").mkdir()
    for name, made in FILES.items():
        (home / "seeds" / name).write_bytes(made() if callable(made) else made)
    (home / "seeds" / "other.docx").write_bytes(as_docx(make_article(sections=1)))
    settings = Settings(
        seeds=home / "seeds", index=home / "index", threads=1, generator="none"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = run_build(settings)
        assert report.count("skipped") == 0
        return assemble(settings)


@pytest.mark.parametrize(("question", "said", "file", "page"), ASKED)
def test_a_file_of_each_kind_answers_with_its_place(parts, question, said, file, page):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = parts.answerer.answer(question)
    assert said in answer.text
    cited = next(c for c in answer.citations if said in c.quote)
    assert (cited.document.file, cited.page) == (file, page)
    with parts.index.snapshot() as snapshot:
        text = snapshot.document(cited.document.id).text
    assert text[cited.start : cited.end] == cited.quote
