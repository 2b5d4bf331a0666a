"""A disk that is full, a folder that is read-only, a lock, a clock that jumps."""

import os
import resource
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes import Library, article, outcomes

from qa.errors import BuildLockedError, IndexDamagedError
from qa.index import SqliteStore, delete_index

NOBODY = 65534


@contextmanager
def full_disk(room):
    """No file can grow beyond ``room`` bytes; needs no rights and no disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def build_with(library, room):
    """What a build with so much room says when it fails."""
    with full_disk(room):
        try:
            library.build()
        except IndexDamagedError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("first", [True, False], ids=["first build", "later build"])
def test_a_full_disk_is_reported_and_loses_nothing(library, first):
    """At whichever write it strikes: the room grows until the build succeeds."""
    library.write("a.txt", article("tower", 200))
    if not first:
        library.build()
    before = None if first else library.passage_texts()
    library.write("b.txt", article("bridge", 200))
    failures = 0
    for room in range(0, 2_000_000, 9_000):
        said = build_with(library, room)
        if not said:
            break
        failures += 1
        assert "\n" not in said
        assert str(library.folder) in said
        assert "space" in said
        if before is not None:
            assert library.passage_texts() == before
            with full_disk(0):
                assert library.passage_texts() == before
    assert failures > 10
    assert library.build().generation is None
    assert sum("stands" in text for text in library.passage_texts()) > 50
    names = {path.name for path in library.folder.iterdir()}
    last = library.open().stats().generation
    assert names == {
        "build.lock",
        "catalogue.sqlite",
        f"vectors-{last}.faiss",
    }


def test_a_disk_that_is_full_for_the_vector_file_alone_keeps_the_vectors(library):
    """They are committed before, so the next build embeds nothing."""
    library.write("a.txt", article("tower", 30))
    library.build()
    library.write("b.txt", article("bridge", 30))
    (library.folder / "vectors-2.faiss.partial").mkdir()
    with pytest.raises(IndexDamagedError, match="nothing was changed"):
        library.build()
    assert any("tower" in text for text in library.passage_texts())
    library.embedder.encoded.clear()
    (library.folder / "vectors-2.faiss.partial").rmdir()
    assert outcomes(library.build()) == {"a.txt": "unchanged", "b.txt": "added"}
    assert library.embedder.encoded == []


@contextmanager
def plain_user():
    """Nobody special, for whom permissions count."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_library():
    """A built library below a folder that every user can enter."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        library = Library(Path(home))
        library.write("a.txt", article("tower"))
        library.build()
        yield library
        library.folder.chmod(0o755)


def forbid_writing(library):
    for path in library.folder.iterdir():
        path.chmod(0o444)
    library.folder.chmod(0o555)


def test_an_index_in_a_read_only_folder_answers(open_library):
    before = open_library.passage_texts()
    forbid_writing(open_library)
    with plain_user():
        assert open_library.passage_texts() == before
        assert open_library.open().stats().documents == 1


def test_a_build_in_a_read_only_folder_is_one_message(open_library):
    open_library.write("b.txt", article("bridge"))
    forbid_writing(open_library)
    for act in (open_library.build, lambda: delete_index(open_library.folder)):
        with plain_user(), pytest.raises(IndexDamagedError) as caught:
            act()
        assert str(caught.value).startswith(f"{open_library.folder}: cannot be written")
    open_library.folder.chmod(0o755)
    assert any("tower0" in text for text in open_library.passage_texts())


def test_a_read_only_catalogue_in_a_writable_folder_is_one_message(open_library):
    open_library.write("b.txt", article("bridge"))
    open_library.folder.chmod(0o777)
    for path in open_library.folder.iterdir():
        path.chmod(0o666)
    (open_library.folder / "catalogue.sqlite").chmod(0o444)
    with plain_user(), pytest.raises(IndexDamagedError, match="permissions"):
        open_library.build()


def test_the_number_of_a_dead_process_is_no_lock(library):
    library.write("a.txt", article("tower"))
    library.folder.mkdir(parents=True)
    dead = subprocess.Popen(["true"])
    dead.wait()
    (library.folder / "build.lock.pid").write_text(str(dead.pid), encoding="ascii")
    (library.folder / "build.lock").write_bytes(b"")
    assert outcomes(library.build()) == {"a.txt": "added"}
    assert not (library.folder / "build.lock.pid").exists()


def test_a_holder_that_does_not_say_who_it_is_still_holds(library):
    library.write("a.txt", article("tower"))
    with SqliteStore(library.folder, embedder="words@1").writer():
        (library.folder / "build.lock.pid").unlink()
        with pytest.raises(BuildLockedError, match="unknown"):
            library.build()
    assert outcomes(library.build()) == {"a.txt": "added"}


@pytest.mark.parametrize("seconds", [1.0, 5e9], ids=["1970", "2128"])
def test_a_clock_that_jumps_changes_nothing(library, seconds):
    library.write("a.txt", article("tower"))
    library.build()
    for path in [*library.seeds.iterdir(), *library.folder.iterdir()]:
        os.utime(path, (seconds, seconds))
    report = library.build()
    assert outcomes(report) == {"a.txt": "unchanged"}
    assert (report.generation, report.repaired) == (None, "")
    library.write("a.txt", article("castle"))
    os.utime(library.seeds / "a.txt", (seconds, seconds))
    assert outcomes(library.build()) == {"a.txt": "changed"}
    assert library.open().stats().generation == 2
