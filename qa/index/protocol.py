"""What an index is to its callers, wherever it lies: a store of generations, one
generation as a question sees it, and the builder's side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol, Self

from qa.index.vectors import Floats
from qa.schema import Document, Filters, Passage, Source


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Words to look for; inflection, case and accents do not count.

    Attributes:
        terms: One with spaces in it is a phrase. Of none, nothing is found.
        operator: Whether a passage has to hold all of them or any.
    """

    terms: tuple[str, ...]
    operator: Literal["and", "or"] = "or"


@dataclass(frozen=True, slots=True)
class Stems:
    """The words of a passage, stemmed: of its title, and by sentence."""

    title: frozenset[str]
    sentences: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, lines: str) -> Self:
        """As they are stored: a line for the title, then one a sentence."""
        title, *sentences = lines.split("\n")
        return cls(frozenset(title.split()), tuple(tuple(s.split()) for s in sentences))


@dataclass(frozen=True, slots=True)
class IndexedSeed:
    """A seed file as indexed."""

    file: str
    sha256: str
    passages: int


@dataclass(frozen=True, slots=True)
class IndexedLook:
    """How a seed file looked when it was indexed.

    Attributes:
        indexed: ISO 8601 time.
        noted: What the builder noted last, maybe of other bytes; empty for nothing.
    """

    file: str
    indexed: str
    sha256: str
    noted: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What the index holds."""

    generation: int
    embedder: str
    seeds: int
    documents: int
    passages: int
    vectors: int
    bytes: int


@dataclass(frozen=True, slots=True)
class VectorText:
    """A text that wants a vector, and the hash that the vector is cached under."""

    # How pydantic writes bytes as JSON; text is no way to write a hash.
    __pydantic_config__: ClassVar = {"ser_json_bytes": "hex", "val_json_bytes": "hex"}
    hash: bytes
    text: str


@dataclass(frozen=True, slots=True)
class NewSeed:
    """A seed file to index: its documents, and for each passage its texts.

    ``texts[i][j]`` are the texts of passage ``j`` of document ``i``: first the
    passage's own, then one for each sentence (none where there is only one).
    """

    file: str
    sha256: str
    documents: tuple[Document, ...]
    passages: tuple[tuple[Passage, ...], ...]
    texts: tuple[tuple[tuple[VectorText, ...], ...], ...]


class Snapshot(Protocol):
    """One generation. Passages go by keys, numbers that hold within it; documents by
    their ids. Searches and ``sources`` keep to the filters that it was opened with.
    """

    generation: int
    passage_count: int
    document_count: int
    """Both whatever the filters."""

    def search_vectors(self, query: Floats, k: int) -> list[int]:
        """Keys of passages near a unit vector, shape (d,), best first as far as the
        search can tell: at least ``k`` where there are so many, with nearly all of the
        nearest ``k``, for ``nearest`` to choose from. The one method that may be called
        in another thread, since it reads no rows.

        Raises:
            ValueError: The query has another dimension or is not finite.
        """

    def nearest(self, query: Floats, keys: Sequence[int], k: int) -> list[int]:
        """The ``k`` nearest of what ``search_vectors`` found for the query, all of it
        and in its order: best first, by the vectors themselves.
        """

    def search_text(self, query: TextQuery, k: int) -> list[tuple[int, float]]:
        """Keys and BM25 scores (higher is better) of at most ``k`` passages that hold
        the words in their text, heading, title, authors or publisher, best first.
        """

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each term, up to inflection, whatever the filters."""

    def terms_like(self, term: str) -> list[str]:
        """Terms of the library that begin with the same letter and are as long, give or
        take some letters; as ``index_term`` gives them.
        """

    def written(self, term: str) -> str:
        """A word as an article writes it, by its term; empty where none has it."""

    def cosines(
        self, query: Floats, keys: Sequence[int]
    ) -> dict[int, tuple[float, ...]]:
        """Exact similarities of a query with each passage and its sentences.

        Returns:
            For each key first the passage's, then one for each of its
            sentences; a passage of one sentence has its own only.
        """

    def sentence_vectors(self, keys: Sequence[int]) -> dict[int, Floats]:
        """The unit vectors of each sentence of passages, shape (sentences, d)."""

    def stems(self, keys: Sequence[int]) -> dict[int, Stems]:
        """The words of passages, for scoring without reading their text."""

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """Passages with their sources, by key.

        Raises:
            IndexDamagedError: There is none of a key.
        """

    def keys_in(self, document: str) -> list[int]:
        """Keys of the passages of one document, in order; empty where there is none."""

    def sentence_stems(self, document: str) -> list[str]:
        """The stems of each sentence of a document, with spaces between."""

    def document(self, identifier: str) -> Document:
        """A document.

        Raises:
            KeyError: There is none with this id.
        """

    def sources(self, first: int = 0, most: int | None = None) -> tuple[Source, ...]:
        """The sources of the documents that pass the filters, by file: those from
        ``first`` on, at most so many.
        """

    def seeds(self) -> tuple[IndexedSeed, ...]:
        """The indexed seed files, by name."""

    def looks(self) -> dict[str, str]:
        """What the builder noted of each seed file; see ``Writer.note_looks``."""

    def looks_of(self, documents: Iterable[str]) -> list[IndexedLook]:
        """How the seed files that these documents are in looked when they were
        indexed, each once, by name.
        """


class Writer(Protocol):
    """The builder's side, held by one process at a time.

    Attributes:
        repaired: What was wrong with the index and what was saved of it; empty
            when nothing was.
        scratch: A folder of this machine for what a build has no memory for.
    """

    repaired: str
    scratch: Path

    def seeds(self) -> dict[str, str]:
        """sha256 by seed file, as indexed."""

    def looks(self) -> dict[str, str]:
        """What was noted of each seed file when it was read."""

    def note_looks(self, looks: Mapping[str, str]) -> None:
        """Note what files look like, for a build that wants to know them again."""

    def documents(self, file: str) -> list[Document]:
        """The documents of an indexed seed."""

    def splits_as(self, settings: str) -> bool:
        """Whether what is indexed was split with these settings."""

    def is_current(self, settings: str) -> bool:
        """Whether the published generation has this embedder and these settings, and
        can be searched.
        """

    def forget_unused(self) -> None:
        """Drop cached vectors that no passage uses, left by a build that was killed
        and whose seeds have changed since.
        """

    def missing(self, texts: Iterable[VectorText]) -> list[VectorText]:
        """Those whose vector is not cached, each once, in order."""

    def cache(self, texts: Sequence[VectorText], vectors: Floats) -> None:
        """Keep unit vectors, shape (texts, d), so that a killed build embeds nothing
        twice.
        """

    def publish(
        self,
        new: Iterable[NewSeed],
        removed: Iterable[str],
        *,
        settings: str,
        looks: Mapping[str, str] | None = None,
    ) -> int:
        """Make a new generation visible in one step.

        Args:
            new: Added and changed seeds, all their vectors cached; one in memory
                at a time.
            removed: Seed files that go, and those that come again in ``new``.
            settings: How passages were split, for ``is_current``.
            looks: As for ``note_looks``.

        Returns:
            The number of the new generation.
        """


class Store(Protocol):
    """An index, for questions of one embedder; new generations are picked up by
    themselves.
    """

    def snapshot(
        self, filters: Filters | None = None
    ) -> AbstractContextManager[Snapshot]:
        """One consistent generation; use it in one thread, but for
        ``search_vectors``, and let go of it.

        Args:
            filters: What searches and ``sources`` keep to.

        Raises:
            FilterError: A filter names what is not in the library, or leaves nothing.
            IndexMissingError: Nothing is built yet.
            IndexDamagedError: It is not what was written, or cannot be read.
            IndexMismatchError: Another embedder or format.
        """

    def stats(self) -> Stats:
        """What the index holds and what it takes.

        Raises:
            IndexMissingError: And the others of ``snapshot``.
        """

    def writer(self) -> AbstractContextManager[Writer]:
        """Hold the index to change it, making it if there is none and mending what is
        damaged.

        Raises:
            BuildLockedError: Another process is building.
            IndexDamagedError: The index cannot be used.
            IndexMismatchError: Another version of this program wrote it.
        """
