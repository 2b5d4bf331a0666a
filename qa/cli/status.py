"""The terminal's ``qa status``: the library, its models, and what is left out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console
from qa.cli.build import print_repeats

if TYPE_CHECKING:
    from qa.schema import Source
    from qa.settings import Settings
    from qa.wiring import Indexed, LibraryStatus, ModelState
    from qa.wiring.overview import Changes

_LISTED = 50
_NAMED = 5


def status(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON.")
    ] = False,
    repeats: Annotated[
        bool, typer.Option(help="Compare the articles of a large library too.")
    ] = False,
    left_out: Annotated[
        str, typer.Option(metavar="FILE", help="Show what is not read of a seed.")
    ] = "",
) -> None:
    """Show the library, the models and where each setting comes from."""
    from qa.settings import load_settings
    from qa.wiring import describe_library

    if left_out:
        _print_left_out(load_settings(), left_out, as_json=as_json)
        return
    found = describe_library(load_settings(), repeats=repeats)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    _print_index(found)
    _print_models(found.models)
    table = Table("setting", "value", "from", box=None)
    for origin in found.settings:
        table.add_row(origin.name, escape(origin.value), escape(origin.origin))
    console.out.print(table)


def _print_left_out(settings: Settings, file: str, *, as_json: bool) -> None:
    from qa.documents import left_out

    limit = settings.max_seed_mb * 1_000_000
    parts = left_out(settings.seeds, file, max_bytes=limit)
    if as_json:
        typer.echo(json.dumps([asdict(p) for p in parts], ensure_ascii=False, indent=2))
        return
    if not parts:
        console.out.print(escape(f"{file}: nothing is left out of it"), highlight=False)
        return
    table = Table("left out", "where", "why", box=None)
    for part in parts:
        table.add_row(escape(part.text), escape(part.where), escape(part.reason))
    console.out.print(table)


def _print_index(found: LibraryStatus) -> None:
    if found.problem:
        console.out.print(escape(found.problem), highlight=False)
    if found.index is None:
        return
    stats = found.index.stats
    console.out.print(
        f"index: generation {stats.generation}, {stats.documents} documents, "
        f"{stats.passages} passages, {stats.vectors} vectors, {_mb(stats.bytes)}, "
        f"{_freshness(found.index)}",
        highlight=False,
    )
    if found.index.changes:
        _print_changes(found.index.changes)
    _print_articles(found.index.articles)
    if found.index.repeats is None:
        console.out.print("Articles are not compared: `qa status --repeats` does that")
    else:
        print_repeats(found.index.repeats)


def _freshness(indexed: Indexed) -> str:
    changes = indexed.changes
    if changes is None:
        return "seeds unknown"
    if not changes.count:
        return "up to date"
    noun = "file" if changes.count == 1 else "files"
    return f"stale: {changes.count} {noun} changed since the last build: run `qa build`"


def _print_changes(changes: Changes) -> None:
    for word in ("added", "changed", "removed"):
        files: tuple[str, ...] = getattr(changes, word)
        if files:
            more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
            line = f"  {word}: {', '.join(files[:_NAMED])}{more}"
            console.out.print(escape(line), highlight=False)
    for part in changes.unreadable[:_NAMED]:
        line = f"  cannot be read: {part.file}: {part.reason}"
        console.out.print(escape(line), style="yellow", highlight=False)
    if len(changes.unreadable) > _NAMED:
        console.out.print(
            f"  … and {len(changes.unreadable) - _NAMED} more cannot be read"
        )


def _print_articles(sources: Sequence[Source]) -> None:
    from qa.language.rendering import reference

    table = Table("article", "seed", box=None)
    for source in sources[:_LISTED]:
        table.add_row(escape(reference(source)), escape(source.file))
    if len(sources) > _LISTED:
        table.add_row(f"… and {len(sources) - _LISTED} more", "")
    console.out.print(table)


def _print_models(models: Sequence[ModelState]) -> None:
    table = Table("model", "name", "size", "where", box=None)
    for model in models:
        size = "" if model.bytes is None else _mb(model.bytes)
        where = model.problem or model.where
        where += f" ({model.note})" if model.note else ""
        style = "red" if model.problem else ""
        table.add_row(model.part, escape(model.name), size, escape(where), style=style)
    console.out.print(table)


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
