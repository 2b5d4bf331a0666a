"""All commands of the laboratory: what trains, fits and measures the product."""

from __future__ import annotations

import typer

from lab.bench.command import bench
from lab.cases.command import cases
from lab.evidence.command import fit_evidence
from lab.gate.command import fit_gate
from lab.intent.command import fit_intent, measure_intent
from lab.irregular import irregular_list
from lab.judge.command import train_judge
from lab.reader.command import train_reader
from lab.writer.command import train_writer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Train, fit and measure what the product is made of.",
)
for command in (
    bench, cases, fit_evidence, fit_gate, fit_intent, irregular_list, measure_intent,
    train_judge, train_reader, train_writer,
):  # fmt: skip
    app.command()(command)
