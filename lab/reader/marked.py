"""Questions whose answering sentences are named, and which are held out."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lab.errors import TrainingError
from lab.reader.data import locate
from lab.reader.tables import of_table

_EVERY = 8
"""Of so many articles about one is held out."""
_FITTING = "fitting"
"""Of a file of this name all articles are."""
_SAID = (
    "holds no questions with marked sentences: rows need “question”, and either "
    "“sentences” and “answer” (with the numbers of its sentences) or “passage” and "
    "“evidence”; or a table’s “heads”, “rows” and “questions”"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A question on a paragraph of which it is known which sentences answer.

    Attributes:
        gold: Numbers, from 0, of the sentences that belong in an answer.
        direct: Of those that state it outright.
        near_miss: A question that looks right and that nothing here answers; "" if
            there is none.
        complete: Whether no other sentence belongs in an answer.
        place: Number of the paragraph in its article, from 1; 0 if unknown.
        also: Numbers of other paragraphs of the article that answer too.
        heading: What the product puts between title and text: of rows their caption
            and heads.
    """

    title: str
    sentences: tuple[str, ...]
    question: str
    gold: frozenset[int]
    direct: frozenset[int]
    near_miss: str = ""
    complete: bool = True
    place: int = 0
    also: frozenset[int] = frozenset()
    heading: str = ""

    @property
    def text(self) -> str:
        """The paragraph."""
        return " ".join(self.sentences)

    def is_answered_by(self, other: Marked) -> bool:
        """Whether another paragraph may answer too, as far as is known."""
        if other.title != self.title:
            return False
        known = self.place and other.place
        return not known or other.place in {self.place, *self.also}


def is_held_out(title: str, file: Path | None = None) -> bool:
    """Whether an article's marked questions are kept for thresholds and the gate: one
    of eight, and all of a file ``fitting.jsonl``.
    """
    if file is not None and file.stem == _FITTING:
        return True
    return int(sha256(title.encode()).hexdigest(), 16) % _EVERY == 0


def load_marked(path: Path, *, known: Container[str] = ()) -> tuple[Marked, ...]:
    """Read a file of written paragraphs, or of questions with their evidence.

    Args:
        path: JSON lines.
        known: Sentences that must not be learnt from; a row whose evidence is among
            them is left out.

    Raises:
        TrainingError: It cannot be read, or a row is of neither form.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
        found = tuple(item for row in rows for item in _marked(row))
    except OSError as exc:
        raise TrainingError(f"{path}: cannot be read ({exc.strerror})") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise TrainingError(f"{path}: {_SAID} ({exc!r})") from exc
    if not found:
        raise TrainingError(f"{path}: {_SAID}")
    return tuple(
        item
        for item in found
        if not any(item.sentences[number] in known for number in item.gold)
    )


def _marked(row: dict[str, Any]) -> Iterator[Marked]:
    if "heads" in row:
        none: frozenset[int] = frozenset()
        made = list(of_table(row, Marked("", (), "", none, none)))
    elif "answer" in row and "sentences" in row:
        made = [_of_answer(row)]
    else:
        made = [_of_qed(row)]
    for item in made:
        if item.gold and 0 <= min(item.gold) <= max(item.gold) < len(item.sentences):
            yield item


def _of_answer(row: dict[str, Any]) -> Marked:
    """A written paragraph: the numbers of the sentences behind each of the answer's."""
    sentences = tuple(row["sentences"])
    each = [frozenset(n - 1 for n in part["sentences"]) for part in row["answer"]]
    holding = _holding(row.get("answer_words"), row["question"], sentences)
    gold = frozenset().union(*each)
    return Marked(
        title=row["title"],
        sentences=sentences,
        question=row["question"],
        gold=gold,
        direct=holding & gold or each[0],
        near_miss=row.get("unanswerable") or "",
        place=row.get("paragraph", 0),
        also=frozenset(row.get("also", ())),
    )


def _of_qed(row: dict[str, Any]) -> Marked:
    """A question with its evidence; what else belongs in an answer is not known."""
    sentences = tuple(row["passage"])
    gold = frozenset(sentences.index(text) for text in row["evidence"])
    holding = _holding(row.get("answer"), row["question"], sentences)
    return Marked(
        title=row["title"],
        sentences=sentences,
        question=row["question"],
        gold=gold,
        direct=holding & gold or gold,
        complete=False,
    )


def _holding(
    words: str | None, question: str, sentences: Sequence[str]
) -> frozenset[int]:
    """The sentence that holds the words of the answer, if one does."""
    place = locate(words or "", question, " ".join(sentences))
    start = 0
    for number, sentence in enumerate(sentences):
        end = start + len(sentence)
        if place is not None and start <= place[0] < end:
            return frozenset({number})
        start = end + 1
    return frozenset()
