"""The terminal's ``qa add``, ``remove``, ``status`` and ``export``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console
from qa.cli.build import build_and_tell, print_repeats

if TYPE_CHECKING:
    from qa.library.seeds import Added, Refused
    from qa.schema import Source
    from qa.settings import Settings
    from qa.wiring import Indexed, LibraryStatus, ModelState
    from qa.wiring.overview import Changes

_LISTED = 50
_NAMED = 5
_SECONDS = 60.0


def add(
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, or https:// addresses.")
    ],
    *,
    no_build: Annotated[
        bool, typer.Option("--no-build", help="Do not index them yet.")
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="An address may take at most.")
    ] = _SECONDS,
) -> None:
    """Copy articles into seeds/ and index them; fetch those named by address.

    Of an address only the one file behind it is fetched, only over http or https,
    and only from public addresses of the internet.
    """
    from qa.library.seeds import Added
    from qa.settings import load_settings

    settings = load_settings()
    added: list[str] = []
    failed = False
    for source in sources:
        for outcome in _add(settings, source, seconds):
            failed |= not isinstance(outcome, Added)
            _print_added(source, outcome)
            if isinstance(outcome, Added):
                added.append(outcome.file)
    if added and not no_build:
        report = build_and_tell(settings, quiet=False)
        skipped = {seed.file for seed in report.seeds if seed.outcome == "skipped"}
        failed |= not skipped.isdisjoint(added)
    if failed:
        raise typer.Exit(1)


def _add(settings: Settings, source: str, seconds: float) -> Iterator[Added | Refused]:
    """Add what one argument names, each file as it comes."""
    from qa.errors import QaError
    from qa.library.fetching import is_address
    from qa.library.seeds import Refused, add_file, add_folder

    limit = settings.max_seed_mb * 1_000_000
    path = Path(source).expanduser()
    try:
        if is_address(source):
            yield _fetch(settings, source, seconds)
        elif path.is_dir():
            yield from add_folder(settings.seeds, path, max_bytes=limit)
        else:
            yield add_file(settings.seeds, path, max_bytes=limit)
    except QaError as exc:
        yield Refused(source, str(exc).removeprefix(f"{source}: "))


def _fetch(settings: Settings, url: str, seconds: float) -> Added:
    from qa.documents import Origin
    from qa.library.fetching import fetch_url
    from qa.library.seeds import add_bytes

    limit = settings.max_seed_mb * 1_000_000
    with console.err.status(escape(f"fetching {url}")):
        fetched = fetch_url(url, max_bytes=limit, seconds=seconds)
    origin = Origin(fetched.url, fetched.retrieved)
    return add_bytes(settings.seeds, fetched.name, fetched.data, origin=origin)


def _print_added(source: str, outcome: Added | Refused) -> None:
    from qa.library.seeds import Refused

    if isinstance(outcome, Refused):
        line = f"not added: {outcome.file}: {outcome.reason}"
        console.err.print(escape(line), style="red", highlight=False)
    elif outcome.is_new:
        console.out.print(
            escape(f"added: {outcome.file} (from {source})"), highlight=False
        )
    else:
        console.out.print(escape(f"already there: {outcome.file}"), highlight=False)


def remove(
    names: Annotated[
        list[str], typer.Argument(help="Seed files, by path or name, or titles.")
    ],
    *,
    no_build: Annotated[
        bool, typer.Option("--no-build", help="Leave them in the index as yet.")
    ] = False,
) -> None:
    """Move articles out of the library; they stay in seeds/.removed."""
    from qa.errors import SeedError
    from qa.library.seeds import remove_file
    from qa.settings import load_settings

    settings = load_settings()
    titles = _titles(settings)
    removed = failed = 0
    for name in names:
        try:
            gone = remove_file(settings.seeds, name, titles)
        except SeedError as exc:
            failed += 1
            line = f"not removed: {exc}"
            console.err.print(escape(line), style="red", highlight=False)
            continue
        removed += 1
        line = f"removed: {gone.file} (kept as {gone.kept}; `qa add` takes it back)"
        console.out.print(escape(line), highlight=False)
    if removed and not no_build:
        _build_what_is_left(settings)
    if failed:
        raise typer.Exit(1)


def _titles(settings: Settings) -> dict[str, str]:
    """Titles by file; none where there is no index to ask."""
    from qa.errors import QaError
    from qa.index import Index
    from qa.wiring import make_embedder

    with suppress(QaError):
        index = Index(settings.index, embedder=make_embedder(settings).id)
        with index.snapshot() as snapshot:
            return {source.file: source.title for source in snapshot.sources()}
    return {}


def _build_what_is_left(settings: Settings) -> None:
    """Without the last article there is nothing to build, and nothing to ask."""
    from qa.documents import scan_seeds
    from qa.index import delete_index

    if scan_seeds(settings.seeds):
        build_and_tell(settings, quiet=False)
    else:
        delete_index(settings.index)
        console.out.print("That was the last article; the index is deleted.")


def export(
    *,
    output: Annotated[
        Path | None, typer.Option(help="A file, instead of standard output.")
    ] = None,
) -> None:
    """Write every passage with its article's metadata, as JSON Lines."""
    from qa.errors import ExportError
    from qa.index import Index
    from qa.settings import load_settings
    from qa.wiring import make_embedder
    from qa.wiring.overview import passage_records

    settings = load_settings()
    if output and output.resolve().is_relative_to(settings.seeds.resolve()):
        raise ExportError(f"{output}: would become an article itself; write elsewhere")
    index = Index(settings.index, embedder=make_embedder(settings).id)
    with index.snapshot() as snapshot:
        if output is None:
            _write_records(passage_records(snapshot), sys.stdout)
            return
        partial = output.with_name(f".{output.name}.partial")
        try:
            with partial.open("w", encoding="utf-8") as stream:
                count = _write_records(passage_records(snapshot), stream)
            partial.replace(output)
        except OSError as exc:
            partial.unlink(missing_ok=True)
            raise ExportError(
                f"{output}: cannot be written ({exc.strerror}); check the folder"
            ) from exc
    console.out.print(escape(f"{count} passages in {output}"), highlight=False)


def _write_records(records: Iterator[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    for record in records:
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def status(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON.")
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
    found = describe_library(load_settings())
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
