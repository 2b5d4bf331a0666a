"""``python -m lab train-checker``: judged claims and passages in, a formula out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.files import write_text
from qa.cli import console


def train_checker(
    data: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...",
            help="Files of judged claims, and folders with passages*.jsonl and "
            "questions*.jsonl to make claims from.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="Where checker.json goes.")] = Path(
        "models/checker"
    ),
    sample: Annotated[
        int, typer.Option(min=1, help="Claims made of each kind at most.")
    ] = 1200,
    held_out: Annotated[
        Path | None,
        typer.Option(help="Write the judged claims that were kept out here."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides what is drawn.")] = 7,
) -> None:
    """Fit the checker's score of support on claims of your own.

    Two fifths of the judged claims are kept out, by document; measure on them
    with: qa eval --claims FILE.
    """
    from rich.progress import Progress as Bar

    from lab.checker.fit import drawn, fit_formula
    from lab.checker.judged import gather
    from qa.settings import load_settings
    from qa.verification.support import FORMULA
    from qa.wiring import make_cosines

    with console.err.status("reading the data"):
        found = gather(data, seed)
    counts = ", ".join(f"{len(items)} {name}" for name, items in found.items())
    console.err.print(f"claims: {counts}", highlight=False)
    learnt = drawn(found, sample, seed)
    with Bar(console=console.err, transient=True) as bar:
        task = bar.add_task("fitting", total=len(learnt))
        formula = fit_formula(
            learnt,
            make_cosines(load_settings(), kept=100_000),
            lambda done: bar.update(task, completed=done),
        )
    stored = {"format": 1, "claims": len(learnt), "formula": formula}
    write_text(out / FORMULA, json.dumps(stored, indent=1) + "\n")
    if held_out:
        kept = [claim for claim in found["judged"] if claim.held_out]
        write_text(held_out, "".join(claim.as_json() + "\n" for claim in kept))
    console.out.print(escape(f"{out / FORMULA}: written"), highlight=False)
