"""The index on disk: search against brute force, one lock, and every damage found."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
from fakes import BagOfWordsEmbedder, Library, article, outcomes
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import (
    BuildLockedError,
    CatalogueDamagedError,
    FilterError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index import Index, IndexWriter, delete_index
from qa.index.vectors import VectorFile, VectorIndex
from qa.language.text import stem, stems
from qa.schema import Filters

WEIGHTS = (1.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Three built articles, for tests that only read."""
    library = Library(tmp_path_factory.mktemp("shelf"))
    library.write("towers.txt", article("tower", 9))
    library.write(
        "bridges.md",
        "---\ntitle: On bridges\npublisher: Iron Press\ndate: 2016-03-22\n---\n"
        "# On bridges\n\n## Arches\n\n" + article("bridge", 9),
    )
    library.write(
        "notes.jsonl",
        '{"id": "n1", "title": "Café", "text": "Crème brûlée costs 3.50 in C++.", '
        '"date": "2017"}\n'
        '{"id": "n2", "text": "He said \\"AND\\" NEAR(the U.S. border); it\'s -a*."}',
    )
    library.build(size=30)
    return library


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


# Reading a generation


def test_dense_search_ranks_passages_as_brute_force_does(shelf):
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(Filters(files=[s.file for s in snapshot.sources()]))
        for question in ("tower3 stands", "bridge5 since bridgeyear5", "crème"):
            query = shelf.embedder.encode_queries([question])[0]
            exact = {
                key: own for key, (own, *_) in snapshot.cosines(query, keys).items()
            }
            found = snapshot.search_vectors(query, 1000)
            assert set(found) == set(keys)
            scores = [exact[key] for key in found]
            assert scores == pytest.approx(sorted(scores, reverse=True), abs=2e-3)
            nearest = [exact[key] for key in snapshot.search_vectors(query, 2)]
            assert nearest == pytest.approx(scores[:2], abs=2e-3)


def test_cosines_are_those_of_the_passage_and_of_each_sentence(shelf):
    with shelf.open().snapshot() as snapshot:
        query = shelf.embedder.encode_queries(["bridge2 stands"])[0]
        (key, *_) = snapshot.search_vectors(query, 1)
        passage, source = snapshot.passages([key])[key]
        cosines = snapshot.cosines(query, [key])[key]
        document = snapshot.document(source.id)
    texts = [document.text[s.start : s.end] for s in passage.sentences]
    title = source.title
    embedded = [f"{passage.heading}: {passage.text}"]
    embedded += [f"{title}: {text}" for text in texts]
    vectors = shelf.embedder.encode_queries(embedded)
    assert len(texts) > 1
    assert cosines == pytest.approx((vectors @ query).tolist(), abs=2e-3)


def test_the_vectors_of_sentences_are_those_the_cosines_are_of(shelf):
    query = shelf.embedder.encode_queries(["bridge2 stands"])[0]
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(Filters())
        vectors = snapshot.sentence_vectors(keys)
        cosines = snapshot.cosines(query, keys)
        sentences = {
            k: len(p.sentences) for k, (p, _) in snapshot.passages(keys).items()
        }
    assert {key: len(found) for key, found in vectors.items()} == sentences
    for key, found in vectors.items():
        own = cosines[key][1:] or cosines[key]
        assert (found @ query).tolist() == pytest.approx(own)


def test_a_passage_of_one_sentence_has_one_cosine(shelf):
    with shelf.open().snapshot() as snapshot:
        (key,) = snapshot.keys_of(Filters(files=["notes.jsonl#n1"]))
        query = shelf.embedder.encode_queries(["costs"])[0]
        assert len(snapshot.cosines(query, [key])[key]) == 1


def test_stored_stems_are_those_of_the_title_and_of_each_sentence(shelf):
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(Filters(files=["bridges.md"]))
        stored = snapshot.stems(keys)
        assert list(stored) == keys
        for key, (passage, source) in snapshot.passages(keys).items():
            text = snapshot.document(source.id).text
            assert {stem("bridges"), stem("Press"), stem("arches")} <= stored[key].title
            assert stored[key].sentences == tuple(
                tuple(stems(text[s.start : s.end])) for s in passage.sentences
            )


def test_frequencies_count_passages_up_to_inflection_case_and_accents(shelf):
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(Filters(files=["bridges.md"]))
        counted = snapshot.frequencies(["Bridges", "tower3", "Crème", "absent", "AND"])
    assert counted == {
        "Bridges": len(keys),
        "tower3": 1,
        "Crème": 1,
        "absent": 0,
        "AND": 1,
    }


def test_authors_can_be_searched_for_by_name(library):
    library.write("a.md", "---\nauthors: [Zoë Noël]\n---\n" + article("tower"))
    library.build()
    with library.open().snapshot() as snapshot:
        for name in ("zoe", "Noël"):
            assert snapshot.search_text(f'"{name}"', 5, weights=WEIGHTS), name
            assert snapshot.frequencies([name])[name] > 0


def test_words_without_spaces_and_letters_with_strokes_are_found(library):
    library.write("a.txt", "丝湾的灯塔建于1884年。 Søren Åberg lit the lamp of Łódź.")
    for _ in range(2):  # what was put in for the words goes with them
        library.build()
        with library.open().snapshot() as snapshot:
            for word in ("灯", "soren", "Aberg", "lodz", "1884"):
                assert snapshot.search_text(f'"{word}"', 5, weights=WEIGHTS), word
                assert snapshot.frequencies([word])[word] == 1
            assert "lamp" in snapshot.terms_like("lomp")
            assert snapshot.written("lamp") == "lamp"
            assert snapshot.written("absent") == ""
    library.write("a.txt", "Nothing of that is left in this text of the library.")
    library.build()
    with library.open().snapshot() as snapshot:
        assert snapshot.frequencies(["soren", "灯"]) == {"soren": 0, "灯": 0}


def test_every_stored_passage_is_its_span_of_the_stored_document(shelf):
    with shelf.open().snapshot() as snapshot:
        for source in snapshot.sources():
            document = snapshot.document(source.id)
            assert document.source == source
            keys = snapshot.keys_in(source.id)
            for passage, stated in snapshot.passages(keys).values():
                assert document.text[passage.start : passage.end] == passage.text
                assert stated == source


def test_an_unknown_document_is_an_error(shelf):
    with shelf.open().snapshot() as snapshot, pytest.raises(KeyError):
        snapshot.document("no such id")


@pytest.mark.parametrize("read", ["passages", "stems"])
def test_a_passage_that_is_not_there_is_damage_since_searches_named_it(shelf, read):
    with (
        pytest.raises(CatalogueDamagedError),
        shelf.open().snapshot() as snapshot,
    ):
        getattr(snapshot, read)([1, 10**6])


def test_no_keys_have_no_cosines(shelf):
    with shelf.open().snapshot() as snapshot:
        assert snapshot.cosines(shelf.embedder.encode_queries(["x"])[0], []) == {}


@pytest.mark.parametrize(
    "term",
    ['""', "AND", "NEAR(", "-a", "a*", "^a", "C++", "U.S.", "it's", "3.50", "brulee"],
)
def test_any_quoted_term_can_be_searched_for(shelf, term):
    quoted = '"' + term.replace('"', '""') + '"'
    with shelf.open().snapshot() as snapshot:
        found = snapshot.search_text(quoted, 5, weights=WEIGHTS)
        if term in {"AND", "C++", "U.S.", "it's", "3.50", "brulee"}:
            (key,) = [key for key, _ in found]
            (_, source) = snapshot.passages([key])[key]
            assert source.file.startswith("notes.jsonl#")


def test_full_text_search_finds_titles_and_headings_and_ranks_best_first(shelf):
    with shelf.open().snapshot() as snapshot:
        for word in ("bridges", "arches", "arch"):
            assert snapshot.search_text(f'"{word}"', 9, weights=WEIGHTS), word
        scored = snapshot.search_text('"tower1" OR "stands"', 9, weights=WEIGHTS)
        scores = [score for _, score in scored]
        assert scores == sorted(scores, reverse=True)
        passage, _ = snapshot.passages([scored[0][0]])[scored[0][0]]
        assert "tower1" in passage.text
        assert snapshot.search_text("", 9, weights=WEIGHTS) == []
        assert len(snapshot.search_text('"stands"', 2, weights=WEIGHTS)) == 2


def test_both_searches_stay_within_the_keys_given(shelf):
    query = shelf.embedder.encode_queries(["tower1 stands"])[0]
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(Filters(files=["bridges.md"]))
        dense = snapshot.search_vectors(query, 100, keys)
        lexical = snapshot.search_text('"stands"', 100, weights=WEIGHTS, within=keys)
        assert set(dense) == {key for key, _ in lexical} == set(keys)
        assert snapshot.search_vectors(query, 9, []) == []
        assert snapshot.search_text('"stands"', 9, weights=WEIGHTS, within=[]) == []


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(files=["towers.txt"]), {"towers.txt"}),
        (Filters(files=["notes.jsonl"]), {"notes.jsonl#n1", "notes.jsonl#n2"}),
        (Filters(files=["notes.jsonl#n2"]), {"notes.jsonl#n2"}),
        (Filters(publishers=["IRON press"]), {"bridges.md"}),
        (Filters(since="2016"), {"bridges.md", "notes.jsonl#n1"}),
        (Filters(since="2016-03-23"), {"notes.jsonl#n1"}),
        (Filters(since="2016-03-22", until="2016-03-22"), {"bridges.md"}),
        (Filters(since="2017-06"), {"notes.jsonl#n1"}),
        (Filters(until="2016-03"), {"bridges.md"}),
    ],
)
def test_filters_choose_documents(shelf, filters, files):
    with shelf.open().snapshot() as snapshot:
        keys = snapshot.keys_of(filters)
        found = {source.file for _, source in snapshot.passages(keys).values()}
    assert found == files


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (Filters(files=["none"]), "no article 'none'"),
        (Filters(publishers=["none"]), "known are: Iron Press"),
        (Filters(since="last year"), "is no date"),
        (Filters(until="2016-02"), "no article passes"),
        (Filters(files=["bridges.md"], since="2018"), "no article passes"),
    ],
)
def test_filters_that_leave_nothing_say_why(shelf, filters, reason):
    with (
        shelf.open().snapshot() as snapshot,
        pytest.raises(FilterError, match=reason),
    ):
        snapshot.keys_of(filters)


def test_statistics_count_what_is_there(shelf):
    stats = shelf.open().stats()
    with shelf.open().snapshot() as snapshot:
        seeds = snapshot.seeds()
        assert (stats.seeds, stats.documents) == (3, len(snapshot.sources())) == (3, 4)
    assert stats.passages == sum(seed.passages for seed in seeds)
    assert stats.vectors >= len({*shelf.embedder.encoded}) > stats.passages
    assert stats.bytes >= (shelf.folder / "catalogue.sqlite").stat().st_size


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


# One builder at a time


def test_a_second_builder_is_told_who_builds(library):
    library.write("a.txt", article("tower"))
    code = (
        "import sys; from pathlib import Path; from qa.index import IndexWriter\n"
        "with IndexWriter.open(Path(sys.argv[1]), embedder='words@1'):\n"
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
        "import os, sys; from pathlib import Path; from qa.index import IndexWriter\n"
        "with IndexWriter.open(Path(sys.argv[1]), embedder='words@1'):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(library.folder)])
    assert killed.returncode == -9
    assert outcomes(library.build()) == {"a.txt": "added"}


def test_the_lock_is_free_again_after_a_failed_build(library):
    with pytest.raises(RuntimeError), IndexWriter.open(library.folder, embedder="x"):
        raise RuntimeError
    with IndexWriter.open(library.folder, embedder="x"):
        pass


def test_a_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with (
        pytest.raises(IndexDamagedError, match="cannot be made"),
        IndexWriter.open(tmp_path / "file", embedder="x"),
    ):
        pass


# Damage


def _read(library):
    with library.open().snapshot() as snapshot:
        return snapshot.generation


@pytest.fixture
def built(library):
    library.write("a.txt", article("tower"))
    library.build()
    library.embedder.encoded.clear()
    return library


def test_reading_before_any_build_says_so(library):
    with pytest.raises(IndexMissingError, match="qa build"):
        _read(library)


def test_an_unfinished_first_build_is_no_index_yet(library):
    library.write("a.txt", article("tower"))
    with IndexWriter.open(library.folder, embedder=library.embedder.id):
        pass
    with pytest.raises(IndexMissingError, match="no index yet"):
        _read(library)
    library.build()
    assert _read(library) == 1


def test_another_embedder_is_refused_by_the_reader(built):
    with (
        pytest.raises(IndexMismatchError, match="words@2"),
        Index(built.folder, embedder="words@2").snapshot(),
    ):
        pass


def test_a_reader_picks_up_a_new_generation_by_itself(built):
    index = built.open()
    assert index.stats().generation == 1
    built.write("b.txt", article("bridge"))
    built.build()
    assert index.stats().generation == 2
    assert index.stats().seeds == 2


def test_a_snapshot_stays_what_it_was_while_a_build_publishes(built):
    with built.open().snapshot() as snapshot:
        before = snapshot.sources()
        built.write("b.txt", article("bridge"))
        built.build()
        assert snapshot.sources() == before
        query = built.embedder.encode_queries(["tower0"])[0]
        keys = snapshot.search_vectors(query, 9)
        assert set(snapshot.passages(keys)) == set(keys)


class _Overtaken(Index):
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


def test_vectors_of_another_dimension_never_mix(built):
    built.embedder = BagOfWordsEmbedder(id="words@3", dimension=16)
    built.build()
    query = built.embedder.encode_queries(["tower0"])[0]
    with built.open().snapshot() as snapshot:
        assert snapshot.search_vectors(query, 3)
        with pytest.raises(ValueError, match="16 numbers"):
            snapshot.search_vectors(np.zeros(64, np.float32), 3)
