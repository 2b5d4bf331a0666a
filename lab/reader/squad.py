"""Questions as SQuAD's own files have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lab.errors import TrainingError
from lab.reader.data import Corpus, Paragraph, Question

_FORM = (
    "is not in SQuAD's form; it takes {“data”: [{“title”, “paragraphs”: [{“context”, "
    "“qas”: [{“id”, “question”, “answers”: [{“text”}]}]}]}]}"
)


def load_squad(path: Path) -> Corpus:
    """Read a file of SQuAD 1.1 or 2.0 (Rajpurkar et al. 2016, 2018).

    A title is taken as it reads: without percent signs and underscores. Where a
    question ``is_impossible``, or has no answers, its paragraph does not answer it.

    Raises:
        TrainingError: It cannot be read, or has another form.
    """
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        questions = tuple(q for article in articles for q in _questions(path, article))
        _ = questions[0], "".join(q.text + q.paragraph.text for q in questions)
    except OSError as exc:
        raise TrainingError(f"{path}: cannot be read ({exc.strerror})") from exc
    except (ValueError, LookupError, TypeError, AttributeError) as exc:
        raise TrainingError(f"{path}: {_FORM} ({exc!r})") from exc
    return Corpus(questions, tuple(dict.fromkeys(q.paragraph for q in questions)))


def _questions(path: Path, article: dict[str, Any]) -> Iterator[Question]:
    title = unquote(article["title"]).replace("_", " ")
    for number, row in enumerate(article["paragraphs"]):
        name = f"{path.stem}/{title}/{number}"
        paragraph = Paragraph(name, title, row["context"])
        for asked in row["qas"]:
            told = () if asked.get("is_impossible") else asked["answers"]
            answers = tuple(dict.fromkeys(str(answer["text"]) for answer in told))
            yield Question(asked["id"], asked["question"].strip(), paragraph, answers)
