"""``python -m lab fit-evidence``: marked questions in, weights and thresholds out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import TrainingError
from lab.files import write_text
from qa.cli import console


def fit_evidence(
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="DATA...",
            help="Files of written paragraphs, of which those held out from the "
            "reader are used, and folders of passages to stand beside them.",
        ),
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="Where evidence.json goes.")] = Path(
        "models/evidence"
    ),
    measured: Annotated[
        Path | None,
        typer.Option(
            help="Write what is measured here; without DATA, fit on what stands there."
        ),
    ] = None,
    to_the_point: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Of the sentences shown the share that has to belong."
        ),
    ] = 0.615,
    whole: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Of those that belong the share that answers are made of.",
        ),
    ] = 0.72,
    beside: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Of the likeliest sentence's probability the share that one has to "
            "have to be shown beside it.",
        ),
    ] = 0.6,
) -> None:
    """Fit which sentences of the passages found are shown.

    A library is made of the data and indexed in a temporary place; each question is
    asked of it as the product would.
    """
    from lab.evidence.fit import fit_evidence_weights
    from lab.evidence.measuring import load
    from qa.answering.bearing import EVIDENCE

    if data:
        measured = measured or out / "measured.jsonl"
        _measure(data, measured)
    elif measured is None:
        raise typer.BadParameter("name DATA, or what was --measured before")
    try:
        found = load(measured)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise TrainingError(f"{measured}: holds nothing measured ({exc!r})") from exc
    stored = fit_evidence_weights(
        found, to_the_point=to_the_point, whole=whole, beside=beside
    )
    write_text(out / EVIDENCE, json.dumps(stored, indent=1) + "\n")
    said = f"{out / EVIDENCE}: written, from {len(found)} questions"
    console.out.print(escape(said), highlight=False)


def _measure(data: list[Path], place: Path) -> None:
    from rich.progress import Progress as Bar

    from lab.evidence.measuring import gather, measure, save
    from qa.settings import load_settings

    marked, paragraphs = gather(data)
    with Bar(console=console.err, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def told(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        try:
            save(place, measure(marked, paragraphs, load_settings(), told))
        except OSError as exc:
            raise TrainingError(f"{place}: cannot be written ({exc.strerror})") from exc
