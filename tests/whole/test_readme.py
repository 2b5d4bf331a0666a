"""What the README shows is run; what it names exists."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
PYTHON = [text for kind, text in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (questions,) = (text for kind, text in BLOCKS if kind == "json")
    (folder / "questions.jsonl").write_text(questions, encoding="utf-8")
    passage = {"id": "p1", "title": "Ships", "text": "Submarines are ships that dive."}
    (folder / "passages.jsonl").write_text(json.dumps(passage), encoding="utf-8")
    claim = {"claim": "It froze.", "evidence": ["The pier froze."], "supported": True}
    (folder / "claims.jsonl").write_text(json.dumps(claim), encoding="utf-8")
    return folder


def run(arguments, home):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=home,
        env={**os.environ, "QA_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_every_make_target_shown_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {line.split()[1] for line in SHELL if line.startswith("make ")}
    assert {"chat", "test", "check"} <= shown <= targets


def test_every_setting_is_documented_with_its_default():
    for name, field in Settings.model_fields.items():
        assert f"`{name}`" in README, name
        if isinstance(field.default, int | float) and not isinstance(
            field.default, bool
        ):
            assert f"{field.default:g}" in README, name


@pytest.mark.real
def test_every_command_shown_runs(home):
    commands = [line for line in SHELL if line.startswith("qa ")]
    assert len(commands) > 5
    for line in commands:
        arguments = shlex.split(line, comments=True)[1:]
        if "--compare" in arguments:
            shutil.copy(home / "a.json", home / "b.json")
        done = run(["-m", "qa", *arguments], home)
        assert done.returncode == 0, f"{line}: {done.stderr}"


@pytest.mark.real
@pytest.mark.parametrize("code", PYTHON)
def test_python_shown_runs_and_prints_an_answer(home, code):
    assert run(["-m", "qa", "build"], home).returncode == 0
    done = run(["-c", code], home)
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout
