"""The index at each size: building, adding, opening, asking, and what it takes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from lab.bench import Plan
from lab.bench.library import (
    DIMENSION,
    TOKENS,
    KnownEmbedder,
    SyntheticLibrary,
    store_in,
)
from lab.bench.probe import Probed, files_of
from lab.bench.rows import Row
from lab.errors import BenchError
from qa.build import build
from qa.index import Store
from qa.language.text import tokens

_QUESTIONS = 60
_NEAREST = 10
_PLAIN_QUESTIONS = 10
_ADDED = 10
_ARTICLES_AT_ONCE = 40
_MILLI = 1e3
_MEGA = 1e6
_NOTE = "made-up words and vectors"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one library lies; the index may be as on shared storage."""

    library: SyntheticLibrary
    home: Path
    shared: bool

    @property
    def store(self) -> Store:
        return store_in(self.home, shared=self.shared)

    @property
    def seeds(self) -> Path:
        return self.home / "seeds"

    def row(
        self,
        name: str,
        value: float,
        unit: str,
        reference: float | None = None,
        reference_name: str = "",
    ) -> Row:
        """A figure of this library, named after its size."""
        name = f"{self.library.passages:,}: {name}"
        return Row(name, value, unit, reference, reference_name, _NOTE)


def measure_index(plan: Plan, *, shared: bool = False) -> Iterator[Row]:
    """Each size in turn; a library is deleted before the next one is made.

    Args:
        plan: With the sizes.
        shared: As an index on shared storage, in a folder.

    Raises:
        SettingsError: LanceDB is not installed, and ``shared``.
    """
    for size in plan.sizes:
        place = _Place(SyntheticLibrary(size), plan.folder / str(size), shared)
        try:
            plan.progress(f"{size:,} passages: indexing")
            yield from _built(place)
            plan.progress(f"{size:,} passages: asking")
            yield from _asked(place)
            plan.progress(f"{size:,} passages: adding an article")
            yield from _added(place)
        finally:
            shutil.rmtree(place.home, ignore_errors=True)


def _built(place: _Place) -> Iterator[Row]:
    started = time.perf_counter()
    # Each generation of a shared index is many files.
    place.library.build(
        place.store, place.seeds, at_once=8_000 if place.shared else 800
    )
    seconds = time.perf_counter() - started
    plain = _plain_build(place)
    size = place.library.passages
    yield place.row(
        "indexing without embedding",
        size / seconds,
        "passages/s",
        reference=size / plain,
        reference_name="a plain FTS5 table and numpy file",
    )
    total = sum(path.stat().st_size for path in files_of(place.home))
    yield place.row(
        "on disk",
        total / _MEGA,
        "MB",
        reference=size * 3 * DIMENSION * 2 / _MEGA,
        reference_name="the vectors alone",
    )


def _plain_build(place: _Place) -> float:
    """Seconds for what the least program would write; it stays for ``_plain_text``."""
    started = time.perf_counter()
    with closing(sqlite3.connect(place.home / "plain.sqlite")) as db, db:
        db.execute("CREATE VIRTUAL TABLE plain USING fts5 (text, content = '')")
        with (place.home / "plain.vectors").open("wb") as stream:
            for article in range(place.library.articles):
                lines = place.library.text(article).split("\n")
                db.executemany(
                    "INSERT INTO plain (text) VALUES (?)", ((line,) for line in lines)
                )
                vectors = place.library.vectors(article)[:, 0]
                stream.write(vectors.astype(np.float16).tobytes())
    return time.perf_counter() - started


def _asked(place: _Place) -> Iterator[Row]:
    found = _probe(place)
    passages = place.library.passages
    yield place.row("opening", found.opened, "s")
    yield place.row("memory of a process that asks", found.resident / _MEGA, "MB")
    kinds = (
        (found.hybrid, "query"),
        (found.common, "query, common words"),
        (found.cold, "query, index not in memory before the first"),
    )
    for seconds, name in kinds:
        if not seconds:
            continue
        times = [_MILLI * value for value in seconds]
        yield place.row(f"{name}, median", median(times), "ms")
        yield place.row(f"{name}, 95 %", quantiles(times, n=20)[-1], "ms")
    exact, scan = _brute_force(place)
    yield place.row(
        "dense search, median",
        _MILLI * median(found.dense),
        "ms",
        reference=_MILLI * scan,
        reference_name="numpy, all vectors in memory",
    )
    shared = [len(set(a) & set(b)) for a, b in zip(found.found, exact, strict=True)]
    yield place.row(
        f"dense search, recall@{_NEAREST}",
        sum(shared) / (len(shared) * min(_NEAREST, passages)),
        "",
        reference=1.0,
        reference_name="numpy",
    )
    for seconds, common in ((found.text, False), (found.text_common, True)):
        yield place.row(
            "full text, median" + (", common words" if common else ""),
            _MILLI * median(seconds),
            "ms",
            reference=_MILLI * _plain_text(place, common=common),
            reference_name="FTS5, any of the words",
        )


def _probe(place: _Place) -> Probed:
    """What a fresh process measures."""
    size = str(place.library.passages)
    asked = [str(place.home), size, str(_QUESTIONS), *["shared"] * place.shared]
    ran = subprocess.run(
        [sys.executable, "-m", "lab.bench.probe", *asked],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise BenchError(f"asking {size} passages failed: {ran.stderr[-300:].strip()}")
    return Probed(**json.loads(ran.stdout))


def _brute_force(place: _Place) -> tuple[list[list[str]], float]:
    """The nearest passages' ids for each question, and seconds for one question."""
    questions = place.library.questions(_QUESTIONS, common=False)
    asked = np.array([question.vector for question in questions])
    best = np.full((len(asked), _NEAREST), -np.inf, np.float32)
    numbers = np.full((len(asked), _NEAREST), -1, np.int64)
    seconds, before = 0.0, 0
    for first in range(0, place.library.articles, _ARTICLES_AT_ONCE):
        last = min(first + _ARTICLES_AT_ONCE, place.library.articles)
        articles = [place.library.vectors(n)[:, 0] for n in range(first, last)]
        vectors = np.concatenate(articles)
        started = time.perf_counter()
        np.argpartition(-(vectors @ asked[0]), min(_NEAREST, len(vectors) - 1))
        seconds += time.perf_counter() - started
        scores = np.concatenate([best, asked @ vectors.T], axis=1)
        new = np.arange(before, before + len(vectors))
        every = np.concatenate([numbers, np.tile(new, (len(asked), 1))], axis=1)
        order = np.argsort(-scores, axis=1)[:, :_NEAREST]
        best = np.take_along_axis(scores, order, axis=1)
        numbers = np.take_along_axis(every, order, axis=1)
        before += len(vectors)
    name = place.library.passage_id
    return [[name(int(n)) for n in row if n >= 0] for row in numbers], seconds


def _plain_text(place: _Place, *, common: bool) -> float:
    """Median seconds of the query that one would write first."""
    times = []
    questions = place.library.questions(_PLAIN_QUESTIONS, common=common)
    with closing(sqlite3.connect(place.home / "plain.sqlite")) as db:
        for question in questions:
            match = " OR ".join(f'"{token}"' for token in tokens(question.text))
            started = time.perf_counter()
            db.execute(
                "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 50",
                [match],
            ).fetchall()
            times.append(time.perf_counter() - started)
    return median(times)


def _added(place: _Place) -> Iterator[Row]:
    """Through the whole build, which looks at every file to see what is new.

    The first one reads all files, since the library was not made from them.
    """
    _add(place, 0)
    seconds = [_add(place, number) for number in range(1, 1 + _ADDED)]
    yield place.row("adding an article, without embedding", median(seconds), "s")
    yield place.row("adding an article, the slowest", max(seconds), "s")


def _add(place: _Place, number: int) -> float:
    text = place.library.text(place.library.articles + number)
    (place.seeds / f"new{number}.txt").write_text(text, encoding="utf-8")
    started = time.perf_counter()
    report = build(
        place.seeds,
        place.store,
        embedder=KnownEmbedder(),
        size=TOKENS,
        max_bytes=10**7,
    )
    seconds = time.perf_counter() - started
    if report.count("added") != 1 or report.count("changed"):
        raise BenchError(f"adding an article changed others too: {report.seeds[:3]}")
    return seconds
