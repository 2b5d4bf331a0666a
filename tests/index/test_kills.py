"""A builder that is killed, at each of its steps and at random, costs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "kills.py"
NEVER = (
    "failed_builds",
    "wrong_answers",
    "lost_documents",
    "wrong_documents",
    "repeated_embeddings",
    "orphan_files",
    "orphan_vectors",
)
STEPS = {
    "BEGIN IMMEDIATE",
    "INSERT OR REPLACE",
    "vectors come from the model",
    "DELETE FROM documents",
    "INSERT INTO passages_fts",
    "open /index/vectors-#.faiss.partial",
    "before fsync",
    "after fsync",
    "os.rename /index/vectors-#.faiss.partial",
    "COMMIT",
    "os.remove /index/vectors-#.faiss",
    "os.remove /index/build.lock.pid",
}


@pytest.mark.parametrize("arguments", [["--steps"], ["--kills", "40"]])
def test_killed_builders_cost_nothing_and_readers_never_notice(arguments):
    ran = subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert {name: found[name] for name in NEVER} == dict.fromkeys(NEVER, 0), ran.stderr
    assert found["asked"] > found["kills"] >= 30
    if arguments == ["--steps"]:
        assert set(found["killed_at"]) >= STEPS
