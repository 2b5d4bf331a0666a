"""The terminal: ``qa build``, ``ask``, ``chat``, ``eval``, ``status``, ``models``.

Exit codes: 0, 1 (failed), 2 (wrong use). What a user can cause is one line.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qa import cli_eval, cli_train, cli_train_checker
from qa.errors import QaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.build import BuildReport
    from qa.schema import Answer, Source
    from qa.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ask your own articles, and check every sentence of the answer.",
)
_LISTED = 50
_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)


def main() -> None:
    """Run the command line; errors end in one line and an exit code."""
    logging.basicConfig(
        level=os.environ.get("QA_LOG", "ERROR").upper(), stream=sys.stderr
    )
    try:
        app()
    except QaError as exc:
        _fail(str(exc), exc.exit_code)
    except KeyboardInterrupt:
        _fail("stopped", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as exc:
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        _fail(f"unexpected {type(exc).__name__}: {exc} (QA_LOG=debug shows where)", 1)


def _fail(message: str, code: int) -> None:
    _err.print(f"[bold red]qa:[/] {escape(' '.join(message.split()))}", highlight=False)
    sys.exit(code)


def _settings() -> Settings:
    from qa.settings import load_settings

    return load_settings()


@app.command()
def build(
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete the index and build it anew.")
    ] = False,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Say nothing if nothing changed.")
    ] = False,
) -> None:
    """Index what is new in seeds/."""
    from qa.index import delete_index

    settings = _settings()
    if fresh:
        delete_index(settings.index)
    report = _build(settings)
    if report.generation is None and if_stale:
        return
    _print_build(report)


def _build(settings: Settings) -> BuildReport:
    from rich.progress import Progress as Bar

    from qa.api import build_index
    from qa.build import Progress

    with Bar(console=_err, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage)
            bar.update(
                tasks[progress.stage], completed=progress.done, total=progress.total
            )

        return build_index(settings, progress=show)


def _print_build(report: BuildReport) -> None:
    table = Table("seed", "outcome", "passages", "texts embedded", box=None)
    for seed in report.seeds:
        if seed.outcome != "unchanged":
            outcome = seed.outcome + (f": {seed.reason}" if seed.reason else "")
            counts = [str(seed.passages), str(seed.embedded)]
            if seed.outcome in {"skipped", "removed"}:
                counts = ["", ""]
            table.add_row(escape(seed.file), escape(outcome), *counts)
    if table.row_count:
        _out.print(table)
    outcomes = ("added", "changed", "removed", "unchanged", "skipped")
    counted = ", ".join(f"{report.count(o)} {o}" for o in outcomes)
    new = f"generation {report.generation}" if report.generation else "nothing to do"
    _out.print(f"{counted}; {report.embedded} texts embedded; {new}", highlight=False)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What to ask.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the Answer object.")
    ] = False,
    show_rejected: Annotated[
        bool, typer.Option("--rejected", help="Also show what was left out, and why.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the passages were ranked.")
    ] = False,
    article: Annotated[
        list[str] | None, typer.Option(help="Only from this seed file; repeatable.")
    ] = None,
    publisher: Annotated[
        list[str] | None, typer.Option(help="Only from this publisher; repeatable.")
    ] = None,
    since: Annotated[
        str, typer.Option(help="Only articles dated 2016-03, say, or later.")
    ] = "",
    until: Annotated[str, typer.Option(help="Only articles dated so or earlier.")] = "",
) -> None:
    """Answer a question from the articles."""
    from qa.api import stream
    from qa.render import answer_to_json
    from qa.schema import Answered, Filters, Verified

    filters = Filters(tuple(article or ()), tuple(publisher or ()), since, until)
    answer: Answer | None = None
    for event in stream(question, filters=filters):
        if isinstance(event, Verified) and not as_json:
            marks = "".join(f" [{number}]" for number in event.sentence.citations)
            _out.print(escape(event.sentence.text + marks), highlight=False)
        elif isinstance(event, Answered):
            answer = event.answer
    assert answer is not None  # noqa: S101 - a stream ends with an answer
    if as_json:
        typer.echo(json.dumps(answer_to_json(answer), ensure_ascii=False, indent=2))
    else:
        _print_sources(answer, show_rejected=show_rejected)
    if explain:
        _explain(answer)


def _explain(answer: Answer) -> None:
    """The hits with both searches' ranks and scores, on standard error."""
    titles = ("", "score", "dense", "rank", "BM25", "rank", "passage")
    table = Table(*titles, box=None, title="How the passages were ranked")
    for number, hit in enumerate(answer.hits, 1):
        place = f"{hit.source.file}:{hit.passage.start} {hit.passage.heading}".strip()
        table.add_row(
            str(number),
            f"{hit.score:.3f}",
            f"{hit.dense.score:.3f}",
            str(hit.dense.rank or "–"),
            f"{hit.lexical.score:.2f}",
            str(hit.lexical.rank or "–"),
            escape(f"{place}: {hit.passage.text[:60]}…"),
        )
    _err.print(table)


def _print_sources(answer: Answer, *, show_rejected: bool) -> None:
    from qa.render import reference

    if answer.abstained:
        _out.print("The articles do not answer this. The nearest passages:")
    _out.print()
    for citation in answer.citations or answer.nearest:
        line = f"[{citation.number}] {reference(citation.document, citation.page)}"
        _out.print(escape(line), style="bold", highlight=False)
        place = f"{citation.document.file}:{citation.start}–{citation.end}"
        _out.print(escape(f"    “{citation.quote}” ({place})"), highlight=False)
    if show_rejected:
        for rejected in answer.rejected:
            _out.print(
                escape(f"left out: {rejected.text} ({rejected.reason})"), style="dim"
            )
    elif answer.rejected:
        count = len(answer.rejected)
        noun = "sentence was" if count == 1 else "sentences were"
        _out.print(f"{count} {noun} left out; --rejected shows why", style="dim")


@app.command()
def chat(
    *,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Serve the chat page on this machine."""
    from qa.ui import serve

    serve(
        _settings(),
        open_browser=open_browser,
        ready=lambda address: _out.print(f"Chat on {address} (Ctrl+C stops)"),
    )


@app.command()
def status() -> None:
    """Show the index, the models and where each setting comes from."""
    from qa.bootstrap import make_embedder
    from qa.build import is_stale
    from qa.errors import IndexMissingError
    from qa.index import Index
    from qa.settings import origins

    settings = _settings()
    index = Index(settings.index, embedder=make_embedder(settings).id)
    try:
        stats = index.stats()
    except IndexMissingError as exc:
        _out.print(escape(str(exc)), highlight=False)
    else:
        with index.snapshot() as snapshot:
            articles = snapshot.sources()
            known = {seed.file: seed.sha256 for seed in snapshot.seeds()}
        stale = is_stale(
            settings.seeds, known, max_bytes=settings.max_seed_mb * 1_000_000
        )
        _out.print(
            f"index: generation {stats.generation}, {stats.documents} documents, "
            f"{stats.passages} passages, {stats.vectors} vectors, "
            f"{stats.bytes / 1e6:.1f} MB, "
            + ("stale: run `qa build`" if stale else "up to date"),
            highlight=False,
        )
        _print_articles(articles)
    table = Table("setting", "value", "from", box=None)
    for origin in origins(settings):
        table.add_row(origin.name, escape(origin.value), escape(origin.origin))
    _out.print(table)


def _print_articles(sources: Sequence[Source]) -> None:
    from qa.render import reference

    table = Table("article", "seed", box=None)
    for source in sources[:_LISTED]:
        table.add_row(escape(reference(source)), escape(source.file))
    if len(sources) > _LISTED:
        table.add_row(f"… and {len(sources) - _LISTED} more", "")
    _out.print(table)


@app.command()
def models() -> None:
    """Check the models that the settings name."""
    from qa.bootstrap import describe_models

    table = Table("part", "model", "where", box=None)
    for model in describe_models(_settings()):
        table.add_row(model.part, escape(model.name), escape(model.where))
    _out.print(table)


app.command(name="eval")(cli_eval.evaluate)
app.command(name="train-reader")(cli_train.train_reader)
app.command(name="train-checker")(cli_train_checker.train_checker)
