"""The terminal's ``qa build``, once or at every change, and what it reports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console

if TYPE_CHECKING:
    from qa.build import BuildReport, Progress
    from qa.retrieval.copies import Repeat
    from qa.settings import Settings

_SHOWN = 20


def build(
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete the index and build it anew.")
    ] = False,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Say nothing if nothing changed.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and build at every change.")
    ] = False,
    poll: Annotated[
        bool,
        typer.Option(
            "--poll", help="Watch by looking again and again: for network drives."
        ),
    ] = False,
) -> None:
    """Index what is new in seeds/."""
    from qa.settings import load_settings

    if poll and not watch:
        raise typer.BadParameter("--poll goes with --watch")
    settings = load_settings()
    if fresh:
        from qa.wiring import delete_store

        delete_store(settings)
    if watch:
        _watch(settings, poll=poll)
    else:
        build_and_tell(settings, quiet=if_stale)


def build_and_tell(settings: Settings, *, quiet: bool) -> BuildReport:
    """Build with a progress bar and print the outcome.

    Args:
        settings: Of the library.
        quiet: Print nothing if nothing changed.

    Raises:
        QaError: It cannot be built.
    """
    from qa.wiring import builder

    return _tell(settings, _with_bar(builder(settings)), quiet=quiet)


def _with_bar(
    build_once: Callable[[Callable[[Progress], None]], BuildReport],
) -> BuildReport:
    from rich.progress import Progress as Bar

    tasks: dict[str, Any] = {}
    with Bar(console=console.err, transient=True) as bar:

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage)
            pages = f", {progress.pages:,} pages" if progress.pages else ""
            bar.update(
                tasks[progress.stage],
                description=progress.stage + pages,
                completed=progress.done,
                total=progress.total,
            )

        return build_once(show)


def _tell(settings: Settings, report: BuildReport, *, quiet: bool) -> BuildReport:
    from qa.documents.files import owning_seed

    if report.generation is not None or not quiet:
        _print_build(report)
    if report.generation is not None:
        new = {s.file for s in report.seeds if s.outcome in {"added", "changed"}}
        repeats = [
            repeat
            for repeat in _repeats(settings)
            if any(
                owning_seed(file, new.__contains__) for file in (repeat.file, repeat.of)
            )
        ]
        print_repeats(repeats)
    return report


def _repeats(settings: Settings) -> Sequence[Repeat]:
    from qa.wiring import make_store
    from qa.wiring.overview import repeats_after_build

    if settings.store:  # reading every article again would take many requests
        return ()
    with make_store(settings).snapshot() as snapshot:
        return repeats_after_build(snapshot)


def print_repeats(repeats: Sequence[Repeat]) -> None:
    """One line for each of the first copies."""
    for repeat in repeats[:_SHOWN]:
        line = f"{repeat.file} repeats {repeat.of} ({100 * repeat.share:.0f} %)"
        console.out.print(escape(line), style="yellow", highlight=False)
    if len(repeats) > _SHOWN:
        console.out.print(
            f"… and {len(repeats) - _SHOWN} more copies: `qa status --json`"
        )


def _print_build(report: BuildReport) -> None:
    if report.repaired:
        console.err.print(f"[yellow]qa:[/] {escape(report.repaired)}", highlight=False)
    table = Table("seed", "outcome", "passages", "texts embedded", box=None)
    for seed in report.seeds:
        if seed.outcome != "unchanged":
            outcome = seed.outcome + (f": {seed.reason}" if seed.reason else "")
            counts = [str(seed.passages), str(seed.embedded)]
            if seed.outcome in {"skipped", "removed"}:
                counts = ["", ""]
            table.add_row(escape(seed.file), escape(outcome), *counts)
    if table.row_count:
        console.out.print(table)
    outcomes = ("added", "changed", "removed", "unchanged", "skipped")
    counted = ", ".join(f"{report.count(o)} {o}" for o in outcomes)
    new = f"generation {report.generation}" if report.generation else "nothing to do"
    console.out.print(
        f"{counted}; {report.embedded} texts embedded; {new}", highlight=False
    )


def _watch(settings: Settings, *, poll: bool) -> None:
    """Build, then again after every change, until Ctrl+C."""
    from qa.documents import scan_seeds
    from qa.errors import BuildLockedError, QaError
    from qa.library.watching import watch_folder
    from qa.wiring import builder

    scan_seeds(settings.seeds)  # a folder that is not there cannot be watched
    build_once = builder(settings)
    last = ""

    def rebuild() -> bool:
        nonlocal last
        try:
            _tell(settings, _with_bar(build_once), quiet=True)
        except QaError as exc:
            if str(exc) != last:
                last = str(exc)
                console.err.print(f"[bold red]qa:[/] {escape(last)}", highlight=False)
            return not isinstance(exc, BuildLockedError)
        last = ""
        return True

    try:
        rebuild()
        console.out.print(
            escape(f"Watching {settings.seeds} (Ctrl+C stops)"), highlight=False
        )
        watch_folder(settings.seeds, rebuild, poll=poll, stop=threading.Event())
    except KeyboardInterrupt:
        console.out.print("Stopped watching; the index is whole.")
