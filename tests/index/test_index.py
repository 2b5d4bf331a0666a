"""The index on disk: search against brute force, one lock, and every damage found."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial

import numpy as np
import pytest
from fakes import article, keys_of, outcomes
from hypothesis import example, given
from hypothesis import strategies as st

from qa.errors import (
    BuildLockedError,
    IndexDamagedError,
)
from qa.index import SqliteStore, delete_index
from qa.index.segments import SegmentWriter
from qa.index.terms import index_terms
from qa.index.vectors import VectorFile, VectorIndex
from qa.language.text import searchable
from qa.schema import Filters

# Vectors against brute force


def _unit(rows):
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 40),
    k=st.integers(0, 60),
    allowed=st.none() | st.sets(st.integers(0, 120)),
)
def test_vector_search_agrees_with_brute_force(seed, count, k, allowed):
    random = np.random.default_rng(seed)
    vectors = _unit(random.normal(size=(count, 6)))
    query = _unit(random.normal(size=(1, 6)))[0]
    ids = np.arange(count, dtype=np.int64) * 3
    within = None if allowed is None else np.array(sorted(allowed), np.int64)
    found, scores = VectorIndex.of(ids, vectors).search(query, k, within)
    exact = dict(zip(ids.tolist(), (vectors @ query).tolist(), strict=True))
    if allowed is not None:
        exact = {i: score for i, score in exact.items() if i in allowed}
    best = sorted(exact.values(), reverse=True)[:k]
    assert len(set(found.tolist())) == len(found) == len(best)
    assert np.allclose(scores, best, atol=1e-3)
    assert np.allclose(scores, [exact[i] for i in found.tolist()], atol=1e-3)


@pytest.mark.parametrize(
    "query", [np.zeros(3, np.float32), np.full(4, np.nan, np.float32)]
)
def test_a_query_that_faiss_would_choke_on_is_refused(query):
    index = VectorIndex.of(np.array([1], np.int64), _unit(np.ones((1, 4))))
    with pytest.raises(ValueError, match="finite vector of 4"):
        index.search(query, 1)


def test_a_saved_file_is_known_again_and_any_change_in_it_is_noticed(tmp_path):
    vectors = _unit(np.random.default_rng(2).normal(size=(5, 4)))
    ids = np.arange(5, dtype=np.int64)
    file = VectorIndex.of(ids, vectors).save(tmp_path, "v.faiss")
    assert [path.name for path in tmp_path.iterdir()] == ["v.faiss"]
    loaded = VectorIndex.load(tmp_path, file)
    assert loaded.search(vectors[2], 1)[0].tolist() == [2]
    data = bytearray((tmp_path / "v.faiss").read_bytes())
    for place in range(0, len(data), 17):
        changed = data.copy()
        changed[place] ^= 1
        (tmp_path / "v.faiss").write_bytes(changed)
        with pytest.raises(IndexDamagedError, match=r"v\.faiss"):
            VectorIndex.load(tmp_path, file)
    (tmp_path / "v.faiss").write_bytes(data[:-1])
    with pytest.raises(IndexDamagedError):
        VectorIndex.load(tmp_path, file)


def test_a_missing_vector_file_is_told_apart_from_a_damaged_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        VectorIndex.load(tmp_path, VectorFile("gone.faiss", 1, "x"))


# Full text


def test_the_full_text_table_agrees_with_the_catalogue_after_every_change(library):
    for contents in (["a", "b"], ["b", "c"], ["c"]):
        for path in library.seeds.glob("*"):
            path.unlink()
        for name in contents:
            library.write(f"{name}.txt", article(name, len(contents) * 5))
        library.build()
        with closing(sqlite3.connect(library.folder / "catalogue.sqlite")) as db:
            # Raises where the table and its content differ.
            db.execute(
                "INSERT INTO passages_fts (passages_fts, rank) "
                "VALUES ('integrity-check', 1)"
            )
            orphans = "SELECT count(*) FROM vectors WHERE id NOT IN "
            assert db.execute(orphans + "(SELECT vector FROM embedded)").fetchone() == (
                0,
            )


_TEXT = st.text(st.sampled_from("aesiUS.,'-_/0159 é灯øßÅŁ\"(\n€;"), max_size=40)


@given(text=_TEXT)
@example("The U.S. and it's 3.50 €; caresses, ponies, relational, generalisations")
@example("Technology, ideologies, analogy, logy; possibly, terribly, nobly, ably")
@example("Irresponsibly, incredibly " + "lo" * 30 + "ting " + "lo" * 31 + "ing")
@example("x" * 70 + "ing café naïve Ångström Łódź straße")
def test_words_are_parted_and_stemmed_as_sqlite_does(text):
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE found USING fts5 (text, tokenize = "
            "'porter unicode61 remove_diacritics 2')"
        )
        db.execute("CREATE VIRTUAL TABLE terms USING fts5vocab (found, instance)")
        db.execute("INSERT INTO found VALUES (?)", [searchable(text)])
        rows = db.execute("SELECT term FROM terms ORDER BY offset")
        assert index_terms(text) == [term for (term,) in rows]


# One builder at a time


def test_a_second_builder_is_told_who_builds(library):
    library.write("a.txt", article("tower"))
    code = (
        "import sys; from pathlib import Path; from qa.index import SqliteStore\n"
        "with SqliteStore(Path(sys.argv[1]), embedder='words@1').writer():\n"
        "    print('locked', flush=True); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(library.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(BuildLockedError, match=f"process {other.pid} "):
            library.build()
        with pytest.raises(BuildLockedError):
            delete_index(library.folder)
        other.stdin.write("\n")
    assert outcomes(library.build()) == {"a.txt": "added"}


def test_the_lock_of_a_killed_builder_does_not_stay(library):
    library.write("a.txt", article("tower"))
    code = (
        "import os, sys; from pathlib import Path; from qa.index import SqliteStore\n"
        "with SqliteStore(Path(sys.argv[1]), embedder='words@1').writer():\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(library.folder)])
    assert killed.returncode == -9
    assert outcomes(library.build()) == {"a.txt": "added"}


def test_a_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with (
        pytest.raises(IndexDamagedError, match="cannot be made"),
        SqliteStore(tmp_path / "file", embedder="x").writer(),
    ):
        pass


def test_of_sealed_segments_the_nearest_are_ranked_by_their_own_vectors(
    library, monkeypatch
):
    few = partial(SegmentWriter, size=64)
    monkeypatch.setattr("qa.index.writer.SegmentWriter", few)
    library.write("title.md", "# A title and nothing else\n")
    for name in ("tower", "bridge", "castle"):
        library.write(f"{name}.txt", article(name, 100))
    library.build(size=8)
    query = library.embedder.encode_queries(["bridge5 stands since bridgeyear5"])[0]
    with library.open().snapshot() as snapshot:
        keys = keys_of(snapshot)
        assert len(keys) == 300
        own = {key: c[0] for key, c in snapshot.cosines(query, keys).items()}
        near = snapshot.search_vectors(query, 4)
        found = snapshot.nearest(query, near, 4)
        # Estimates are looked at more widely than what is asked for.
        assert len(near) == 200
        assert sorted(snapshot.search_vectors(query, 50)) == sorted(keys)
    with library.open().snapshot(Filters(files=["title.md"])) as snapshot:
        none = snapshot.search_vectors(query, 4)
        assert none == snapshot.nearest(query, none, 4) == []
    best = sorted(own.values(), reverse=True)
    assert [own[key] for key in found] == pytest.approx(best[:4], abs=1e-6)
    # Those are estimates.
    assert [own[key] for key in near] != pytest.approx(best[: len(near)])


def test_of_what_is_compared_exactly_no_more_is_read_than_is_asked_for(library):
    library.write("a.txt", article("tower", 20))
    library.build(size=8)
    query = library.embedder.encode_queries(["tower3"])[0]
    with library.open().snapshot() as snapshot:
        assert len(snapshot.search_vectors(query, 4)) == 4


# Generations


@pytest.fixture
def built(library):
    library.write("a.txt", article("tower"))
    library.build()
    library.embedder.encoded.clear()
    return library


def test_common_words_are_counted_anew_in_each_generation(built, monkeypatch):
    monkeypatch.setattr("qa.index.snapshot._COMMON", 1)
    index = built.open()
    with index.snapshot() as snapshot:
        assert snapshot.frequencies(["tower1"]) == {"tower1": 1}
    built.write("b.txt", article("tower"))
    built.build()
    with index.snapshot() as snapshot:
        assert snapshot.frequencies(["tower1"]) == {"tower1": 2}


class _Overtaken(SqliteStore):
    """Reads the catalogue, and a whole build passes before it reads the vectors."""

    def __init__(self, library):
        super().__init__(library.folder, embedder=library.embedder.id)
        self._builds = [library.build]

    def _vectors(self, connection, meta):
        if self._builds:
            self._builds.pop()()
        return super()._vectors(connection, meta)


def test_a_reader_overtaken_by_a_build_reads_the_newer_generation(built):
    built.write("b.txt", article("bridge"))
    with _Overtaken(built).snapshot() as snapshot:
        assert snapshot.generation == 2
        assert len(snapshot.sources()) == 2


def test_left_over_files_of_a_killed_build_are_collected(built):
    (built.folder / "vectors-7.faiss.partial").write_bytes(b"half")
    built.write("b.txt", article("bridge"))
    built.build()
    assert [p.name for p in built.folder.glob("vectors*")] == ["vectors-2.faiss"]
