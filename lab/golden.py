"""Records what the product answers, so that a change of its house shows itself.

    python -m lab.golden record OUT.jsonl --shared ../shared [--texts]
    python -m lab.golden compare BEFORE.jsonl AFTER.jsonl

One line a question: whether it was refused, each citation's file and offsets, and
digests of question and answer. Their words are kept only with ``--texts``, in a file
that is not to be committed. ``golden.jsonl`` is what version 0.1.0 answered, before
its modules were grouped into rooms.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


def libraries(shared: Path) -> Iterator[tuple[str, Path, list[dict[str, Any]]]]:
    """Name, seeds folder and questions of each library that is asked."""
    own = json.loads((_HERE / "golden_questions.json").read_text(encoding="utf-8"))
    dev = json.loads((shared / "eval" / "seeds_dev.json").read_text(encoding="utf-8"))
    asked = [{"question": item["question"]} for item in dev["questions"]]
    for item in dev.get("conversations", ()):
        *before, last = [
            turn["question"] if isinstance(turn, dict) else turn
            for turn in item["turns"]
        ]
        asked.append({"question": last, "history": [[q, ""] for q in before]})
    yield "shipped", _HERE.parent / "seeds", own
    yield "articles", shared / "seeds", own + asked
    for path in sorted((shared / "cases").glob("*/questions.json")):
        questions = json.loads(path.read_text(encoding="utf-8"))
        yield f"cases/{path.parent.name}", path.parent / "seeds", questions


def ask(questions: Path, *, texts: bool) -> None:
    """In a process of its own, with QA_HOME set: one JSON line a question."""
    from qa import answer
    from qa.schema import Turn

    for item in json.loads(questions.read_text(encoding="utf-8")):
        history = tuple(Turn(*turn) for turn in item.get("history", ()))
        line: dict[str, Any] = {"question": item["question"]}
        try:
            got = answer(item["question"], history=history)
        except Exception as exc:  # noqa: BLE001 - a crash is a result here
            line["crash"] = type(exc).__name__
        else:
            line |= {
                "abstained": got.abstained,
                "cited": [[c.document.file, c.start, c.end] for c in got.citations],
                "nearest": [[c.document.file, c.start, c.end] for c in got.nearest],
                "text": digest(got.text),
            }
            if texts:
                line["said"] = got.text
        if not texts:
            line["question"] = digest(item["question"])
        print(json.dumps(line, ensure_ascii=False), flush=True)


def digest(text: str) -> str:
    """The first 16 digits of a text's sha256."""
    return sha256(text.encode()).hexdigest()[:16]


def record(out: Path, shared: Path, *, texts: bool) -> None:
    """Build each library in a place of its own and ask it everything."""
    with out.open("w", encoding="utf-8") as stream:
        for name, seeds, questions in libraries(shared):
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder)
                shutil.copytree(seeds, home / "seeds")
                (home / "questions.json").write_text(json.dumps(questions))
                env = {**os.environ, "QA_HOME": folder}
                python = [sys.executable, "-m"]
                subprocess.run([*python, "qa", "build"], env=env, capture_output=True)
                asked = [*python, "lab.golden", "ask", str(home / "questions.json")]
                command = [*asked, *(["--texts"] if texts else [])]
                run = subprocess.run(command, env=env, stdout=subprocess.PIPE)
                for line in run.stdout.decode().splitlines():
                    if line.startswith("{"):
                        row = {"library": name, **json.loads(line)}
                        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            stream.flush()
            print(name, len(questions), flush=True)


def compare(before: Path, after: Path) -> int:
    """Print each question that is answered otherwise; how many are."""
    rows = [
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (before, after)
    ]
    keyed = [
        {(r["library"], r["question"], n): r for n, r in enumerate(part)}
        for part in rows
    ]
    differing = 0
    for key, old in keyed[0].items():
        new = keyed[1].get(key)
        if new is None:
            print(f"{key[0]}: {key[1]}\n  not asked in {after}")
        elif any(
            old.get(k) != new.get(k) for k in ("abstained", "cited", "text", "crash")
        ):
            print(f"{key[0]}: {key[1]}")
            for row in (old, new):
                print("   ", row.get("crash") or row.get("said") or row)
        else:
            continue
        differing += 1
    print(f"{differing} of {len(keyed[0])} differ")
    return differing


def main() -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("record", "compare", "ask"))
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--texts", action="store_true")
    args = parser.parse_args()
    if args.what == "ask":
        ask(args.paths[0], texts=args.texts)
    elif args.what == "record":
        record(args.paths[0], args.shared, texts=args.texts)
    else:
        sys.exit(bool(compare(*args.paths)))


if __name__ == "__main__":
    main()
