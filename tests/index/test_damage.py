"""Damage to the index: found when it is opened or read, explained, and mended."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import article, keys_of, outcomes

from qa.errors import (
    CatalogueDamagedError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from qa.index import TextQuery, delete_index
from qa.index.catalogue import FORMAT, PAGE, write_meta

PROGRAM = Path(__file__).parents[1] / "damages.py"
CATALOGUE = "catalogue.sqlite"


def damages(*arguments):
    ran = subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), ran.stderr


def test_random_damage_is_detected_or_harmless_and_the_next_build_mends_it():
    found, said = damages("--damages", "90")
    bad = ("crashes", "silent_wrong_results", "not_mended")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0), said
    assert found["detected"] + found["harmless"] == found["damages"] == 90
    assert found["detected"] > 45
    assert "not detected" not in said


def test_a_build_that_mends_can_be_killed_at_each_step_too():
    found, said = damages("--kills")
    assert found.pop("kills") > 40
    assert set(found.values()) == {0}, said


@pytest.fixture
def built(library):
    library.write("a.txt", article("tower", 9))
    library.write("b.md", "# Bridges\n\n" + article("bridge", 9))
    library.build()
    library.embedder.encoded.clear()
    return library


def change(library, sql, *arguments):
    with closing(sqlite3.connect(library.folder / CATALOGUE)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(sql, arguments)


def read_all(library):
    """Everything that a reader can get, however little of it a question wants."""
    query = library.embedder.encode_queries(["tower1"])[0]
    with library.open().snapshot() as snapshot:
        sources = snapshot.sources()
        keys = keys_of(snapshot)
        return (
            [snapshot.document(source.id) for source in sources],
            snapshot.passages(keys),
            snapshot.stems(keys),
            snapshot.cosines(query, keys),
            snapshot.search_vectors(query, 9),
            snapshot.search_text(TextQuery(("tower1", "stands")), 9),
        )


CHANGES = {
    "text": "UPDATE documents SET text = replace(text, 'tower1', 'tower7')",
    "title": "UPDATE documents SET title = title || '.'",
    "page": "UPDATE documents SET pages = '[5]'",
    "offset": "UPDATE passages SET end = end - 1 WHERE key = 1",
    "heading": "UPDATE passages SET heading = 'Other'",
    "key": "UPDATE passages SET key = 999 WHERE key = 1",
    "stems": "UPDATE passages SET stems = stems || ' more'",
    "vector": "UPDATE vectors SET vector = zeroblob(length(vector))",
    "vector of a sentence": (
        "UPDATE vectors SET vector = (SELECT vector FROM vectors LIMIT 1) WHERE "
        "id = (SELECT max(vector) FROM embedded)"
    ),
    "vector lost": (
        "DELETE FROM vectors WHERE id = (SELECT max(vector) FROM embedded)"
    ),
    "order of vectors": (
        "UPDATE passages SET vectors = json_array(json_extract(vectors, '$[1]'), "
        "json_extract(vectors, '$[0]')) WHERE json_array_length(vectors) > 1"
    ),
    "another's vector": "UPDATE OR REPLACE vectors SET id = 1 WHERE id = 2",
    "passage lost": "DELETE FROM passages WHERE key = 1",
    "article lost": "DELETE FROM documents WHERE seed = 'a.txt'",
    "posting": (
        "UPDATE passages_fts_data SET block = zeroblob(length(block)) "
        "WHERE id = (SELECT max(id) FROM passages_fts_data)"
    ),
    "length": "UPDATE passages_fts_docsize SET sz = x'010101'",
    "passage of no article": "UPDATE passages SET document = 'x' WHERE key = 1",
    "definition": (
        "UPDATE sqlite_schema SET sql = replace(sql, 'diacritics 2', 'diacritics 0') "
        "WHERE name = 'passages_fts'"
    ),
    "description": "UPDATE meta SET value = '9' WHERE key = 'generation'",
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_not_written_is_never_used_and_the_next_build_mends_it(built, kind):
    before = read_all(built)
    change(built, CHANGES[kind])
    with pytest.raises(IndexDamagedError, match="run `qa build`"):
        read_all(built)
    report = built.build()
    assert CATALOGUE in report.repaired
    after = read_all(built)
    assert after[0] == before[0]
    assert [list(part.values()) for part in after[1:4]] == [
        list(part.values()) for part in before[1:4]
    ]
    every = len(set(built.embedder.encoded))
    lost = {
        "vector of a sentence": 1,
        "vector lost": 1,
        "another's vector": 2,
        "vector": 22,
    }
    assert every == len(built.embedder.encoded) == lost.get(kind, 0)


@pytest.mark.parametrize(
    "content", [b"", b"not a database" * 999, b"SQLite format 3\0" + bytes(9000)]
)
def test_a_file_that_is_no_catalogue_is_set_aside_and_the_index_made_anew(
    built, content
):
    drop_log(built)
    (built.folder / CATALOGUE).write_bytes(content)
    with pytest.raises(CatalogueDamagedError, match="saves what is intact"):
        read_all(built)
    report = built.build()
    assert outcomes(report) == {"a.txt": "added", "b.md": "added"}
    assert "kept as catalogue.damaged.sqlite" in report.repaired
    assert (built.folder / "catalogue.damaged.sqlite").read_bytes() == content
    assert len(read_all(built)[0]) == 2


def drop_log(library):
    for path in library.folder.glob(f"{CATALOGUE}-*"):
        path.unlink()


def test_only_the_last_damaged_catalogue_is_kept(built):
    for content in (b"one" * 999, b"two" * 999):
        drop_log(built)
        (built.folder / CATALOGUE).write_bytes(content)
        built.build()
    kept = built.folder / "catalogue.damaged.sqlite"
    assert kept.read_bytes() == b"two" * 999
    delete_index(built.folder)
    assert not kept.exists()


@pytest.mark.parametrize("size", [PAGE, 4096])
def test_a_lost_first_page_costs_no_vector(built, monkeypatch, size):
    """4,096 bytes have the pages of catalogues that were made before."""
    with monkeypatch.context() as patched:
        patched.setattr("qa.index.catalogue.PAGE", size)
        delete_index(built.folder)
        built.build()
    built.embedder.encoded.clear()
    drop_log(built)
    with (built.folder / CATALOGUE).open("r+b") as stream:
        stream.write(b"\xff" * size)
    report = built.build()
    assert "was damaged" in report.repaired
    assert built.embedder.encoded == []


def test_an_article_that_cannot_be_read_any_more_survives_a_damaged_catalogue(built):
    built.write("a.txt", b"\x00 binary")
    change(built, "UPDATE passages SET heading = 'Other'")
    with pytest.raises(CatalogueDamagedError):
        read_all(built)
    report = built.build()
    (skipped,) = [seed for seed in report.seeds if seed.outcome == "skipped"]
    assert skipped.reason.endswith("its earlier version stays indexed")
    texts = " ".join(document.text for document in read_all(built)[0])
    assert "tower1" in texts
    built.write("a.txt", article("tower", 9))
    assert outcomes(built.build())["a.txt"] == "changed"


def test_an_article_whose_row_is_damaged_is_read_again(built):
    before = read_all(built)[0]
    change(built, "UPDATE documents SET text = 'x' WHERE seed = 'a.txt'")
    with pytest.raises(CatalogueDamagedError):
        read_all(built)
    report = built.build()
    assert "1 of the articles were taken over" in report.repaired
    assert read_all(built)[0] == before


@pytest.mark.parametrize("kind", ["posting", "length", "passage of no article"])
def test_damage_is_never_written_down_as_whole_by_a_build(built, kind):
    change(built, CHANGES[kind])
    built.write("c.txt", article("castle"))
    with pytest.raises(CatalogueDamagedError, match="run `qa build`"):
        built.build()
    assert len(built.embedder.encoded) == 4
    assert "was damaged" in built.build().repaired
    assert len(built.embedder.encoded) == 4
    assert len(read_all(built)[0]) == 3


@pytest.mark.parametrize("kind", ["text", "title", "offset", "heading"])
def test_a_damaged_article_that_goes_leaves_no_words_behind(built, kind):
    """They are taken out of the full-text table by what the rows say."""
    change(built, CHANGES[kind])
    (built.seeds / "a.txt").unlink()
    with pytest.raises(CatalogueDamagedError):
        built.build()
    assert "was damaged" in built.build().repaired
    assert built.embedder.encoded == []
    with built.open().snapshot() as snapshot:
        assert snapshot.frequencies(["tower1", "bridge1"]) == {
            "tower1": 0,
            "bridge1": 1,
        }


def test_damage_that_no_question_met_does_not_stop_a_build(built):
    """The row is checked when it is read; what is built meanwhile stays good."""
    change(built, "UPDATE passages SET heading = 'Other' WHERE key = 1")
    built.write("c.txt", article("castle"))
    assert built.build().repaired == ""
    with pytest.raises(CatalogueDamagedError):
        read_all(built)
    built.embedder.encoded.clear()
    assert "was damaged" in built.build().repaired
    assert built.embedder.encoded == []
    assert len(read_all(built)[0]) == 3


def test_a_builder_believes_a_reader_that_found_damage(built):
    change(built, "UPDATE passages SET heading = 'Other' WHERE key = 1")
    with pytest.raises(CatalogueDamagedError):
        read_all(built)
    change(built, "UPDATE passages SET heading = '' WHERE key = 1")
    assert "was damaged" in built.build().repaired
    assert built.build().repaired == ""
    assert built.embedder.encoded == []


@pytest.mark.parametrize("damage", ["flipped", "truncated", "gone", "empty", "foreign"])
def test_a_damaged_vector_file_is_refused_and_rewritten_without_embedding(
    built, damage
):
    before = read_all(built)
    (path,) = built.folder.glob("vectors-*.faiss")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    if damage == "gone":
        path.unlink()
    else:
        pieces = {"flipped": data, "truncated": data[:-9], "empty": b""}
        path.write_bytes(pieces.get(damage, b"words" * 900))
    with pytest.raises(IndexDamagedError, match=path.name):
        read_all(built)
    report = built.build()
    assert report.generation == 2
    assert report.repaired == ""
    assert built.embedder.encoded == []
    assert read_all(built) == before
    assert [p.name for p in built.folder.glob("vectors*")] == ["vectors-2.faiss"]


def test_a_lost_log_is_an_earlier_state_that_the_next_build_completes(built):
    """The log of a killed builder is gone: what it had committed is gone with it."""
    with closing(sqlite3.connect(built.folder / CATALOGUE)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM meta").fetchall()
        built.write("c.txt", article("castle"))
        built.build()
        kept = built.home / "kept"
        shutil.copytree(built.folder, kept)
    shutil.rmtree(built.folder)
    kept.rename(built.folder)
    drop_log(built)
    with pytest.raises(IndexDamagedError, match=r"vectors-1\.faiss: is missing"):
        read_all(built)
    built.build()
    assert len(read_all(built)[0]) == 3


@pytest.mark.parametrize("number", ["2", "99"])
def test_another_format_is_left_alone_until_the_index_is_made_afresh(built, number):
    with closing(sqlite3.connect(built.folder / CATALOGUE)) as db, db:
        write_meta(db, format=number)
    before = (built.folder / CATALOGUE).read_bytes()
    for use in (read_all, type(built).build):
        with pytest.raises(IndexMismatchError, match=rf"format {number}.*--fresh"):
            use(built)
    assert (built.folder / CATALOGUE).read_bytes() == before
    delete_index(built.folder)
    assert built.build().generation == 1


def test_a_damaged_format_number_is_damage_and_costs_no_vector(built):
    change(built, f"UPDATE meta SET value = '{FORMAT + 1}' WHERE key = 'format'")
    with pytest.raises(CatalogueDamagedError):
        read_all(built)
    assert "was damaged" in built.build().repaired
    assert built.embedder.encoded == []


def test_an_empty_folder_says_that_nothing_is_built(library):
    library.folder.mkdir(parents=True)
    with pytest.raises(IndexMissingError):
        read_all(library)


def test_a_passage_whose_article_is_another_is_damage_to_a_build(built):
    """One flipped bit, which the list of passages by article does not show."""
    change(built, "UPDATE passages SET document = 'x' WHERE key = 1")
    (built.seeds / "a.txt").write_text("Another text stands here.", encoding="utf-8")
    with pytest.raises(CatalogueDamagedError):
        built.build()
    assert "was damaged" in built.build().repaired


def test_damage_during_a_long_build_is_not_written_down_as_whole(built, monkeypatch):
    """The check at its beginning is out of date then."""
    monkeypatch.setattr("qa.index.writer._FRESH", 0)
    encode = built.embedder.encode_documents

    def rotting(texts):
        change(built, CHANGES["posting"])
        return encode(texts)

    monkeypatch.setattr(built.embedder, "encode_documents", rotting)
    built.write("c.txt", article("castle"))
    with pytest.raises(CatalogueDamagedError):
        built.build()


def test_a_check_that_nobody_waits_for_stops(built, monkeypatch):
    """It would go on for as long as the catalogue is large."""
    ended = []

    def endless(db, _meta):
        try:
            db.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                "LIMIT 50000000) "
                "SELECT count(*) FROM n"
            )
        except sqlite3.OperationalError as exc:
            ended.append(str(exc))
            raise

    monkeypatch.setattr("qa.index.writer.check_lists", endless)
    assert built.build().generation is None
    assert ended == ["interrupted"]
