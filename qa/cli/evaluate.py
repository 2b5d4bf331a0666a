"""The terminal's ``qa eval``: measure, print, save, draw and compare."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console

if TYPE_CHECKING:
    from qa.evaluation import Comparison, FigureChange, Flip

_COLOURS = {"better": "green", "worse": "red", "same": "dim", "different": ""}
_ASPECTS = {
    "found": ("not in the top 5", "in the top 5"),
    "facts": ("facts missing", "facts"),
    "abstained": ("answered", "abstained"),
}
_MISJUDGED = 20
"""Shown at most."""

Json = dict[str, Any]


def evaluate(
    questions: Annotated[Path | None, typer.Argument(help="A questions file.")] = None,
    *,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(help="JSON Lines of passages to index first, elsewhere."),
    ] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Do not draft answers.")
    ] = False,
    reader: Annotated[
        str, typer.Option(help="Another reader than that of the settings, or none.")
    ] = "",
    answerability: Annotated[
        bool,
        typer.Option(
            "--answerability",
            help="Does the passage that a question names answer it? No drafts.",
        ),
    ] = False,
    save: Annotated[
        Path | None, typer.Option(help="Write the report here as JSON.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the report here as a page with plots.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="BEFORE AFTER", help="Compare two saved reports instead."),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            help="Measure the judge instead: on a file of claims, or of passages "
            "to make claims of."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON.")
    ] = False,
) -> None:
    """Measure retrieval, answers and abstention on a questions file."""
    of_questions = (questions, corpus, retrieval_only, answerability, reader, html)
    if compare:
        if save or claims or any(of_questions):
            raise typer.BadParameter("--compare goes with --json only")
        _compare(*compare, as_json=as_json)
        return
    if claims:
        if any(of_questions):
            raise typer.BadParameter("--claims goes with --save and --json only")
        report = _measure_claims(claims)
    elif questions is None:
        raise typer.BadParameter("name a questions file, --claims or --compare")
    else:
        flags = {"retrieval": retrieval_only, "answerability": answerability}
        measured = frozenset(part for part, wanted in flags.items() if wanted)
        report = _measure(questions, corpus or [], reader=reader, measured=measured)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    if save:
        _write(save, text + "\n")
    if html:
        from qa.evaluation import report_to_html

        title = questions.name if questions else ""
        _write(html, report_to_html(report, title=title))
    if as_json:
        typer.echo(text)
    else:
        _print_report(report)
        _print_misjudged(report)


def _measure(
    questions: Path, corpus: list[Path], *, reader: str, measured: frozenset[str]
) -> Json:
    from rich.progress import Progress as Bar

    from qa.settings import load_settings
    from qa.wiring import run_evaluation

    settings = load_settings()
    if reader:
        settings = settings.model_copy(update={"reader": reader})
    with Bar(console=console.err, transient=True) as bar:
        return run_evaluation(
            settings,
            questions,
            corpus=corpus,
            measured=measured,
            progress=_showing(bar.add_task, bar.update),
        )


def _measure_claims(claims: Path) -> Json:
    from rich.progress import Progress as Bar

    from qa.settings import load_settings
    from qa.wiring import run_claims

    with Bar(console=console.err, transient=True) as bar:
        showing = _showing(bar.add_task, bar.update)
        return run_claims(load_settings(), claims, progress=showing)


def _showing(
    add_task: Callable[[str], Any], update: Callable[..., None]
) -> Callable[[str, int, int], None]:
    """A line of the progress display for each stage, as stages come."""
    tasks: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = add_task(stage)
        update(tasks[stage], completed=done, total=total)

    return show


def _write(path: Path, text: str) -> None:
    from qa.errors import EvaluationError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise EvaluationError(f"{path}: cannot be written ({exc.strerror})") from exc


def _print_report(report: Json) -> None:
    from qa.evaluation import figures_of, meaning, shown

    table = Table("part", "figure", box=None)
    table.add_column("value", justify="right")
    table.add_column("95 % interval", style="dim")
    table.add_column("", style="dim")
    last = ""
    for path, value in figures_of(report):
        part, _, name = path.partition(".")
        low, high = report["intervals"].get(path, (None, None))
        interval = "" if low is None else f"{low:.3f} to {high:.3f}"
        label = "" if part == last else part
        last = part
        table.add_row(label, name, shown(path, value), interval, meaning(path).text)
    console.out.print(table)


def _print_misjudged(report: Json) -> None:
    """Claims that came out otherwise than a person says, with the reason."""
    wrong = [
        record
        for record in report.get("records", ())
        if "verdict" in record
        and record["supported"] != (record["verdict"] == "supported")
    ]
    if not wrong:
        return
    table = Table("claim", "is", "judged", "reason", box=None)
    for record in wrong[:_MISJUDGED]:
        table.add_row(
            escape(record["claim"]),
            "supported" if record["supported"] else "not supported",
            record["verdict"].replace("_", " "),
            escape(record["reason"]),
        )
    console.out.print(f"\nMisjudged: {len(wrong)}")
    console.out.print(table)


def _compare(before: Path, after: Path, *, as_json: bool) -> None:
    from qa.evaluation import compare, load_report

    comparison = compare(load_report(before), load_report(after))
    if as_json:
        typer.echo(json.dumps(asdict(comparison), ensure_ascii=False, indent=2))
        return
    _print_figures(comparison.figures)
    _print_flips(comparison.flips)
    _print_missing(comparison, before, after)


def _print_figures(changes: tuple[FigureChange, ...]) -> None:
    from qa.evaluation import shown

    table = Table("figure", box=None)
    for heading in ("before", "after", "change"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for change in changes:
        delta = f"{change.delta:+.3f}" if change.delta else ""
        verdict = change.verdict if change.verdict in {"better", "worse"} else ""
        table.add_row(
            change.name,
            shown(change.name, change.before),
            shown(change.name, change.after),
            delta,
            verdict + (", beyond the 95 % interval" if change.clear else ""),
            style=_COLOURS[change.verdict],
        )
    console.out.print(table)


def _print_flips(flips: tuple[Flip, ...]) -> None:
    better = sum(flip.verdict == "better" for flip in flips)
    console.out.print(
        f"\n{better} questions flipped to better, {len(flips) - better} to worse"
    )
    if not flips:
        return
    table = Table("question", "", "before", "after", box=None)
    for flip in sorted(flips, key=lambda flip: (flip.verdict, flip.aspect)):
        words = _ASPECTS[flip.aspect]
        table.add_row(
            escape(flip.id),
            escape(flip.question),
            words[flip.before],
            words[flip.after],
            style=_COLOURS[flip.verdict],
        )
    console.out.print(table)


def _print_missing(comparison: Comparison, before: Path, after: Path) -> None:
    sides = ((comparison.only_before, before), (comparison.only_after, after))
    for ids, path in sides:
        if ids:
            line = f"{len(ids)} questions are in {path} only; they are not compared"
            console.out.print(escape(line), style="yellow")
