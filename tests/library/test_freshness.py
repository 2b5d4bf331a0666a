"""Files that changed since they were indexed are told of, from a look alone."""

import os

import pytest
from fakes import article

from qa.library.freshness import outdated


def told(library):
    with library.open().snapshot() as snapshot:
        documents = [source.id for source in snapshot.sources()]
        return outdated(library.seeds, snapshot, documents)


@pytest.fixture(params=["noted", "too fresh to be noted"])
def built(library, request):
    """Two seeds, of which the builder noted how they look, or could not."""
    for name in ("tower", "bridge"):
        library.write(f"{name}.txt", article(name))
        if request.param == "noted":
            age(library.seeds / f"{name}.txt", by=-60)
    if request.param == "noted":
        request.getfixturevalue("monkeypatch").setattr("qa.documents.files._TICK", 0)
    library.build()
    return library


def age(path, *, by):
    """As if it had been written so many seconds later."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + by * 1_000_000_000))


def test_of_files_as_they_were_there_is_nothing_to_tell(built):
    assert told(built) == ()


def test_a_file_that_was_written_is_told_of_by_name(built):
    built.write("tower.txt", article("castle"))
    age(built.seeds / "tower.txt", by=60)
    (line,) = told(built)
    assert line.startswith("tower.txt was written since it was indexed")
    assert "qa build" in line


def test_a_file_that_is_gone_is_told_of_by_name(built):
    (built.seeds / "bridge.txt").unlink()
    (line,) = told(built)
    assert line.startswith("bridge.txt is not among the articles any more")


def test_after_the_next_build_there_is_nothing_to_tell(built):
    built.write("tower.txt", article("castle"))
    (built.seeds / "bridge.txt").unlink()
    built.build()
    assert told(built) == ()


def test_an_index_that_came_without_its_seeds_is_as_good_as_any(built):
    built.seeds.rename(built.home / "elsewhere")
    assert told(built) == ()


def test_a_look_that_was_noted_of_other_bytes_does_not_count(built):
    built.write("tower.txt", article("castle"))  # too fresh: the old look stays noted
    built.build()
    assert not any("tower" in line for line in told(built))


def test_articles_that_no_answer_shows_are_not_looked_at(built):
    (built.seeds / "bridge.txt").unlink()
    with built.open().snapshot() as snapshot:
        (tower,) = [s.id for s in snapshot.sources() if s.file == "tower.txt"]
        assert outdated(built.seeds, snapshot, [tower]) == ()
