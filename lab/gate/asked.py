"""What the gate learns from: a small library, and questions that it answers or not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from lab.errors import TrainingError
from lab.reader.data import Corpus, Paragraph
from lab.reader.marked import is_held_out
from lab.reader.sources import Source, load_source

_KEYS: Final = ("id", "title", "sentences", "question", "unanswerable")
_LONG: Final = 8
"""Words of a topic, less than."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the library.

    Attributes:
        origin: The data set it is from; ``absent``: its paragraph is left out of
            the library; ``of one``: it names its article.
        title: Of the article that it was written for.
    """

    question: str
    answerable: bool
    origin: str
    title: str


@dataclass(frozen=True, slots=True)
class Library:
    """Paragraphs to index, and what is asked of them."""

    paragraphs: tuple[Paragraph, ...]
    asked: tuple[Asked, ...]


def gather(
    sources: Sequence[Path], *, sample: int, seed: int, articles: Sequence[str] = ()
) -> Library:
    """A library of all sources, and a sample of the questions.

    Args:
        sources: Folders as ``load_source`` reads them, and files of written
            paragraphs, each with a question and one that it does not answer.
        sample: Questions of a folder, answerable and not, that many of each;
            paragraphs of a file that are held out from the reader, with both their
            questions, as many questions whose paragraphs are left out, and what
            each says about some words.
        seed: Decides what is drawn.
        articles: Titles that a folder's questions are drawn from; all if empty.

    Raises:
        TrainingError: A source is missing or holds something else.
    """
    rng = Random(seed)
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    for source in sources:
        if source.is_dir():
            corpus = load_source(Source(source))
            found = _of_corpus(corpus, source.name, articles)
            paragraphs += corpus.paragraphs
            asked += _drawn(found, sample, rng)
        else:
            kept, found = _of_written(source, sample, rng)
            paragraphs += kept
            asked += found
    if len({item.answerable for item in asked}) < 2:
        raise TrainingError(
            "questions with and without an answer are needed; name folders with "
            "questions*.jsonl and files of written paragraphs"
        )
    return Library(tuple(paragraphs), tuple(asked))


def _of_corpus(corpus: Corpus, origin: str, articles: Sequence[str]) -> list[Asked]:
    return [
        Asked(q.text, bool(q.answers), origin, q.paragraph.title)
        for q in corpus.questions
        if not articles or q.paragraph.title in articles
    ]


def _of_written(
    path: Path, sample: int, rng: Random
) -> tuple[list[Paragraph], list[Asked]]:
    """Some paragraphs with both their questions, and the questions of some others."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
        for row in rows:
            _ = [row[key] for key in _KEYS]
        rng.shuffle(rows)
        held = [row for row in rows if is_held_out(row["title"])][:sample]
        others = [row for row in rows if not is_held_out(row["title"])]
        texts = {" ".join(row["sentences"]): row for row in held}
        paragraphs = [
            Paragraph(row["id"], row["title"], text) for text, row in texts.items()
        ]
        asked = [
            Asked(row[key], answerable, origin, row["title"])
            for key, answerable, origin, some in (
                ("question", True, "written", held),
                ("unanswerable", False, "written", held),
                ("question", False, "absent", others[: len(held)]),
            )
            for row in some
        ]
        asked += _of_one(held)
    except OSError as exc:
        raise TrainingError(f"{path}: cannot be read ({exc.strerror})") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise TrainingError(
            f"{path}: holds no written paragraphs, each with its title, sentences, "
            f"question and unanswerable ({exc!r})"
        ) from exc
    return paragraphs, asked


def _of_one(rows: Sequence[dict[str, Any]]) -> list[Asked]:
    """What single articles say about words of theirs, and of the next one.

    Asked of one article there is little to cover: only such questions teach that.
    """
    told = [
        row
        for row in rows
        if 0 < len(str(row.get("answer_words") or "").split()) < _LONG
    ]
    asked = []
    for row, other in zip(told, told[1:] + told[:1], strict=True):
        for words in (row["answer_words"], other["answer_words"]):
            text = f"What does “{row['title']}” say about “{words}”?"
            answerable = words.lower() in " ".join(row["sentences"]).lower()
            asked.append(Asked(text, answerable, "of one", row["title"]))
    return asked


def _drawn(found: Sequence[Asked], sample: int, rng: Random) -> list[Asked]:
    """That many with an answer, and without."""
    drawn: list[Asked] = []
    for answerable in (True, False):
        items = [item for item in found if item.answerable is answerable]
        drawn += rng.sample(items, min(sample, len(items)))
    return drawn
