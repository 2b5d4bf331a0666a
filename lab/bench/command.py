"""``python -m lab bench``: measure, print one table, save one JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli import console

if TYPE_CHECKING:
    from lab.bench import Row


Measured = dict[str, list["Row"]]


def bench(
    *,
    sizes: Annotated[
        str, typer.Option(help="Passages of the libraries that are made, by commas.")
    ] = "",
    only: Annotated[
        list[str] | None, typer.Option(help="A group of figures; several times.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the figures as JSON.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where to work; 1,000,000 passages take 6 GB for a while."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how fast everything is here, beside plain ways of doing the same."""
    from lab.bench import GROUPS, SIZES, Plan

    for name in only or ():
        if name not in GROUPS:
            raise typer.BadParameter(f"--only takes {', '.join(GROUPS)}; not {name}")
    chosen = _sizes(sizes) if sizes else SIZES
    measured: Measured = {}
    with (
        TemporaryDirectory(dir=folder, prefix="qa-bench-") as place,
        console.err.status("starting") as status,
    ):
        plan = Plan(chosen, Path(place), status.update)
        for name in only or GROUPS:
            measured[name] = list(GROUPS[name](plan))
    text = json.dumps(_plain(measured), ensure_ascii=False, indent=2)
    if save:
        _write(save, f"{text}\n")
    if as_json:
        typer.echo(text)
    else:
        _print(measured)


def _sizes(text: str) -> Sequence[int]:
    parts = text.replace("_", "").split(",")
    if not all(part.strip().isdecimal() and int(part) for part in parts):
        raise typer.BadParameter(
            f"--sizes takes numbers, such as 1000,30000; not {text}"
        )
    return [int(part) for part in parts]


def _plain(measured: Measured) -> dict[str, list[dict[str, object]]]:
    return {
        group: [asdict(row) | {"ratio": row.ratio} for row in rows]
        for group, rows in measured.items()
    }


def _print(measured: Measured) -> None:
    table = Table("group", "figure", box=None)
    for heading in ("value", "reference", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("reference is", style="dim")
    table.add_column("note", style="dim")
    for group, rows in measured.items():
        for number, row in enumerate(rows):
            reference = "" if row.reference is None else f"{row.reference:,.4g}"
            ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
            table.add_row(
                "" if number else group,
                escape(row.name),
                f"{row.value:,.4g} {row.unit}".strip(),
                reference,
                ratio,
                escape(row.reference_name),
                escape(row.note),
            )
    console.out.print(table)


def _write(path: Path, text: str) -> None:
    from lab.errors import BenchError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise BenchError(f"{path}: cannot be written ({exc.strerror})") from exc
