"""``python -m lab train-writer``: the shared folder in, an adapter out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import TrainingError
from qa.cli import console
from qa.settings import DEFAULT_GENERATOR, DEFAULT_JUDGE, Settings
from qa.wiring import make_judge
from qa.wiring.model_files import find_gguf


def train_writer(
    shared: Annotated[Path, typer.Argument(help="The folder that holds `train`.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the writer's files go.")] = Path(
        "models/writer"
    ),
    work: Annotated[Path, typer.Option(help="Where checkpoints go.")] = Path(
        ".training/writer"
    ),
    updates: Annotated[int, typer.Option(min=1, help="Length of the run.")] = 140,
    batch: Annotated[int, typer.Option(min=1, help="Examples an update.")] = 16,
    save_every: Annotated[
        int, typer.Option(min=1, help="Updates between checkpoints.")
    ] = 25,
) -> None:
    """Train the writer on answers that were written by hand.

    The same command goes on from the last checkpoint.
    """
    path = shared / "train" / "written" / "train.jsonl"
    if not path.is_file():
        raise TrainingError(f"{path}: is not there; name the folder that holds it")
    from llama_cpp import Llama

    from lab.writer.examples import Teacher, held_out, taught
    from lab.writer.export import export
    from lab.writer.train import Plan, train

    def tell(line: str) -> None:
        console.err.print(escape(line), highlight=False)

    settings = Settings(judge=DEFAULT_JUDGE, generator=DEFAULT_GENERATOR)
    judge = make_judge(settings)
    assert judge is not None  # noqa: S101 - it is named
    gguf, _ = find_gguf(settings)
    teacher = Teacher(Llama(str(gguf), vocab_only=True, verbose=False))
    tell("choosing what is worth learning: some minutes")
    rows, dev = taught(shared, judge), held_out(shared, judge)
    tell(f"{len(rows)} answers to learn from, {len(dev)} held out")
    if not dev:
        raise TrainingError(f"{shared}: holds no answers to measure with")
    plan = Plan(updates=updates, batch=batch, save_every=save_every)
    averaged, loss = train(gguf, rows, dev, teacher, work, plan, tell)
    figures = {"held_out.nats": round(loss, 4), "updates": updates, "rows": len(rows)}
    export(averaged, gguf, out, alpha=plan.alpha, figures=figures)
    console.out.print(
        escape(f"{out}: written; {loss:.3f} nats a token held out"), highlight=False
    )
