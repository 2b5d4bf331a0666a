"""What the gate learns from: libraries, and questions that they answer or not."""

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
_FEW: Final = 10
"""Articles of a small library, or some more."""

_Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the library.

    Attributes:
        origin: The data set it is from; ``absent``: its paragraph is left out of
            the library; ``of one``: it names its article; ``few``: it is asked of few
            texts.
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
) -> tuple[Library, ...]:
    """A library of all sources, and small ones as many people have, each with a sample
    of the questions.

    Args:
        sources: Folders as ``load_source`` reads them, and files of written
            paragraphs, each with a question and one that it does not answer.
        sample: Questions of a folder, answerable and not, that many of each;
            paragraphs of a file that are held out from the reader, with both their
            questions, as many questions whose paragraphs are left out, and what
            each says about some words; and once more, some texts at a time.
        seed: Decides what is drawn.
        articles: Titles that a folder's questions are drawn from; all if empty.

    Raises:
        TrainingError: A source is missing or holds something else.
    """
    rng = Random(seed)
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    small: list[Library] = []
    for source in sources:
        if source.is_dir():
            corpus = load_source(Source(source))
            found = _of_corpus(corpus, source.name, articles)
            paragraphs += corpus.paragraphs
            asked += _drawn(found, sample, rng)
        else:
            held, others = _read_written(source, sample, rng)
            paragraphs += _paragraphs(held)
            asked += _of_written(held, others)
            small += _of_few(held)
    if len({item.answerable for item in asked}) < 2:
        raise TrainingError(
            "questions with and without an answer are needed; name folders with "
            "questions*.jsonl and files of written paragraphs"
        )
    return Library(tuple(paragraphs), tuple(asked)), *small


def _of_corpus(corpus: Corpus, origin: str, articles: Sequence[str]) -> list[Asked]:
    return [
        Asked(q.text, bool(q.answers), origin, q.paragraph.title)
        for q in corpus.questions
        if not articles or q.paragraph.title in articles
    ]


def _read_written(path: Path, sample: int, rng: Random) -> tuple[_Rows, _Rows]:
    """Some of the paragraphs held out from the reader, and the others."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
        for row in rows:
            _ = [row[key] for key in _KEYS], " ".join(row["sentences"])
        rng.shuffle(rows)
        held = [row for row in rows if is_held_out(row["title"], path)]
        others = [row for row in rows if not is_held_out(row["title"], path)]
        return held[:sample], others
    except OSError as exc:
        raise TrainingError(f"{path}: cannot be read ({exc.strerror})") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise TrainingError(
            f"{path}: holds no written paragraphs, each with its title, sentences, "
            f"question and unanswerable ({exc!r})"
        ) from exc


def _paragraphs(rows: _Rows) -> list[Paragraph]:
    texts = {" ".join(row["sentences"]): row for row in rows}
    return [Paragraph(row["id"], row["title"], text) for text, row in texts.items()]


def _of_written(held: _Rows, others: _Rows) -> list[Asked]:
    """Both questions of some paragraphs, and the questions of some others."""
    return [
        *_asked(held, "question", "written", answerable=True),
        *_asked(held, "unanswerable", "written", answerable=False),
        *_asked(others[: len(held)], "question", "absent", answerable=False),
        *_of_one(held),
    ]


def _asked(rows: _Rows, key: str, origin: str, *, answerable: bool) -> list[Asked]:
    return [Asked(row[key], answerable, origin, row["title"]) for row in rows]


def _of_few(rows: _Rows) -> list[Library]:
    """Small libraries, each asked about its texts, their near misses, and a text of the
    next one.
    """
    titles = sorted({row["title"] for row in rows})
    count = len(titles) // _FEW
    groups = [titles[n::count] for n in range(count)]
    of = [[row for row in rows if row["title"] in group] for group in groups]
    return [
        Library(
            tuple(_paragraphs(own)),
            (
                *_asked(own, "question", "few", answerable=True),
                *_asked(own, "unanswerable", "few", answerable=False),
                *_asked(other[: len(own) // 2], "question", "few", answerable=False),
            ),
        )
        for own, other in zip(of, of[1:] + of[:1], strict=True)
        if own is not other
    ]


def _of_one(rows: _Rows) -> list[Asked]:
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
