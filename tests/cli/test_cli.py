"""The terminal: exit codes, one line for what a user can cause, light imports."""

import json
import subprocess
import sys

import pytest
from terminal import assert_one_line
from typer.testing import CliRunner

from qa.cli.app import app

HEAVY = {"torch", "faiss", "gradio", "llama_cpp", "sentence_transformers", "numpy"}
COMMANDS = ["build", "ask", "chat", "models", "eval"]
COMMANDS += ["add", "remove", "status", "export"]


def test_a_build_without_a_seeds_folder_is_one_line(qa, tmp_path):
    assert_one_line(qa("build"), 1, str(tmp_path / "seeds"))


def test_a_build_of_an_empty_seeds_folder_is_one_line(qa, tmp_path):
    (tmp_path / "seeds").mkdir()
    assert_one_line(qa("build"), 1, str(tmp_path / "seeds"))


def test_a_question_without_an_index_is_one_line(qa):
    assert_one_line(qa("ask", "Why?"), 1, "no index yet", "qa build")


@pytest.mark.parametrize(
    "content", [b"not a database", b"SQLite format 3\0" + b"\1" * 99]
)
def test_a_damaged_index_is_one_line(qa, tmp_path, content):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "catalogue.sqlite").write_bytes(content)
    assert_one_line(qa("status"), 1, "is damaged", "run `qa build`")
    assert (tmp_path / "index" / "catalogue.sqlite").read_bytes() == content


@pytest.mark.parametrize("command", [["models"], ["ask", "Why?"]])
def test_an_unknown_model_is_one_line(qa, command):
    done = qa(*command, QA_GENERATOR="gpt-9")
    assert_one_line(done, 1, "generator 'gpt-9'", "none")
    assert_one_line(qa(*command, QA_EMBEDDER="word2vec"), 1, "embedder 'word2vec'")


@pytest.mark.parametrize(
    ("question", "told"),
    [("", "the question is empty"), (" ?", "is empty"), ("a" * 2001, "shorten it")],
)
def test_a_question_that_cannot_be_asked_is_wrong_use(qa, question, told):
    assert_one_line(qa("ask", question), 2, told)


def test_an_unknown_setting_is_wrong_use(qa, tmp_path):
    (tmp_path / "qa.toml").write_text("hitz = 3", encoding="utf-8")
    assert_one_line(qa("status"), 2, "there is no setting 'hitz'")


def test_a_bad_value_is_wrong_use(qa):
    assert_one_line(qa("models", QA_HITS="many"), 2, "QA_HITS")


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[1]", b'{"questions": 3}', b"\xff\xfe\x00"]
)
def test_a_bad_questions_file_is_wrong_use(qa, tmp_path, content):
    path = tmp_path / "questions.json"
    if content is not None:
        path.write_bytes(content)
    assert_one_line(qa("eval", str(path)), 2, "questions.json")


def test_what_is_said_is_never_read_as_markup(qa):
    done = qa("models", QA_GENERATOR="[red]x[/] [/nonsense]")
    assert_one_line(done, 1, "[red]x[/] [/nonsense]")


@pytest.mark.parametrize(
    "arguments", [["ask"], ["nonsense"], ["ask", "Why?", "--nonsense"], ["eval"]]
)
def test_wrong_arguments_are_wrong_use(arguments):
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "Usage" in done.output


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_is_there_for_every_command(command):
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0
    assert "--help" in done.output


def test_help_names_every_command():
    listed = CliRunner().invoke(app, ["--help"]).output
    assert all(f" {name} " in listed for name in COMMANDS)


def test_the_models_are_listed(qa):
    done = qa("models")
    assert done.returncode == 0, done.stderr
    assert "all-MiniLM-L6-v2@53aa51172d14" in done.stdout
    assert "quotes only" in done.stdout


def test_the_status_tells_where_each_setting_comes_from(qa, tmp_path):
    (tmp_path / "qa.toml").write_text("hits = 7", encoding="utf-8")
    done = qa("status", QA_OPENAI_KEY="sk-secret")
    assert done.returncode == 0, done.stderr
    assert "no index yet; run `qa build`" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["hits", "7", "qa.toml"] in rows
    assert ["generator", "none", "QA_GENERATOR"] in rows
    assert ["port", "7860", "default"] in rows
    assert "sk-secret" not in done.stdout


_HELP = """
import sys
from qa.cli.app import main
sys.argv = ["qa", "--help"]
try:
    main()
except SystemExit:
    pass
"""


@pytest.mark.parametrize(
    "code",
    ["import qa", "from qa import Answer, Citation, Filters, QaError, Turn", _HELP],
)
def test_importing_and_help_load_nothing_heavy(code):
    tail = "\nimport json, sys; print('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "qa" in loaded
    assert loaded & HEAVY == set()
