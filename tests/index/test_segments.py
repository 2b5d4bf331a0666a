"""Segments, searched as if they were one."""

from types import SimpleNamespace

import numpy as np
import pytest

from qa.index.segments import Segments

DEAD = SimpleNamespace(dead=())


class Index:
    """Notes how many of its lists are to be visited."""

    def __init__(self):
        self.visited = []

    def search(self, query, k, within=None, *, without=None, visited):
        self.visited.append(visited)
        return np.zeros(0, np.int64), np.zeros(0, np.float32)


@pytest.mark.parametrize(("count", "visited"), [(1, 128), (4, 128), (8, 64), (15, 48)])
def test_of_many_segments_fewer_lists_are_visited_each(count, visited):
    indexes = [Index() for _ in range(count)]
    Segments([DEAD] * count, indexes).search(np.zeros(4, np.float32), 5)
    assert all(index.visited == [visited] for index in indexes)
