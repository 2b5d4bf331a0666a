"""Questions and passages from JSON lines, and where in a passage an answer is."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import TrainingError

_SENTENCE_END = re.compile(r"(?<=[.!?][\"')\]])\s+|(?<=[.!?])\s+(?=[\"'(A-Z0-9‘“])")
_WORD = re.compile(r"\w+")
_PARAGRAPH = ("id", "title", "text")
_NAMES = {str: "text", bool: "true or false", list: "list"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage of a training file, with the title of its article."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question written by a person about `paragraph`.

    Attributes:
        answers: alternatives, the first one the best; empty when the paragraph
            looks right and does not answer.
    """

    id: str
    text: str
    paragraph: Paragraph
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence of a passage, by its characters.

    Attributes:
        belongs: Whether it belongs in an answer; None if unknown.
        direct: Whether it states the answer outright; None if unknown.
    """

    start: int
    end: int
    belongs: bool | None
    direct: bool | None


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage, with what the reader should say.

    Attributes:
        span: characters of the answer in `passage`; None when there is none to
            learn from (it is then left out of the span loss, unless the
            passage does not answer).
        relevant: None where neither yes nor no would be fair.
        sentences: As marked by people; where there are none, see ``marks``.
        group: Number of what was drawn together: a question with what answers it,
            and what looks like that and does not.
    """

    question: str
    passage: str
    answerable: bool
    span: tuple[int, int] | None = None
    relevant: bool | None = None
    sentences: tuple[Labelled, ...] = ()
    group: int = 0

    @property
    def marks(self) -> tuple[Labelled, ...]:
        """Its sentences: as marked, or as far as the span tells.

        The sentence with the span states the answer; whether others belong in an
        answer too, a short span does not tell. None does where nothing answers.
        """
        if self.sentences or (self.answerable and self.span is None):
            return self.sentences
        first, last = self.span or (0, 0)
        return tuple(
            Labelled(
                a, b, belongs=holds if holds or not self.span else None, direct=holds
            )
            for a, b in sentences(self.passage)
            for holds in [a < last and b > first]
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """Questions and the paragraphs they, and pseudo-questions, are asked of."""

    questions: tuple[Question, ...]
    paragraphs: tuple[Paragraph, ...]

    def without_titles(self, titles: Iterable[str]) -> Corpus:
        """The part whose articles are not among `titles`."""
        out = set(titles)
        return Corpus(
            tuple(q for q in self.questions if q.paragraph.title not in out),
            tuple(p for p in self.paragraphs if p.title not in out),
        )

    def only_titles(self, titles: Iterable[str]) -> Corpus:
        """The part whose articles are among `titles`."""
        kept = set(titles)
        return Corpus(
            tuple(q for q in self.questions if q.paragraph.title in kept),
            tuple(p for p in self.paragraphs if p.title in kept),
        )


def load_corpus(
    passage_files: Sequence[Path], question_files: Sequence[Path], *, split: str = ""
) -> Corpus:
    """Read passages and the questions asked of them.

    Args:
        split: where given, keep only records that carry it (or carry none).

    Raises:
        TrainingError: a record lacks a field, or names a passage that is not there;
            the file and the line are named.
    """
    rows = [row for row in _rows(passage_files) if row.belongs_to(split)]
    paragraphs = {
        row.get("id", str): Paragraph(*(row.get(k, str) for k in _PARAGRAPH))
        for row in rows
    }
    questions = tuple(
        _question(row, paragraphs)
        for row in _rows(question_files)
        if row.belongs_to(split)
    )
    return Corpus(questions, tuple(paragraphs.values()))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a file, and where it stands."""

    place: str
    values: Mapping[str, Any]

    def get(self, name: str, kind: type) -> Any:
        """A field that must be there and of that type."""
        value = self.values.get(name)
        if not isinstance(value, kind):
            raise TrainingError(
                f"{self.place}: {name!r} is absent or no {_NAMES[kind]}"
            )
        return value

    def belongs_to(self, split: str) -> bool:
        """Whether it carries the split, or none."""
        return split in ("", self.values.get("split", split))


def merge(corpora: Iterable[Corpus]) -> Corpus:
    """All questions and paragraphs, in the order given."""
    parts = tuple(corpora)
    return Corpus(
        tuple(q for part in parts for q in part.questions),
        tuple(p for part in parts for p in part.paragraphs),
    )


def by_title(paragraphs: Iterable[Paragraph]) -> dict[str, tuple[Paragraph, ...]]:
    """Paragraphs of each article, in file order."""
    groups: defaultdict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        groups[paragraph.title].append(paragraph)
    return {title: tuple(group) for title, group in groups.items()}


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges of the sentences; a light split, good enough to train on."""
    ranges, start = [], 0
    for gap in _SENTENCE_END.finditer(text):
        ranges.append((start, gap.start()))
        start = gap.end()
    ranges.append((start, len(text)))
    return tuple((a, b) for a, b in ranges if b > a)


def locate(answer: str, question: str, text: str) -> tuple[int, int] | None:
    """Where `answer` stands in `text`; of several places, the best sentence's.

    The best sentence is the one that shares most words with the question.
    """
    if not answer.strip():
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(answer.strip())}(?!\w)", re.IGNORECASE)
    places = [match.span() for match in pattern.finditer(text)]
    if len(places) <= 1:
        return places[0] if places else None
    asked = words(question)

    def shared(place: tuple[int, int]) -> int:
        return max(
            len(asked & words(text[a:b]))
            for a, b in sentences(text)
            if a < place[1] and b > place[0]
        )

    return max(places, key=lambda place: (shared(place), -place[0]))


def words(text: str) -> frozenset[str]:
    """The distinct words, lower case."""
    return frozenset(_WORD.findall(text.lower()))


def _rows(files: Sequence[Path]) -> Iterator[_Row]:
    for path in files:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield _Row(place, _parsed(line, place))


def _parsed(line: str, place: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as exc:
        raise TrainingError(f"{place}: not JSON; write one object a line") from exc
    if not isinstance(values, dict):
        raise TrainingError(f"{place}: not an object; write one object a line")
    return values


def _question(row: _Row, paragraphs: Mapping[str, Paragraph]) -> Question:
    text = row.get("question", str)
    answers: tuple[str, ...] = ()
    if row.get("answerable", bool):
        answers = tuple(str(answer) for answer in row.get("answers", list))
        named = row.get("gold_passage_ids", list)
        if not answers or not named:
            raise TrainingError(
                f"{row.place}: answerable, so it needs answers and gold_passage_ids"
            )
    else:
        named = [row.get("adversarial_passage_id", str)]
    absent = [name for name in named if name not in paragraphs]
    if absent:
        raise TrainingError(f"{row.place}: there is no passage {absent[0]!r} for it")
    gold = [paragraphs[name] for name in named]
    best = next(
        (p for p in gold if any(locate(a, text, p.text) for a in answers)), gold[0]
    )
    return Question(row.get("id", str), text, best, answers)
