"""Settings and a questions file to a report."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

from qa.documents import seed_text
from qa.errors import EvaluationError
from qa.evaluation import (
    Bench,
    RecordJudge,
    Texts,
    evaluate,
    evaluate_answerability,
    evaluate_claims,
    evaluate_retrieval,
    load_claims,
    load_questions,
    original_text,
)
from qa.index import Store
from qa.settings import Settings
from qa.verification import judge_claims
from qa.wiring.models import make_cosines, make_judge
from qa.wiring.parts import Parts, assemble, run_build

Json = dict[str, Any]


def run_evaluation(
    settings: Settings,
    questions: Path,
    *,
    corpus: Sequence[Path] = (),
    measured: frozenset[str] = frozenset(),
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> Json:
    """Measure on a questions file; see ``evaluation``.

    Args:
        settings: What is evaluated.
        questions: The file.
        corpus: Files to index in a temporary place first; without any, the
            index of the settings is used. What the file brings along is
            indexed as well.
        measured: Everything; or, without answers, ``retrieval``, ``answerability``
            (whether the passages that the questions name answer them), or both.
        progress: Told the stage, what is done of it and its total.

    Raises:
        QaError: What loading, building and answering raise.
    """
    loaded = load_questions(questions)
    with TemporaryDirectory(prefix="qa-eval-") as folder:
        if loaded.paragraphs:
            own = Path(folder) / "paragraphs.jsonl"
            rows = (json.dumps(asdict(item)) + "\n" for item in loaded.paragraphs)
            own.write_text("".join(rows), encoding="utf-8")
            corpus = [own, *corpus]
        if corpus:
            settings = index_corpus(settings, corpus, Path(folder), progress)
        parts = assemble(settings)
        bench = Bench(
            search=parts.finder.search,
            embed=lambda question: parts.embedder.encode_queries([question]),
            texts=_texts(settings, parts.index),
            progress=progress,
        )
        parts.embedder.encode_queries(["so that loading is not timed"])
        judge = _record_judge(parts) if "answerability" in measured else None
        if "retrieval" in measured:
            return evaluate_retrieval(loaded, bench, judge)
        if judge is not None:
            return evaluate_answerability(loaded, judge, bench)
        try:
            return evaluate(loaded, parts.answerer, bench)
        finally:
            if parts.generator is not None:
                parts.generator.close()


def run_claims(
    settings: Settings,
    claims: Path,
    *,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> Json:
    """Measure the judge on a claims file; see ``evaluation.claims``.

    Raises:
        QaError: The file or a model cannot be used.
    """
    loaded = load_claims(claims)
    judge = make_judge(settings)
    judged = partial(judge_claims, judge, strictness=settings.strictness)
    return evaluate_claims(loaded, judged, make_cosines(settings), progress)


def _record_judge(parts: Parts) -> RecordJudge:
    if parts.reader is None:
        raise EvaluationError("--answerability needs a reader; there is none")
    return RecordJudge(parts.index, parts.embedder, parts.reader)


def index_corpus(
    settings: Settings,
    corpus: Sequence[Path],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> Settings:
    """Index the files in a folder; the settings with that index.

    Raises:
        EvaluationError: A file is not there or cannot be read.
    """
    places = {"seeds": folder / "seeds", "index": folder / "index"}
    for number, path in enumerate(corpus, 1):
        if not path.is_file():
            raise EvaluationError(f"{path}: there is no such corpus")
        target = places["seeds"] / path.name
        if target.exists():
            target = places["seeds"] / str(number) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(path, target)
    # Wherever the library lies, shared storage included, nothing of it is touched.
    settings = settings.model_copy(update=places | {"store": ""})
    report = run_build(settings, lambda p: progress(p.stage, p.done, p.total))
    for seed in report.seeds:
        if seed.outcome == "skipped":
            raise EvaluationError(f"corpus {seed.reason}")
    return settings


def _texts(settings: Settings, index: Store) -> Texts:
    def document(id: str) -> str:
        with index.snapshot() as snapshot:
            return snapshot.document(id).text

    return Texts(
        seed=cache(partial(seed_text, settings.seeds)),
        document=cache(document),
        original=cache(partial(original_text, settings.seeds)),
    )
