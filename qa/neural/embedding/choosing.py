"""Which adapter embeds: decided at first use, and by how much there is to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from qa.neural.embedding.encoder_protocol import Embedder, Vectors


class LazyEmbedder:
    """An embedder that is made when it is first asked for more than its name.

    Args:
        load: Makes it.
        id: See ``Embedder.id``.
        where: See ``Embedder.where``.
    """

    def __init__(self, load: Callable[[], Embedder], *, id: str, where: str) -> None:
        self.id = id
        self.where = where
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Embedder | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.loaded().dimension

    @property
    def window(self) -> int:
        """Tokens read at most, special tokens included."""
        return self.loaded().window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder.count_tokens``."""
        return self.loaded().count_tokens(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_documents``."""
        return self.loaded().encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_queries``."""
        return self.loaded().encode_queries(texts)

    def loaded(self) -> Embedder:
        """The embedder itself."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


class BulkEmbedder:
    """Begins with what starts at once, and changes over when there is much to do.

    Args:
        quick: Embeds the first passages, and counts tokens.
        bulk: Embeds what comes after them; as good, faster, slow to start.
        few: Passages that are not worth starting the other for.
    """

    def __init__(self, quick: Embedder, bulk: Embedder, *, few: int) -> None:
        self.id = quick.id
        self.where = quick.where
        self._quick = quick
        self._bulk = bulk
        self._left = few

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._quick.dimension

    @property
    def window(self) -> int:
        """Tokens read at most, special tokens included."""
        return self._quick.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder.count_tokens``."""
        return self._quick.count_tokens(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_documents``."""
        self._left -= len(texts)
        chosen = self._quick if self._left >= 0 else self._bulk
        return chosen.encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode_queries``."""
        return self._quick.encode_queries(texts)
