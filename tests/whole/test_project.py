"""The files around the code say the same as the code."""

import re
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import qa
from qa.index import delete_index

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NOTE = (ROOT / "index" / "README.md").read_text(encoding="utf-8")


def test_the_version_stands_in_one_place_and_the_changelog_opens_with_it():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(
        r"^## (\d+\.\d+\.\d+), \d{4}-\d\d-\d\d$", changelog, re.MULTILINE
    )
    assert released[0] == qa.__version__
    assert "version" not in PYPROJECT["project"]
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "qa/__init__.py"
    assert re.findall(r"^## (.*)", changelog, re.MULTILINE) == re.findall(
        r"^## (\d.*)", changelog, re.MULTILINE
    )


def test_make_quick_names_rooms_that_have_tests():
    (rooms,) = re.findall(r"^QUICK := (.*)", MAKEFILE, re.MULTILINE)
    for room in rooms.split():
        assert list((ROOT / "tests" / room).glob("test_*.py")), room


def test_the_source_distribution_has_what_it_names():
    for name in PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]:
        assert (ROOT / name).exists(), name


def test_only_the_note_in_the_index_folder_is_tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    ran = subprocess.run(
        ["git", "check-ignore", "index/README.md", "index/catalogue.sqlite"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == ["index/catalogue.sqlite"]


def test_the_note_in_the_index_folder_outlives_the_index_and_names_its_files(library):
    library.folder.mkdir(parents=True, exist_ok=True)
    note = library.folder / "README.md"
    note.write_text(NOTE, encoding="utf-8")
    library.write("a.md", "# Piers\n\nThe pier froze in January.\n")
    library.build()
    for path in library.folder.iterdir():
        name = re.sub(r"vectors-.*\.faiss", "vectors-….faiss", path.name)
        name = re.sub(r"\.sqlite-(wal|shm)$", ".sqlite", name)
        assert path == note or f"`{name}`" in NOTE, path.name
    delete_index(library.folder)
    assert not list(library.folder.glob("*.sqlite*"))
    assert note.read_text(encoding="utf-8") == NOTE


def test_make_clean_empties_the_index_folder_but_for_its_note(tmp_path):
    (tmp_path / "index").mkdir()
    for name in ("README.md", "catalogue.sqlite"):
        (tmp_path / "index" / name).write_text(name, encoding="utf-8")
    subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "clean"], cwd=tmp_path, check=True
    )
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["README.md"]


@pytest.mark.parametrize("hook", ["ruff", "mypy", "lint-imports"])
def test_the_hooks_before_a_commit_run_what_make_check_runs(hook):
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert f"entry: .venv/bin/{hook}" in hooks
    assert f"$(BIN)/{hook}" in MAKEFILE


def test_coverage_can_follow_the_browsers_driver():
    # Where it follows greenlets, a traced thread's end may hang: only where asked for.
    assert PYPROJECT["tool"]["coverage"]["run"]["concurrency"] == ["thread"]
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "coverage run --concurrency=thread,greenlet -m pytest" in told
    assert find_spec("greenlet")
    assert find_spec("coverage")
