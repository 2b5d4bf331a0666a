"""The checksum of what searches walk through: of the whole generation, always."""

import sqlite3
from contextlib import closing

import pytest
from fakes import Library, article
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import CatalogueDamagedError
from qa.index.catalogue import FILE, connect, read_meta, write_meta
from qa.index.rows import DamagedRowError
from qa.index.seal import check_lists, checksum

FILES = ("a.txt", "b.txt", "c.txt", "d.txt")
# What a failing disk might change of each list, without SQLite seeing it.
ROTTEN = {
    "postings": "UPDATE passages_fts_data SET block = zeroblob(length(block)) "
    "WHERE id = (SELECT max(id) FROM passages_fts_data)",
    "posting's place": "UPDATE passages_fts_data SET id = id + 7 "
    "WHERE id = (SELECT max(id) FROM passages_fts_data)",
    "text pages": "UPDATE passages_fts_idx SET pgno = pgno + 2",
    "text lengths": "UPDATE passages_fts_docsize SET sz = x'010101' WHERE id = 1",
    "no text length": "UPDATE passages_fts_docsize SET sz = NULL WHERE id = 1",
    "text settings": "INSERT INTO passages_fts_config VALUES ('rank', 'x')",
    "passages": "UPDATE passages SET document = 'x' WHERE key = 1",
    "seeds": "UPDATE seeds SET sha256 = 'x' WHERE file = 'a.txt'",
    "documents": "UPDATE documents SET id = 'x' WHERE seed = 'a.txt'",
    "documents by seed": "UPDATE documents SET seed = 'x' WHERE seed = 'a.txt'",
    "definitions": "DROP INDEX documents_seed",
}


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path)
    for file in FILES[:2]:
        library.write(file, article(file[0], 9))
    library.build()
    return library


def check(library):
    with closing(connect(library.folder)) as db:
        check_lists(db, read_meta(db))
        ((vectors,),) = db.execute("SELECT count(*) FROM embedded")
    assert library.open().stats().vectors == vectors


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(FILES), st.integers(0, 30)), min_size=1),
        min_size=1,
        max_size=12,
    )
)
def test_what_a_build_writes_down_is_what_readers_find(tmp_path_factory, builds):
    """Articles that come, change and go; words that are still held back count."""
    library = Library(tmp_path_factory.mktemp("lists"))
    library.write("kept.txt", article("kept"))
    for number, changes in enumerate(builds):
        for file, length in changes:
            if length:
                library.write(file, article(f"w{number}", length))
            else:
                (library.seeds / file).unlink(missing_ok=True)
        library.build()
        check(library)


def test_it_holds_through_the_merges_of_full_text_search(library):
    """FTS5 merges segments of its own when it has sixteen of a size."""
    for number in range(40):
        library.write(f"n{number}.txt", article(f"n{number}", 2))
        library.build()
    check(library)
    with closing(connect(library.folder)) as db:
        ((segments,),) = db.execute(
            "SELECT count(DISTINCT segid) FROM passages_fts_idx"
        )
    assert segments < 20


@pytest.mark.parametrize("part", ROTTEN)
def test_each_list_is_in_it(library, part):
    check(library)
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(ROTTEN[part])
    with pytest.raises((DamagedRowError, sqlite3.OperationalError)):
        check(library)


def test_two_entries_that_change_places_are_noticed(library):
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        blocks = db.execute("SELECT id, block FROM passages_fts_data").fetchall()
        (one, first), (other, second) = blocks[-2:]
        db.executemany(
            "UPDATE passages_fts_data SET block = ? WHERE id = ?",
            [(second, one), (first, other)],
        )
    with pytest.raises(DamagedRowError):
        check(library)


def test_a_reader_finds_what_rots_between_two_generations(library):
    index = library.open()
    with index.snapshot():
        pass
    library.write("c.txt", article("c"))
    library.build()
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        db.execute(ROTTEN["postings"])
    with pytest.raises(CatalogueDamagedError), index.snapshot():
        pass


def test_an_index_without_the_checksum_is_read_and_gets_one(library):
    """As programs before this one wrote it."""
    with closing(connect(library.folder)) as db:
        db.execute("DELETE FROM meta WHERE key = 'lists'")
        write_meta(db, searched=checksum(db, earlier=True))
    with library.open().snapshot() as snapshot:
        assert snapshot.document_count == 2
    library.write("c.txt", article("c"))
    assert library.build().repaired == ""
    check(library)
    with closing(connect(library.folder)) as db:
        assert "searched" not in read_meta(db)


def test_damage_of_an_earlier_index_is_found(library):
    with closing(connect(library.folder)) as db:
        db.execute("DELETE FROM meta WHERE key = 'lists'")
        write_meta(db, searched=checksum(db, earlier=True))
        db.execute(ROTTEN["postings"])
        with pytest.raises(DamagedRowError):
            check_lists(db, read_meta(db))
