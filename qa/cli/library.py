"""The terminal's ``qa add``, ``remove`` and ``export``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.markup import escape

from qa.cli import console
from qa.cli.build import build_and_tell

if TYPE_CHECKING:
    from qa.library.seeds import Added, Refused
    from qa.settings import Settings

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
    from qa.wiring import make_store

    with suppress(QaError), make_store(settings).snapshot() as snapshot:
        return {source.file: source.title for source in snapshot.sources()}
    return {}


def _build_what_is_left(settings: Settings) -> None:
    """Without the last article there is nothing to build, and nothing to ask."""
    from qa.documents import scan_seeds
    from qa.wiring import delete_store

    if scan_seeds(settings.seeds):
        build_and_tell(settings, quiet=False)
    else:
        delete_store(settings)
        console.out.print("That was the last article; the index is deleted.")


def export(
    *,
    output: Annotated[
        Path | None, typer.Option(help="A file, instead of standard output.")
    ] = None,
) -> None:
    """Write every passage with its article's metadata, as JSON Lines."""
    from qa.errors import ExportError
    from qa.settings import load_settings
    from qa.wiring import make_store
    from qa.wiring.overview import passage_records

    settings = load_settings()
    if output and output.resolve().is_relative_to(settings.seeds.resolve()):
        raise ExportError(f"{output}: would become an article itself; write elsewhere")
    with make_store(settings).snapshot() as snapshot:
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
