"""What README, CONTRIBUTING and docs/ show is run; what they name exists."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from importlib import import_module
from pathlib import Path

import httpx
import pytest
import typer
from reportlab.pdfgen import canvas

from qa.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

SERVES = "serves until it is stopped; the curl lines are run against it"
NETWORK = "needs a network"
TRAINS = "trains or measures for minutes to hours; tests/lab runs it on little data"
LONG = "runs for minutes, to look for what the suite has no time for"
COMMITS = "changes the checkout, not a copy of the articles"
CLUSTER = "needs a cluster; tests/workers starts one"
NOT_RUN = {
    "ray start --head --port=6379 --disable-usage-stats --include-dashboard=false": (
        CLUSTER
    ),
    "export RAY_AUTH_MODE=token RAY_AUTH_TOKEN=...": CLUSTER,
    "ray start --address=head:6379": CLUSTER,
    "QA_RAY=head:6379 qa build": CLUSTER,
    "qa chat": SERVES,
    "QA_BUILDS=off QA_PORT=7861 qa chat": SERVES,
    "qa chat --mcp": SERVES,
    "qa mcp": SERVES,
    "qa build --watch": "goes on until it is stopped",
    "qa add https://example.org/page": NETWORK,
    "pip install -c constraints.txt '.[mcp]'": NETWORK,
    "pip install -c constraints.txt '.[ocr]'": NETWORK,
    "pip install -c constraints.txt '.[scale]'": NETWORK,
    "pip install -e '.[train]'": NETWORK,
    "pip install pre-commit": NETWORK,
    "pip wheel --no-deps --wheel-dir dist .": NETWORK,
    "pre-commit install": COMMITS,
    'git tag -a v0.2.0 -m "0.2.0"': COMMITS,
    "python scripts/picture.py docs/page.png": COMMITS,
    "python -m lab train-reader DATA... --out models/reader": TRAINS,
    "python -m lab train-judge SHARED --out models/judge": TRAINS,
    "python -m lab train-writer SHARED --out models/writer": TRAINS,
    "python -m lab train-reader DATA... written.jsonl --start models/reader "
    "--out better": TRAINS,
    "python -m lab fit-evidence WRITTEN DATA... --out models/evidence": TRAINS,
    "python -m lab fit-gate DATA... --out models/gate": TRAINS,
    "python -m lab fit-intent CONTENT... --out models/intent": TRAINS,
    "python -m lab measure-intent": TRAINS,
    "python -m lab.reader.measure models/reader lab/tables/dev.jsonl": TRAINS,
    "python -m lab.bench.reader_speed passages.jsonl": TRAINS,
    "python -m lab bench": TRAINS,
    "python -m lab bench --only cold --only warm": TRAINS,
    "python -m lab bench --only index --sizes 1000,30000": TRAINS,
    "python -m lab bench --only kinds": TRAINS,
    "python -m lab bench --only writing": TRAINS,
    "python -m lab bench --only reading --only books": TRAINS,
    "python -m lab.golden record before.jsonl --shared FOLDER": TRAINS,
    "python -m lab.golden compare before.jsonl after.jsonl": TRAINS,
    "python tests/kills.py --kills 500": LONG,
    "python tests/damages.py --damages 300": LONG,
    "python tests/fuzz.py": LONG,
    "python tests/crowd.py --seconds 120": LONG,
    ".venv/bin/coverage run --concurrency=thread,greenlet -m pytest": "is the suite",
    ".venv/bin/coverage combine": "is the suite itself",
    ".venv/bin/coverage report": "is the suite itself",
}


def blocks(kind):
    """Code of one kind, with the page that shows it."""
    return [
        (name, re.sub(r"^ +", "", code, flags=re.MULTILINE) if kind == "sh" else code)
        for name, text in TEXTS.items()
        for code in re.findall(
            rf"^ *```{kind}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL
        )
    ]


def without_comment(line):
    return re.split(r"\s+# ", line, maxsplit=1)[0].strip()


# One process for all commands of a page: what they import is imported once.
ONE_AFTER_ANOTHER = """
import json, shutil, sys
from qa.cli.app import main
for words in json.loads(sys.argv[1]):
    if "--compare" in words:
        shutil.copy("a.json", "b.json")
    sys.argv = ["qa", *words]
    try:
        main()
    except SystemExit as end:
        if end.code:
            sys.exit(f"qa {' '.join(words)}: ended with {end.code}")
"""

LINES = [
    (page, without_comment(line))
    for page, code in blocks("sh")
    for line in code.splitlines()
    if line.strip()
]
COMMANDS = [
    (name, line)
    for name, line in LINES
    if line.startswith("qa ") and line not in NOT_RUN
]
INLINE = [
    (name, code)
    for name, text in TEXTS.items()
    for code in re.findall(
        r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )
]


def environment(home, **more):
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    own = {"HOME": str(home), "QA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return {**os.environ, **own, "XDG_CACHE_HOME": cache, **more}


def run(arguments, home):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the shipped articles and the files that the pages name."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    ((_, questions),) = blocks("jsonl")
    (folder / "questions.jsonl").write_text(questions, encoding="utf-8")
    passage = {"id": "p1", "title": "Ships", "text": "Submarines are ships that dive."}
    (folder / "passages.jsonl").write_text(json.dumps(passage), encoding="utf-8")
    claim = {"claim": "It froze.", "evidence": ["The pier froze."], "supported": True}
    for name in ("claims.jsonl", "held_out.jsonl"):
        (folder / name).write_text(json.dumps(claim), encoding="utf-8")
    sheet = canvas.Canvas(str(folder / "report.pdf"))
    sheet.drawString(72, 720, "The pier at Port Ann froze twice in January 1987.")
    sheet.save()
    (folder / "Articles").mkdir()
    (folder / "Articles" / "ice.md").write_text("# Ice\n\nThe town paid for the ice.\n")
    done = run(["-m", "qa", "build"], folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def page(home):
    """The port of the page over these articles."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "qa", "chat"]
    with subprocess.Popen(command, env=environment(home, QA_PORT=port)) as server:
        try:
            yield _when_ready(port)
        finally:
            server.terminate()


def _when_ready(port):
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/status").json()["ready"]:
                return port
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError("the page does not get ready")


def test_every_command_shown_is_run_or_listed_with_the_reason():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for page_name, line in LINES:
        made = re.fullmatch(r"(?:\w+=\S+ )*make (\w+)", line)
        if made:
            assert made[1] in targets, f"{page_name}: {line}"
        elif not line.startswith(("qa ", "curl ", "python -m lab --help")):
            assert line in NOT_RUN, f"{page_name}: {line}"
    assert set(NOT_RUN) <= {line for _, line in LINES}
    assert len(COMMANDS) > 15


def test_every_program_that_is_not_run_is_there():
    for line in NOT_RUN:
        if line.startswith("python "):
            place = shlex.split(line)[1]
            assert place == "-m" or (ROOT / place).is_file(), line


def _options(words):
    """The options of ``qa …`` or ``python -m lab …``; None for another command."""
    home = {"qa": "qa.cli.app", "python": "lab.app"}.get(words[0])
    if home is None or (words[0] == "python" and words[1:3] != ["-m", "lab"]):
        return None
    group = typer.main.get_command(import_module(home).app)
    rest = words[1:] if words[0] == "qa" else words[3:]
    if not rest or rest[0].startswith("-"):
        return None
    command = group.commands[rest[0]]
    return {option for p in command.params for option in p.opts}


def test_every_command_named_exists_with_its_options():
    named = [*LINES, *INLINE]
    checked = 0
    for page_name, line in named:
        if not re.match(r"qa [a-z]|python -m lab [a-z]", line):
            continue
        words = shlex.split(line)
        options = _options(words)
        given = {w for w in words if w.startswith("--")}
        assert options is not None, f"{page_name}: {line}"
        assert given <= options, f"{page_name}: {line}"
        checked += 1
    assert checked > 40


def test_every_link_leads_somewhere():
    texts = {**TEXTS, "DECISIONS.md": (ROOT / "DECISIONS.md").read_text("utf-8")}
    for name, text in texts.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not target.startswith(("http://", "https://")):
                there = (ROOT / name).parent / target.split("#")[0]
                assert there.exists(), f"{name}: {target}"


def test_every_file_of_the_project_that_is_named_exists():
    decisions = (ROOT / "DECISIONS.md").read_text("utf-8")
    named = [
        *INLINE,
        *(("DECISIONS.md", c) for c in re.findall(r"`([^`]+)`", decisions)),
    ]
    paths = [
        (name, code)
        for name, code in named
        if re.fullmatch(r"(?:qa|lab|tests|docs|scripts|prompts)/[\w./-]+", code)
    ]
    assert len(paths) > 15
    for name, path in paths:
        assert (ROOT / path).exists(), f"{name}: {path}"


def test_the_layers_shown_are_those_of_the_contract():
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    shown = next(code for _, code in blocks("text") if code.startswith("cli\n"))
    assert [line.replace(".py", "").split(" · ") for line in shown.splitlines()] == [
        [part.removeprefix("qa.") for part in layer.split(" | ")] for layer in contract
    ]


def test_every_room_is_described():
    shown = re.search(
        r"^qa/\n(.*?)^lab/", TEXTS["docs/architecture.md"], re.DOTALL | re.MULTILINE
    )
    described = re.findall(r"^  (\S+)", shown[1], re.MULTILINE)
    rooms = [p.parent.name for p in (ROOT / "qa").glob("*/__init__.py")]
    alone = [p.name for p in (ROOT / "qa").glob("[a-z]*.py")]
    assert sorted(described) == sorted([*rooms, *alone])


def test_every_setting_is_documented_with_its_default():
    rows = re.findall(r"^\| `(.*)", TEXTS["docs/settings.md"], re.MULTILINE)
    cells = [[cell.strip(" `") for cell in row.split("|")] for row in rows]
    shown = {name: default for name, default, *_ in cells}
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in Settings.model_fields.items()
    }
    assert set(shown) == set(defaults)
    for name, default in defaults.items():
        if name == "cache":
            continue  # differs with the system; the row says where on Linux
        said = f"{default:g}" if isinstance(default, float) else str(default)
        assert shown[name] == said, name


@pytest.mark.parametrize(("_page", "text"), blocks("toml"))
def test_settings_shown_can_be_used(_page, text):
    assert Settings.model_validate(tomllib.loads(text))


@pytest.mark.real
@pytest.mark.parametrize("name", sorted({name for name, _ in COMMANDS}))
def test_every_command_shown_runs(home, name):
    shown = [shlex.split(line)[1:] for shown_by, line in COMMANDS if shown_by == name]
    done = run(["-c", ONE_AFTER_ANOTHER, json.dumps(shown)], home)
    assert done.returncode == 0, done.stderr


@pytest.mark.real
@pytest.mark.parametrize(("name", "code"), blocks("python"))
def test_python_shown_runs_and_prints_an_answer(home, page, name, code):
    done = run(["-c", code.replace("7860", page)], home)
    assert done.returncode == 0, f"{name}: {done.stderr}"
    assert "Traceback" not in done.stderr
    assert re.search(r"\[\d\]|left out|\['", done.stdout), done.stdout


@pytest.mark.real
@pytest.mark.parametrize(
    "line", [line for _, line in LINES if line.startswith("curl ")]
)
def test_requests_shown_are_answered(page, line):
    words = shlex.split(line.replace("7860", page).replace("curl", "curl -sS", 1))
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "detail" not in json.loads(done.stdout), done.stdout


def test_the_laboratory_lists_its_commands():
    done = run(["-m", "lab", "--help"], ROOT)
    assert "train-reader" in done.stdout, done.stderr


def test_the_picture_is_light_and_wide():
    data = (ROOT / "docs" / "page.png").read_bytes()
    assert len(data) <= 200_000
    width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
    assert width > 1.5 * height
