"""Builds beside the answering: one at a time, stopped in time, never a traceback."""

import threading

import pytest

from qa.build import BuildReport, Progress, SeedReport
from qa.errors import SeedsError
from qa.ui.server.build_runner import BuildRunner, BuildState
from qa.ui.server.notifier import Notifier


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


def test_where_another_program_builds_none_begins():
    builds = BuildRunner(None, Notifier())
    assert builds.start() is False
    assert builds.state == BuildState()


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
