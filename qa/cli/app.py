"""The terminal: all commands, and what ``ask``, ``chat`` and ``models`` do.

Exit codes: 0, 1 (failed), 2 (wrong use). What a user can cause is one line.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console
from qa.cli.build import build
from qa.cli.evaluate import evaluate
from qa.cli.library import add, export, remove
from qa.cli.status import status
from qa.errors import QaError
from qa.schema import Strictness

if TYPE_CHECKING:
    from qa.schema import Answer
    from qa.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ask your own articles, and check every sentence of the answer.",
)


def main() -> None:
    """Run the command line."""
    run(app)


def run(commands: typer.Typer) -> None:
    """Run what the command line names; errors end in one line and an exit code."""
    logging.basicConfig(
        level=os.environ.get("QA_LOG", "ERROR").upper(), stream=sys.stderr
    )
    try:
        commands()
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
    console.err.print(
        f"[bold red]qa:[/] {escape(' '.join(message.split()))}", highlight=False
    )
    sys.exit(code)


def _settings() -> Settings:
    from qa.settings import load_settings

    return load_settings()


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
    strictness: Annotated[
        Strictness | None, typer.Option(help="How sure it has to be; else as set.")
    ] = None,
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
    from qa.language.rendering import answer_to_json
    from qa.schema import Answered, Filters, Retrieved, Verified

    filters = Filters(tuple(article or ()), tuple(publisher or ()), since, until)
    answer: Answer | None = None
    mark = ""
    for event in stream(question, filters=filters, strictness=strictness):
        if isinstance(event, Retrieved):
            mark = "- " if event.shape == "list" else ""
        elif isinstance(event, Verified) and not as_json:
            said = event.sentence.text + event.sentence.markers
            console.out.print(escape(mark + said), highlight=False)
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
    console.err.print(table)


def _print_sources(answer: Answer, *, show_rejected: bool) -> None:
    from qa.language.rendering import (
        ABSTAINED,
        NEAREST,
        cited,
        draft_lost,
        remarks,
    )

    if answer.abstained:
        console.out.print(f"{ABSTAINED} {NEAREST}")
    noted = remarks(answer.unanswered, answer.notes)
    for line in (*noted, *draft_lost(answer.draft_lost)):
        console.out.print(escape(line), highlight=False)
    console.out.print()
    for citation in answer.citations or answer.nearest:
        line = f"[{citation.number}] {cited(citation)}"
        console.out.print(escape(line), style="bold", highlight=False)
        place = f"{citation.document.file}:{citation.start}–{citation.end}"
        console.out.print(escape(f"    “{citation.quote}” ({place})"), highlight=False)
    if show_rejected:
        for rejected in answer.rejected:
            console.out.print(
                escape(f"left out: {rejected.text} ({rejected.reason})"), style="dim"
            )
    elif answer.rejected:
        count = len(answer.rejected)
        noun = "sentence was" if count == 1 else "sentences were"
        console.out.print(f"{count} {noun} left out; --rejected shows why", style="dim")


@app.command()
def chat(
    *,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
    auth: Annotated[
        str, typer.Option(help="Ask for this name and password (user:password).")
    ] = "",
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Also serve assistants, at /mcp.")
    ] = False,
) -> None:
    """Serve the chat page on this machine."""
    from qa.ui import serve

    if auth:
        os.environ["QA_AUTH"] = auth
    serve(
        _settings(),
        open_browser=open_browser,
        mcp=mcp,
        warn=lambda text: console.err.print(f"[bold red]qa:[/] {escape(text)}"),
        ready=lambda address: console.out.print(f"Chat on {address} (Ctrl+C stops)"),
    )


@app.command()
def mcp() -> None:
    """Serve a desktop assistant that starts this command (stdio)."""
    from qa.ui import serve_assistant

    serve_assistant(_settings())


@app.command()
def models() -> None:
    """Check the models that the settings name."""
    from qa.wiring import describe_models

    table = Table("part", "model", "where", box=None)
    for model in describe_models(_settings()):
        table.add_row(model.part, escape(model.name), escape(model.where))
    console.out.print(table)


for command in (build, add, remove, status, export):
    app.command()(command)
app.command(name="eval")(evaluate)
