"""Files of an index damaged at random: ``python tests/damages.py --damages 300``.

Prints one JSON object: how many were detected, how many harmless (every result as
before), crashes, silent wrong results, builds that did not mend the index, and how
much of it was embedded again.
"""

import os

# So that no thread is left behind by a fork.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import argparse
import json
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss  # noqa: F401 - once here and not in each child
from fakes import Library, article, keys_of
from spoiling import BY_SQL, CATALOGUE, DAMAGES
from steps import Steps, first_and_last

from qa.errors import QaError
from qa.index import TextQuery
from qa.index.catalogue import FORMAT
from qa.schema import Filters

QUESTIONS = ("tower3", "bridge11", "castle25", "harbour7", "stands", "Iron Press")


def ask(library, question):
    """Whatever a question can get out of an index, by ids that outlive a rebuild."""
    query = library.embedder.encode_queries([f"The {question} stands"])[0]
    with library.open().snapshot() as snapshot:
        sources = snapshot.sources()
        every = keys_of(snapshot)
        lexical = snapshot.search_text(TextQuery((question,)), 9)
        near = snapshot.search_vectors(query, 9)
        keys = [*near, *(key for key, _ in lexical)]
        passages = snapshot.passages(keys)
        ids = {key: passage.id for key, (passage, _) in passages.items()}
        cosines, words = snapshot.cosines(query, keys), snapshot.stems(keys)
        of_article = _filtered(library, Filters(publishers=["Iron Press"]))
        return {
            "sources": sorted(map(repr, sources)),
            "seeds": sorted((s.file, s.passages) for s in snapshot.seeds()),
            "passages": len(every),
            "lexical": sorted((ids[key], round(score, 4)) for key, score in lexical),
            "near": sorted(ids[key] for key in near),
            "cosines": sorted(
                (ids[key], [round(c, 3) for c in values])
                for key, values in cosines.items()
            ),
            "stems": sorted(
                (ids[k], sorted(w.title), w.sentences) for k, w in words.items()
            ),
            "texts": sorted(map(repr, passages.values())),
            "documents": [
                repr(snapshot.document(i)) for i in sorted({s.id for s in sources})
            ],
            "filtered": of_article,
            "frequencies": snapshot.frequencies([question]),
        }


def _filtered(library, filters):
    with library.open().snapshot(filters) as snapshot:
        return sorted(map(repr, snapshot.passages(keys_of(snapshot)).values()))


def ask_all(library):
    """Each question's result, or the error that it ended in."""
    found = {}
    for question in QUESTIONS:
        try:
            found[question] = repr(ask(library, question))
        except QaError as error:
            found[question] = f"error: {type(error).__name__}: {error}"
    return found


def in_child(function):
    """A function's JSON result, or None where its process died or hung."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(readable)
            with os.fdopen(writable, "w", encoding="utf-8") as stream:
                json.dump(function(), stream)
            status = 0
        except BaseException as error:  # noqa: BLE001 - a child must end here
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(status)
    os.close(writable)
    signal.alarm(120)
    with os.fdopen(readable, encoding="utf-8") as stream:
        text = stream.read()
    signal.alarm(0)
    _, status = os.waitpid(pid, 0)
    return json.loads(text) if status == 0 else None


class Case:
    """A whole index, and copies of it to be damaged."""

    def __init__(self, home):
        self.whole = Library(home / "whole")
        self.whole.write("a.txt", article("tower", 60))
        self.whole.write(
            "b.md", "---\npublisher: Iron Press\n---\n# B\n\n" + article("bridge", 60)
        )
        self.whole.write("c.jsonl", json.dumps({"id": "1", "text": article("castle")}))
        self.whole.build()
        self.earlier = (self.whole.folder / CATALOGUE).read_bytes()
        (vectors,) = self.whole.folder.glob("vectors-*")
        self.others = [self.earlier, vectors.read_bytes(), self._foreign(home)]
        self.whole.write(
            "c.jsonl", json.dumps({"id": "1", "text": article("castle", 40)})
        )
        self.whole.write("d.txt", article("harbour", 30))
        # A reader that is connected keeps the log from being merged.
        with closing(sqlite3.connect(self.whole.folder / CATALOGUE)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM meta").fetchall()
            self.whole.build()
            shutil.copytree(self.whole.folder, home / "logged")
        self.folders = [self.whole.folder, home / "logged"]
        self.whole.open().stats()
        self.expected = ask_all(self.whole)
        self.vectors = self.whole.open().stats().vectors
        self.copy = Library(home / "copy")
        shutil.copytree(self.whole.seeds, self.copy.seeds)

    @staticmethod
    def _foreign(home):
        with closing(sqlite3.connect(home / "foreign")) as db, db:
            db.execute("CREATE TABLE meta (key, value)")
            db.execute("INSERT INTO meta VALUES ('format', ?)", [str(FORMAT)])
        return (home / "foreign").read_bytes()

    def renew(self, *, logged):
        """A whole copy."""
        shutil.rmtree(self.copy.folder, ignore_errors=True)
        shutil.copytree(self.folders[logged], self.copy.folder)
        (self.copy.folder / f"{CATALOGUE}-shm").unlink(missing_ok=True)

    def damage(self, chance):
        """Damage one file of the copy; returns what was done."""
        names = [CATALOGUE] * 3 + [p.name for p in self.copy.folder.glob("vectors-*")]
        names += [p.name for p in self.copy.folder.glob("*-wal")]
        path = self.copy.folder / chance.choice(names)
        if chance.randrange(25) == 0:
            path.unlink()
            return f"{path.name} deleted"
        how = chance.choice(DAMAGES)
        path.write_bytes(how(bytearray(path.read_bytes()), chance, self.others))
        return f"{path.name} {how.__name__}"

    def mend(self):
        """What builds say of a damaged index, what they embedded, what it is then."""
        said = []
        for _ in range(2):
            try:
                said.append(self.copy.build().repaired)
                break
            except QaError as error:
                said.append(f"{type(error).__name__}: {error}")
        return {
            "said": said,
            "embedded": len(self.copy.embedder.encoded),
            "results": ask_all(self.copy),
        }

    def judge(self, what):
        """What came of a damage: counts by name, all of them good or bad news."""
        found = Counter(damages=1)
        results = in_child(lambda: ask_all(self.copy))
        if results is None:
            return found + Counter(crashes=1)
        errors = {q for q, r in results.items() if r.startswith("error: ")}
        wrong = {q for q in QUESTIONS if results[q] != self.expected[q]} - errors
        found["silent_wrong_results"] = bool(wrong)
        found["detected"] = bool(errors) and not wrong
        found["harmless"] = not errors and not wrong
        if wrong:
            sys.stderr.write(f"{what}: silently wrong\n")
        mended = in_child(self.mend)
        if mended is None:
            return found + Counter(crashes=1)
        found["embedded_again"] = mended["embedded"]
        if mended["results"] != self.expected:
            found["not_mended"] = 1
            sys.stderr.write(f"{what}: not mended: {mended['said']}\n")
        return found


class Killed:
    """A build that mends a damaged index, killed at each of its steps."""

    def __init__(self, home):
        self.case = Case(home)
        self.found = Counter()
        self.taken = home / "taken"

    def renew(self):
        self.case.renew(logged=True)
        BY_SQL["text"](self.case.copy.folder)
        in_child(lambda: ask_all(self.case.copy))  # a reader that finds and reports it

    def build(self, at=None):
        """One build; its steps are noted, or it is killed at one."""
        taken = []

        def act(name):
            taken.append(name)
            if at is not None and (name, taken.count(name)) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        def job():
            Steps(self.case.copy.folder, act).install()
            self.case.copy.build()
            return taken

        return in_child(job)

    def run(self):
        self.renew()
        for at in first_and_last(self.build()):
            self.renew()
            self.found["kills"] += self.build(at) is None
            results = in_child(lambda: ask_all(self.case.copy))
            if results is None:
                self.found["crashes"] += 1
                continue
            self.found["silent_wrong_results"] += any(
                result != self.case.expected[question]
                for question, result in results.items()
                if not result.startswith("error: ")
            )
            mended = in_child(self.case.mend)
            self.found["not_mended"] += mended["results"] != self.case.expected
            self.found["embedded_again"] += mended["embedded"]
            names = {path.name for path in self.case.copy.folder.iterdir()}
            left = {n for n in names if n.endswith((".new", ".copy", ".partial"))}
            self.found["orphan_files"] += len(left)
        return dict(self.found)


def run(home, damages, seed=11):
    """Damage an index again and again and return what was found."""
    chance, case, found = random.Random(seed), Case(home), Counter()
    names = Counter()
    for name, change in BY_SQL.items():
        case.renew(logged=False)
        change(case.copy.folder)
        came = case.judge(name)
        if not came["detected"]:
            sys.stderr.write(f"{name}: not detected\n")
        found += came
    while found["damages"] < damages:
        case.renew(logged=chance.randrange(3) == 0)
        what = case.damage(chance)
        names[what.split()[0].split("-")[0]] += 1
        found += case.judge(what)
    found["vectors_of_all"] = case.vectors * found["damages"]
    kinds = ("crashes", "silent_wrong_results", "not_mended")
    return {**dict.fromkeys(kinds, 0), **found, "files": dict(names)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--kills", action="store_true", help="kill the build that mends, at each step"
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    with TemporaryDirectory(prefix="qa-damages-") as home:
        if arguments.kills:
            found = Killed(Path(home)).run()
        else:
            found = run(Path(home), arguments.damages, arguments.seed)
    sys.stderr.write(f"{time.monotonic() - started:.1f} s\n")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
