"""The library's page: what it lists, what it takes in, and building beside it."""

import asyncio
import threading

import pytest
from fakes import article

from qa.build import BuildReport, Progress, SeedReport
from qa.errors import SeedError, SeedsError
from qa.ui.panels.library_listing import add_upload, list_library, remove_seed
from qa.ui.server.build_runner import BuildRunner, BuildState
from qa.ui.server.notifier import Notifier

LAMP = (
    "---\ntitle: The lamp\nauthors: [Ann Lee]\npublisher: The Review\n"
    f"date: 2017-02\n---\n\n{article('lamp')}"
)


def rows(library, state=None):
    shelf = list_library(library.open(), library.seeds, state or BuildState())
    return {row.file: row for row in shelf.rows}


def test_an_indexed_article_is_listed_with_what_is_known_of_it(library):
    library.write("lamp.md", LAMP)
    library.build()
    row = rows(library)["lamp.md"]
    assert (row.title, row.authors, row.publisher) == (
        "The lamp",
        "Ann Lee",
        "The Review",
    )
    assert (row.date, row.status, row.seed) == ("2017-02", "indexed", "lamp.md")
    assert row.passages == len(library.passage_texts())


def test_files_that_came_or_went_since_the_build_are_told_apart(library):
    library.write("stays.md", LAMP)
    library.write("goes.md", article("goes"))
    library.build()
    (library.seeds / "goes.md").unlink()
    library.write("comes.md", article("comes"))
    found = {file: row.status for file, row in rows(library).items()}
    assert found == {"stays.md": "indexed", "goes.md": "gone", "comes.md": "new"}


def test_a_skipped_file_is_listed_with_the_reason(library):
    library.write("lamp.md", LAMP)
    library.write("bad.pdf", b"no pdf")
    state = BuildState(seeds=library.build().seeds)
    row = rows(library, state)["bad.pdf"]
    assert row.status == "skipped"
    assert "no PDF" in row.reason


def test_without_an_index_the_files_are_listed_and_the_problem_told(library):
    library.write("lamp.md", LAMP)
    shelf = list_library(library.open(), library.seeds, BuildState())
    assert [row.status for row in shelf.rows] == ["new"]
    assert shelf.generation is None
    assert "no index yet" in shelf.problem


def test_without_a_folder_nothing_is_listed(library):
    assert list_library(library.open(), library.seeds, BuildState()).rows == ()


def test_an_article_of_an_archive_names_the_archive(library):
    record = '{"id": "a", "title": "A", "text": "' + "The lamp burns. " * 9 + '"}'
    library.write("all.jsonl", record)
    library.build()
    assert rows(library)["all.jsonl#a"].seed == "all.jsonl"


def test_an_uploaded_file_gets_a_safe_name(library):
    added = add_upload(library.seeds, "../../evil.md", b"# Evil", max_bytes=100)
    assert (library.seeds / added.file).read_bytes() == b"# Evil"
    assert list(library.home.rglob("evil.md")) == [library.seeds / added.file]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.exe", b"x", "not read"),
        ("a.md", b"", "empty"),
        ("a.md", b"x" * 101, "larger than"),
    ],
)
def test_what_cannot_be_read_is_not_taken_in(library, name, data, reason):
    with pytest.raises(SeedError, match=reason):
        add_upload(library.seeds, name, data, max_bytes=100)
    assert not library.seeds.exists()


def test_only_a_file_named_exactly_is_removed(library):
    library.write("lamp.md", LAMP)
    for name in ("The lamp", "LAMP.md", "../seeds/lamp.md", "lamp", ""):
        with pytest.raises(SeedError, match="not in the library"):
            remove_seed(library.seeds, name)
    removed = remove_seed(library.seeds, "lamp.md")
    assert not (library.seeds / "lamp.md").exists()
    assert removed.kept.read_text(encoding="utf-8") == LAMP


class Building:
    """Builds that take as long as they are told to."""

    def __init__(self, *outcomes):
        self._outcomes = list(outcomes)
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def __call__(self, progress):
        progress(Progress("reading", 1, 2))
        self.begun.release()
        assert self.go_on.acquire(timeout=5)
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def wait_until(builds, runs):
    deadline = threading.Event()
    for _ in range(500):
        if builds.state.runs == runs and not builds.state.running:
            return builds.state
        deadline.wait(0.01)
    pytest.fail("the build never ended")


REPORT = BuildReport((SeedReport("bad.pdf", "skipped", reason="no PDF"),), 2)


def test_a_build_runs_beside_and_says_how_far_it_is():
    work = Building(REPORT)
    builds = BuildRunner(work, Notifier())
    builds.start()
    assert work.begun.acquire(timeout=5)
    assert builds.state.running
    assert builds.state.progress == Progress("reading", 1, 2)
    work.go_on.release()
    state = wait_until(builds, 1)
    assert state.skipped == REPORT.seeds


def test_asked_for_while_one_runs_one_more_build_follows():
    work = Building(REPORT, REPORT, REPORT)
    builds = BuildRunner(work, Notifier())
    builds.start()
    assert work.begun.acquire(timeout=5)
    builds.start()
    builds.start()
    work.go_on.release(5)
    assert wait_until(builds, 2).seeds == REPORT.seeds


def test_a_build_is_stopped_at_its_next_step_and_no_other_follows():
    steps, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def work(progress):
        for number in range(1000):
            progress(Progress("reading", number, 1000))
            steps.release()
            assert go_on.acquire(timeout=5)
        return REPORT

    builds = BuildRunner(work, Notifier())
    builds.stop(1)
    builds = BuildRunner(work, Notifier())
    builds.start()
    builds.start()
    assert steps.acquire(timeout=5)
    stopping = threading.Thread(target=builds.stop, args=[5])
    stopping.start()
    go_on.release(900)
    stopping.join()
    assert not builds.state.running
    assert builds.state.runs == 1
    assert builds.state.error == "The build was stopped."


def test_a_build_that_fails_says_why_and_the_next_may_succeed():
    builds = BuildRunner(Building(SeedsError("no\n articles"), REPORT), Notifier())
    builds._build.go_on.release(2)
    builds.start()
    assert wait_until(builds, 1).error == "no articles"
    builds.start()
    assert wait_until(builds, 2).error == ""


def test_a_bug_in_a_build_is_told_without_its_details(caplog):
    work = Building(KeyError("secret"))
    work.go_on.release()
    builds = BuildRunner(work, Notifier())
    builds.start()
    assert wait_until(builds, 1).error.startswith("Unexpected KeyError")
    assert "secret" in caplog.text


def test_the_bell_is_heard_by_all_and_not_after_they_left():
    notifier = Notifier()

    async def listen():
        heard = []
        async for _ in notifier.changes():
            heard.append(len(heard))
            if len(heard) == 3:
                break
            threading.Timer(0.01, notifier.notify).start()
        return heard

    async def both():
        return await asyncio.wait_for(asyncio.gather(listen(), listen()), 5)

    assert asyncio.run(both()) == [[0, 1, 2], [0, 1, 2]]
    notifier.notify()
