"""``qa eval``: printing, saving, drawing, comparing, and wrong use."""

import json
import subprocess
import sys

import pytest
from test_evaluation_report import measured
from typer.testing import CliRunner

from qa.cli.app import app


def qa(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
    )


@pytest.fixture
def saved(tmp_path):
    before, after = measured(), measured("Bob.")
    after["retrieval"]["hit@1"] = 0.25
    paths = []
    for name, report in (("a.json", before), ("b.json", after)):
        paths.append(tmp_path / name)
        paths[-1].write_text(json.dumps(report), encoding="utf-8")
    return paths


def test_two_reports_are_compared_in_a_table(saved):
    result = CliRunner().invoke(app, ["eval", "--compare", *map(str, saved)])
    assert result.exit_code == 0, result.output
    (line,) = [x for x in result.output.splitlines() if "retrieval.hit@1" in x]
    assert line.split()[1:5] == ["1.000", "0.250", "-0.750", "worse"]
    assert "0 questions flipped to better, 1 to worse" in result.output


def test_two_reports_are_compared_as_json(saved):
    arguments = ["eval", "--compare", *map(str, saved), "--json"]
    result = CliRunner().invoke(app, arguments)
    comparison = json.loads(result.output)
    assert [flip["aspect"] for flip in comparison["flips"]] == ["facts"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["q.json", "--compare", "a", "b"], ["--compare", "a", "b", "--html", "c"]],
)
def test_wrong_use_ends_in_two(arguments):
    assert CliRunner().invoke(app, ["eval", *arguments]).exit_code == 2


def test_what_cannot_be_read_is_one_line_and_two(tmp_path):
    (tmp_path / "q.jsonl").write_text('{"question": "A?"}\n{', encoding="utf-8")
    for arguments, complaint in (
        (["none.json"], "none.json: cannot be read"),
        (["q.jsonl"], "q.jsonl, line 2: is not JSON"),
        (["--compare", "q.jsonl", "q.jsonl"], "q.jsonl: is not JSON"),
    ):
        result = qa("eval", *arguments, cwd=tmp_path)
        assert result.returncode == 2
        assert complaint in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.real
def test_a_corpus_of_ones_own_is_measured_saved_and_drawn(tmp_path):
    mill = {"id": "m", "text": "Ann built the red mill in 1901, by the river."}
    boat = {"id": "b", "text": "Bob sold his blue boat to a miller in spring."}
    for folder, record in (("one", mill), ("two", boat)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "texts.jsonl"
        path.write_text(json.dumps(record), encoding="utf-8")
    question = {"question": "Who built the mill?", "gold_passage_ids": ["m"]}
    other = {"question": "Who sold a boat?", "gold_passage_ids": ["b"]}
    lines = f"{json.dumps(question)}\n{json.dumps(other)}\n"
    (tmp_path / "q.jsonl").write_text(lines, encoding="utf-8")
    corpus = ["--corpus", "one/texts.jsonl", "--corpus", "two/texts.jsonl"]
    out = ["--json", "--save", "r.json", "--html", "r.html"]
    result = qa("eval", "q.jsonl", *corpus, "--retrieval-only", *out, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report == json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["retrieval"]["n"], report["retrieval"]["hit@1"]) == (2, 1.0)
    assert "Who built the mill?" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.real
def test_a_file_with_its_own_paragraphs_needs_no_corpus(tmp_path):
    row = {
        "id": "m",
        "title": "The mill",
        "sentences": ["Ann built the red mill in 1901.", "It stands by the river."],
        "question": "Who built the mill?",
        "answer": [{"text": "Ann did.", "sentences": [1]}],
        "unanswerable": "Who bought the mill?",
    }
    (tmp_path / "w.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = qa("eval", "w.jsonl", "--retrieval-only", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["retrieval"]["n"], report["retrieval"]["hit@1"]) == (1, 1.0)
    assert [q["id"] for q in report["questions"]] == ["m", "m-near-miss"]
