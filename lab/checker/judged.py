"""What the checker learns from: judged claims, and claims made from passages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from lab.checker.asked import as_claim
from lab.errors import TrainingError
from qa.evaluation.swaps import Maker, Text, texts
from qa.verification.statements import statement

_MARKER = re.compile(r"\s*\[\d+\]")
_ADDRESS = re.compile(r"^\[\d+\] \S+\s*")
_HELD_OUT = 0.4


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its evidence and whether it is supported.

    Attributes:
        origin: The data set, or how it was made.
        held_out: Never trained on.
    """

    claim: str
    evidence: tuple[str, ...]
    supported: bool
    origin: str
    held_out: bool = False

    def as_json(self) -> str:
        """The claim as ``qa eval --claims`` reads it."""
        row = {
            "claim": self.claim,
            "evidence": list(self.evidence),
            "supported": self.supported,
        }
        return json.dumps(row, ensure_ascii=False)


def load_judged(paths: Sequence[Path]) -> list[Judged]:
    """People's judgements: WiCE, ExpertQA, or claims as `qa eval` reads them.

    Supported means wholly supported. Held out is what belongs to documents (the
    article a claim is from, the question an expert asked) drawn by their hash.

    Raises:
        KeyError: A record lacks what its shape asks for.
    """
    rows = [
        json.loads(line)
        for path in paths
        for line in path.read_text("utf-8").split("\n")
        if line
    ]
    # Some files have claims without the article; another file knows it.
    articles = {
        row["claim"]: row["meta"]["claim_title"] for row in rows if "meta" in row
    }
    return [judged for row in rows for judged in _judged(row, articles)]


def _judged(row: Mapping[str, Any], articles: Mapping[str, str]) -> Iterator[Judged]:
    claim = row["claim"]
    held_out = is_held_out(row.get("question") or articles.get(claim, claim))
    if "support" in row:
        if row["evidence_has_text"] and row["support"] in _EXPERT:
            yield Judged(
                _MARKER.sub("", claim),
                tuple(_ADDRESS.sub("", text) for text in row["evidence"]),
                row["support"] == "Complete",
                "expertqa",
                held_out,
            )
    elif "evidence_sentences" in row:
        sets = row["supporting_sentence_sets"]
        supported = row.get("label", "partially_supported") == "supported"
        for chosen in (sets[0], sorted({i for part in sets for i in part})):
            evidence = tuple(row["evidence_sentences"][i] for i in chosen)
            if evidence:
                yield Judged(claim, evidence, supported, "wice", held_out)
    elif "label" in row:
        supported = row["label"] == "supported"
        yield Judged(claim, (row["evidence"],), supported, "wice", held_out)
    else:
        yield Judged(claim, tuple(row["evidence"]), row["supported"], "claims")


_EXPERT = frozenset({"Complete", "Partial", "Incomplete"})


def is_held_out(document: str) -> bool:
    """Whether a document is kept out of training, by its hash."""
    digest = hashlib.sha256(document.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 < _HELD_OUT


def made(passages: Sequence[Text], rng: Random) -> Iterator[Judged]:
    """Claims made from passages, true and swapped."""
    for item in Maker(passages, rng).make():
        yield Judged(item.claim, item.evidence, item.supported, item.kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer and the passage that has it."""

    question: str
    passage: str
    answer: str


def asked(questions: Sequence[Asked]) -> Iterator[Judged]:
    """Claims from questions, each with the sentence that answers: paraphrases."""
    for item in questions:
        claim = as_claim(item.question, item.answer)
        (text,) = texts([("", item.passage)])
        answering = [s for s in text.sentences if item.answer in s]
        if claim is None or not answering:
            continue
        said = statement(claim).stems
        best = max(answering, key=lambda s: len(said & statement(s).all_stems))
        yield Judged(claim, (best,), supported=True, origin="asked")


def load_passages(path: Path, *, split: str = "") -> dict[str, tuple[str, str]]:
    """Title and text by id, of one split where records name one."""
    rows = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
    return {
        row["id"]: (row["title"], row["text"])
        for row in rows
        if split in ("", row.get("split", split))
    }


def load_asked(path: Path, passages: Mapping[str, tuple[str, str]]) -> list[Asked]:
    """Answerable questions whose passage is known."""
    rows = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
    return [
        Asked(row["question"], passages[place][1], row["answers"][0])
        for row in rows
        if row["answerable"]
        for place in row["gold_passage_ids"][:1]
        if place in passages
    ]


def gather(sources: Sequence[Path], seed: int) -> dict[str, tuple[Judged, ...]]:
    """All there is to learn from, as ``judged``, ``made`` and ``asked``.

    Args:
        sources: Files of judged claims, and folders with ``passages*.jsonl`` and,
            to make claims of questions, ``questions*.jsonl``.
        seed: Decides what is swapped.

    Raises:
        TrainingError: One is missing or holds something else.
    """
    rng = Random(seed)
    found: dict[str, list[Judged]] = {"judged": [], "made": [], "asked": []}
    files = [source for source in sources if not source.is_dir()]
    try:
        found["judged"] += load_judged(files)
        for folder in (source for source in sources if source.is_dir()):
            _gather_folder(folder, found, rng)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as exc:
        raise TrainingError(
            "cannot be learnt from; name files of judged claims and folders with "
            f"passages*.jsonl ({exc!r})"
        ) from exc
    return {name: tuple(items) for name, items in found.items()}


def _gather_folder(folder: Path, found: dict[str, list[Judged]], rng: Random) -> None:
    passages: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("passages*.jsonl")):
        passages |= load_passages(path, split="train")
    if not passages:
        raise FileNotFoundError(str(folder / "passages*.jsonl"))
    found["made"] += made(to_texts(passages), rng)
    for path in sorted(folder.glob("questions*.jsonl")):
        found["asked"] += asked(load_asked(path, passages))


def to_texts(passages: Mapping[str, tuple[str, str]]) -> list[Text]:
    """Passages taken apart."""
    return texts(list(passages.values()))
