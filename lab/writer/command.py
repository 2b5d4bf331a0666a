"""``python -m lab train-writer``: the shared folder in, an adapter's folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import TrainingError
from qa.cli import console
from qa.settings import Settings
from qa.wiring.model_files import find_gguf


def train_writer(
    shared: Annotated[Path, typer.Argument(help="The folder that holds `train`.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the adapter goes.")] = Path(
        "models/writer"
    ),
    work: Annotated[Path, typer.Option(help="Where checkpoints go.")] = Path(
        ".training/writer"
    ),
    updates: Annotated[int, typer.Option(min=1, help="Length of the run.")] = 900,
    batch: Annotated[int, typer.Option(min=1, help="Examples an update.")] = 4,
    save_every: Annotated[
        int, typer.Option(min=1, help="Updates between checkpoints.")
    ] = 20,
    export_only: Annotated[
        bool, typer.Option("--export-only", help="Export the last checkpoint.")
    ] = False,
) -> None:
    """Train an adapter for the generator that is set, to write from evidence.

    On a GPU minutes, on a core hours. The same command goes on from the last
    checkpoint.
    """
    path = shared / "train" / "written" / "train.jsonl"
    if not path.is_file():
        raise TrainingError(f"{path}: is not there; name the folder that holds it")
    from lab.training.checkpoint import AVERAGED
    from lab.writer.export import export
    from lab.writer.train import Plan, train

    def tell(line: str) -> None:
        console.err.print(escape(line), highlight=False)

    model, name = find_gguf(Settings())
    plan = Plan(updates=updates, batch=batch, save_every=save_every)
    averaged = work / AVERAGED
    if not export_only:
        averaged = train(shared, model, work, plan, tell)
    elif not averaged.is_file():
        raise TrainingError(f"{averaged}: there is no checkpoint yet")
    export(model, averaged, plan, out)
    console.out.print(escape(f"{out}: written, for {name}"), highlight=False)
