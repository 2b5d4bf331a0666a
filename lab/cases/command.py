"""``python -m lab cases``: libraries with questions in, how many are right out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from lab.errors import CasesError
from lab.files import write_text
from qa.cli import console


def cases(
    folder: Annotated[
        Path,
        typer.Argument(help="Holds a folder with seeds/ and questions.json per kind."),
    ],
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="KIND...", help="These alone.")
    ] = None,
    *,
    wrong: Annotated[bool, typer.Option("--wrong", help="Show what is wrong.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all answers here.")
    ] = None,
) -> None:
    """Ask small libraries their questions and count what is right.

    A question is right when the answer says one of each group that it expects and
    nothing that it forbids, or is refused where the articles do not answer. The
    settings of the home folder hold, ``QA_GENERATOR=none`` for quotes alone.
    """
    from lab.cases.counting import QUESTIONS, Asked, Outcome, ask
    from qa.settings import load_settings

    there = {path.parent.name: path.parent for path in folder.glob(f"*/{QUESTIONS}")}
    chosen = kinds or sorted(there)
    if unknown := [kind for kind in chosen if kind not in there]:
        raise CasesError(f"{folder}: has no cases named {', '.join(unknown)}")
    if not chosen:
        raise CasesError(f"{folder}: no folder in it has a {QUESTIONS}")
    settings = load_settings()
    found: dict[str, list[Asked]] = {}
    for kind in chosen:
        found[kind] = list(ask(there[kind], settings))
        right = sum(a.outcome is Outcome.RIGHT for a in found[kind])
        line = f"{kind:16} {right:3} of {len(found[kind])}"
        console.out.print(escape(line), highlight=False)
        for asked in found[kind] if wrong else ():
            if asked.outcome is not Outcome.RIGHT:
                said = f"  {asked.case.question}\n    {asked.outcome}: {asked.text}"
                console.out.print(escape(said), highlight=False)
    outcomes = Counter(a.outcome for asked in found.values() for a in asked)
    for outcome in Outcome:
        console.out.print(f"{outcomes[outcome]:5} {outcome}", highlight=False)
    console.out.print(f"{outcomes[Outcome.RIGHT] / outcomes.total():.3f} right")
    if out is not None:
        rows = {kind: list(map(asdict, asked)) for kind, asked in found.items()}
        write_text(out, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
