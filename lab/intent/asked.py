"""Questions with what they want, over libraries of invented articles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import TrainingError
from qa.question.intent_head import INTENTS
from qa.schema import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its intent, and the articles of the library it is asked of."""

    question: str
    intent: str
    sources: tuple[Source, ...]


def load_asked(path: Path) -> list[Asked]:
    """Read JSON lines of ``question``, ``intent`` and, if any, ``articles``.

    Raises:
        TrainingError: The file cannot be read or a line is not of that form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [_asked(json.loads(line)) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise TrainingError(
            f"{path}: holds no questions with their intents ({exc!r})"
        ) from exc
    return found


def _asked(row: dict[str, Any]) -> Asked:
    if row["intent"] not in INTENTS:
        raise ValueError(row["intent"])
    sources = tuple(
        Source(
            id=str(number),
            file=f"{number}.txt",
            title=article["title"],
            authors=tuple(article["authors"]),
            publisher=article["publisher"],
            published=f"{2000 + number}-03-01",
        )
        for number, article in enumerate(row.get("articles", ()))
    )
    return Asked(row["question"], row["intent"], sources)
