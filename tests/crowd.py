"""Many readers at one page for a while, without browsers.

``python tests/crowd.py --users 20 --seconds 120`` serves the page over ``seeds/``
with the embedded models, lets the readers ask all the time, and prints one JSON object
with what was found; ``--scripted`` answers at once, which wears the page itself more.
``errors``, ``crossed`` and ``out_of_order`` must be 0 and ``growth_mb`` small.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

import httpx

ROOT = Path(__file__).parent.parent
START_SECONDS = 180.0
WARM_SECONDS = 30.0
# Answers after which nothing is kept that does not take another's place: see `Kept`.
FULL = 2000
# A worker says that it has done, and the page draws it, within so many seconds.
DRAWING_SECONDS = 0.7
MARK = "Reader {0} asks {1}"
ASKED = (
    "Why does China avoid a formal alliance with Russia?",
    "What does China gain from Russia?",
    "Who handles security in Central Asia?",
    "What did Putin and Xi sign in March 2023?",
    "How large is the trade between China and Russia?",
)


@dataclass(frozen=True)
class Asked:
    """One question as its reader saw it; seconds of one clock.

    Attributes:
        ahead: The numbers of questions before it that were shown, in order.
        waiting: When the first of them was shown; None if none was.
    """

    reader: int
    sent: float
    done: float
    waiting: float | None
    ahead: tuple[int, ...]


@dataclass
class Reader(threading.Thread):
    """One browser's session, without the browser: asks, and reads the page's stream.

    Attributes:
        pause: Seconds between an answer and the next question; the page takes
            thirty questions a minute from one reader.
    """

    address: str
    number: int
    until: float
    pause: float = 1.0
    questions: tuple[str, ...] = ("and waits?",)
    asked: list[Asked] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(name=f"reader {self.number}", daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self):
        with httpx.Client(base_url=self.address, timeout=120) as http:
            config = http.get("/config").json()
            events = {e["api_name"]: e["id"] for e in config["dependencies"]}
            session = f"s{self.number:010d}"
            while time.monotonic() < self.until:
                try:
                    self._ask(http, events, session)
                except httpx.HTTPError as exc:
                    self.errors.append(repr(exc))
                time.sleep(self.pause)

    def _ask(self, http, events, session):
        count = len(self.asked)
        mark = MARK.format(self.number, count)
        question = f"{mark}: {self.questions[count % len(self.questions)]}"
        data = [None, question, "{}"]
        sent, waiting, ahead, shown = time.monotonic(), None, [], ""
        for line in self._event(http, events["_asked"], session, data):
            shown += line
            if "before this one" in line:
                waiting = waiting or time.monotonic()
                ahead.append(_ahead(line))
        done = time.monotonic()
        self.asked.append(Asked(self.number, sent, done, waiting, tuple(ahead)))
        self._judge(shown, question)

    def _event(self, http, event, session, data) -> Iterator[str]:
        """What the page's server says of one event, message by message."""
        body = {"fn_index": event, "data": data, "session_hash": session}
        http.post("/gradio_api/queue/join", json=body).raise_for_status()
        params = {"session_hash": session}
        with http.stream("GET", "/gradio_api/queue/data", params=params) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line.removeprefix("data: "))
                yield line
                if message["msg"] == "process_completed" and not message["success"]:
                    self.errors.append(line[:500])

    def _judge(self, shown, question):
        count = len(self.asked) - 1
        if not shown or f"asks {count}&#58;" not in shown:
            self.errors.append(f"{question}: is not shown")
        if "qa-failure" in shown or "qa-acts" not in shown:
            self.errors.append(f"{question}: was not answered")
        seen = {int(number) for number in _READER.findall(shown)}
        if seen - {self.number}:
            self.crossed.append(f"{question}: was shown with readers {sorted(seen)}")


_READER = re.compile(r"Reader (\d+) asks")
_AHEAD = re.compile(r"Waiting: (\d+) question")


def _ahead(line):
    found = _AHEAD.findall(line)
    return int(found[-1])


def out_of_order(asked):
    """Questions that overtook one which was seen waiting before they were sent."""
    late = 0
    for one in asked:
        for other in asked:
            if one.waiting is None or one.waiting >= other.sent:
                continue
            late += one.done > other.done + DRAWING_SECONDS
    return late


def untrue_places(asked):
    """Questions whose number of others before them was not what then happened.

    Answers that were finished, but not drawn, when the number was first shown, or
    the other way round, are allowed for.
    """
    untrue = 0
    for one in asked:
        if list(one.ahead) != sorted(one.ahead, reverse=True):
            untrue += 1
        elif one.waiting is not None:
            least, most = (
                sum(one.waiting + d < o.done <= one.done - d for o in asked)
                for d in (DRAWING_SECONDS, -DRAWING_SECONDS)
            )
            untrue += not least <= one.ahead[0] <= most
    return untrue


@dataclass(frozen=True)
class Size:
    """What the page's server took at one time: megabytes, and answers given so far."""

    own: float
    children: float
    answers: int


def growth_per_thousand(sizes):
    """Megabytes that a thousand answers add once all stores are full: the slope of
    the line through the later sizes (least squares); None where too few are left.
    """
    late = [size for size in sizes if size.answers >= FULL]
    if len(late) < 3:
        return None
    thousands = [size.answers / 1000 for size in late]
    own = [size.own for size in late]
    return round(linear_regression(thousands, own).slope, 1)


def resident(pid):
    """Megabytes of a process and its children that are in memory."""
    status = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    own = int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return own, sum(resident(int(child))[0] for child in children.split())


@contextmanager
def page_of(home, *, scripted, **variables):
    """The page in a process of its own: its address and its process id.

    Variables of its environment may say more.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "chat"]
    if scripted:
        command = [sys.executable, __file__, "--serve"]
    env = {**os.environ, "QA_HOME": str(home), "QA_PORT": str(port), **variables}
    env["PYTHONPATH"] = str(ROOT)
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=sys.stderr)
    try:
        _wait_until_ready(address, server)
        yield address, server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _wait_until_ready(address, server):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            told = httpx.get(f"{address}/status", timeout=10).json()
        except httpx.HTTPError:
            told = {}
        if told.get("ready") and not told["building"]:
            return
        time.sleep(0.5)
    raise SystemExit("the page does not come up")


def serve_scripted():
    """The page with answers that say what was asked, until interrupted."""
    sys.path.insert(0, str(Path(__file__).parent / "browser"))
    from fakes import Library
    from staging import Telling, served, staged, stock

    from qa.settings import load_settings

    settings = load_settings()
    library = Library(settings.seeds.parent)
    if settings.builds == "on":
        stock(library)
    stopped = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    with served(staged(library, Telling(library)), settings, port=settings.port):
        stopped.wait()


def crowd(address, *, users, seconds, pause, watch=lambda _readers: None):
    """Readers that have asked for so many seconds."""
    until = time.monotonic() + seconds
    readers = [Reader(address, number, until, pause, ASKED) for number in range(users)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        watch(readers)
        time.sleep(0.5)
    return readers


def report(readers, sizes):
    """What was found, as one object."""
    asked = [one for reader in readers for one in reader.asked]
    waits = sorted(one.done - one.sent for one in asked)
    counts = [len(reader.asked) for reader in readers]
    own = [size.own for size in sizes]
    return {
        "answers": len(asked),
        "answers_of_one": [min(counts), max(counts)],
        "seconds_p50": round(waits[len(waits) // 2], 2),
        "seconds_worst": round(waits[-1], 2),
        "longest_line": max((one.ahead[0] for one in asked if one.ahead), default=0),
        "errors": sum(len(reader.errors) for reader in readers),
        "crossed": sum(len(reader.crossed) for reader in readers),
        "out_of_order": out_of_order(asked),
        "untrue_places": untrue_places(asked),
        "megabytes": [round(size) for size in own],
        "children_megabytes": [round(size.children) for size in sizes],
        "answers_then": [size.answers for size in sizes],
        "growth_mb": round(own[-1] - own[0]),
        "growth_mb_per_1000_once_full": growth_per_thousand(sizes),
        "first_problems": [
            problem
            for reader in readers
            for problem in (*reader.errors, *reader.crossed)
        ][:5],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--scripted", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve_scripted()
        return
    with TemporaryDirectory() as home:
        if not args.scripted:
            shutil.copytree(ROOT / "seeds", Path(home) / "seeds")
        with page_of(Path(home), scripted=args.scripted) as (address, pid):
            begun, sizes = time.monotonic(), []

            def watch(readers):
                if time.monotonic() - begun >= WARM_SECONDS * (len(sizes) + 1):
                    answers = sum(len(reader.asked) for reader in readers)
                    sizes.append(Size(*resident(pid), answers))

            readers = crowd(
                address,
                users=args.users,
                seconds=args.seconds,
                pause=args.pause,
                watch=watch,
            )
            answers = sum(len(reader.asked) for reader in readers)
            sizes.append(Size(*resident(pid), answers))
    sys.stdout.write(json.dumps(report(readers, sizes), indent=1) + "\n")


if __name__ == "__main__":
    main()
