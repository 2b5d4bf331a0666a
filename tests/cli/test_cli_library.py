"""The terminal's library commands: add, remove, status, export, build --watch."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from typer.testing import CliRunner

from qa.cli.app import app
from qa.documents import scan_seeds

HERON = "The heron of Lindesund stands in the reeds of the southern shore.\n"
GULL = "The gull of Maarheim nests upon the copper roof of the harbour office.\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QA_GENERATOR", "none")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def written(path, text=HERON):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def status():
    return json.loads(run("status", "--json").stdout)


def test_what_is_left_out_of_a_file_is_shown_with_the_reason(home):
    buttons = "\n\nShare on Facebook\n\nTweet\n\nSubscribe now\n"
    written(home / "seeds" / "page.txt", f"{HERON}\n{GULL}{buttons}")
    written(home / "seeds" / "heron.md")
    shown = run("status", "--left-out", "page.txt").stdout
    for words in ("Share on Facebook", "Subscribe now", "a label of the page"):
        assert words in shown
    found = json.loads(run("status", "--json", "--left-out", "page.txt").stdout)
    assert [part["text"] for part in found] == [
        "Share on Facebook",
        "Tweet",
        "Subscribe now",
    ]
    assert "nothing is left out" in run("status", "--left-out", "heron.md").stdout
    refused = run("status", "--left-out", "gone.md")
    assert refused.exit_code == 1


def test_files_and_folders_are_added_and_each_failure_is_told(home, tmp_path):
    folder = tmp_path / "birds"
    written(folder / "gull.md", GULL)
    written(folder / "photo.gif")
    heron = written(tmp_path / "heron.md")
    gone = tmp_path / "gone.md"
    done = run("add", heron, gone, folder, "ftp://site.test/a", "--no-build")
    assert done.exit_code == 1
    assert scan_seeds(home / "seeds") == ["birds/gull.md", "heron.md"]
    assert f"added: heron.md (from {heron})" in done.stdout
    for told in (f"{gone}: there is no such", "is a picture", "only http://"):
        assert told in done.stderr
    assert run("add", heron, "--no-build").stdout == "already there: heron.md\n"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://[::1]/", "http://169.254.169.254/latest"]
)
def test_private_addresses_are_refused_in_one_line(home, url):
    done = run("add", url)
    assert done.exit_code == 1
    assert "no public address" in done.stderr
    assert not (home / "index").exists()


@pytest.mark.real
def test_the_life_of_an_article(home, tmp_path):
    added = run("add", written(tmp_path / "heron.md"), written(tmp_path / "g.md", GULL))
    assert added.exit_code == 0, added.output
    assert "2 added" in added.stdout
    found = status()
    assert found["index"]["stats"]["documents"] == 2
    changes = found["index"]["changes"]
    assert changes == {"added": [], "changed": [], "removed": [], "unreadable": []}

    written(home / "seeds" / "copy.txt", HERON)
    written(home / "seeds" / "g.md", GULL + HERON)
    (home / "seeds" / "bad.pdf").write_bytes(b"%PDF-")
    shown = run("status").stdout
    assert "stale: 2 files changed since the last build" in shown
    assert "added: copy.txt" in shown
    assert "cannot be read: bad.pdf" in shown
    built = run("build")
    assert "heron.md repeats copy.txt (100 %)" in built.stdout
    assert [r["file"] for r in status()["index"]["repeats"]] == ["heron.md"]
    assert "heron.md repeats copy.txt" in run("status").stdout

    rows = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [row["file"] for row in rows] == ["copy.txt", "g.md", "heron.md"]
    assert rows[0]["text"] == HERON.strip()
    assert (rows[0]["start"], rows[0]["end"]) == (0, len(HERON.strip()))
    assert {"title", "url", "heading", "page", "retrieved"} <= set(rows[0])
    output = tmp_path / "passages.jsonl"
    assert "3 passages" in run("export", "--output", output).stdout
    assert list(map(json.loads, output.read_text("utf-8").splitlines())) == rows

    gone = run("remove", "heron", "nothing", "g.md")
    assert gone.exit_code == 1
    assert "not removed: nothing" in gone.stderr
    assert "2 removed" in gone.stdout
    assert (home / "seeds" / ".removed" / "heron.md").exists()
    assert status()["index"]["stats"]["documents"] == 1


@pytest.mark.real
def test_without_its_last_article_the_library_is_empty(home, tmp_path):
    assert run("add", written(tmp_path / "heron.md")).exit_code == 0
    done = run("remove", HERON.strip())
    assert done.exit_code == 0, done.output
    assert "last article" in done.stdout
    assert "no index yet" in run("status").stdout


@pytest.mark.real
def test_a_file_that_is_added_and_cannot_be_read_fails(home, tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    done = run("add", bad, written(tmp_path / "heron.md"))
    assert done.exit_code == 1
    assert "bad.pdf" in done.stdout
    assert "1 added" in done.stdout


def test_models_that_are_there_and_those_that_are_not(home, monkeypatch):
    monkeypatch.setenv("QA_GENERATOR", "gone.gguf")
    monkeypatch.setenv("QA_READER", "hf:nobody/nothing")
    embedder, reader, judge, generator = status()["models"]
    assert embedder["bytes"] > 80_000_000
    assert embedder["problem"] == judge["problem"] == ""
    assert "not fetched" in reader["problem"]
    assert "gone.gguf" in generator["problem"]
    assert run("status").exit_code == 0


def test_an_export_without_an_index_or_into_the_seeds_is_refused(home):
    (home / "seeds").mkdir()
    assert "no index yet" in str(run("export").exception)
    inside = run("export", "--output", home / "seeds" / "all.jsonl")
    assert "article itself" in str(inside.exception)


def test_polling_without_watching_is_wrong_use(home):
    assert run("build", "--poll").exit_code == 2


class Watching:
    """``qa build --watch`` as its own process, its output line by line."""

    def __init__(self, *options):
        self.lines = []
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "qa", "build", "--watch", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line)

    def wait_for(self, text, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(text in line for line in self.lines):
                return True
            time.sleep(0.05)
        return False

    def interrupt(self):
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=30)
        self.close()
        return code

    def close(self):
        self._process.kill()
        self._process.wait()
        self._reading.join()
        self._process.stdout.close()


@pytest.mark.real
@pytest.mark.parametrize("options", [[], ["--poll"]])
def test_a_watched_library_follows_its_folder_until_interrupted(home, options):
    heron = written(home / "seeds" / "heron.md")
    watching = Watching(*options)
    try:
        assert watching.wait_for("Watching"), watching.lines
        written(home / "seeds" / "gull.md", GULL)
        assert watching.wait_for("generation 2"), watching.lines
        heron.unlink()
        assert watching.wait_for("generation 3"), watching.lines
        (home / "seeds" / "gull.md").unlink()
        assert watching.wait_for("holds no article"), watching.lines
        assert watching.interrupt() == 0
    finally:
        watching.close()
    assert "the index is whole" in watching.lines[-1]
    assert not any("Traceback" in line for line in watching.lines)


def test_a_large_library_is_compared_only_when_asked(home, monkeypatch):
    written(home / "seeds" / "copy.txt")
    written(home / "seeds" / "heron.md")
    assert run("build").exit_code == 0
    monkeypatch.setattr("qa.wiring.status.COMPARED", 1)
    assert status()["index"]["repeats"] is None
    assert "qa status --repeats" in run("status").stdout
    assert "heron.md repeats copy.txt" in run("status", "--repeats").stdout
