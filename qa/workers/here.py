"""This machine's workers: a parser a core, and one embedder that takes all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from qa.documents import Parser, Parsers
from qa.documents.worker import MEMORY_MB
from qa.neural.embedding import Embedder, Vectors
from qa.neural.memory import total_memory_mb
from qa.neural.processors import usable_cores
from qa.workers.workers_protocol import Fresh, Seen


class Here:
    """Works in this process and children of it; see ``Workers``.

    Args:
        embedder: Loaded only when there is something new.
        readers: Processes that read files side by side; 0 for as many as there are
            cores and memory for.
    """

    together = 20_000

    def __init__(self, embedder: Embedder, readers: int = 0) -> None:
        self._embedder = embedder
        self._parsers = Parsers(readers or parsers_at_once())

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *error: object) -> None:
        self._parsers.__exit__(*error)

    @property
    def pages(self) -> int:
        """See ``Workers``."""
        return self._parsers.pages

    def read(
        self,
        look: Callable[[str], Seen | Fresh],
        files: Iterable[str],
        *,
        waiting: Callable[[], None],
    ) -> Iterator[Seen]:
        """See ``Workers``."""

        def work(parser: Parser, file: str) -> Seen:
            found = look(file)
            return found.parse(parser) if isinstance(found, Fresh) else found

        return self._parsers.each(work, files, waiting=waiting)

    def embed(self, batches: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """See ``Workers``."""
        return map(self._embedder.encode_documents, batches)


def parsers_at_once() -> int:
    """One a core, within half of the machine's memory."""
    return max(1, min(usable_cores(), total_memory_mb() // 2 // MEMORY_MB))
