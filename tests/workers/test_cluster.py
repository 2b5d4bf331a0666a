"""Builds on a Ray cluster: what is refused, what is sent, and nodes that are lost."""

import os
import sys
import time
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from fakes import BagOfWordsEmbedder, Library, article, keys_of, outcomes

from qa.documents import Origin, SeedFile
from qa.errors import ClusterError, ModelError, SettingsError
from qa.settings import Settings
from qa.wiring.parts import make_workers
from qa.workers import Cluster, Fresh, Here, Seen
from qa.workers.cluster import (
    _Embedding,
    _groups,
    _of_seen,
    _Parsing,
    _to_fresh,
    _to_row,
)

TESTS = Path(__file__).parents[1]
OWN = version("qa-articles")
NOWHERE = "127.0.0.1:9"
SEED = SeedFile("a.txt", article("tower").encode(), "5ha", Origin("http://a.b", "2026"))


@pytest.fixture
def ray():
    return pytest.importorskip("ray", reason="the extra `scale` is not installed")


class SlowEmbedder(BagOfWordsEmbedder):
    """Takes a while, and leaves the number of its process in a folder."""

    def __init__(self, folder):
        super().__init__()
        self._folder = folder

    def encode_documents(self, texts):
        (self._folder / str(os.getpid())).touch()
        time.sleep(0.3)
        return super().encode_documents(texts)


def cluster(address, embedder=BagOfWordsEmbedder):
    return Cluster(address, embedder=embedder, id="words@1")


def test_without_the_setting_builds_work_here_and_with_it_on_the_cluster(ray):
    embedder = BagOfWordsEmbedder()
    assert isinstance(make_workers(Settings(), embedder), Here)
    assert isinstance(make_workers(Settings(ray="local"), embedder), Cluster)


def test_without_the_extra_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(
        SettingsError, match=r"ray: .*install -c constraints.txt '.\[scale\]'"
    ):
        cluster("local")


def test_nodes_are_sent_no_secrets(ray):
    settings = Settings(ray="local", openai_key="sk-secret", auth="ann:secret")
    workers = make_workers(settings, BagOfWordsEmbedder())
    (sent,) = workers._embedder.args
    assert "secret" not in sent.model_dump_json()


def test_a_cluster_that_does_not_answer_is_named_with_what_to_do(ray, library):
    library.write("a.txt", article("tower"))
    told = f"ray: the cluster {NOWHERE} cannot be used .*refused.*or empty the setting"
    with pytest.raises(ClusterError, match=told):
        library.build(workers=cluster(NOWHERE))
    assert library.build().generation == 1


def test_a_cluster_is_joined_only_when_there_is_something_new(ray, library):
    library.write("a.txt", article("tower"))
    library.build()
    again = library.build(workers=cluster(NOWHERE))
    assert outcomes(again) == {"a.txt": "unchanged"}


def test_a_file_arrives_as_it_was_sent():
    fresh = Fresh("a look", replace(SEED, data=b"\x00\xff"))
    assert _to_fresh(_to_row(fresh)) == fresh


def test_files_are_sent_some_at_a_time():
    many = [Seen(str(number)) for number in range(10_001)]
    large = [Fresh("", replace(SEED, data=bytes(200_000_000))) for _ in range(3)]
    assert [len(group) for group in _groups(many)] == [10_000, 1]
    assert [len(group) for group in _groups(large)] == [2, 1]


def parsing(*fresh, of=OWN):
    arrow = pytest.importorskip("pyarrow", reason="the extra `scale` is missing")
    rows = [{"number": n, **_to_row(f)} for n, f in enumerate(fresh)]
    actor = _Parsing(of)
    with actor._parsers:
        return actor(arrow.Table.from_pylist(rows))


def test_a_node_parses_as_a_build_here_does():
    broken = replace(SEED, file="b.pdf", data=b"no PDF")
    sent = [Fresh("look", SEED), Fresh("look", broken)]
    made = parsing(*sent)
    assert made["number"].tolist() == [0, 1]
    with Here(BagOfWordsEmbedder(), 1) as here:
        named = {fresh.seed.file: fresh for fresh in sent}
        read = here.read(named.__getitem__, named, waiting=lambda: None)
        expected = list(read)
    assert [_of_seen().validate_json(seen) for seen in made["made"]] == expected
    assert expected[0].parsed.documents[0].source.url == "http://a.b"
    assert expected[1].refused


def test_a_node_with_another_version_is_refused():
    with pytest.raises(SettingsError, match=f"has qa-articles {OWN} and the builder 0"):
        parsing(Fresh("", SEED), of="0.0.1")


def test_a_node_with_another_embedder_is_refused():
    actor = _Embedding(OWN, BagOfWordsEmbedder, "words@2")
    with pytest.raises(ModelError, match="has words@1 and the builder words@2"):
        actor({"text": None, "number": None})


@pytest.fixture
def two_nodes(ray, monkeypatch):
    from ray.cluster_utils import Cluster as Nodes

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    paths = [str(TESTS), str(TESTS / "workers"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    node = {"num_cpus": 2, "object_store_memory": 100_000_000}
    head = node | {"include_dashboard": False}
    running = Nodes(initialize_head=True, head_node_args=head)
    yield running, running.add_node(**node)
    running.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_killed_actors_and_a_killed_node_lose_and_double_nothing(
    ray, two_nodes, tmp_path
):
    pytest.importorskip("lancedb", reason="the extra `scale` is not installed")
    running, other = two_nodes
    library = Library(tmp_path, kind="lance")
    for number in range(200):
        library.write(f"{number}.txt", article(f"tower{number}x", 30))
    library.write("broken.pdf", b"no PDF")
    pids = tmp_path / "pids"
    pids.mkdir()
    workers = partial(cluster, running.address, partial(SlowEmbedder, pids))

    def stop(now):
        if now.stage == "embedding" and now.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.build(workers=workers(), progress=stop)
    assert not ray.is_initialized()
    for pid in pids.iterdir():
        pid.unlink()
    left = ["an actor", "the node"]

    def progress(now):
        if now.stage == "embedding" and left and now.done > 2000 * (3 - len(left)):
            if left.pop(0) == "an actor":
                os.kill(int(next(pids.iterdir()).name), 9)
            else:
                running.remove_node(other, allow_graceful=False)

    report = library.build(workers=workers(), progress=progress)
    assert left == []
    assert report.count("added") == 200
    assert report.count("skipped") == 1
    alone = Library(tmp_path / "alone", kind="lance")
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "seeds").symlink_to(library.seeds)
    expected = alone.build()
    told = [[replace(s, embedded=0) for s in r.seeds] for r in (report, expected)]
    assert told[0] == told[1]
    assert 0 < report.embedded < expected.embedded == 7200
    assert library.passage_texts() == alone.passage_texts()
    with library.open().snapshot() as one, alone.open().snapshot() as two:
        assert one.passage_count == two.passage_count == len(set(keys_of(one)))
    assert library.open().stats().vectors == alone.open().stats().vectors
