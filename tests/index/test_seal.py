"""Sums of what searches walk through: carried on, and never over damage."""

import sqlite3
from contextlib import closing

import pytest
from fakes import Library, article
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import CatalogueDamagedError
from qa.index.catalogue import FILE, connect, read_meta
from qa.index.rows import DamagedRowError
from qa.index.seal import check_sums, sums, sums_in

FILES = ("a.txt", "b.txt", "c.txt", "d.txt")
# What a failing disk might change of each list, without SQLite seeing it.
ROTTEN = {
    "postings": "UPDATE passages_fts_data SET block = zeroblob(length(block)) "
    "WHERE id = (SELECT max(id) FROM passages_fts_data)",
    "text pages": "UPDATE passages_fts_idx SET pgno = pgno + 2",
    "text lengths": "UPDATE passages_fts_docsize SET sz = x'010101' WHERE id = 1",
    "text settings": "INSERT INTO passages_fts_config VALUES ('rank', 'x')",
    "passages": "UPDATE passages SET document = 'x' WHERE key = 1",
    "seeds": "UPDATE seeds SET sha256 = 'x' WHERE file = 'a.txt'",
}


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path)
    for file in FILES[:2]:
        library.write(file, article(file[0], 9))
    library.build()
    return library


def stated_and_found(library):
    with closing(connect(library.folder)) as db:
        return sums_in(read_meta(db)), sums(db)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(FILES), st.integers(0, 30)), min_size=1),
        min_size=1,
        max_size=12,
    )
)
def test_sums_carried_on_are_those_of_everything(tmp_path_factory, builds):
    """Articles that come, change and go, each build in another process's order."""
    library = Library(tmp_path_factory.mktemp("sums"))
    library.write("kept.txt", article("kept"))
    for number, changes in enumerate(builds):
        for file, length in changes:
            if length:
                library.write(file, article(f"w{number}", length))
            else:
                (library.seeds / file).unlink(missing_ok=True)
        library.build()
        stated, found = stated_and_found(library)
        assert stated == found


def test_sums_hold_through_the_merges_of_full_text_search(library):
    """FTS5 merges segments of its own when it has sixteen of a size."""
    for number in range(40):
        library.write(f"n{number}.txt", article(f"n{number}", 2))
        library.build()
    stated, found = stated_and_found(library)
    assert stated == found
    assert len({part for part in found if part.startswith("postings ")}) < 20


@pytest.mark.parametrize("part", ROTTEN)
def test_what_rotted_before_an_addition_is_found_after_it(library, part):
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        db.execute(ROTTEN[part])
        with pytest.raises(DamagedRowError):
            check_sums(db, sums_in(read_meta(db)))
    (library.folder / "catalogue.whole").unlink()
    state = library.folder / FILE
    library.write("c.txt", article("c"))
    stat = state.stat()
    (library.folder / "catalogue.whole").write_text(
        f"{FILE} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}", encoding="ascii"
    )
    try:
        library.build()
    except CatalogueDamagedError:
        return
    with pytest.raises(CatalogueDamagedError), library.open().snapshot():
        pass
    assert "was damaged" in library.build().repaired


def test_a_reader_reads_again_what_has_changed_and_finds_damage_there(library):
    index = library.open()
    with index.snapshot():
        pass
    library.write("c.txt", article("c"))
    library.build()
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        stated = sums_in(read_meta(db))
        before = index._sums
        changed = {part for part, _ in stated.items() ^ before.items()}
        assert "passages 0" in changed
        assert "definitions 0" not in changed
        check_sums(db, stated, before)
        db.execute(ROTTEN["postings"])
    with pytest.raises(CatalogueDamagedError), index.snapshot():
        pass


def test_two_entries_that_change_places_are_noticed(library):
    with closing(sqlite3.connect(library.folder / FILE)) as db, db:
        whole = sums(db)
        blocks = db.execute("SELECT id, block FROM passages_fts_data").fetchall()
        (one, first), (other, second) = blocks[-2:]
        db.executemany(
            "UPDATE passages_fts_data SET block = ? WHERE id = ?",
            [(second, one), (first, other)],
        )
        assert sums(db) != whole
        with pytest.raises(DamagedRowError):
            check_sums(db, whole)
