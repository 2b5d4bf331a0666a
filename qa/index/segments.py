"""The vectors of an index in immutable files of bounded size.

Passage keys only grow, so a *sealed* segment holds a range of them and is written
once; what is newer than the last sealed one is in the *open* segment, which each
build writes anew. Adding an article therefore pays for one small file, whatever the
size of the library. Passages that went stay in their segment's file, named as dead,
until there are many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path

import numpy as np

from qa.errors import IndexDamagedError
from qa.index.vectors import VISITED, Floats, Ids, VectorFile, VectorIndex, is_intact

SEALED = 65_536
"""Vectors of a sealed segment; an open one has fewer and is searched exactly."""
_MOST_DEAD = 1 / 8
"""Of a sealed segment; with more it is written anew."""
_VISITED_OF_ALL, _LEAST_VISITED = 4 * VISITED, 48
"""Lists that a search visits of all segments together, and of each at least;
DECISIONS.md has what that finds among a million passages.
"""

ReadVectors = Callable[[int, int], tuple[Ids, Floats]]
"""The vectors of at most so many passages (second) with keys above one (first)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of vectors.

    Attributes:
        file: To know it again.
        count: Vectors in it.
        last: The highest passage key that may be in it.
        sealed: Whether it is one that stays.
        dead: Keys in it whose passages are gone.
    """

    file: VectorFile
    count: int
    last: int
    sealed: bool
    dead: tuple[int, ...] = ()


def segments_in(meta: Mapping[str, str]) -> tuple[Segment, ...]:
    """As the catalogue's description states them, by key."""
    return tuple(
        Segment(
            VectorFile(**stated.pop("file")), **stated | {"dead": tuple(stated["dead"])}
        )
        for stated in json.loads(meta.get("segments", "[]"))
    )


def to_meta(segments: Sequence[Segment]) -> str:
    """For the catalogue's description."""
    return json.dumps([asdict(segment) for segment in segments])


def sealed_up_to(segments: Sequence[Segment]) -> int:
    """The highest key of sealed segments; new passages have higher ones."""
    return max((s.last for s in segments if s.sealed), default=0)


@dataclass(frozen=True, slots=True)
class SegmentWriter:
    """Brings the files up to date with the passages.

    Attributes:
        folder: The index folder.
        name: Of the open segment's file, ``vectors-7``; sealed ones that are
            written get a number behind it.
        read: Gives the vectors of the passages there are now.
        size: Vectors of a sealed segment.
    """

    folder: Path
    name: str
    read: ReadVectors
    size: int = SEALED
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write(
        self, segments: Sequence[Segment], gone: Sequence[int]
    ) -> tuple[Segment, ...]:
        """The segments as they are now.

        Args:
            segments: As they were.
            gone: Keys of passages that were removed since.

        Raises:
            OSError: A file cannot be written.
        """
        before = 0
        kept: list[Segment] = []
        for segment in segments:
            if segment.sealed:
                kept += self._kept(segment, gone, before)
                before = segment.last
        return (*kept, *self._open(before, *self._still_open(segments, gone)))

    def _kept(
        self, segment: Segment, gone: Sequence[int], before: int
    ) -> list[Segment]:
        """A sealed segment as it is now, rewritten if it is no use any more."""
        dead = {key for key in gone if before < key <= segment.last}
        dead.update(segment.dead)
        few = len(dead) <= _MOST_DEAD * segment.count
        if few and is_intact(self.folder, segment.file):
            return [replace(segment, dead=tuple(sorted(dead)))]
        ids, vectors = self.read(before, self.size)
        own = ids <= segment.last
        if not own.any():
            return []
        return [self._seal(ids[own], vectors[own], segment.last)]

    def _still_open(
        self, segments: Sequence[Segment], gone: Sequence[int]
    ) -> tuple[Ids, Floats]:
        """What stays of the open segment: its file is read faster than passages."""
        for segment in segments:
            if segment.sealed:
                continue
            with suppress(OSError, IndexDamagedError):
                ids, vectors = VectorIndex.load(self.folder, segment.file).contents()
                stays = ~np.isin(ids, np.asarray(gone, np.int64))
                return ids[stays], vectors[stays]
        return np.zeros(0, np.int64), np.zeros((0, 1), np.float32)

    def _open(self, before: int, ids: Ids, vectors: Floats) -> Iterator[Segment]:
        """What comes after the sealed segments, sealing what there is enough of.

        Args:
            before: The highest key of the sealed segments.
            ids: Keys of which the vectors are known, all that are not sealed up to the
                last of them.
            vectors: Theirs.
        """
        while True:
            last = int(ids[-1]) if len(ids) else before
            new, of_new = self.read(last, self.size - len(ids))
            if len(ids) and len(new):
                new = np.concatenate([ids, new])
                of_new = np.concatenate([vectors, of_new])
            if len(new):
                ids, vectors = new, of_new
            if len(ids) < self.size:
                break
            before = int(ids[-1])
            yield self._seal(ids, vectors, before)
            ids = ids[:0]
        if len(ids):
            file = VectorIndex.of(ids, vectors).save(self.folder, f"{self.name}.faiss")
            yield Segment(file, len(ids), int(ids[-1]), sealed=False)

    def _seal(self, ids: Ids, vectors: Floats, last: int) -> Segment:
        name = f"{self.name}-{next(self._numbers)}.faiss"
        file = VectorIndex.in_lists(ids, vectors).save(self.folder, name)
        return Segment(file, len(ids), last, sealed=True)


class Segments:
    """The segments of one generation, loaded; searched as if they were one."""

    def __init__(
        self, segments: Sequence[Segment], indexes: Sequence[VectorIndex]
    ) -> None:
        self._segments = tuple(segments)
        self._indexes = tuple(indexes)
        self._dead = [np.array(s.dead, np.int64) for s in segments]

    @classmethod
    def load(
        cls, folder: Path, segments: Sequence[Segment], known: Segments | None = None
    ) -> Segments:
        """Read and check files; those that ``known`` has are not read again.

        Raises:
            FileNotFoundError: One is gone.
            IndexDamagedError: One is not what was saved.
        """
        loaded = known.files() if known else {}
        return cls(
            segments,
            [loaded.get(s.file) or VectorIndex.load(folder, s.file) for s in segments],
        )

    @property
    def is_exact(self) -> bool:
        """Whether scores are those of the vectors themselves; a sealed segment's are
        estimates, at a bit or, as it was written before, a byte a number.
        """
        return not any(segment.sealed for segment in self._segments)

    def files(self) -> dict[VectorFile, VectorIndex]:
        """Each file's index."""
        files = (segment.file for segment in self._segments)
        return dict(zip(files, self._indexes, strict=True))

    def search(
        self, query: Floats, k: int, within: Ids | None = None
    ) -> tuple[Ids, Floats]:
        """The ``k`` nearest vectors, best first; see ``VectorIndex.search``."""
        # What is nearest of all lies in nearer lists than what is nearest in a segment.
        visited = max(
            _LEAST_VISITED, min(VISITED, _VISITED_OF_ALL // max(1, len(self._indexes)))
        )
        found = [
            index.search(query, k, within, without=dead, visited=visited)
            for index, dead in zip(self._indexes, self._dead, strict=True)
        ]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = np.concatenate([ids for ids, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        best = np.argsort(-scores, kind="stable")[:k]
        return ids[best], scores[best]


def are_intact(folder: Path, segments: Sequence[Segment]) -> bool:
    """Whether every file is byte for byte what was saved."""
    return all(is_intact(folder, segment.file) for segment in segments)
