"""Cases: what counts as right, and small libraries that are asked."""

import json

import pytest
from typer.testing import CliRunner

from lab.app import app
from lab.cases.counting import QUESTIONS, Case, Outcome, judge, load_cases
from lab.errors import CasesError

CASE = Case("Who mends it?", (("Philippa  Mountjoy", "a smith"), ("40",)), ("£9",))
SEED = """\
# The umbrella workshop

Umbrellas are mended in Gerber Street by Philippa Mountjoy. She mends forty a week.

She took the workshop over from her father in 1988.
"""
ASKED = [
    {"question": "Who mends umbrellas?", "expect": [["Mountjoy"]]},
    {"question": "Who mends umbrellas in Gerber Street?", "expect": [["a smith"]]},
    {"question": "Who mends the umbrellas?", "forbid": ["Gerber Street"]},
    {"question": "Who mends umbrellas in Gerber Street, then?", "abstain": True},
    {"question": "How deep is the Pacific?", "expect": [["11 km"]]},
    {"question": "How deep is the Pacific?", "abstain": True},
    {
        "question": "When did she take it over?",
        "expect": [["1988"]],
        "history": [["Who mends umbrellas?", "Philippa Mountjoy mends umbrellas."]],
    },
]


@pytest.mark.parametrize(
    ("abstained", "text", "outcome"),
    [
        (False, "PHILIPPA Mountjoy, 40 a week.", Outcome.RIGHT),
        (False, "A smith.", Outcome.LACKING),
        (False, "", Outcome.LACKING),
        (False, "A smith mends 40 for £9.", Outcome.MISLEADING),
        (True, "A smith mends 40.", Outcome.REFUSED),
    ],
)
def test_an_answer_says_one_of_each_group_and_nothing_that_is_forbidden(
    abstained, text, outcome
):
    assert judge(CASE, abstained=abstained, text=text) is outcome


def test_what_is_not_there_is_to_be_refused():
    case = Case("Who?", abstain=True)
    assert judge(case, abstained=True, text="") is Outcome.RIGHT
    assert judge(case, abstained=False, text="A smith.") is Outcome.ANSWERED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '[{"expect": [["a"]]}]',
        '[{"question": ""}]',
        '[{"question": "a"}]',
    ],
)
def test_a_file_that_holds_no_cases_is_named(tmp_path, text):
    path = tmp_path / QUESTIONS
    path.write_text(text)
    with pytest.raises(CasesError, match=QUESTIONS):
        load_cases(path)


def make(folder, kind):
    seeds = folder / kind / "seeds"
    seeds.mkdir(parents=True)
    (seeds / "umbrellas.md").write_text(SEED)
    (folder / kind / QUESTIONS).write_text(json.dumps(ASKED))


def run(*arguments):
    return CliRunner().invoke(app, ["cases", *map(str, arguments)])


def test_a_folder_without_cases_or_a_kind_that_is_not_there_is_named(tmp_path):
    assert QUESTIONS in str(run(tmp_path).exception)
    make(tmp_path, "umbrellas")
    assert "named boots" in str(run(tmp_path, "boots").exception)
    (tmp_path / "umbrellas" / "seeds" / "umbrellas.md").unlink()
    (tmp_path / "umbrellas" / "seeds").rmdir()
    assert "no seeds" in str(run(tmp_path, "umbrellas").exception)


@pytest.mark.real
def test_each_question_is_asked_of_its_library_and_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_GENERATOR", "none")
    make(tmp_path / "cases", "umbrellas")
    make(tmp_path / "cases", "unasked")
    out = tmp_path / "answers.json"
    ran = run(tmp_path / "cases", "umbrellas", "--wrong", "--out", out)
    assert ran.exit_code == 0, ran.exception
    assert "umbrellas          3 of 7" in ran.stdout
    assert "unasked" not in ran.stdout
    assert "lacks what answers: " in ran.stdout
    outcomes = [row["outcome"] for row in json.loads(out.read_text())["umbrellas"]]
    assert outcomes == [
        Outcome.RIGHT,
        Outcome.LACKING,
        Outcome.MISLEADING,
        Outcome.ANSWERED,
        Outcome.REFUSED,
        Outcome.RIGHT,
        Outcome.RIGHT,
    ]
