"""One index asked in a process of its own: how long to open, to ask, and how big.

``python -m lab.bench.probe HOME PASSAGES QUESTIONS [shared]`` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.bench.library import KnownEmbedder, Question, SyntheticLibrary, store_in
from qa.index import Store
from qa.retrieval.ranking import search_terms, text_queries
from qa.retrieval.retriever import Retriever

_PLACES = 10
_CANDIDATES = 50
"""That a question takes of each search."""
_KIB = 1024 if sys.platform != "darwin" else 1


@dataclass(frozen=True, slots=True)
class Probed:
    """What asking showed: seconds for each question, by kind.

    Attributes:
        opened: Seconds.
        resident: The most memory of the process, in bytes.
        found: Ids of the passages that the dense search found.
        cold: As ``hybrid``, begun with none of the index in the system's memory; empty
            where the system cannot be told so.
    """

    opened: float
    resident: int
    hybrid: list[float]
    common: list[float]
    dense: list[float]
    text: list[float]
    text_common: list[float]
    found: list[list[str]]
    cold: list[float]


def probe(library: SyntheticLibrary, home: Path, count: int, *, shared: bool) -> Probed:
    """Ask so many questions of each kind, one after another."""
    asked = library.questions(count, common=False)
    common = library.questions(count, common=True)
    index = store_in(home, shared=shared)
    started = time.perf_counter()
    with index.snapshot():
        opened = time.perf_counter() - started
    retriever = Retriever(
        index, KnownEmbedder([*asked, *common]), reader=None, k=_PLACES
    )

    def hybrid(question: Question) -> object:
        return retriever.retrieve(question.text)

    hybrid(common[0])
    dense: dict[str, list[str]] = {}
    return Probed(
        opened=opened,
        hybrid=_timed(hybrid, asked),
        common=_timed(hybrid, common),
        dense=_timed(lambda q: dense.update({q.text: _dense(index, q)}), asked),
        text=_timed(lambda q: _text(index, q), asked),
        text_common=_timed(lambda q: _text(index, q), common),
        found=[dense[question.text] for question in asked],
        resident=_most_resident(),
        cold=_timed(hybrid, asked) if _forgotten(home) else [],
    )


def files_of(home: Path) -> list[Path]:
    """Those of the index of a library."""
    places = (home / "index", home / "shared")
    return [path for place in places for path in place.rglob("*") if path.is_file()]


def _forgotten(home: Path) -> bool:
    """Make the system forget the pages of an index's files, where it can."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in files_of(home):
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def _most_resident() -> int:
    """Bytes; on Linux ``getrusage`` counts what the parent had when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
        return int(peak) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def _timed(ask: Callable[[Question], object], asked: list[Question]) -> list[float]:
    seconds = []
    for question in asked:
        started = time.perf_counter()
        ask(question)
        seconds.append(time.perf_counter() - started)
    return seconds


def _dense(index: Store, question: Question) -> list[str]:
    with index.snapshot() as snapshot:
        near = snapshot.search_vectors(question.vector, _CANDIDATES)
        keys = snapshot.nearest(question.vector, near, _CANDIDATES)[:_PLACES]
        found = snapshot.passages(keys)
        return [found[key][0].id for key in keys]


def _text(index: Store, question: Question) -> None:
    with index.snapshot() as snapshot:
        frequencies = snapshot.frequencies(search_terms(question.text))
        for query in text_queries(frequencies):
            snapshot.search_text(query, _CANDIDATES)


if __name__ == "__main__":
    _, folder, passages, count, *kind = sys.argv
    library = SyntheticLibrary(int(passages))
    probed = probe(library, Path(folder), int(count), shared="shared" in kind)
    sys.stdout.write(json.dumps(asdict(probed)))
