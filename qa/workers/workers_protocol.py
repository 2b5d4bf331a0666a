"""The ``Workers`` protocol, and a file before and after it is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from qa.documents import Parsed, Parser, SeedFile
from qa.errors import SeedError
from qa.neural.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was found.

    Attributes:
        look: For the next build to tell that it has not changed; maybe empty.
        sha256: Empty where it cannot be read.
        parsed: None where it has not changed.
        refused: Why it cannot be read.
    """

    file: str
    look: str = ""
    sha256: str = ""
    parsed: Parsed | None = None
    refused: str = ""

    @classmethod
    def refusing(cls, file: str, error: SeedError) -> Self:
        """One that cannot be read."""
        return cls(file, refused=str(error).removeprefix(f"{file}: "))


@dataclass(frozen=True, slots=True)
class Fresh:
    """A file whose bytes are new, and what it looks like."""

    look: str
    seed: SeedFile

    def parse(self, parser: Parser) -> Seen:
        """What is in it, or why it cannot be read."""
        seed = self.seed
        try:
            return Seen(seed.file, self.look, seed.sha256, parser.parse(seed))
        except SeedError as exc:
            return Seen.refusing(seed.file, exc)


class Workers(Protocol):
    """Parse files and embed texts, several at once; used in a ``with`` statement.

    Attributes:
        together: Texts that are worth being held in memory, to be embedded at once.
    """

    together: int

    def __enter__(self) -> Self:
        """Nothing is started yet."""

    def __exit__(self, *_: object) -> None:
        """End what is still being done."""

    @property
    def pages(self) -> int:
        """Pages of paged files that were read until now, as far as it is known."""

    def read(
        self,
        look: Callable[[str], Seen | Fresh],
        files: Iterable[str],
        *,
        waiting: Callable[[], None],
    ) -> Iterator[Seen]:
        """What the files are, in their order.

        Args:
            look: Reads one, maybe in a thread; what is fresh is parsed.
            files: Their names, taken as they are needed, some ahead.
            waiting: Called now and then while a result is waited for.

        Raises:
            ClusterError: The cluster cannot be reached, or fails.
        """

    def embed(self, batches: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """The vectors of each batch, as ``Embedder.encode_documents`` gives them.

        Raises:
            ClusterError: The cluster cannot be reached, or fails.
            ModelError: The embedder cannot be used.
        """
