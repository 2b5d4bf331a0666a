"""Many readers at once: answered in order, each with what is theirs."""

import gc
import os
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest
from crowd import crowd, out_of_order, resident, untrue_places
from gradio_client import Client
from staging import Telling, served, staged, stock

from qa.settings import Settings

pytestmark = [
    pytest.mark.alone,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
USERS = 20
SECONDS = 10.0
PAUSE = 1.0
MEMORY = Path("/proc/self/statm")


@pytest.fixture
def crowded(library):
    stock(library)
    script = Telling(library)
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, script), settings) as address:
        yield address, script


def components():
    """How many of each of the page's components Gradio holds."""
    gc.collect()
    names = Counter(type(kept).__name__ for kept in gc.get_objects())
    return {name: names[name] for name in ("Chatbot", "Textbox", "Button")}


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


def test_as_many_are_answered_at_once_as_are_set(library):
    stock(library)
    script = Telling(library)
    settings = Settings(seeds=library.seeds, index=library.folder, at_once=3)
    with served(staged(library, script), settings) as address:

        def ask(number):
            question = {"question": f"Program {number} asks?"}
            httpx.post(f"{address}/answer", json=question, timeout=60)

        threads = [threading.Thread(target=ask, args=[n]) for n in range(15)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(script.order) == 15
    assert 1 < script.most <= 3


@pytest.mark.skipif(not MEMORY.exists(), reason="needs /proc")
def test_twenty_readers_ask_all_the_time(crowded):
    address, script = crowded
    sizes, before = [], components()

    def watch(_readers):
        sizes.append(resident(os.getpid())[0])

    readers = crowd(address, users=USERS, seconds=SECONDS, pause=PAUSE, watch=watch)
    assert [p for r in readers for p in (*r.errors, *r.crossed)] == []
    asked = [one for reader in readers for one in reader.asked]
    counts = [len(reader.asked) for reader in readers]
    assert script.most == 1
    assert min(counts) > 0
    assert max(counts) - min(counts) <= 2
    assert max(len(one.ahead) for one in asked) > 0
    assert out_of_order(asked) == 0
    assert untrue_places(asked) == 0
    # ``crowd.py`` measures longer; here what would make it grow is counted.
    assert sizes[-1] - sizes[len(sizes) // 2] < 40
    assert len(asked) > 2 * USERS
    # The page has its components, each session the three that are drawn anew.
    after = components()
    more = {name: after[name] - before[name] for name in before}
    assert more["Chatbot"] <= 1 + USERS
    assert more["Button"] <= 4 + 2 * USERS
    assert more["Textbox"] <= 2


def test_gradios_client_waits_in_the_same_line(crowded):
    address, script = crowded
    client = Client(address, verbose=False, analytics_enabled=False)
    jobs = [client.submit(f"Job {n}?", api_name="/answer") for n in range(5)]
    assert [job.result()["question"] for job in jobs] == [f"Job {n}?" for n in range(5)]
    assert script.most == 1
    client.close()
