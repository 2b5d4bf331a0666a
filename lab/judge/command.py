"""``python -m lab train-judge``: the shared folder in, a judge's folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import TrainingError
from qa.cli import console


def train_judge(
    shared: Annotated[
        Path, typer.Argument(help="The folder that holds `train` and `eval`.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="Where the judge's files go.")] = Path(
        "models/judge"
    ),
    work: Annotated[Path, typer.Option(help="Where checkpoints go.")] = Path(
        ".training/judge"
    ),
    start: Annotated[
        Path,
        typer.Option(help="Folder of a reader, or of a judge to train on."),
    ] = Path("models/reader"),
    updates: Annotated[
        int, typer.Option(min=1, help="Of each of the two runs.")
    ] = 10_500,
    batch: Annotated[int, typer.Option(min=8, help="Examples an update.")] = 128,
    save_every: Annotated[
        int, typer.Option(min=1, help="Updates between checkpoints.")
    ] = 500,
    export_only: Annotated[
        Path | None,
        typer.Option(help="Averaged weights to calibrate and export; no training."),
    ] = None,
) -> None:
    """Train the judge on sentences with their evidence.

    On a GPU minutes, on a core days: take fewer updates there. The same command goes
    on from the last checkpoint.
    """
    for path in (shared / "train" / "written" / "train.jsonl", start / "config.json"):
        if not path.is_file():
            raise TrainingError(f"{path}: is not there; name the folder that holds it")
    from lab.judge.export import export
    from lab.judge.train import Plan, train

    def tell(line: str) -> None:
        console.err.print(escape(line), highlight=False)

    averaged = export_only
    if averaged is None:
        plan = Plan(updates=updates, batch=batch, save_every=save_every)
        averaged = train(shared, start, work, plan, tell)
    elif not averaged.is_file():
        raise TrainingError(f"{averaged}: there are no averaged weights")
    settings = export(start, averaged, shared, out)
    figures = settings["figures"]
    console.out.print(
        escape(
            f"{out}: written; AUC {figures['cited.auc']:.3f} with cited sentences, "
            f"{figures['whole.auc']:.3f} with whole paragraphs, "
            f"{figures['alone.auc']:.3f} with none"
        ),
        highlight=False,
    )
