"""Two servers on one home behind one proxy: readers notice neither, nor a loss."""

import os
import signal
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from crowd import MARK, Reader, page_of
from staging import QUOTE, Script, served, staged, stock
from sticky_proxy import proxied

from qa.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
READERS = 20
SECONDS = 5.0
"""That readers go on after the loss."""
WAIT_SECONDS = 120.0
PAUSE = 0.6
SHARED = {"QA_ANSWERS": "answers", "QA_PROXIES": "127.0.0.1"}


class Shown(Reader):
    """A reader that keeps what was shown last, and when it was sent away."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown, self.lost = "", []

    __hash__ = threading.Thread.__hash__

    def _judge(self, shown, question):
        self.shown = shown
        super()._judge(shown, question)

    def _ask(self, http, events, session):
        begun = len(self.errors)
        try:
            super()._ask(http, events, session)
        except httpx.HTTPError:
            self.lost.append(time.monotonic())
            raise
        if len(self.errors) > begun:
            self.lost.append(time.monotonic())


def readers_at(address, *, first):
    """Readers that ask, once each has been answered twice."""
    numbers = range(first, first + READERS)
    forever = time.monotonic() + 3600
    readers = [Shown(address, number, forever, PAUSE) for number in numbers]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while not all(len(reader.asked) > 1 for reader in readers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return readers


def stopped(readers):
    for reader in readers:
        reader.until = 0.0
    for reader in readers:
        reader.join(WAIT_SECONDS)
        assert not reader.is_alive()
    return readers


def test_twenty_readers_at_two_servers_and_one_is_killed(tmp_path):
    off = {"QA_BUILDS": "off", **SHARED}
    with (
        page_of(tmp_path, scripted=True, **SHARED) as (one, pid),
        page_of(tmp_path, scripted=True, **off) as (two, _),
        proxied(one, two) as (address, given),
    ):
        for reader in stopped(readers_at(address, first=0)):
            assert (reader.errors, reader.crossed) == ([], [])
        assert given == {0: READERS / 2, 1: READERS / 2}

        readers = readers_at(address, first=READERS)
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        time.sleep(SECONDS)
        stopped(readers)
    for reader in readers:
        assert reader.crossed == []
        assert len(reader.lost) <= 1
        assert all(lost < killed + 5 for lost in reader.lost)
        late = [one for one in reader.asked if one.sent > killed]
        assert late
        # The conversation went on where it was: its first question is still shown.
        assert MARK.format(reader.number, 0) in reader.shown


@contextmanager
def two_pages(library, **changes):
    """Two servers of one library, in one process: address and script of each."""
    given = {"seeds": library.seeds, "index": library.folder, "builds": "off"}
    settings = Settings(**{**given, **changes})
    scripts = Script(library, pause=0.0), Script(library, pause=0.0)
    with served(staged(library, scripts[0]), settings) as one:
        # Gradio builds one page of a process at a time.
        httpx.get(f"{one}/status", timeout=60)
        with served(staged(library, scripts[1]), settings) as two:
            httpx.get(f"{two}/status", timeout=60)
            yield (one, scripts[0]), (two, scripts[1])


def ask(address, session, question):
    """Ask as a browser does; what was shown."""
    with httpx.Client(base_url=address, timeout=60) as http:
        config = http.get("/config").json()
        events = {e["api_name"]: e["id"] for e in config["dependencies"]}
        reader = Reader(address, 0, 0.0)
        data = [None, question, "{}"]
        shown = "".join(reader._event(http, events["_asked"], session, data))
        assert reader.errors == []
    return shown


def press(address, what, session):
    """Press a button that needs nothing but the session."""
    with httpx.Client(base_url=address, timeout=60) as http:
        dependencies = http.get("/config").json()["dependencies"]
        pressed = next(e["id"] for e in dependencies if e["api_name"] == what)
        list(Reader(address, 0, 0.0)._event(http, pressed, session, [None]))


def links(shown):
    """The keys of the citations that are linked, in order."""
    marked = shown.split("#cite-")[1:]
    return list(dict.fromkeys(part[:18] for part in marked))


def test_a_conversation_and_its_citations_go_on_at_another_server(library, tmp_path):
    stock(library)
    with two_pages(library, answers=str(tmp_path / "answers")) as (first, second):
        (one, _), (two, script) = first, second
        key = links(ask(one, "a-session", "and the first matter?"))[0]
        shown = ask(two, "a-session", "and the second matter?")
        assert "and the first matter" in shown
        assert "and the second matter" in shown
        assert [turn[0] for turn in script.histories[-1]] == ["and the first matter?"]
        source = httpx.get(f"{two}/page/sources/{key}").json()
        texts = [run["text"] for block in source["blocks"] for run in block["runs"]]
        assert QUOTE in texts
        assert not httpx.get(f"{two}/page/cards/{key}").json()["error"]
        answer = key.partition("-")[0]
        rated = {"answer": answer, "rating": "good"}
        assert httpx.post(f"{two}/page/feedback", json=rated).status_code == 200
        # Back at the first, which has seen only the beginning.
        assert "and the second matter" in ask(one, "a-session", "and in which year?")
        assert "first matter" not in ask(two, "another", "and the second matter?")


def test_a_conversation_that_was_cleared_stays_so_at_another_server(library, tmp_path):
    stock(library)
    with two_pages(library, answers=str(tmp_path / "answers")) as ((one, _), (two, _)):
        ask(one, "a-session", "and the first matter?")
        ask(two, "a-session", "and the second matter?")
        press(two, "_cleared", "a-session")
        shown = ask(one, "a-session", "and in which year?")
        assert "first matter" not in shown
        assert "second matter" not in shown


def test_without_a_shared_folder_answers_stay_in_memory(library, tmp_path):
    stock(library)
    with two_pages(library) as ((one, _), (two, _)):
        key = links(ask(one, "a-session", "and the first matter?"))[0]
        assert httpx.get(f"{two}/page/cards/{key}").json()["error"]
        # What a browser kept is signed by the key of the home, so the other takes it.
        signed = httpx.get(f"{one}/page/answers/{key.partition('-')[0]}/signed").text
    assert signed
    assert not (tmp_path / "answers").exists()


def test_limits_are_counted_behind_a_proxy_that_is_named(library):
    stock(library)
    question = {"question": "and the first matter?"}

    def asked(address, here, times):
        transport = httpx.HTTPTransport(local_address=here)
        with httpx.Client(transport=transport, base_url=address) as http:
            # Whom a client says it asks for, no proxy has vouched for.
            claimed = [{"X-Forwarded-For": f"10.0.0.{n}"} for n in range(times)]
            return [
                http.post("/retrieve", json=question, headers=said).status_code
                for said in claimed
            ]

    with (
        two_pages(library, proxies="127.0.0.1") as ((named, _), _),
        proxied(named) as (address, _),
    ):
        assert set(asked(address, "127.0.0.2", 30)) == {200}
        assert asked(address, "127.0.0.2", 1) == [503]
        assert asked(address, "127.0.0.3", 1) == [200]
    with (
        two_pages(library) as ((unnamed, _), _),
        proxied(unnamed) as (address, _),
    ):
        assert set(asked(address, "127.0.0.2", 30)) == {200}
        assert asked(address, "127.0.0.3", 1) == [503]


def test_a_server_that_does_not_build_says_so_and_takes_files(library):
    stock(library)
    with two_pages(library) as ((one, _), _):
        assert httpx.get(f"{one}/status").json()["building"] is False
        assert httpx.post(f"{one}/page/library/build").json() == {"started": False}
        named = {"params": {"name": "new.txt"}}
        added = httpx.put(f"{one}/page/library/file", content=b"New words.", **named)
        assert added.json()["is_new"]
        removed = httpx.delete(f"{one}/page/library/file", **named)
        assert removed.json()["started"] is False


def test_behind_a_proxy_the_page_answers_under_its_public_name(library):
    stock(library)
    with two_pages(library, public_host="articles.example.org") as ((one, _), _):
        for host, status in (
            ("articles.example.org", 200),
            ("other.example.org", 421),
        ):
            headers = {"Host": host, "Origin": f"https://{host}"}
            asked = httpx.post(f"{one}/page/library/build", headers=headers)
            assert asked.status_code == status
