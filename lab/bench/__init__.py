"""How fast everything is: figures beside what a plain way of doing the same takes.

Each group of figures is a function in a file of its own; ``GROUPS`` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.bench.rows import Row

if TYPE_CHECKING:
    from qa.settings import Settings

SIZES = (1_000, 30_000, 300_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure with.

    Attributes:
        sizes: Passages of the libraries that are made.
        folder: An empty one to work in; some 5 kB for each passage.
        progress: Told what is being done.
    """

    sizes: Sequence[int]
    folder: Path
    progress: Callable[[str], None]


Measure = Callable[[Plan], Iterable[Row]]
_LOADING = 3
"""Questions behind which a conversation has loaded what it runs on."""
_ASKED = 12
_ARTICLES = 100
"""Passages of the made-up texts that are embedded."""


def _own_library() -> tuple[Settings, list[str]]:
    """The settings, and questions that the page proposes for the articles.

    Raises:
        QaError: There is no index to ask.
    """
    from qa.settings import load_settings
    from qa.ui.panels.example_questions import example_question
    from qa.wiring import assemble

    settings = load_settings()
    parts = assemble(settings)
    with parts.index.snapshot() as snapshot:
        documents = [snapshot.document(s.id) for s in snapshot.sources(most=_ASKED)]
    turns = range(1 + _ASKED // max(1, len(documents)))
    return settings, [example_question(d, turn) for turn in turns for d in documents]


def _cold(_: Plan) -> Iterable[Row]:
    from lab.bench.cold import measure_cold

    settings, (question, *_rest) = _own_library()
    return measure_cold(settings, question)


def _warm(_: Plan) -> Iterable[Row]:
    from lab.bench.cold import measure_warm

    settings, questions = _own_library()
    # The first few load what a long conversation runs on.
    asked = [*questions[:_LOADING], *questions]
    return measure_warm(settings, asked, loading=_LOADING)


def _stages(_: Plan) -> Iterable[Row]:
    from lab.bench.stages import measure_stages

    settings, questions = _own_library()
    return measure_stages(settings, questions)


def _writing(_: Plan) -> Iterable[Row]:
    from lab.bench.writing import measure_writing

    settings, questions = _own_library()
    return measure_writing(settings, questions)


def _encoding(_: Plan) -> Iterable[Row]:
    from lab.bench.encoding import measure_encoding
    from lab.bench.library import SyntheticLibrary
    from qa.settings import load_settings

    library = SyntheticLibrary(_ARTICLES)
    texts = [library.text(number) for number in range(library.articles)]
    # As a build meets them: sentences, and passages of several.
    lines = [line for text in texts for line in text.split("\n")]
    passages = [" ".join(lines[n : n + 5]) for n in range(0, len(lines), 5)]
    return measure_encoding(load_settings(), [*lines, *passages])


def _memory(_: Plan) -> Iterable[Row]:
    from lab.bench.memory import measure_memory

    _settings, (question, *_rest) = _own_library()
    return measure_memory(question)


def _index(plan: Plan) -> Iterable[Row]:
    from lab.bench.scale import measure_index

    return measure_index(plan)


def _shared(plan: Plan) -> Iterable[Row]:
    from lab.bench.scale import measure_index

    return measure_index(plan, shared=True)


def _kinds(plan: Plan) -> Iterable[Row]:
    from lab.bench.kinds import measure_kinds

    return measure_kinds(plan)


def _reading(plan: Plan) -> Iterable[Row]:
    from lab.bench.books import measure_reading

    return measure_reading(plan)


def _books(plan: Plan) -> Iterable[Row]:
    from lab.bench.books import measure_books

    return measure_books(plan)


GROUPS: Mapping[str, Measure] = {
    "cold": _cold,
    "warm": _warm,
    "stages": _stages,
    "writing": _writing,
    "encoding": _encoding,
    "memory": _memory,
    "index": _index,
    "shared": _shared,
    "kinds": _kinds,
    "reading": _reading,
    "books": _books,
}
"""By the name that ``bench --only`` takes, in the order of the table."""

__all__ = ["GROUPS", "SIZES", "Measure", "Plan", "Row"]
