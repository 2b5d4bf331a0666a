"""``python -m lab fit-gate``: questions with and without an answer in, weights out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import TrainingError
from lab.files import write_text
from qa.cli import console


def fit_gate(
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="DATA...",
            help="Folders with passages*.jsonl and questions*.jsonl, and files of "
            "written paragraphs with their questions.",
        ),
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="Where gate.json goes.")] = Path(
        "models/gate"
    ),
    article: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TITLE",
            help="Draw a folder's questions from this article; repeatable. Name "
            "those that the reader did not learn from.",
        ),
    ] = None,
    sample: Annotated[
        int,
        typer.Option(min=1, help="Questions of each kind in each data set, at most."),
    ] = 400,
    measured: Annotated[
        Path | None,
        typer.Option(
            help="Write what is measured here; without DATA, fit on what stands there."
        ),
    ] = None,
    refused: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Share of the answerable questions that may be refused at "
            "`balanced`, out of fold.",
        ),
    ] = 0.08,
    seed: Annotated[int, typer.Option(help="Decides what is drawn.")] = 7,
) -> None:
    """Fit how probably what is found answers a question.

    A library is made of all data, and small ones of some texts each, and indexed in a
    temporary place; each question is asked of one as the product would, with the reader
    and without.
    """
    from lab.gate.fit import fit_gate_weights
    from lab.gate.measuring import load
    from qa.answering.gate import GATE

    if data:
        measured = measured or out / "measured.jsonl"
        _measure(data, article or [], sample, seed, measured)
    elif measured is None:
        raise typer.BadParameter("name DATA, or what was --measured before")
    try:
        found = load(measured)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise TrainingError(f"{measured}: holds nothing measured ({exc!r})") from exc
    stored = fit_gate_weights(found, refused=refused)
    write_text(out / GATE, json.dumps(stored, indent=1) + "\n")
    said = f"{out / GATE}: written, from {len(found)} questions"
    console.out.print(escape(said), highlight=False)


def _measure(
    data: list[Path], articles: list[str], sample: int, seed: int, place: Path
) -> None:
    from rich.progress import Progress as Bar

    from lab.gate.asked import gather
    from lab.gate.measuring import measure, save
    from qa.settings import load_settings

    libraries = gather(data, sample=sample, seed=seed, articles=articles)
    with Bar(console=console.err, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def told(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        try:
            save(place, measure(libraries, load_settings(), told))
        except OSError as exc:
            raise TrainingError(f"{place}: cannot be written ({exc.strerror})") from exc
