"""Marked questions to what the reader says of the sentences found, as shipped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lab.errors import TrainingError
from lab.gate.measuring import Told, make_finder
from lab.reader.data import Paragraph
from lab.reader.marked import Marked, is_held_out, load_marked
from lab.reader.sources import Source, load_source
from qa.answering.bearing import FEATURES, best_of, features
from qa.evaluation.matching import is_gold_sentence
from qa.schema import Hit
from qa.settings import Settings
from qa.wiring.evaluating import index_corpus

PASSAGES: Final = 8
"""Of those found, as many as evidence is taken from."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence that was found.

    Attributes:
        features: What is weighed of it; see ``qa.answering.bearing``.
        direct: The probability that it states the answer.
        gold: Whether it belongs in the answer.
    """

    features: tuple[float, ...]
    direct: float
    gold: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences of the passages found for one question.

    Attributes:
        title: Of the article that it was written for.
        gold: How many sentences belong in the answer.
    """

    question: str
    title: str
    gold: int
    sentences: tuple[Weighed, ...]


def gather(sources: Sequence[Path]) -> tuple[list[Marked], list[Paragraph]]:
    """The marked questions that no reader learnt from, and what they are asked of.

    Args:
        sources: Files of written paragraphs, and folders of others beside them.

    Returns:
        The questions, and a library in which every other of their paragraphs is cut
        in two.

    Raises:
        TrainingError: A source cannot be used, or nothing is marked.
    """
    marked: list[Marked] = []
    paragraphs: list[Paragraph] = []
    for source in sources:
        if source.is_dir():
            paragraphs += load_source(Source(source)).paragraphs
        else:
            marked += [m for m in load_marked(source) if is_held_out(m.title, source)]
    marked = [item for item in marked if item.complete and not item.also]
    if not marked:
        raise TrainingError(
            "questions with marked sentences are needed; name a file of written "
            "paragraphs"
        )
    distinct = {item.text: item for item in marked}.values()
    own = [part for n, item in enumerate(distinct) for part in _parts(n, item)]
    return marked, [*own, *paragraphs]


def _parts(number: int, item: Marked) -> list[Paragraph]:
    """A marked paragraph; every other one cut in two, since what answers a question
    stands in several articles, and not in the best passage alone.
    """
    middle = len(item.sentences) // 2 if number % 2 else 0
    halves = item.sentences[:middle], item.sentences[middle:]
    return [
        Paragraph(f"m{number}-{part}", item.title, " ".join(half))
        for part, half in enumerate(halves)
        if half
    ]


def measure(
    marked: Sequence[Marked],
    paragraphs: Sequence[Paragraph],
    settings: Settings,
    told: Told,
) -> Iterator[Found]:
    """Index the paragraphs in a temporary place and search for each question.

    Raises:
        QaError: What building and retrieving raise.
    """
    with TemporaryDirectory(prefix="qa-evidence-") as folder:
        corpus = Path(folder) / "library.jsonl"
        lines = (json.dumps(asdict(item)) + "\n" for item in paragraphs)
        corpus.write_text("".join(lines), encoding="utf-8")
        finder = make_finder(index_corpus(settings, [corpus], Path(folder), told))
        for done, item in enumerate(marked, 1):
            hits = finder.find(finder.understand(item.question)[0]).hits
            yield _found(item, hits[:PASSAGES])
            told("questions", done, len(marked))


def _found(item: Marked, hits: Sequence[Hit]) -> Found:
    best = best_of(hits)
    gold = [item.sentences[number] for number in sorted(item.gold)]
    sentences = [
        Weighed(
            values,
            hit.reading.sentences[number].direct,
            is_gold_sentence(hit.passage.sentence(number), gold),
        )
        for hit in hits
        if hit.reading is not None and hit.reading.sentences is not None
        for number in range(len(hit.passage.sentences))
        if (values := features(hit, number, best)) is not None
    ]
    return Found(item.question, item.title, len(gold), tuple(sentences))


def save(path: Path, found: Iterable[Found]) -> None:
    """Write what is measured as it comes, one question a line.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        for item in found:
            stream.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
            stream.flush()


def load(path: Path) -> list[Found]:
    """What ``save`` wrote.

    Raises:
        OSError: It cannot be read.
        ValueError: It was measured for other features.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    widths = {len(s["features"]) for row in rows for s in row["sentences"]}
    if widths - {len(FEATURES)}:
        raise ValueError(f"it has {max(widths)} features, not {len(FEATURES)}")
    return [
        Found(
            row["question"],
            row["title"],
            row["gold"],
            tuple(
                Weighed(tuple(s["features"]), s["direct"], s["gold"])
                for s in row["sentences"]
            ),
        )
        for row in rows
    ]
