"""Starts a run's workers, hands on what they say, and stops them well.

Workers are single-threaded processes that meet once an update, to average
gradients. On shared cores that is far faster than many threads in one process,
which meet at every matrix product. With a GPU there is one worker.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
import torch.distributed
import torch.multiprocessing
from torch.multiprocessing import ProcessExitedException, ProcessRaisedException

from lab.errors import TrainingError, TrainingStoppedError
from lab.reader.checkpoint import AVERAGED, saved_update
from lab.reader.loop import Links, work
from lab.reader.plan import Plan, Progress, Supplies

_PLAN = "plan.json"
_WEIGHTS_OF_START = "model.safetensors"
# Workers wait without spinning, keep compiled products, and give no memory back.
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_WAIT_POLICY": "passive",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "512",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
}


def find_progress(supplies: Supplies, folder: Path, plan: Plan) -> int:
    """The update a run of this plan on these data goes on from; 0 is the start.

    Raises:
        TrainingError: The folder cannot be written, or holds another run.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        update = saved_update(folder)
        path = folder / _PLAN
        wanted = _facts(supplies, plan)
        known = json.loads(path.read_text(encoding="utf-8")) if update else wanted
        if known != wanted:
            changed = sorted(k for k in wanted if known.get(k) != wanted[k])
            raise TrainingError(
                f"{folder}: holds a run that differs in {', '.join(changed)}; "
                "name another folder with --work, or delete this one"
            )
        path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as exc:
        raise TrainingError(
            f"{folder}: checkpoints cannot be kept there ({exc}); "
            "name another folder with --work"
        ) from exc
    return update


def train(supplies: Supplies, folder: Path, plan: Plan, progress: Progress) -> Path:
    """Train, or go on from the folder's checkpoint; called by the main thread.

    Ctrl+C saves after the running update and ends the run; a second one ends it
    at once.

    Returns:
        The file of averaged weights, float32.

    Raises:
        TrainingError: The folder holds another run, or a worker failed.
        TrainingStoppedError: The user stopped the run.
    """
    if find_progress(supplies, folder, plan) < plan.updates:
        reached = _run(supplies, folder, plan, progress)
        if reached < plan.updates:
            raise TrainingStoppedError(
                f"stopped after update {reached} of {plan.updates}; "
                "the same command goes on from there"
            )
    return folder / AVERAGED


def _run(supplies: Supplies, folder: Path, plan: Plan, progress: Progress) -> int:
    """Start the workers and wait for them; the update they reached."""
    context = torch.multiprocessing.get_context("spawn")
    stop, said = context.Event(), context.SimpleQueue()
    meeting = folder.resolve() / "meeting"
    meeting.unlink(missing_ok=True)
    job = _Job(meeting, supplies, folder, plan, stop, said, os.getpid())
    with _environment(_ENVIRONMENT):
        # Workers inherit it: a Ctrl+C reaches them through `stop` alone.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        workers = torch.multiprocessing.spawn(
            _enter, (job,), nprocs=plan.workers, join=False
        )

    def interrupt(*_: object) -> None:
        if stop.is_set():
            for process in workers.processes:
                process.kill()
        stop.set()

    signal.signal(signal.SIGINT, interrupt)
    try:
        ended = False
        while not ended:
            ended = workers.join(timeout=0.1)
            while not said.empty():
                progress(said.get())
    except (ProcessRaisedException, ProcessExitedException) as exc:
        if not stop.is_set():
            raise TrainingError(_why(exc)) from exc
    finally:
        for process in workers.processes:
            process.kill()
        signal.signal(signal.SIGINT, before)
    return saved_update(folder)


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker process is given."""

    meeting: Path
    supplies: Supplies
    folder: Path
    plan: Plan
    stop: Any
    said: Any
    parent: int


def _enter(rank: int, job: _Job) -> None:
    """A worker process from its first line to its last."""
    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    if job.plan.workers > 1:
        torch.distributed.init_process_group(
            "gloo",
            init_method=job.meeting.as_uri(),
            rank=rank,
            world_size=job.plan.workers,
        )

    def stopped() -> bool:
        return job.stop.is_set() or os.getppid() != job.parent

    work(rank, job.supplies, job.folder, job.plan, Links(stopped, job.said.put))
    if job.plan.workers > 1:
        torch.distributed.destroy_process_group()


def _why(failure: Exception) -> str:
    lines = [line for line in str(failure).splitlines() if line.strip()]
    if isinstance(failure, ProcessExitedException):
        return (
            f"a worker ended ({lines[-1]}), most likely for want of memory; the same "
            "command goes on from the last checkpoint, --workers 1 needs the least"
        )
    return f"a worker failed ({lines[-1]}); the same command goes on from the last save"


def _facts(supplies: Supplies, plan: Plan) -> dict[str, Any]:
    """What must be the same for a checkpoint to be gone on from, as JSON has it."""
    data = sha256()
    for question in supplies.corpus.questions:
        data.update(repr((question.text, question.answers)).encode())
        data.update(repr(question.paragraph.text).encode())
    for paragraph in supplies.corpus.paragraphs:
        data.update(repr((paragraph.title, paragraph.text)).encode())
    data.update(repr(supplies.weights).encode())
    for item, weight in supplies.marked:
        facts_of = (item.title, item.text, item.question, item.near_miss, weight)
        data.update(repr((facts_of, sorted(item.gold), sorted(item.direct))).encode())
    start = sha256((supplies.start / _WEIGHTS_OF_START).read_bytes())
    facts = {k: v for k, v in asdict(plan).items() if k != "save_every"}
    facts["pseudo"] = list(plan.pseudo)
    return {**facts, "data": data.hexdigest(), "start": start.hexdigest()}


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables for the processes started inside; what a user set stays."""
    absent = [name for name in values if name not in os.environ]
    os.environ.update({name: values[name] for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del os.environ[name]
