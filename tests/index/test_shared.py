"""An index on shared storage: several machines, killed builders, an S3 server."""

import os
import re
import subprocess
import sys
import textwrap
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEmbedder, Library, PowerCutError, article, keys_of

from qa.errors import (
    BuildLockedError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
)
from qa.index import TextQuery
from qa.index.lance import LanceStore, delete_shared
from qa.index.lance.generations import NAME, Generation
from qa.index.lance.tables import Database
from qa.language.text import tokens
from qa.settings import Settings
from qa.wiring import make_store

TESTS = Path(__file__).parents[1]


@pytest.fixture
def shared(tmp_path):
    pytest.importorskip("lancedb", reason="the extra `scale` is not installed")
    return str(tmp_path / "shared")


class Machine(Library):
    """A computer with seeds and a scratch folder of its own, and an index elsewhere."""

    def __init__(self, home, address):
        super().__init__(home)
        self.address = address

    def open(self):
        embedder = self.embedder.id
        return LanceStore(self.address, embedder=embedder, scratch=self.folder)


@pytest.fixture
def built(shared, tmp_path):
    machine = Machine(tmp_path, shared)
    machine.write("a.txt", article("tower"))
    machine.build()
    return machine


def holdings(store):
    """The generation and the first word of each sentence in it, once all that it tells
    was found to agree.
    """
    with store.snapshot() as snapshot:
        keys = keys_of(snapshot)
        passages = snapshot.passages(keys)
        counted = Counter()
        for passage, source in passages.values():
            text = snapshot.document(source.id).text
            assert text[passage.start : passage.end] == passage.text
            counted.update({*tokens(f"{source.title} {passage.text}")})
        said = {word for word in counted if word.startswith("tower")}
        assert snapshot.frequencies(sorted(said)) == {w: counted[w] for w in said}
        assert len(keys) == len(set(keys)) == snapshot.passage_count
        assert len(snapshot.sources()) == snapshot.document_count
        assert sum(seed.passages for seed in snapshot.seeds()) == len(keys)
        found = snapshot.search_text(TextQuery(("stands",)), 999)
        assert sorted(key for key, _ in found) == sorted(keys)
        near = snapshot.search_vectors(np.full(64, 0.125, np.float32), 999)
        assert sorted(near) == sorted(keys)
        return snapshot.generation, {w for w in said if w[-1] in "0123456789"}


def test_without_the_extra_the_command_that_installs_it_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "lancedb", None)
    settings = Settings(store="s3://bucket/library", index=tmp_path)
    with pytest.raises(
        SettingsError, match=r"pip install -c constraints.txt '.\[scale\]'"
    ):
        make_store(settings, embedder="words@1")


def test_a_storage_that_cannot_be_used_is_named(shared, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    machine = Machine(tmp_path, str(tmp_path / "file" / "library"))
    machine.write("a.txt", article("tower"))
    with pytest.raises(IndexDamagedError, match="file/library: cannot be used"):
        machine.build()


def test_a_table_that_is_being_made_is_none_and_one_half_made_is_made_anew(
    shared, tmp_path
):
    reading = Machine(tmp_path / "reader", shared).open()
    for name in ("generations", "seeds"):
        Path(shared, f"{name}.lance", "data").mkdir(parents=True)
        assert name in Database(shared).names()
    with pytest.raises(IndexMissingError, match="no index yet"):
        holdings(reading)
    machine = Machine(tmp_path, shared)
    machine.write("a.txt", article("tower"))
    machine.build()
    assert holdings(reading)[0] == 1


def test_machines_that_share_storage_read_what_one_of_them_builds(shared, tmp_path):
    one, other = Machine(tmp_path / "one", shared), Machine(tmp_path / "two", shared)
    one.write("a.txt", article("tower"))
    one.build()
    reading = other.open()
    assert holdings(reading) == holdings(one.open())
    one.write("a.txt", article("towerv2n"))
    one.build()
    generation, said = holdings(reading)
    assert generation == 2
    assert "towerv2n1" in said
    assert "tower1" not in said
    delete_shared(shared, scratch=one.folder)
    assert list(Path(shared).iterdir()) == []


def test_of_two_machines_that_build_at_once_the_later_one_stops(shared, tmp_path):
    one, other = Machine(tmp_path / "one", shared), Machine(tmp_path / "two", shared)
    one.write("a.txt", article("tower"))
    other.write("b.txt", article("towerb"))
    with one.open().writer() as writer:
        other.build()
        with pytest.raises(BuildLockedError, match="another machine is building"):
            writer.publish([], ["a.txt"], settings="size=40")
    assert holdings(one.open())[0] == 1
    # Whoever begins anew goes on from what was published.
    assert one.build().generation == 2
    assert "tower1" in holdings(other.open())[1]


def test_of_two_generations_of_one_number_the_first_holds(shared, built):
    rows = Database(shared).open(NAME)
    published = Generation.newest(rows, shared)
    rows.append([replace(published, builder="another").row()])
    assert Generation.newest(rows, shared) == published


def test_a_generation_of_another_format_is_not_read(shared, built):
    rows = Database(shared).open(NAME)
    published = Generation.newest(rows, shared)
    other = published.format + 1
    rows.append([replace(published, number=2, format=other).row()])
    with pytest.raises(IndexMismatchError, match=f"has format {other},"):
        built.open().stats()
    with pytest.raises(IndexMismatchError, match=f"has format {other},"):
        built.build()


@pytest.mark.parametrize("change", ["upsert", "delete"])
def test_a_change_on_top_of_somebody_elses_is_noticed_at_once(shared, change):
    one = Database(shared).create("terms")
    one.upsert([{"term": "a", "passages": 1}])
    other = Database(shared).open("terms")
    other.upsert([{"term": "b", "passages": 1}])
    changes = {
        "upsert": lambda: one.upsert([{"term": "c", "passages": 1}]),
        "delete": lambda: one.delete("term = 'a'"),
    }
    with pytest.raises(BuildLockedError, match="another machine"):
        changes[change]()


def test_vectors_of_a_build_that_was_not_finished_are_dropped_in_the_end(built):
    vectors = built.open().stats().vectors
    built.write("b.txt", article("bridge"))
    built.embedder.fail_after = 3
    with pytest.raises(PowerCutError):
        built.build()
    built.embedder.fail_after = None
    (built.seeds / "b.txt").unlink()
    assert built.build().generation is None
    built.write("a.txt", article("tower", 1))
    built.build()
    assert built.open().stats().vectors <= vectors + 2


def test_many_vectors_are_searched_by_lists_and_found(shared):
    random = np.random.default_rng(3)
    vectors = random.normal(size=(10_001, 128))
    vectors = (vectors.T / np.linalg.norm(vectors, axis=1)).T.astype(np.float16)
    table = Database(shared).create("passages-x-128", dimension=128)
    seeds = ["a.txt", "b.txt"]
    table.upsert(
        [
            {"key": key, "vector": vector, "words": "w", "seed": seeds[key % 2]}
            for key, vector in enumerate(vectors)
        ]
    )
    table.settle()
    kinds = {i.index_type for i in table._table.list_indices()}
    assert any("RQ" in kind.upper() for kind in kinds)
    found = []
    for query in vectors[:20].astype(np.float32):
        nearest = np.argsort(-(vectors.astype(np.float32) @ query))
        for where, among in (
            ("", nearest),
            ("seed = 'b.txt'", nearest[nearest % 2 == 1]),
        ):
            keys = table.nearest(query, 50, where)
            found.append(len({*keys} & {*among[:50].tolist()}))
    # Vectors without any likeness are what one bit a number tells worst.
    assert np.mean(found) > 40


def test_versions_that_nobody_reads_are_deleted_and_the_one_that_is_read_stays(
    shared, built
):
    table = Database(shared).open("seeds")
    earlier = {v["version"] for v in table._table.list_versions()}
    time.sleep(2)
    built.write("a.txt", article("towera"))
    built.build()
    reading = built.open()
    table = Database(shared).open("seeds")
    read = table.version
    # As a build that was killed leaves it: newer than what is read.
    table.upsert([{"file": "b.txt", "sha256": "", "added": "", "passages": 0}])
    table.forget_before(read, margin=timedelta(seconds=1))
    there = {v["version"] for v in table._table.list_versions()}
    assert {read, table.version} <= there
    assert not earlier & there
    assert holdings(reading) == holdings(built.open())


def test_the_first_build_after_an_hour_tidies_up(shared, tmp_path):
    machine = Machine(tmp_path, shared)
    for name in ("tower", "towera", "towerb"):
        machine.write("a.txt", article(name))
        machine.build()
        machine.embedder = BagOfWordsEmbedder(id="words@2")
    rows = Database(shared).open(NAME)
    published = Generation.newest(rows, shared)
    earlier = datetime.now(UTC) - timedelta(hours=2)
    again = replace(published, number=published.number + 1, made=earlier.isoformat())
    rows.append([again.row()])
    reading = machine.open()
    before = holdings(reading)
    assert machine.build().generation is None
    assert Database(shared).open(NAME).count() == 1
    kinds = [name.split("-")[0] for name in Database(shared).names()]
    assert len(kinds) == len(set(kinds))
    assert holdings(reading) == holdings(machine.open()) == before


BUILDER = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, str(Path(sys.argv[1]) / "index"))
from test_shared import Machine

left = int(sys.argv[4])

def step(frame, event, _):
    # Before and after each thing that is done to a table.
    global left
    if event in {"call", "return"} and frame.f_code.co_filename.endswith(
        os.path.join("lance", "tables.py")
    ) and frame.f_code.co_name in {
        "upsert", "append", "delete", "settle", "put_back", "create", "drop"
    }:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

machine = Machine(Path(sys.argv[2]), sys.argv[3])
sys.setprofile(step)
machine.build(readers=1)
sys.setprofile(None)
print(left)
"""


def run_builder(machine, kill_at):
    code = textwrap.dedent(BUILDER)
    arguments = [TESTS, machine.home, machine.address, kill_at]
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


PUBLISHED = 38
"""The step of ``BUILDER`` after which the new generation is there."""


@pytest.mark.parametrize("kill_at", [8, 14, 20, 28, 37, PUBLISHED, 40])
def test_a_killed_builder_leaves_no_torn_and_no_doubled_row(shared, tmp_path, kill_at):
    machine = Machine(tmp_path, shared)
    machine.write("a.txt", article("tower", 6))
    machine.write("b.txt", article("towerb", 6))
    machine.build()
    reading = machine.open()
    before = holdings(reading)
    machine.write("a.txt", article("towerv2n", 9))
    machine.write("c.txt", article("towerc", 3))
    (machine.seeds / "b.txt").unlink()
    ran = run_builder(machine, kill_at)
    assert ran.returncode == -9, ran.stderr + ran.stdout
    generation, said = holdings(machine.open())
    assert holdings(reading) == (generation, said)
    if kill_at < PUBLISHED:
        assert (generation, said) == before
    else:
        assert (generation, names(said)) == (2, {"towerv2", "towerc"})
    machine.write("a.txt", article("towerv3n", 2))
    machine.build()
    last, said = holdings(reading)
    assert (last, names(said)) == (generation + 1, {"towerv3", "towerc"})


def names(said):
    return {re.match(r"tower(v\d|[a-c])?", word)[0] for word in said}


@pytest.fixture
def bucket(monkeypatch):
    """An S3 server on this machine, and an address in it."""
    pytest.importorskip("lancedb", reason="the extra `scale` is not installed")
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    boto3 = pytest.importorskip("boto3")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    for name, value in {
        "AWS_ENDPOINT": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(
        Bucket="articles"
    )
    yield "s3://articles/library"
    running.stop()


PUBLISHER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, str(Path(sys.argv[1]) / "index"))
from fakes import article
from test_shared import Machine

machine = Machine(Path(sys.argv[2]), sys.argv[3])
for version in range(1, 7):
    for name in "abc":
        text = article(f"tower{name}v{version}n", 3 + version % 3)
        machine.write(f"{name}.txt", text)
    machine.build(readers=1)
"""


def test_each_answer_is_of_one_generation_on_an_s3_server(bucket, tmp_path):
    arguments = [TESTS, tmp_path / "builder", bucket]
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, *map(str, arguments)],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as builder:
        reading, seen = Machine(tmp_path / "reader", bucket).open(), set()
        while builder.poll() is None:
            try:
                generation, said = holdings(reading)
            except IndexMissingError:
                continue
            versions = {
                word.split("v")[1].split("n")[0] for word in said if "v" in word
            }
            assert versions == {str(generation)}
            seen.add(generation)
        assert builder.returncode == 0, builder.stderr.read()
    assert holdings(reading)[0] == 6
    assert len(seen) >= 3


@pytest.mark.real
def test_the_terminal_builds_asks_and_begins_anew_on_shared_storage(shared, qa):
    home = Path(shared).parent
    (home / "seeds").mkdir()
    text = "The pier of Lindesund froze in January.\n\n" + article("tower")
    for name in ("a.txt", "copy.txt"):
        (home / "seeds" / name).write_text(text, encoding="utf-8")
    for arguments in (["build"], ["build", "--fresh"]):
        built = qa(*arguments, QA_STORE="shared")
        assert built.returncode == 0, built.stderr
        assert "generation 1" in built.stdout
        assert "repeats" not in built.stdout
    asked = qa("ask", "When did the pier of Lindesund freeze?", QA_STORE="shared")
    assert "froze in January" in asked.stdout
    assert "copy.txt repeats a.txt" in qa("status", QA_STORE="shared").stdout
    assert not list((home / "index").glob("catalogue*"))
