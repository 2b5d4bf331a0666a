"""Watching a folder: rest, hidden files, failures, and systems that cannot tell."""

import threading
import time

import pytest
import watchfiles

from qa.library.watching import watch_folder


class Watch:
    """A watch in a thread, with its builds by number."""

    def __init__(self, folder, *, poll=False, outcomes=()):
        self.builds = 0
        self._outcomes = list(outcomes)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=watch_folder,
            args=(folder, self._rebuild),
            kwargs={"poll": poll, "stop": self._stop, "rest_ms": 100, "retry_ms": 300},
        )
        self._thread.start()

    def _rebuild(self):
        self.builds += 1
        return self._outcomes.pop(0) if self._outcomes else True

    def reaches(self, builds, seconds=20):
        end = time.monotonic() + seconds
        while self.builds < builds and time.monotonic() < end:
            time.sleep(0.02)
        return self.builds >= builds

    def close(self):
        self._stop.set()
        self._thread.join()


@pytest.fixture
def watch(tmp_path):
    watches = []

    def start(**options):
        watches.append(Watch(tmp_path, **options))
        assert watches[-1].reaches(1)
        return watches[-1]

    yield start
    for watching in watches:
        watching.close()


@pytest.mark.parametrize("poll", [False, True])
def test_new_changed_and_deleted_files_are_built(watch, tmp_path, poll):
    watching = watch(poll=poll)
    (tmp_path / "a.md").write_text("A heron.")
    assert watching.reaches(2)
    (tmp_path / "a.md").write_text("Another heron.")
    assert watching.reaches(3)
    (tmp_path / "a.md").unlink()
    assert watching.reaches(4)


def test_many_changes_are_one_build(watch, tmp_path):
    watching = watch()
    for number in range(20):
        (tmp_path / f"{number}.md").write_text("A heron.")
        time.sleep(0.01)
    assert watching.reaches(2)
    time.sleep(0.7)
    assert watching.builds <= 3


def test_hidden_files_do_not_count(watch, tmp_path):
    watching = watch()
    (tmp_path / ".removed").mkdir()
    (tmp_path / ".removed" / "a.md").write_text("A heron.")
    (tmp_path / ".x.partial").write_text("A her")
    time.sleep(1)
    assert watching.builds == 1


def test_a_build_that_failed_is_tried_again_until_it_succeeds(watch):
    watching = watch(outcomes=[False, False, True])
    assert watching.reaches(3)
    time.sleep(0.8)
    assert watching.builds == 3


def test_a_system_that_cannot_tell_is_polled(watch, tmp_path, monkeypatch):
    real = watchfiles.watch

    def without_inotify(*paths, force_polling=None, **options):
        if not force_polling:
            raise OSError("no space left on device")
        yield from real(*paths, force_polling=True, **options)

    monkeypatch.setattr(watchfiles, "watch", without_inotify)
    watching = watch()
    (tmp_path / "a.md").write_text("A heron.")
    assert watching.reaches(2)
