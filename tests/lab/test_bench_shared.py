"""An index as on shared storage, measured by the bench; with the extra ``scale``."""

import pytest

from lab.bench import GROUPS, Plan


def test_an_index_as_on_shared_storage_is_measured_in_the_same_way(tmp_path):
    pytest.importorskip("lancedb", reason="the extra `scale` is not installed")
    rows = {row.name: row for row in GROUPS["shared"](Plan((60,), tmp_path, print))}
    assert rows["60: dense search, recall@10"].value > 0.98
    assert rows["60: query, median"].value > 0
    assert rows["60: on disk"].value > 0
    assert rows["60: adding an article, without embedding"].value > 0
    assert not list(tmp_path.iterdir())
