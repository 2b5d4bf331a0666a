"""What a process that answers questions takes, by process; Linux only.

``python -m lab.bench.memory QUESTION`` answers and prints its own figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.bench.rows import Row
from qa.errors import EvaluationError

_TORCH = "the same, with its models in torch"
_PARTS = {"own": "memory, answering process", "child": "memory, generator's process"}


def measure_memory(question: str) -> list[Row]:
    """Memory after a question, proportional to what is shared (PSS), in MB.

    Args:
        question: One that the articles of the current home answer.

    Returns:
        Without ``/proc``, no row.

    Raises:
        EvaluationError: The question was not answered.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return []
    ours = _ask(question, {})
    with TemporaryDirectory(prefix="qa-bench-") as folder:
        # A file where the exported networks would be: the models stay in torch.
        taken = Path(folder) / "cache"
        taken.touch()
        torch = _ask(question, {"QA_CACHE": str(taken)})
    return [
        Row(name, ours[part], "MB", torch[part], _TORCH)
        for part, name in _PARTS.items()
    ]


def _ask(question: str, changes: dict[str, str]) -> dict[str, float]:
    ran = subprocess.run(
        [sys.executable, "-m", "lab.bench.memory", question],
        env={**os.environ, **changes},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        raise EvaluationError(f"memory cannot be measured: {ran.stderr[-500:]}")
    figures: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return figures


def proportional(process: int) -> float:
    """PSS of a process in MB."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1000


def of_children() -> float:
    """PSS of the processes that this one has started, in MB; Linux only."""
    listed = Path("/proc/self/task").glob("*/children")
    children = [int(c) for file in listed for c in file.read_text().split()]
    return sum(map(proportional, children))


def main() -> None:
    """Answer the question of the command line and print what that took."""
    from qa import answer

    answer(sys.argv[1])
    figures = {"own": proportional(os.getpid()), "child": of_children()}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
