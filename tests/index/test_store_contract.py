"""What every store has to do, asked of each of them alike."""

import numpy as np
import pytest
from fakes import STORES, BagOfWordsEmbedder, Library, article, keys_of, outcomes

from qa.errors import (
    BuildLockedError,
    FilterError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index import TextQuery, VectorText, index_term
from qa.index.filters import passing
from qa.language.text import stem, stems
from qa.schema import Filters


@pytest.fixture(params=STORES, scope="module")
def kind(request):
    if request.param == "lance":
        pytest.importorskip("lancedb", reason="the extra `scale` is not installed")
    return request.param


@pytest.fixture(scope="module")
def shelf(kind, tmp_path_factory):
    """Three built articles, for tests that only read."""
    library = Library(tmp_path_factory.mktemp("shelf"), kind=kind)
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


@pytest.fixture
def library(kind, tmp_path):
    return Library(tmp_path, kind=kind)


@pytest.fixture
def built(library):
    library.write("a.txt", article("tower"))
    library.build()
    library.embedder.encoded.clear()
    return library


def any_of(*terms):
    return TextQuery(terms)


def found_files(snapshot, found):
    return {source.file for _, source in snapshot.passages(found).values()}


# Searching by vector


def test_dense_search_ranks_passages_as_brute_force_does(shelf):
    with shelf.open().snapshot() as snapshot:
        keys = keys_of(snapshot)
        for question in ("tower3 stands", "bridge5 since bridgeyear5", "crème"):
            query = shelf.embedder.encode_queries([question])[0]
            exact = {
                key: own for key, (own, *_) in snapshot.cosines(query, keys).items()
            }
            near = snapshot.search_vectors(query, 1000)
            assert set(near) == set(keys)
            found = snapshot.nearest(query, near, 1000)
            scores = [exact[key] for key in found]
            assert scores == pytest.approx(sorted(scores, reverse=True), abs=2e-3)
            best = snapshot.nearest(query, snapshot.search_vectors(query, 2), 2)
            assert [exact[key] for key in best] == pytest.approx(scores[:2], abs=2e-3)
            assert snapshot.nearest(query, near, 2) == found[:2]


@pytest.mark.parametrize(
    "query", [np.zeros(3, np.float32), np.full(64, np.nan, np.float32)]
)
def test_a_query_of_another_dimension_or_without_numbers_is_refused(shelf, query):
    with (
        shelf.open().snapshot() as snapshot,
        pytest.raises(ValueError, match="finite vector of 64"),
    ):
        snapshot.search_vectors(query, 1)


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
        keys = keys_of(snapshot)
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
    with shelf.open().snapshot(Filters(files=["notes.jsonl#n1"])) as snapshot:
        (key,) = keys_of(snapshot)
        query = shelf.embedder.encode_queries(["costs"])[0]
        assert len(snapshot.cosines(query, [key])[key]) == 1


def test_no_keys_have_no_cosines(shelf):
    with shelf.open().snapshot() as snapshot:
        assert snapshot.cosines(shelf.embedder.encode_queries(["x"])[0], []) == {}


# Searching by words


@pytest.mark.parametrize(
    "term",
    ["", "AND", "NEAR(", "-a", "a*", "^a", "C++", "U.S.", "it's", "3.50", "brulee"],
)
def test_any_text_is_a_term_that_can_be_searched_for(shelf, term):
    with shelf.open().snapshot() as snapshot:
        found = [key for key, _ in snapshot.search_text(any_of(term), 5)]
        assert all("notes.jsonl#" in f for f in found_files(snapshot, found))
        if term in {"AND", "C++", "U.S.", "it's", "3.50", "brulee"}:
            assert len(found) == 1
        assert snapshot.search_text(any_of(f'absent{term}" OR "stands'), 9) == []


def test_full_text_search_finds_titles_and_headings_and_ranks_best_first(shelf):
    with shelf.open().snapshot() as snapshot:
        for word in ("bridges", "arches", "arch", "press"):
            found = [key for key, _ in snapshot.search_text(any_of(word), 9)]
            assert found_files(snapshot, found) == {"bridges.md"}, word
        scored = snapshot.search_text(any_of("tower1", "stands"), 9)
        scores = [score for _, score in scored]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0
        passage, _ = snapshot.passages([scored[0][0]])[scored[0][0]]
        assert "tower1" in passage.text
        assert snapshot.search_text(any_of(), 9) == []
        assert snapshot.search_text(any_of("absent"), 9) == []
        assert len(snapshot.search_text(any_of("stands"), 2)) == 2


def test_the_scores_of_words_are_added(shelf):
    with shelf.open().snapshot() as snapshot:
        common = dict(snapshot.search_text(any_of("stands"), 99))
        ((key, score),) = snapshot.search_text(any_of("tower4"), 9)
        both = dict(snapshot.search_text(any_of("tower4", "stands"), 99))
        assert both == pytest.approx({**common, key: common[key] + score})
        assert score > max(common.values())


def test_all_of_the_words_or_any_of_them(shelf):
    with shelf.open().snapshot() as snapshot:
        terms = ("tower2", "tower4", "tower8")
        each = [snapshot.search_text(any_of(term), 9) for term in terms]
        every = {key for found in each for key, _ in found}
        assert len(every) == 3
        assert {key for key, _ in snapshot.search_text(any_of(*terms), 9)} == every
        assert snapshot.search_text(TextQuery(terms, "and"), 9) == []
        for terms in (("tower4",), ("tower4", "towerplace4", "stands")):
            found = snapshot.search_text(TextQuery(terms, "and"), 9)
            assert [key for key, _ in found] == [each[1][0][0]]


def test_a_term_with_spaces_is_a_phrase(shelf):
    with shelf.open().snapshot() as snapshot:
        for phrase, times in (("U S", 1), ("S U", 0), ("stands in towerplace4", 1)):
            found = snapshot.search_text(any_of(phrase), 9)
            assert len(found) == times, phrase
        found = snapshot.search_text(any_of("U S", "brulee"), 9)
        assert len(found) == 2
        for word, times in (("border", 1), ("brulee", 0)):
            found = snapshot.search_text(TextQuery(("U S", word), "and"), 9)
            assert len(found) == times, word


def test_frequencies_count_passages_up_to_inflection_case_and_accents(shelf):
    with shelf.open().snapshot(Filters(files=["bridges.md"])) as snapshot:
        keys = keys_of(snapshot)
        words = ["Bridges", "tower3", "Crème", "absent", "AND", "s", "us"]
        counted = snapshot.frequencies(words)
    assert counted == {
        "s": 1,
        "us": 0,
        "Bridges": len(keys),
        "tower3": 1,
        "Crème": 1,
        "absent": 0,
        "AND": 1,
    }


def test_words_of_two_letters_are_counted_as_they_are(library):
    library.write("a.txt", "The US and the UK wrote to us, and not to you or s.")
    library.build()
    with library.open().snapshot() as snapshot:
        counted = snapshot.frequencies(["US", "UK", "u", "s", "or"])
    assert counted == {"US": 1, "UK": 1, "u": 0, "s": 1, "or": 1}


def test_authors_can_be_searched_for_by_name(library):
    library.write("a.md", "---\nauthors: [Zoë Noël]\n---\n" + article("tower"))
    library.build()
    with library.open().snapshot() as snapshot:
        for name in ("zoe", "Noël"):
            assert snapshot.search_text(any_of(name), 5), name
            assert snapshot.frequencies([name])[name] > 0


def test_words_without_spaces_and_letters_with_strokes_are_found(library):
    library.write("a.txt", "丝湾的灯塔建于1884年。 Søren Åberg lit the lamp of Łódź.")
    for _ in range(2):  # what was put in for the words goes with them
        library.build()
        with library.open().snapshot() as snapshot:
            for word in ("灯", "soren", "Aberg", "lodz", "1884"):
                assert snapshot.search_text(any_of(word), 5), word
                assert snapshot.frequencies([word])[word] == 1
            assert "lamp" in snapshot.terms_like("lomp")
            assert snapshot.written("lamp") == "lamp"
            assert snapshot.written("absent") == ""
    library.write("a.txt", "Nothing of that is left in this text of the library.")
    library.build()
    with library.open().snapshot() as snapshot:
        assert snapshot.frequencies(["soren", "灯"]) == {"soren": 0, "灯": 0}
        assert "lamp" not in snapshot.terms_like("lomp")


def test_terms_like_one_begin_as_it_does_and_are_about_as_long(library):
    library.write("a.txt", "L lo lamp lxxxxxxx lxxxxxxxx temp limp.")
    library.build()
    with library.open().snapshot() as snapshot:
        found = sorted(snapshot.terms_like("lomp"))
    assert found == ["lamp", "limp", "lo", "lxxxxxxx"]


def test_a_term_is_told_as_an_article_writes_it(shelf):
    with shelf.open().snapshot() as snapshot:
        for word in ("Iron", "Press", "Arches", "Café", "brûlée"):
            assert snapshot.written(index_term(word)) == word


# What is found


def test_stored_stems_are_those_of_the_title_and_of_each_sentence(shelf):
    with shelf.open().snapshot(Filters(files=["bridges.md"])) as snapshot:
        keys = keys_of(snapshot)
        stored = snapshot.stems(keys)
        assert set(stored) == set(keys)
        of_document = []
        for key in keys:
            passage, source = snapshot.passages([key])[key]
            text = snapshot.document(source.id).text
            assert {stem("bridges"), stem("Press"), stem("arches")} <= stored[key].title
            sentences = [stems(text[s.start : s.end]) for s in passage.sentences]
            assert stored[key].sentences == tuple(map(tuple, sentences))
            of_document += map(" ".join, sentences)
        assert snapshot.sentence_stems(source.id) == of_document


def test_every_stored_passage_is_its_span_of_the_stored_document(shelf):
    with shelf.open().snapshot() as snapshot:
        for source in snapshot.sources():
            document = snapshot.document(source.id)
            assert document.source == source
            keys = snapshot.keys_in(source.id)
            assert keys
            found = snapshot.passages(keys)
            for passage, stated in found.values():
                assert document.text[passage.start : passage.end] == passage.text
                assert stated == source
            starts = [found[key][0].start for key in keys]
            assert starts == sorted(starts)


def test_an_unknown_document_is_an_error_and_has_no_passages(shelf):
    with shelf.open().snapshot() as snapshot:
        assert snapshot.keys_in("no such id") == []
        with pytest.raises(KeyError):
            snapshot.document("no such id")


@pytest.mark.parametrize("read", ["passages", "stems", "sentence_vectors"])
def test_a_passage_that_is_not_there_is_damage_since_searches_named_it(shelf, read):
    with (
        pytest.raises(IndexDamagedError),
        shelf.open().snapshot() as snapshot,
    ):
        getattr(snapshot, read)([*keys_of(snapshot)[:1], 10**6])


def test_an_article_of_a_title_only_is_there_and_no_search_finds_it(library):
    library.write("title.md", "# The pier of Lindesund\n")
    for files in (["title.md"], ["title.md", "a.txt"]):
        library.build()
        query = library.embedder.encode_queries(["pier"])[0]
        with library.open().snapshot(Filters(files=["title.md"])) as snapshot:
            assert snapshot.document_count == len(files)
            near = snapshot.search_vectors(query, 9)
            assert near == snapshot.nearest(query, near, 9) == []
            assert snapshot.search_text(any_of("pier"), 9) == []
        library.write("a.txt", article("tower"))


# Filters


def test_both_searches_stay_within_the_filters(shelf):
    query = shelf.embedder.encode_queries(["tower1 stands"])[0]
    with shelf.open().snapshot(Filters(files=["bridges.md"])) as snapshot:
        keys = keys_of(snapshot)
        dense = snapshot.search_vectors(query, 100)
        lexical = snapshot.search_text(any_of("stands"), 100)
        assert set(dense) == {key for key, _ in lexical} == set(keys)
        assert snapshot.search_text(any_of("tower1"), 9) == []
        assert snapshot.passage_count > len(keys)


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(files=["towers.txt"]), {"towers.txt"}),
        (Filters(files=["notes.jsonl"]), {"notes.jsonl#n1", "notes.jsonl#n2"}),
        (Filters(files=["notes.jsonl#n2"]), {"notes.jsonl#n2"}),
        (Filters(files=["bridges.md"], publishers=["Iron press"]), {"bridges.md"}),
        (Filters(publishers=["IRON press"]), {"bridges.md"}),
        (Filters(since="2016"), {"bridges.md", "notes.jsonl#n1"}),
        (Filters(since="2016-03-23"), {"notes.jsonl#n1"}),
        (Filters(since="2016-03-22", until="2016-03-22"), {"bridges.md"}),
        (Filters(since="2017-06"), {"notes.jsonl#n1"}),
        (Filters(until="2016-03"), {"bridges.md"}),
        (
            Filters(files=["notes.jsonl", "towers.txt"], until="2017"),
            {"notes.jsonl#n1"},
        ),
    ],
)
def test_filters_choose_documents(shelf, filters, files):
    with shelf.open().snapshot(filters) as snapshot:
        assert {source.file for source in snapshot.sources()} == files
        found = snapshot.search_vectors(np.full(64, 0.125, np.float32), 99)
        assert found_files(snapshot, found) == files


def test_dates_are_compared_at_the_precision_that_both_have(library):
    dates = ["2015-12-31", "2016", "2016-03", "2016-03-22", "2016-04", "2017"]
    for date in dates:
        library.write(f"{date}.md", f"---\ndate: {date}\n---\n{article('tower')}")
    library.build()
    with library.open().snapshot() as snapshot:
        every = snapshot.sources()
    assert sorted(source.published for source in every) == dates
    for date in (*dates, "2016-03-21", "2016-03-23"):
        for filters in (Filters(since=date), Filters(until=date)):
            with library.open().snapshot(filters) as snapshot:
                assert snapshot.sources() == passing(filters, every), filters


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (Filters(files=["none"]), "no article 'none'"),
        (
            Filters(files=["notes.jsonl", "notes.jsonl#n3"]),
            "no article 'notes.jsonl#n3",
        ),
        (Filters(files=["towers.txt"], publishers=["Iron Press"]), "no article passes"),
        (Filters(files=["it's\" none"]), "there is no article"),
        (Filters(publishers=["none"]), "known are: Iron Press"),
        (Filters(since="last year"), "is no date"),
        (Filters(since="2"), "is no date"),
        (Filters(until="2016-02"), "no article passes"),
        (Filters(files=["bridges.md"], since="2018"), "no article passes"),
    ],
)
def test_filters_that_leave_nothing_say_why(shelf, filters, reason):
    with (
        pytest.raises(FilterError, match=reason),
        shelf.open().snapshot(filters),
    ):
        pass


# Generations


@pytest.mark.parametrize("filters", [None, Filters(until="2018")])
def test_sources_come_by_file_in_parts_of_any_size(shelf, filters):
    files = ["bridges.md", "notes.jsonl#n1", "notes.jsonl#n2", "towers.txt"]
    kept = files if filters is None else files[:2]
    with shelf.open().snapshot(filters) as snapshot:
        assert snapshot.document_count == len(files)
        for first in range(6):
            for most in (0, 1, 3, 9, None):
                found = [source.file for source in snapshot.sources(first, most)]
                assert found == kept[first:][:most]


def test_statistics_count_what_is_there(shelf):
    stats = shelf.open().stats()
    with shelf.open().snapshot() as snapshot:
        seeds = snapshot.seeds()
        assert (stats.seeds, stats.documents) == (3, len(snapshot.sources())) == (3, 4)
        assert stats.passages == snapshot.passage_count == len(keys_of(snapshot))
    assert stats.passages == sum(seed.passages for seed in seeds)
    assert [seed.file for seed in seeds] == ["bridges.md", "notes.jsonl", "towers.txt"]
    assert stats.vectors >= len({*shelf.embedder.encoded}) > stats.passages
    assert stats.bytes > 1000


def test_reading_before_any_build_says_so(library):
    with pytest.raises(IndexMissingError, match="qa build"), library.open().snapshot():
        pass
    with pytest.raises(IndexMissingError, match="qa build"):
        library.open().stats()


def test_an_unfinished_first_build_is_no_index_yet(library):
    library.write("a.txt", article("tower"))
    with library.open().writer():
        pass
    with pytest.raises(IndexMissingError, match="no index yet"):
        library.open().stats()
    library.build()
    assert library.open().stats().generation == 1


def test_another_embedder_is_refused_by_the_reader(built):
    built.embedder = BagOfWordsEmbedder(id="words@2")
    with (
        pytest.raises(IndexMismatchError, match="words@2"),
        built.open().snapshot(),
    ):
        pass


def test_a_reader_picks_up_a_new_generation_by_itself(built):
    index = built.open()
    assert index.stats().generation == 1
    built.write("b.txt", article("bridge"))
    built.build()
    assert (index.stats().generation, index.stats().seeds) == (2, 2)


def test_a_snapshot_stays_what_it_was_while_a_build_publishes(built):
    query = built.embedder.encode_queries(["tower0"])[0]
    with built.open().snapshot() as snapshot:
        before = snapshot.sources()
        built.write("a.txt", article("castle"))
        built.write("b.txt", article("bridge"))
        built.build()
        assert snapshot.generation == 1
        assert snapshot.sources() == before
        keys = snapshot.search_vectors(query, 9)
        assert set(snapshot.passages(keys)) == set(keys) == set(keys_of(snapshot))
        assert len(snapshot.search_text(any_of("stands"), 9)) == len(keys)
        assert snapshot.frequencies(["castle0", "tower0"]) == {
            "castle0": 0,
            "tower0": 1,
        }
        assert "tower0" in snapshot.document(before[0].id).text


def test_vectors_of_another_dimension_never_mix(built):
    built.embedder = BagOfWordsEmbedder(id="words@3", dimension=16)
    built.build()
    query = built.embedder.encode_queries(["tower0"])[0]
    with built.open().snapshot() as snapshot:
        assert snapshot.search_vectors(query, 3)
        with pytest.raises(ValueError, match="16 numbers"):
            snapshot.search_vectors(np.zeros(64, np.float32), 3)


def test_what_changes_and_goes_leaves_nothing_behind(built):
    built.write("b.txt", article("bridge"))
    built.build()
    built.write("a.txt", article("castle", 5))
    (built.seeds / "b.txt").unlink()
    assert outcomes(built.build()) == {"a.txt": "changed", "b.txt": "removed"}
    stats = built.open().stats()
    assert (stats.seeds, stats.documents) == (1, 1)
    with built.open().snapshot() as snapshot:
        assert snapshot.frequencies(["tower1", "bridge1", "castle1"]) == {
            "tower1": 0,
            "bridge1": 0,
            "castle1": 1,
        }
        assert snapshot.search_text(any_of("tower1", "bridge1"), 9) == []
        found = snapshot.search_vectors(np.full(64, 0.125, np.float32), 99)
        assert sorted(found) == sorted(keys_of(snapshot))
        assert len(found) == stats.passages


def test_the_last_article_may_go(built):
    with built.open().writer() as writer:
        settings = "size=40"
        assert writer.publish([], ["a.txt"], settings=settings) == 2
    with built.open().snapshot() as snapshot:
        assert snapshot.sources() == snapshot.seeds() == ()
        assert snapshot.search_vectors(np.full(64, 0.125, np.float32), 9) == []
        assert snapshot.search_text(any_of("stands"), 9) == []


# Building


def test_nothing_is_embedded_twice(built):
    built.write("copy.txt", article("tower"))
    built.write("b.txt", article("bridge"))
    built.build()
    texts = set(built.embedder.encoded)
    assert len(built.embedder.encoded) == len(texts)
    built.embedder.encoded.clear()
    assert built.build().generation is None
    (built.seeds / "b.txt").unlink()
    built.build()
    assert built.embedder.encoded == []


def test_vectors_that_were_cached_outlive_a_build_that_was_not_finished(library):
    library.write("a.txt", article("tower", 20))
    with library.open().writer() as writer:
        texts = [VectorText(bytes([n]) * 32, f"text {n}") for n in range(3)]
        assert writer.missing([*texts, texts[0]]) == texts
        writer.cache(texts[:2], library.embedder.encode_queries(["a", "b"]))
    with library.open().writer() as writer:
        assert writer.missing(texts) == texts[2:]
        assert writer.seeds() == {}
        writer.forget_unused()
        assert writer.missing(texts) == texts


def test_the_builder_knows_what_is_indexed(built):
    with built.open().writer() as writer:
        (seed,) = writer.seeds()
        assert seed == "a.txt"
        assert not writer.splits_as("size=41")
        assert not writer.is_current("size=41")
        (document,) = writer.documents(seed)
        assert writer.documents("none.txt") == []
        writer.note_looks({"a.txt": "seen", "gone.txt": "seen"})
        assert writer.looks() == {"a.txt": "seen"}
    with built.open().snapshot() as snapshot:
        assert snapshot.document(document.source.id) == document
        assert snapshot.looks() == {"a.txt": "seen"}
        (look,) = snapshot.looks_of([document.source.id, "no such id"])
        assert (look.file, look.noted) == ("a.txt", "seen")
        assert look.indexed
        assert (look.file, look.sha256) == (
            snapshot.seeds()[0].file,
            snapshot.seeds()[0].sha256,
        )


def test_what_is_noted_without_a_new_generation_is_read_too(built):
    index = built.open()
    for noted in ("seen", "seen again"):
        with index.snapshot() as snapshot:
            (source,) = snapshot.sources()
        with built.open().writer() as writer:
            writer.note_looks({"a.txt": noted})
        with index.snapshot() as snapshot:
            assert snapshot.looks() == {"a.txt": noted}
            assert [look.noted for look in snapshot.looks_of([source.id])] == [noted]


def test_one_builds_at_a_time(library):
    with (
        library.open().writer(),
        pytest.raises(BuildLockedError, match="is building"),
        library.open().writer(),
    ):
        pass


def test_a_builder_that_fails_lets_go(library):
    with pytest.raises(RuntimeError), library.open().writer():
        raise RuntimeError
    with library.open().writer():
        pass
