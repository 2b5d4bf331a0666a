"""Segments: whatever is added and removed, searched as brute force would."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import IndexDamagedError
from qa.index.segments import (
    Segments,
    SegmentWriter,
    are_intact,
    sealed_up_to,
    segments_in,
    to_meta,
)
from qa.index.vectors import VectorIndex

SIZE = 16
DIMENSION = 8


class Shelf:
    """Vectors that come and go, and the segments that hold them."""

    def __init__(self, folder):
        self.folder = folder
        self.vectors = {}
        self.segments = ()
        self.generation = 0
        self.random = np.random.default_rng(3)

    def read(self, above, most):
        ids = [key for key in sorted(self.vectors) if key > above][:most]
        rows = [self.vectors[key] for key in ids]
        return np.array(ids, np.int64), np.array(rows, np.float32).reshape(
            -1, DIMENSION
        )

    def change(self, added, removed):
        """Add so many, remove those at these places; keys only grow."""
        keys = sorted(self.vectors)
        gone = sorted({keys[place % len(keys)] for place in removed} if keys else ())
        for key in gone:
            del self.vectors[key]
        last = max(max(self.vectors, default=0), sealed_up_to(self.segments))
        for key in range(last + 1, last + 1 + added):
            row = self.random.normal(size=DIMENSION)
            self.vectors[key] = (row / np.linalg.norm(row)).astype(np.float16)
        self.generation += 1
        name = f"vectors-{self.generation}"
        writer = SegmentWriter(self.folder, name, self.read, SIZE)
        self.segments = segments_in(
            {"segments": to_meta(writer.write(self.segments, gone))}
        )

    def load(self, known=None):
        return Segments.load(self.folder, self.segments, known)


def check(shelf, within=None):
    """All that there are, those that stay open with exact scores but for 16 bits."""
    query = shelf.random.normal(size=DIMENSION)
    query = (query / np.linalg.norm(query)).astype(np.float32)
    exact = {key: float(row @ query) for key, row in shelf.vectors.items()}
    if within is not None:
        exact = {key: exact[key] for key in within}
    found, scores = shelf.load().search(
        query, 999, None if within is None else np.array(within, np.int64)
    )
    assert sorted(found.tolist()) == sorted(exact)
    opened = sealed_up_to(shelf.segments)
    told = dict(zip(found.tolist(), scores, strict=True))
    for key, score in told.items():
        if key > opened:
            assert score == pytest.approx(exact[key], abs=2e-3)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.lists(st.integers(0, 99), max_size=12)),
        min_size=1,
        max_size=6,
    )
)
def test_segments_find_what_brute_force_finds(tmp_path_factory, changes):
    shelf = Shelf(tmp_path_factory.mktemp("segments"))
    for added, removed in changes:
        shelf.change(added, removed)
        check(shelf)
        check(shelf, within=sorted(shelf.vectors)[::3])
    held = sum(s.count - len(s.dead) for s in shelf.segments)
    assert held == len(shelf.vectors)


def test_adding_writes_the_open_segment_only(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.change(3 * SIZE + 2, [])
    assert [s.sealed for s in shelf.segments] == [True, True, True, False]
    before, loaded = shelf.segments, shelf.load()
    shelf.change(5, [])
    assert shelf.segments[:3] == before[:3]
    again = shelf.load(loaded)
    for segment in before[:3]:
        assert again.files()[segment.file] is loaded.files()[segment.file]


def test_a_removed_passage_is_never_found_and_many_are_cleared_away(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.change(2 * SIZE, [])
    name = shelf.segments[0].file.name
    shelf.change(0, [0])
    assert shelf.segments[0].dead == (1,)
    assert shelf.segments[0].file.name == name
    shelf.change(0, [0, 1, 2])
    assert shelf.segments[0].dead == ()
    assert shelf.segments[0].count == SIZE - 4
    assert shelf.segments[0].file.name != name
    check(shelf)
    shelf.change(0, range(2 * SIZE))
    assert shelf.segments == ()
    assert shelf.load().search(np.ones(DIMENSION, np.float32), 5)[0].tolist() == []


def test_of_the_open_segment_no_vector_is_read_again_from_the_passages(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.change(SIZE + 5, [])
    asked = []
    read = shelf.read
    shelf.read = lambda above, most: asked.append(above) or read(above, most)
    shelf.change(3, [SIZE + 1])
    assert asked == [SIZE + 5]
    check(shelf)
    shelf.change(0, range(SIZE, SIZE + 9))
    assert [s.sealed for s in shelf.segments] == [True]


def test_the_key_of_a_removed_passage_in_a_sealed_segment_is_not_given_again(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.change(SIZE, [])
    shelf.change(0, [SIZE - 1])
    assert max(shelf.vectors) == SIZE - 1
    shelf.change(1, [])
    assert max(shelf.vectors) == SIZE + 1
    check(shelf)


def test_a_damaged_sealed_segment_is_refused_and_written_anew(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.change(SIZE + 1, [])
    path = tmp_path / shelf.segments[0].file.name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    assert not are_intact(tmp_path, shelf.segments)
    with pytest.raises(IndexDamagedError, match=path.name):
        shelf.load()
    shelf.change(0, [])
    check(shelf)


def test_lists_find_nearly_all_of_the_nearest():
    """Vectors in clusters, as those of articles are."""
    random = np.random.default_rng(5)
    centres = random.normal(size=(200, 64))
    rows = centres[random.integers(200, size=20_000)] + random.normal(size=(20_000, 64))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    index = VectorIndex.in_lists(np.arange(20_000), rows)
    shared = 0
    for query in rows[:50]:
        best = np.argsort(-(rows @ query))[:10]
        found = index.search(query, 200)[0]  # to be ranked by the vectors themselves
        shared += len(set(best.tolist()) & set(found.tolist()))
    assert shared >= 0.95 * 500


class Noting:
    """An index that notes how many of its lists are to be visited."""

    def __init__(self):
        self.visited = []

    def search(self, query, k, within=None, *, without=None, visited):
        self.visited.append(visited)
        return np.zeros(0, np.int64), np.zeros(0, np.float32)


@pytest.mark.parametrize(("count", "visited"), [(1, 128), (4, 128), (8, 64), (15, 48)])
def test_of_many_segments_fewer_lists_are_visited_each(count, visited):
    indexes = [Noting() for _ in range(count)]
    alive = SimpleNamespace(dead=())
    Segments([alive] * count, indexes).search(np.zeros(4, np.float32), 5)
    assert all(index.visited == [visited] for index in indexes)
