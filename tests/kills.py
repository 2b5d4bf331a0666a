"""A builder killed again and again while a reader asks.

``python tests/kills.py --kills 500`` prints one JSON object with what was found;
``--steps`` kills once before the first and once before the last time each step of a
build is taken. All must be 0 but the kills and ``embedded_twice_uncommitted``: a
vector that the model gave is lost if the kill comes before its transaction commits,
and no program can keep it.
"""

import os

# So that no thread is left behind by a fork.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import argparse
import json
import random
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss  # noqa: F401 - once here and not in each child
from fakes import BagOfWordsEmbedder, Library, keys_of
from steps import Steps, first_and_last, numbered

from qa.build import _BATCH
from qa.index import TextQuery

FILES = ("a.txt", "b.md", "c.txt", "d.jsonl")
KEPT = {"catalogue.sqlite", "build.lock"}
# Of a reader that is connected at this moment.
SHARED = {"catalogue.sqlite-wal", "catalogue.sqlite-shm"}
WORD = re.compile(r"The (\w+) stands")
SPOKEN = re.compile(r"The (\w+)v(\d+)n\d+ stands")


def sentences(name, version, count):
    return [f"The {name}v{version}n{n} stands for {name}x{n}." for n in range(count)]


def content(file, version, count):
    """An article of one file, version and length, recognised in every sentence."""
    name, kind = file.split(".")
    if kind == "jsonl":
        records = ({"id": t, "text": t} for t in sentences(name, version, count))
        return "\n".join(map(json.dumps, records))
    return "\n\n".join(sentences(name, version, count))


class NotingEmbedder(BagOfWordsEmbedder):
    """Notes the hash of each text in a file as soon as its vector exists."""

    def __init__(self, noted, steps=None):
        super().__init__(dimension=512)
        self._noted = noted
        self._steps = steps

    def encode_documents(self, texts):
        vectors = super().encode_queries(texts)
        hashes = "".join(sha256(text.encode()).hexdigest() + "\n" for text in texts)
        with self._noted.open("a", encoding="ascii") as stream:
            stream.write(hashes)
        if self._steps:
            self._steps.embedded()
        return vectors


def asked(library, choice):
    """Ask once; returns the generation, what it holds and what is wrong with it."""
    wrong, spoken = [], Counter()
    with library.open().snapshot() as snapshot:
        sources = snapshot.sources()
        keys = keys_of(snapshot)
        passages = snapshot.passages(keys)
        documents = {s.id: snapshot.document(s.id) for s in sources}
        for passage, _ in passages.values():
            text = documents[passage.document_id].text
            if text[passage.start : passage.end] != passage.text:
                wrong.append("a passage is not in its document")
            spoken.update(SPOKEN.findall(passage.text))
        key = choice.choice(keys)
        passage, _ = passages[key]
        query = library.embedder.encode_queries([passage.text])[0]
        own = snapshot.cosines(query, [key])[key][0]
        # The heading or title in front of the text takes away a little.
        if own < 0.9:
            wrong.append("a vector is not its passage's")
        # Not always the passage itself: two may have the same counts of words.
        (nearest,) = snapshot.search_vectors(query, 1)
        (vector,) = library.embedder.encode_queries([passages[nearest][0].text])
        if vector @ query < own - 0.01:
            wrong.append("a vector that was found is not its passage's")
        word = choice.choice(WORD.findall(passage.text))
        # A word of the title is found in all that the article says.
        found = dict(snapshot.search_text(TextQuery((word,)), len(keys)))
        told = {passages[k][0].document_id for k in found}
        if key not in found or told != {passage.document_id}:
            wrong.append("a passage is not found by its word")
        generation = snapshot.generation
    holds = tuple(sorted((n, int(v), count) for (n, v), count in spoken.items()))
    return generation, holds, wrong


@dataclass
class Shelf:
    """Seeds that change, builders that are killed, and what was found."""

    home: Path
    chance: random.Random
    found: Counter = field(default_factory=Counter)
    steps: list = field(default_factory=list)
    killed_at: Counter = field(default_factory=Counter)
    versions: dict = field(default_factory=dict)

    def __post_init__(self):
        self.library = Library(self.home, NotingEmbedder(self.home / "noted"))
        self.states = self.home / "states"
        self.last = 0

    def change(self):
        """Another version of one or two articles; now and then one goes."""
        for file in self.chance.sample(FILES, self.chance.choice([1, 1, 2])):
            path = self.library.seeds / file
            if (
                len(self.versions) > 2
                and file in self.versions
                and not (self.chance.randrange(4))
            ):
                path.unlink()
                del self.versions[file]
                continue
            self.last += 1
            self.versions[file] = (self.last, self.chance.randint(5, 300))
            self.library.write(file, content(file, *self.versions[file]))
        with self.states.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(self.holds()) + "\n")

    def holds(self):
        pairs = self.versions.items()
        return sorted([f.split(".")[0], version, n] for f, (version, n) in pairs)

    def build(self, at=None, delay=None):
        """One build in a child, killed before a step or after a time.

        Args:
            at: A step's name and which time it is taken.
            delay: Seconds until the kill.

        Returns:
            Whether it was killed.
        """
        cached, self.noted = self.cached(), self.home / "noted"
        self.noted.unlink(missing_ok=True)
        (self.home / "taken").unlink(missing_ok=True)
        pid = os.fork()
        if pid == 0:
            self._build_in_child(at)
        if delay is not None:
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        self._count_embeddings(cached, killed=status == signal.SIGKILL)
        if status == signal.SIGKILL:
            return True
        self.found["failed_builds"] += status != 0
        taken = (self.home / "taken").read_text(encoding="utf-8").split("\n")
        self.steps = taken
        return False

    def _build_in_child(self, at):
        taken = []

        def act(name):
            taken.append(name)
            if at is not None and (name, taken.count(name)) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        status = 1
        try:
            steps = Steps(self.home, act)
            steps.install()
            self.library.embedder = NotingEmbedder(self.noted, steps)
            self.library.build()
            (self.home / "taken").write_text("\n".join(taken), encoding="utf-8")
            status = 0
        except BaseException as error:  # noqa: BLE001 - a child must end here
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(status)

    def cached(self):
        """Hashes of the texts whose vectors are committed."""
        path = self.library.folder / "catalogue.sqlite"
        if not path.exists():
            return set()
        with closing(sqlite3.connect(path)) as db:
            rows = db.execute("SELECT hex(text_hash) FROM vectors").fetchall()
        return {value.lower() for (value,) in rows}

    def _count_embeddings(self, cached, *, killed):
        if not self.noted.exists():
            return
        noted = self.noted.read_text(encoding="ascii").split()
        self.found["embedded"] += len(noted)
        self.found["repeated_embeddings"] += len(noted) - len(set(noted) - cached)
        if killed:
            lost = len(set(noted) - cached - self.cached())
            self.found["embedded_twice_uncommitted"] += lost
            # More than the batch at hand can only be lost by not committing it.
            self.found["repeated_embeddings"] += max(0, lost - _BATCH)

    def check(self):
        """After a build that was not killed: nothing lost, nothing left over."""
        generation, holds, wrong = asked(self.library, self.chance)
        self.found["wrong_answers"] += len(wrong)
        expected = {tuple(article) for article in self.holds()}
        self.found["lost_documents"] += len(expected - set(holds))
        self.found["wrong_documents"] += len(set(holds) - expected)
        names = {path.name for path in self.library.folder.iterdir()}
        names -= KEPT | SHARED | {f"vectors-{generation}.faiss"}
        self.found["orphan_files"] += len(names)
        path = self.library.folder / "catalogue.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as db:
            (unused,) = db.execute(
                "SELECT count(*) FROM vectors "
                "WHERE id NOT IN (SELECT vector FROM embedded)"
            ).fetchone()
            self.found["orphan_vectors"] += unused
            # Raises where the full-text table and the texts differ.
            db.execute(
                "INSERT INTO passages_fts (passages_fts, rank) "
                "VALUES ('integrity-check', 1)"
            )

    def read_in_child(self):
        """Ask until told to stop; what was found is in a file then."""
        found, states, last = Counter(), set(), 0
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while not stopped:
            try:
                generation, holds, wrong = asked(self.library, self.chance)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                wrong = [f"{type(error).__name__}: {error}"]
            else:
                if holds not in states:
                    lines = self.states.read_text(encoding="utf-8").splitlines()
                    states = {tuple(map(tuple, json.loads(line))) for line in lines}
                if holds not in states:
                    wrong.append(f"no state of the seeds: {holds}")
                if generation < last:
                    wrong.append("an earlier generation came back")
                last = generation
            found["asked"] += 1
            found["wrong_answers"] += len(wrong)
            for reason in wrong:
                sys.stderr.write(f"reader: {reason}\n")
        (self.home / "read").write_text(json.dumps(found), encoding="utf-8")
        os._exit(0)


def run(home, *, kills, every_step):
    """Kill builders and return what was found."""
    shelf = Shelf(home, random.Random(7))
    shelf.change()
    shelf.change()
    if not every_step:
        # The first build of all is killed too; there is nothing to ask yet.
        shelf.found["kills"] += shelf.build(delay=0.05)
    shelf.build()
    reader = os.fork()
    if reader == 0:
        shelf.read_in_child()
    started = time.monotonic()
    shelf.change()
    shelf.build()
    seconds = time.monotonic() - started
    plan = first_and_last(shelf.steps) if every_step else None
    while plan if every_step else shelf.found["kills"] < kills:
        for _ in range(1 if every_step else shelf.chance.randint(1, 3)):
            shelf.change()
            if every_step:
                at, delay = plan.pop(), None
            elif shelf.chance.random() < 0.5:
                at, delay = shelf.chance.choice(numbered(shelf.steps)), None
            else:
                at, delay = None, shelf.chance.uniform(0, 1.2 * seconds)
            if shelf.build(at, delay):
                shelf.found["kills"] += 1
                shelf.killed_at[at[0] if at else "at random"] += 1
        shelf.build()
        shelf.check()
    os.kill(reader, signal.SIGTERM)
    os.waitpid(reader, 0)
    read = json.loads((home / "read").read_text(encoding="utf-8"))
    shelf.found.update(read)
    return {**shelf.found, "killed_at": dict(sorted(shelf.killed_at.items()))}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--steps", action="store_true")
    arguments = parser.parse_args()
    started = time.monotonic()
    with TemporaryDirectory(prefix="qa-kills-") as home:
        found = run(Path(home), kills=arguments.kills, every_step=arguments.steps)
    found["seconds"] = round(time.monotonic() - started, 1)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
