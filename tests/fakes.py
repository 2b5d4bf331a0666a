"""Fakes that one can compute in one's head, and a library of seeds to build."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np

from qa.answering import Answerer, Finder, Limits
from qa.answering.gate import LogisticGate, Weights
from qa.build import BuildReport, Progress, build
from qa.index import Snapshot, SqliteStore, Store
from qa.index.lance import LanceStore
from qa.neural.embedding import Vectors
from qa.neural.judge import Opinion
from qa.neural.reader import NOT_READ
from qa.question import understand
from qa.retrieval.retriever import Retriever
from qa.schema import (
    Models,
    Prompt,
    Reading,
    SentenceReading,
    Span,
    Strictness,
)
from qa.workers import Here, Workers

_WORD = re.compile(r"\w+|[^\w\s]")
GATE = LogisticGate(
    read=Weights(-3.4, cosine=2, words=2, names=0.8, kind=2, reading=0.9),
    unread=Weights(-7.6, cosine=4, words=4, names=1.6, kind=2),
)
"""A gate that stays as it is, however the one that is shipped is fitted."""


class BagOfWordsEmbedder:
    """Counts each lower-case word in the coordinate its CRC names; unit rows.

    A token is a word or a punctuation mark. ``encoded`` keeps every document
    text, in order; ``fail_after`` makes encoding fail once so many are done.
    """

    def __init__(self, *, id: str = "words@1", dimension: int = 64) -> None:
        self.id = id
        self.dimension = dimension
        self.window = 120
        self.encoded: list[str] = []
        self.fail_after: int | None = None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if self.fail_after is not None and len(self.encoded) >= self.fail_after:
            raise PowerCutError
        self.encoded += texts
        return self.encode_queries(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()) or [""]:
                row[crc32(word.encode()) % self.dimension] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / norms, np.float32)


class WordReader:
    """Believes that a passage answers which holds one of its answers.

    Args:
        answers: The words; the first one that a passage holds is its answer.
        judges: Whether it says of each sentence whether it holds one of them.
    """

    name = "words"
    where = "here"

    def __init__(self, *answers: str, judges: bool = False) -> None:
        self._answers = answers
        self._judges = judges
        self.read_texts: list[tuple[str, str]] = []

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[Span]] = (),
    ) -> tuple[Reading, ...]:
        self.read_texts += [(question, passage) for passage in passages]
        told = sentences or [()] * len(passages)
        return tuple(map(self._reading, passages, told))

    def _reading(self, passage: str, sentences: Sequence[Span]) -> Reading:
        if not passage.strip():
            return NOT_READ
        judged = None
        if self._judges and sentences:
            judged = tuple(self._sentence(passage[s.start : s.end]) for s in sentences)
        found = next((a for a in self._answers if a in passage), None)
        if found is None:
            return Reading(-3.0, 0.05, Span(0, 1), judged)
        start = passage.index(found)
        return Reading(3.0, 0.95, Span(start, start + len(found)), judged)

    def _sentence(self, text: str) -> SentenceReading:
        chance = 0.9 if any(answer in text for answer in self._answers) else 0.1
        return SentenceReading(chance, chance)


class WordJudge:
    """Finds supported the share of a sentence's words that its evidence has.

    Words are compared by their first letters in lower case; where only one of the two
    says "not", there is no support. The first word that is missing is what it objects
    to; ``seen`` keeps every pair.
    """

    name = "words"
    where = "here"

    def __init__(self, needed: float = 0.95, *, of_cuts: float | None = None) -> None:
        self._needed = needed
        self._of_cuts = needed if of_cuts is None else of_cuts
        self.seen: list[tuple[str, str]] = []

    def needed(self, strictness: Strictness, *, cut: bool = False) -> float:
        needed = self._of_cuts if cut else self._needed
        return {"lenient": needed / 2, "balanced": needed, "strict": 2}[strictness]

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Opinion, ...]:
        self.seen += pairs
        return tuple(self._opinion(*pair) for pair in pairs)

    def _opinion(self, claim: str, evidence: str) -> Opinion:
        known = {word[:6] for word in re.findall(r"\w+", evidence.lower())}
        words = list(re.finditer(r"\w+", claim))
        absent = [word for word in words if word.group().lower()[:6] not in known]
        support = 1 - len(absent) / len(words) if words else 0.0
        if ("not" in known) != ("not" in claim.lower().split()):
            support = 0.0
        return Opinion(support, Span(*absent[0].span()) if absent else None)


class PowerCutError(BaseException):
    """Ends a build the way a kill would: nothing in the program expects it."""


class ScriptedGenerator:
    """Says what it was told to, word by word, and keeps every prompt.

    Args:
        scripts: One a draft, the last one again and again; an exception is
            raised instead.
    """

    name = "scripted"

    def __init__(self, *scripts: str | Exception) -> None:
        self._scripts = list(scripts)
        self.history: list[Prompt] = []
        self.closed = 0

    def stream(self, prompt: Prompt, cancel: threading.Event) -> Iterator[str]:
        self.history.append(prompt)
        script = self._scripts[0]
        if len(self._scripts) > 1:
            del self._scripts[0]
        if isinstance(script, Exception):
            raise script
        for piece in re.findall(r"\S+\s*", script):
            if cancel.is_set():
                return
            yield piece

    def close(self) -> None:
        self.closed += 1


def _shared(folder: Path, *, embedder: str) -> Store:
    return LanceStore(str(folder / "shared"), embedder=embedder, scratch=folder)


STORES: dict[str, Callable[..., Store]] = {"sqlite": SqliteStore, "lance": _shared}


@dataclass
class Library:
    """A seeds folder, its index and the embedder that builds it."""

    home: Path
    embedder: BagOfWordsEmbedder = field(default_factory=BagOfWordsEmbedder)
    kind: str = "sqlite"

    @property
    def seeds(self) -> Path:
        return self.home / "seeds"

    @property
    def folder(self) -> Path:
        return self.home / "index"

    def write(self, file: str, content: str | bytes) -> None:
        path = self.seeds / file
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)

    def rebuild(self, progress: Callable[[Progress], None]) -> BuildReport:
        """Like ``build``, the way the page asks for it."""
        return self.build(progress=progress)

    def build(
        self,
        *,
        size: int = 40,
        max_bytes: int = 100_000,
        readers: int = 0,
        workers: Workers | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> BuildReport:
        self.seeds.mkdir(parents=True, exist_ok=True)
        return build(
            self.seeds,
            self.open(),
            embedder=self.embedder,
            size=size,
            max_bytes=max_bytes,
            workers=workers or Here(self.embedder, readers),
            progress=progress,
        )

    def open(self) -> Store:
        return STORES[self.kind](self.folder, embedder=self.embedder.id)

    def passage_texts(self) -> list[str]:
        """The texts of all passages, in the order they were indexed."""
        with self.open().snapshot() as snapshot:
            found = snapshot.passages(keys_of(snapshot))
            return [passage.text for passage, _ in found.values()]


def keys_of(snapshot: Snapshot) -> list[int]:
    """Keys of all passages that pass the snapshot's filters, article by article."""
    return [key for s in snapshot.sources() for key in snapshot.keys_in(s.id)]


def quoting(library: Library) -> Answerer:
    """An answerer over a library that was built, without reader and generator."""
    index = library.open()
    return Answerer(
        Finder(Retriever(index, library.embedder, reader=None, k=10), index, gate=GATE),
        index=index,
        judge=WordJudge(),
        drafter=None,
        models=Models(library.embedder.id, "none"),
        limits=Limits(),
    )


def outcomes(report: BuildReport) -> dict[str, str]:
    """What happened to each seed file."""
    return {seed.file: seed.outcome for seed in report.seeds}


def article(name: str, sentences: int = 3) -> str:
    """Plain paragraphs of one sentence each, no word shared by two sentences."""
    return "\n\n".join(
        f"The {name}{number} stands in {name}place{number} since {name}year{number}."
        for number in range(sentences)
    )


def understood(text, sources=(), history=()):
    """What a question comes to in a library of these articles."""
    (question,) = understand(
        text, history, None, sources=lambda _: sources, sentences=4
    )
    return question
