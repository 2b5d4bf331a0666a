"""A FAISS file: vectors of passages, searched by inner product.

FAISS pads short results with -1; those are dropped here and nowhere else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError

if TYPE_CHECKING:
    import faiss

_LIST = 128
"""Vectors of a list, in the middle."""
VISITED = 128
"""Lists that a search visits; DECISIONS.md has what it finds of the nearest."""
_LEARNT_FROM = 20_000
"""Vectors, or a few more, that say where the lists lie."""

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorFile:
    """What the catalogue remembers of a FAISS file, to know it again."""

    name: str
    size: int
    sha256: str


class VectorIndex:
    """An immutable set of vectors with 64-bit ids."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, ids: Ids, vectors: Floats) -> VectorIndex:
        """Build from ids, shape (n,), and unit rows, shape (n, d); searched whole."""
        import faiss

        flat = faiss.IndexScalarQuantizer(
            vectors.shape[1],
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
        )
        index = faiss.IndexIDMap(flat)
        index.add_with_ids(vectors, ids)
        return cls(index)

    @classmethod
    def in_lists(cls, ids: Ids, vectors: Floats) -> VectorIndex:
        """In lists of near vectors, of which a search visits the nearest ones, at a bit
        a number (RaBitQ: Gao and Long 2024): its scores are estimates.
        """
        import faiss

        dimension = vectors.shape[1]
        index = faiss.IndexIVFRaBitQ(
            faiss.IndexFlatIP(dimension),
            dimension,
            max(1, len(ids) // _LIST),
            faiss.METRIC_INNER_PRODUCT,
        )
        index.cp.niter = 10
        index.train(vectors[:: max(1, len(ids) // _LEARNT_FROM)])
        index.add_with_ids(vectors, ids)
        return cls(index)

    def contents(self) -> tuple[Ids, Floats]:
        """Ids, shape (n,), in the order in which they were given, and rows, shape
        (n, d), of vectors that are searched whole.
        """
        import faiss

        index: Any = self._index
        ids: Ids = faiss.vector_to_array(index.id_map)
        return ids, np.asarray(index.index.reconstruct_n(0, len(ids)))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self,
        query: Floats,
        k: int,
        within: Ids | None = None,
        *,
        without: Ids | None = None,
        visited: int = VISITED,
    ) -> tuple[Ids, Floats]:
        """The ``k`` nearest vectors, best first.

        Args:
            query: Unit vector, shape (d,).
            k: At most this many come back.
            within: Search only these ids, and all of them.
            without: Leave these ids out.
            visited: Lists to look through, of what lies in lists.

        Raises:
            ValueError: The query has another dimension or is not finite.
        """
        import faiss

        if query.shape != (self._index.d,) or not np.isfinite(query).all():
            raise ValueError(f"not a finite vector of {self._index.d} numbers")
        parameters = self._parameters(within, without, visited)
        k = min(k, len(self))
        if k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # Several wait for each other longer than one takes. It holds in this thread.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(query[None], k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def _parameters(
        self, within: Ids | None, without: Ids | None, visited: int
    ) -> faiss.SearchParameters:
        import faiss

        chosen: dict[str, Any] = {}
        if within is not None:
            if without is not None and len(without):
                within = np.setdiff1d(within, without)
            chosen["sel"] = faiss.IDSelectorBatch(within)
        elif without is not None and len(without):
            chosen["sel"] = faiss.IDSelectorNot(faiss.IDSelectorBatch(without))
        lists = getattr(self._index, "nlist", None)
        if lists is None:
            return faiss.SearchParameters(**chosen)
        # What passes a filter may be far from the query, in any list.
        chosen["nprobe"] = lists if within is not None else min(lists, visited)
        return faiss.SearchParametersIVF(**chosen)

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

        data = _read_intact(folder, file)
        return cls(faiss.deserialize_index(np.frombuffer(data, np.uint8)))


def is_intact(folder: Path, file: VectorFile) -> bool:
    """Whether a file is byte for byte the one that was saved."""
    try:
        _read_intact(folder, file)
    except (OSError, IndexDamagedError):
        return False
    return True


def _read_intact(folder: Path, file: VectorFile) -> bytes:
    data = (folder / file.name).read_bytes()
    if len(data) != file.size or sha256(data).hexdigest() != file.sha256:
        raise IndexDamagedError(
            f"{folder / file.name}: is damaged; run `qa build` (nothing is "
            "embedded again)"
        )
    return data


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
