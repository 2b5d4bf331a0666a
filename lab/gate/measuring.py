"""Questions to what the gate is told of them, on the path that is shipped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.gate.asked import Asked, Library
from qa.answering import Finder
from qa.answering.gate import Coverage, cover
from qa.retrieval.retriever import Retriever
from qa.schema import Intent
from qa.settings import Settings
from qa.wiring import make_embedder, make_reader, make_store
from qa.wiring.evaluating import index_corpus
from qa.wiring.models import make_wishes

Told = Callable[[str, int, int], None]
_PARTS = ("read", "unread")


@dataclass(frozen=True, slots=True)
class Measured:
    """A question and how the passages that were found cover it, each of them.

    Attributes:
        read: With the reader of the settings.
        unread: Without a reader, whose hits are others.
    """

    asked: Asked
    read: tuple[Coverage, ...]
    unread: tuple[Coverage, ...]


def measure(
    libraries: Sequence[Library], settings: Settings, told: Told
) -> Iterator[Measured]:
    """Index each library in a temporary place and retrieve for each question.

    Raises:
        QaError: What building and retrieving raise.
    """
    for library in libraries:
        yield from _measure(library, settings, told)


def _measure(library: Library, settings: Settings, told: Told) -> Iterator[Measured]:
    with TemporaryDirectory(prefix="qa-gate-") as folder:
        corpus = Path(folder) / "library.jsonl"
        lines = (json.dumps(asdict(item)) + "\n" for item in library.paragraphs)
        corpus.write_text("".join(lines), encoding="utf-8")
        indexed = index_corpus(settings, [corpus], Path(folder), told)
        read = make_finder(indexed)
        unread = make_finder(indexed.model_copy(update={"reader": "none"}))
        for done, item in enumerate(library.asked, 1):
            covered = _covered(item.question, read)
            with_reader = tuple(each for each in covered if each.reading is not None)
            without = _covered(item.question, unread)
            if with_reader and without:
                yield Measured(item, with_reader, without)
            told("questions", done, len(library.asked))


def make_finder(settings: Settings) -> Finder:
    """What the product finds with, but for the gate."""
    embedder = make_embedder(settings)
    index = make_store(settings, embedder=embedder.id)
    reader = make_reader(settings)
    retriever = Retriever(index, embedder, reader=reader, k=settings.hits)
    return Finder(retriever, index, wishes=make_wishes(embedder))


def _covered(written: str, finder: Finder) -> tuple[Coverage, ...]:
    """What the gate would be told; nothing where it is not asked, for a summary or what
    the catalogue states.
    """
    question = finder.understand(written)[0]
    if question.intent is Intent.SUMMARY or question.intent.is_catalogue:
        return ()
    return cover(question, finder.find(question).hits)


def save(path: Path, found: Iterable[Measured]) -> None:
    """Write what is measured as it comes, one question a line.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        for item in found:
            stream.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
            stream.flush()


def load(path: Path) -> list[Measured]:
    """What ``save`` wrote.

    Raises:
        OSError: It cannot be read.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [
        Measured(Asked(**row["asked"]), *(_coverages(row[k]) for k in _PARTS))
        for row in rows
    ]


def _coverages(rows: Sequence[dict[str, Any]]) -> tuple[Coverage, ...]:
    return tuple(Coverage(**row) for row in rows)
