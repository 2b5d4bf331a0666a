"""Cold and warm questions: how long until the first verified sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from lab.bench.rows import Row
from qa.errors import EvaluationError
from qa.neural.processors import usable_cores
from qa.schema import Retrieved, Verified
from qa.settings import Settings
from qa.wiring import Parts, assemble
from qa.wiring.model_files import find_embedder, find_gguf

_PASSAGES = 5
_REFERENCE = "plain script to its first sentence"


def measure_cold(settings: Settings, question: str, *, rounds: int = 5) -> list[Row]:
    """Time ``qa ask`` in fresh processes, in turn with the plain script.

    Args:
        settings: Whose index is asked; the embedded models or files.
        question: One that the articles answer.
        rounds: Of each; medians are reported.

    Raises:
        EvaluationError: A process ended without a sentence.
        QaError: What opening the index raises.
    """
    ours = [sys.executable, "-m", "qa", "ask", question]
    theirs = [sys.executable, "-m", "lab.bench.reference"]
    with TemporaryDirectory(prefix="qa-bench-") as folder:
        asked = json.dumps(_reference_input(settings, question, Path(folder)))
        _first_line(ours)  # the models are exported and in the page cache
        pairs = [(_first_line(ours), _first_line(theirs, asked)) for _ in range(rounds)]
    first, plain = (median(times) for times in zip(*pairs, strict=True))
    note = f"median of {rounds}, in turn, each in a fresh process"
    return [Row("cold question", first, "s", plain, _REFERENCE, note)]


def measure_warm(
    settings: Settings, questions: Sequence[str], *, loading: int
) -> list[Row]:
    """Time questions one after the other in one process.

    Args:
        settings: Whose index is asked.
        questions: The first ones load the models.
        loading: How many these are; they are not counted.

    Raises:
        EvaluationError: No question was answered.
        QaError: What answering raises.
    """
    parts = assemble(settings)
    found: list[float] = []
    said: list[float] = []
    for question in questions[:loading]:
        _time_question(parts, question)
    wait_for_loading()
    for question in questions[loading:]:
        retrieved, spoken = _time_question(parts, question)
        found.append(retrieved)
        said.append(spoken)
    if parts.generator is not None:
        parts.generator.close()
    answered = [seconds for seconds in said if seconds]
    if not answered:
        raise EvaluationError("none of the questions is answered; ask others")
    note = f"median of {len(answered)} questions that are answered"
    return [
        Row("warm question, first sentence", median(answered), "s", note=note),
        Row("warm question, retrieved and read", median(found), "s", note=note),
    ]


def wait_for_loading() -> None:
    """Until no thread is left that makes later questions quicker."""
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()


def _time_question(parts: Parts, question: str) -> tuple[float, float]:
    """Seconds until it was retrieved, and until a sentence; 0 without one."""
    begun = time.perf_counter()
    retrieved = spoken = 0.0
    for event in parts.answerer.stream(question):
        if isinstance(event, Retrieved):
            retrieved = time.perf_counter() - begun
        elif isinstance(event, Verified) and not spoken:
            spoken = time.perf_counter() - begun
    return retrieved, spoken


def _reference_input(
    settings: Settings, question: str, folder: Path
) -> dict[str, object]:
    """What the plain script is given: the same models, passages and vectors."""
    parts = assemble(settings)
    with parts.index.snapshot() as snapshot:
        keys = [k for s in snapshot.sources() for k in snapshot.keys_in(s.id)]
        texts = [passage.text for passage, _ in snapshot.passages(keys).values()]
    np.save(folder / "vectors.npy", parts.embedder.encode_documents(texts))
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    found = find_embedder(settings)
    return {
        "embedder": str(found.folder) if found else settings.embedder[3:],
        "vectors": str(folder / "vectors.npy"),
        "texts": str(folder / "texts.json"),
        "question": question,
        "passages": _PASSAGES,
        "generator": str(find_gguf(settings)[0]),
        "threads": max(1, usable_cores() - 1),
    }


def _first_line(command: Sequence[str], asked: str = "") -> float:
    """Seconds until a fresh process prints its first line."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
    ) as process:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(asked)
        process.stdin.close()
        line = process.stdout.readline()
        seconds = time.perf_counter() - begun
        process.stdout.read()
    if not line.strip():
        raise EvaluationError(f"{' '.join(command[1:])}: ended without a sentence")
    return seconds
