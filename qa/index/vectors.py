"""The FAISS file: the vectors of passages, searched by inner product.

FAISS pads short results with -1; those are dropped here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError

if TYPE_CHECKING:
    import faiss

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorFile:
    """What the catalogue remembers of a FAISS file, to know it again."""

    name: str
    size: int
    sha256: str

    @classmethod
    def stated_in(cls, meta: Mapping[str, str]) -> VectorFile:
        """As the catalogue's description states it."""
        return cls(meta["vector_file"], int(meta["vector_size"]), meta["vector_sha256"])


class VectorIndex:
    """An immutable set of vectors with 64-bit ids."""

    def __init__(self, index: faiss.IndexIDMap) -> None:
        self._index = index

    @classmethod
    def of(cls, ids: Ids, vectors: Floats) -> VectorIndex:
        """Build from ids, shape (n,), and unit rows, shape (n, d)."""
        import faiss

        flat = faiss.IndexScalarQuantizer(
            vectors.shape[1],
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
        )
        index = faiss.IndexIDMap(flat)
        index.add_with_ids(vectors, ids)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, query: Floats, k: int, within: Ids | None = None
    ) -> tuple[Ids, Floats]:
        """The ``k`` nearest vectors, best first.

        Args:
            query: Unit vector, shape (d,).
            k: At most this many come back.
            within: Search only these ids.

        Raises:
            ValueError: The query has another dimension or is not finite.
        """
        import faiss

        if query.shape != (self._index.d,) or not np.isfinite(query).all():
            raise ValueError(f"not a finite vector of {self._index.d} numbers")
        parameters = None
        if within is not None:
            parameters = faiss.SearchParameters(  # type: ignore[call-arg]
                sel=faiss.IDSelectorBatch(within)  # the stubs lack it
            )
        k = min(k, len(self))
        if k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, ids = self._index.search(query[None], k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def save(self, folder: Path, name: str) -> VectorFile:
        """Write under a temporary name, sync, rename, sync the folder."""
        import faiss

        data = faiss.serialize_index(self._index).tobytes()
        partial = folder / f"{name}.partial"
        try:
            with partial.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(folder / name)
        except OSError:
            # What was written of it would keep a full disk full.
            if partial.is_file():
                partial.unlink()
            raise
        sync_folder(folder)
        return VectorFile(name, len(data), sha256(data).hexdigest())

    @classmethod
    def load(cls, folder: Path, file: VectorFile) -> VectorIndex:
        """Read a file that is byte for byte the one that was saved.

        Raises:
            FileNotFoundError: It is gone.
            IndexDamagedError: It is not what was saved.
        """
        import faiss

        data = (folder / file.name).read_bytes()
        if len(data) != file.size or sha256(data).hexdigest() != file.sha256:
            raise IndexDamagedError(
                f"{folder / file.name}: is damaged; run `qa build` (nothing is "
                "embedded again)"
            )
        index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        return cls(cast("faiss.IndexIDMap", index))


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
