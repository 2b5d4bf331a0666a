"""Where the time of a question goes: each stage by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import TypeVar

from lab.bench.cold import wait_for_loading
from lab.bench.rows import Row
from qa.answering.evidence import select_evidence
from qa.answering.prompting import answer_prompt
from qa.errors import EvaluationError
from qa.neural.generation import LlamaGenerator
from qa.neural.processors import usable_cores
from qa.retrieval.retriever import Retriever
from qa.schema import Evidence, Hit, Prompt
from qa.settings import Settings
from qa.wiring import assemble
from qa.wiring.model_files import find_adapter, find_gguf
from qa.wiring.models import make_drafter

_READ = 20
"""Passages that the reader is given."""
_LOADING = 3
"""Questions behind which the reader has loaded what it runs on for long."""
_TOKENS = 32
"""Of a draft; a few more than most sentences have."""
_PLAIN = "llama.cpp, reading the whole prompt"

T = TypeVar("T")


def measure_stages(settings: Settings, questions: Sequence[str]) -> list[Row]:
    """Time retrieval, reading, drafting and verification, one after the other.

    Args:
        settings: Whose index is asked.
        questions: Some ten; the first call of each stage is not counted.

    Raises:
        EvaluationError: llama.cpp by itself ended without a figure.
        QaError: What opening the index and loading the models raises.
    """
    parts = assemble(settings)
    searcher = Retriever(parts.index, parts.embedder, reader=None, k=_READ)
    found = [(question, searcher.retrieve(question)) for question in questions]
    items = [item for _, hits in found for item in _best_sentence(hits)]
    rows = [_row("question embedded and searched", searcher.retrieve, questions)]
    if (reader := parts.reader) is not None:
        asked = [(q, [hit.passage.text for hit in hits]) for q, hits in found]
        for one in asked[:_LOADING]:
            reader.read(*one)
        wait_for_loading()
        rows.append(_row(f"{_READ} passages read", lambda a: reader.read(*a), asked))
    if isinstance(parts.generator, LlamaGenerator):
        rows += _drafting(settings, parts.generator, questions, items)
    if (judge := parts.judge) is not None:
        beside = [(i.text, " ".join(other.text for other in items[:3])) for i in items]
        rows.append(_row("sentence judged", lambda p: judge.weigh([p]), beside))
    return rows


def _best_sentence(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    return select_evidence(hits, limit=1, words=1_000)[:1]


def _row(name: str, work: Callable[[T], object], given: Sequence[T]) -> Row:
    """The median time of some work, the first time apart."""
    times = []
    for one in given:
        begun = time.perf_counter()
        work(one)
        times.append(time.perf_counter() - begun)
    return Row(name, median(times[1:]), "s", note=f"median of {len(times) - 1}")


def _drafting(
    settings: Settings,
    generator: LlamaGenerator,
    questions: Sequence[str],
    items: Sequence[Evidence],
) -> Iterator[Row]:
    """Drafts as an answer needs them, beside llama.cpp by itself."""
    template = make_drafter(settings, generator).template
    prompts = [
        answer_prompt(template, question, [item.told])
        for question, item in zip(questions, items, strict=False)
    ]
    try:
        generator.wait_until_loaded()
        ours = [_figures(generator, prompt) for prompt in prompts]
    finally:
        generator.close()
    first, rate = _medians([pair for pair in ours[1:] if pair])
    plain_first, plain_rate = _medians(_plain(settings, prompts))
    note = f"median of {len(prompts) - 1}"
    yield Row("first word of a draft", first, "s", plain_first, _PLAIN, note)
    yield Row("words behind it", rate, "tokens/s", plain_rate, _PLAIN, note)


def _figures(generator: LlamaGenerator, prompt: Prompt) -> tuple[float, float] | None:
    """Seconds to the first token, and tokens a second behind it."""
    begun = time.perf_counter()
    times = [time.perf_counter() for _ in generator.stream(prompt, threading.Event())]
    if len(times) < 2:
        return None
    return times[0] - begun, (len(times) - 1) / (times[-1] - times[0])


def _plain(
    settings: Settings, prompts: Sequence[Prompt]
) -> Sequence[tuple[float, float]]:
    """The same of llama.cpp in a fresh process with its own settings."""
    adapter = find_adapter(settings)
    asked = {
        "generator": str(find_gguf(settings)[0]),
        "adapter": adapter and str(adapter),
        "threads": max(1, usable_cores() - 1),
        "prompts": [
            [{"role": m.role, "content": m.content} for m in prompt.messages]
            for prompt in prompts
        ],
        "tokens": _TOKENS,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "lab.bench.plain_llama"],
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        raise EvaluationError(f"llama.cpp by itself failed: {ran.stderr[-500:]}")
    figures: list[tuple[float, float]] = json.loads(ran.stdout.splitlines()[-1])
    return figures[1:]


def _medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    if not pairs:
        raise EvaluationError("no draft has two words; ask other questions")
    first, rate = (median(column) for column in zip(*pairs, strict=True))
    return first, rate
