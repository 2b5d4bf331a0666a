"""`train-reader` from its data folders to its reader, and every bad input."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from training import make_start, write_folder
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.reader import command

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
QUICK = ("--updates", "2", "--batch", "2", "--workers", "1")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Three articles; the command starts from a tiny model, found by its package."""
    package = tmp_path / "site" / "tiny_start"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    make_start(package / "model")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr(command, "_START", ("tiny_start", "model"))
    return write_folder(tmp_path / "data", "abc")


def invoke(*arguments):
    return CliRunner().invoke(
        app, ["train-reader", *map(str, arguments)], env={"COLUMNS": "200"}
    )


def test_data_in_reader_out_and_a_second_time_nothing_is_trained(data, tmp_path):
    out = tmp_path / "models" / "reader"
    done = invoke(data, "--out", out, "--held-out", "b", *QUICK)
    assert done.exit_code == 0, done.exception
    assert {path.name for path in out.iterdir()} == {
        "config.json", "model.safetensors", "reader.json", "tokenizer.json",
    }  # fmt: skip
    assert "4 questions, 0 questions with marked sentences, 2 passages" in done.stderr
    assert "held out, with 2 questions: b" in done.stderr
    assert "update 2 of 2" in done.stderr
    assert "loss: start" in done.stderr
    assert "held out: adversarial" in done.stderr
    assert "AUROC" in done.stdout
    assert "MODEL_CARD.md" in done.stdout
    (out / "MODEL_CARD.md").write_text("mine", encoding="utf-8")
    again = invoke(data, "--out", out, "--held-out", "b", *QUICK)
    assert again.exit_code == 0
    assert "all 2 updates are done" in again.stderr
    assert "loss" not in again.stderr
    assert (out / "MODEL_CARD.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/nowhere"], "nowhere: no such folder; name folders"),
        (["{tmp}"], r"no passages\*.jsonl"),
        (["{data}=much"], "PATH=WEIGHT with a number"),
        (["{data}", "--held-out", "Zebra"], "--held-out Zebra: no article"),
        (["{data}", "--batch", "5", "--workers", "2"], "take a multiple, 30"),
        (["{tmp}/poor"], "unanswerable questions are needed"),
        (["{data}", "--out", "{tmp}/file"], "file: cannot be written .*--out"),
        (["{data}", "--work", "{tmp}/file/x"], "x: cannot be written .*--work"),
    ],
)
def test_a_bad_input_is_one_message_with_the_next_step(
    data, tmp_path, arguments, message
):
    (tmp_path / "file").touch()
    write_folder(tmp_path / "poor", "abc", traps=False)
    named = [text.format(tmp=tmp_path, data=data) for text in arguments]
    if "--out" not in named:
        named += ["--out", str(tmp_path / "out")]
    with pytest.raises(TrainingError, match=message) as caught:
        raise invoke(*named, "--updates", "2").exception
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments", [[], ["data", "--updates", "0"], ["data", "--dropout", "2"]]
)
def test_wrong_use_ends_with_2(arguments):
    assert invoke(*arguments).exit_code == 2


def test_without_the_extra_the_command_names_it(data, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert "qa-articles[train]" in str(invoke(data).exception)


def test_ctrl_c_saves_and_the_same_command_goes_on(data, tmp_path):
    code = (
        "from lab.app import app\n"
        "from lab.reader import command\n"
        "from qa.cli.app import run\n"
        "command._START = ('tiny_start', 'model')\n"
        "if __name__ == '__main__':\n"
        "    run(app)\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code, encoding="utf-8")
    out = tmp_path / "reader"
    arguments = [sys.executable, script, "train-reader", data, "--out", out]
    arguments += ["--updates", "5000", "--batch", "2", "--workers", "1"]
    arguments += ["--save-every", "2", "--held-out", "b"]
    places = (str(tmp_path / "site"), str(Path.cwd()), os.environ.get("PYTHONPATH", ""))
    path = os.pathsep.join(places)
    process = subprocess.Popen(
        arguments,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    checkpoint = tmp_path / ".training" / "checkpoint.safetensors"
    end = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    assert not out.joinpath("reader.json").exists()
