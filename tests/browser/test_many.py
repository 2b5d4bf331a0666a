"""Many readers at once: answered in order, each with what is theirs."""

import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from gradio_client import Client
from staging import Script, served, staged, stock

from qa.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
USERS = 20
READING_SECONDS = 1.0
MEMORY = Path("/proc/self/statm")
SECONDS = float(os.environ.get("QA_MANY_SECONDS", "10"))


class Telling(Script):
    """Says which question it was asked; notes the order and the company."""

    def __init__(self, library):
        super().__init__(library, pause=0.0)
        self.order, self.at_once, self.most = [], 0, 0

    def stream(self, question, **terms):
        self.order.append(question)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        time.sleep(0.02)
        try:
            yield from super().stream(question, **terms)
        finally:
            self.at_once -= 1


class Reader(threading.Thread):
    """One browser's session, without the browser: asks, and reads the page's stream."""

    def __init__(self, address, number, until):
        super().__init__(name=f"reader {number}")
        self.address, self.number, self.until = address, number, until
        self.answered, self.problems = 0, []

    def run(self):
        with httpx.Client(base_url=self.address, timeout=60) as http:
            config = http.get("/config").json()
            events = config["dependencies"]
            submit = next(e["id"] for e in events if e["api_name"] == "_submit")
            follow = next(e["id"] for e in events if e["api_name"] == "_reply")
            session = f"s{self.number:010d}"
            while time.monotonic() < self.until:
                question = f"Reader {self.number} asks {self.answered}?"
                self._event(http, submit, session, [None, question, "{}"])
                shown = self._event(http, follow, session, [None])
                self._judge(shown, question)

    def _event(self, http, event, session, data):
        body = {"fn_index": event, "data": data, "session_hash": session}
        http.post("/gradio_api/queue/join", json=body).raise_for_status()
        shown = ""
        params = {"session_hash": session}
        with http.stream("GET", "/gradio_api/queue/data", params=params) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line.removeprefix("data: "))
                shown += line
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        self.problems.append(line[:500])
                    break
        return shown

    def _judge(self, shown, question):
        self.answered += 1
        seen = {n for n in range(USERS) if f"Reader {n} asks" in shown}
        if seen != {self.number} or f"asks {self.answered - 1}&" not in shown:
            self.problems.append(f"{question} was shown {seen}")
        if "qa-failure" in shown:
            self.problems.append(f"{question} was not answered")
        time.sleep(READING_SECONDS)


@pytest.fixture
def crowded(library):
    stock(library)
    script = Telling(library)
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, script), settings) as address:
        yield address, script


def resident():
    pages = MEMORY.read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_twenty_programs_at_once_are_answered_one_at_a_time(crowded):
    address, script = crowded
    asked = [f"Program {number} asks?" for number in range(USERS)]
    answers = {}

    def ask(question):
        answers[question] = httpx.post(
            f"{address}/answer", json={"question": question}, timeout=60
        )

    threads = [threading.Thread(target=ask, args=[question]) for question in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.json()["question"] for q, a in answers.items()] == list(answers)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert script.most == 1
    assert Counter(script.order) == Counter(asked)


@pytest.mark.skipif(not MEMORY.exists(), reason="needs /proc")
def test_twenty_readers_ask_all_the_time(crowded, record_testsuite_property):
    address, script = crowded
    until = time.monotonic() + SECONDS
    readers = [Reader(address, number, until) for number in range(USERS)]
    for reader in readers:
        reader.start()
    time.sleep(SECONDS / 2)
    half = resident()
    for reader in readers:
        reader.join()
    assert [p for reader in readers for p in reader.problems] == []
    assert script.most == 1
    counts = [reader.answered for reader in readers]
    assert min(counts) > 0
    assert max(counts) - min(counts) <= 2
    growth = resident() - half
    record_testsuite_property("answers", sum(counts))
    record_testsuite_property("growth_mb", round(growth))
    assert growth < 60


def test_gradios_client_waits_in_the_same_line(crowded):
    address, script = crowded
    client = Client(address, verbose=False, analytics_enabled=False)
    jobs = [client.submit(f"Job {n}?", api_name="/answer") for n in range(5)]
    assert [job.result()["question"] for job in jobs] == [f"Job {n}?" for n in range(5)]
    assert script.most == 1
    client.close()
