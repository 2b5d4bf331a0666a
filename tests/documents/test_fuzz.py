"""No file that nobody wrote takes a parser down, or makes it say what is not so."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[1] / "fuzz.py"
NEVER = ("untrue", "unnamed", "taken_down")
SECONDS = 10  # on a busy machine; the slowest took less than one


def test_every_parser_reads_or_refuses_whatever_it_gets():
    ran = subprocess.run(
        [sys.executable, PROGRAM, "--files", "30"],
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert set(found) == {
        *("txt", "md", "jsonl", "html", "pdf", "docx", "epub", "zip"),
        *("csv", "xlsx", "pptx", "eml", "mbox", "vtt", "rtf", "odt", "json"),
    }
    for kind, counts in found.items():
        never = {name: counts.get(name, 0) for name in NEVER}
        assert never == dict.fromkeys(NEVER, 0), f"{kind}: {ran.stderr}"
        assert counts["read"] > 5, kind
        assert counts["refused"] > 5, kind
        assert counts["slowest"][0] < SECONDS, kind
