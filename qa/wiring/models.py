"""The models that the settings name: found, checked, not loaded yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qa.answering import AllAtOnce, Drafter, InOwnWords, OneByOne
from qa.answering.gate import LogisticGate, read_gate
from qa.answering.prompting import (
    ANSWER_VARIABLES,
    SHORTEN_VARIABLES,
    PromptTemplate,
    find_prompts,
)
from qa.errors import ModelError
from qa.neural.embedding import (
    BulkEmbedder,
    Cosines,
    Embedder,
    ExportedEmbedder,
    LazyEmbedder,
    SentenceTransformerEmbedder,
    run_exported,
    run_in_torch,
)
from qa.neural.generation import Generator, LlamaGenerator, RemoteGenerator
from qa.neural.generation.writer import ADAPTER
from qa.neural.judge import Judge, NliJudge, TrainedJudge
from qa.neural.processors import threads_for_question
from qa.neural.reader import CrossEncoderReader, Reader, SpanReader
from qa.neural.weights import find_models
from qa.question import Wishes
from qa.question.intent_head import IntentReader, read_head
from qa.settings import Drafting, Settings
from qa.wiring.model_files import (
    find_embedder,
    find_gguf,
    find_judge,
    find_reader,
    find_writer,
)
from qa.wiring.networks import exported

_FEW = 2000
"""Passages and sentences that are embedded before torch would have started."""
_SMALL_MODEL = 700_000_000
"""Bytes of a GGUF file below which a model drafts sentence by sentence."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as the settings name it, found and checked."""

    part: str
    name: str
    where: str


def make_embedder(settings: Settings) -> Embedder:
    """The embedder the settings name, not loaded yet.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    prepare_libraries(settings)
    found = find_embedder(settings)
    if found is None:
        name = settings.embedder
        return SentenceTransformerEmbedder(name.removeprefix("hf:"), id=name)
    folder, name = str(found.folder), found.name

    def load() -> Embedder:
        stored = exported(settings, "embedder")
        if stored is None:
            return SentenceTransformerEmbedder(folder, id=name)
        run = run_exported(stored, threads=threads_for_question())
        return ExportedEmbedder(stored, id=name, where=folder, run=run)

    return LazyEmbedder(load, id=name, where=folder)


def make_bulk_embedder(settings: Settings) -> Embedder:
    """The same for a build, which may have a million passages to embed.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    quick = make_embedder(settings)
    if isinstance(quick, SentenceTransformerEmbedder):
        return quick
    folder, name = quick.where, quick.id

    def load() -> Embedder:
        stored = exported(settings, "embedder")
        if stored is None:
            return SentenceTransformerEmbedder(folder, id=name)
        return ExportedEmbedder(stored, id=name, where=folder, run=run_in_torch(folder))

    bulk = LazyEmbedder(load, id=name, where=folder)
    return BulkEmbedder(quick, bulk, few=_FEW)


def make_reader(settings: Settings) -> Reader | None:
    """The reader the settings name, checked, not loaded yet; None for none.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    name = settings.reader
    if name == "none":
        return None
    prepare_libraries(settings)
    found = find_reader(settings)
    if found is None:
        return CrossEncoderReader(name.removeprefix("hf:"))
    if not found.digest:
        return CrossEncoderReader(str(found.folder))
    return SpanReader(
        found.folder, name=found.name, exported=lambda: exported(settings, "reader")
    )


def make_judge(settings: Settings) -> Judge | None:
    """The judge the settings name, checked, not loaded yet; None for none.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    name = settings.judge
    if name == "none":
        return None
    prepare_libraries(settings)
    found = find_judge(settings)
    if found is None:
        return NliJudge(name.removeprefix("hf:"))
    if not found.digest:
        return NliJudge(str(found.folder))
    return TrainedJudge(
        found.folder, name=found.name, exported=lambda: exported(settings, "judge")
    )


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
    path, label = find_gguf(settings)
    kind, template = _drafting(settings, path)
    writer = find_writer(settings, path) if kind is InOwnWords else None
    return LlamaGenerator(
        path,
        name=f"{label}+{writer.name}" if writer else label,
        max_tokens=settings.answer_tokens,
        seconds=settings.answer_seconds,
        threads=settings.threads,
        opening=template.opening,
        keep=settings.cache / "openings",
        adapter=writer.folder / ADAPTER if writer else None,
    )


def make_cosines(settings: Settings, kept: int = 4096) -> Cosines:
    """Cosines by the embedder the settings name, so many vectors remembered."""
    return Cosines(make_embedder(settings), kept)


def make_drafter(settings: Settings, generator: Generator) -> Drafter:
    """How the generator is made to draft: as set, or as suits its size.

    Raises:
        SettingsError: A prompt template cannot be used.
    """
    kind, template = _drafting(settings, Path(generator.where))
    return kind(generator, template)


def _drafting(settings: Settings, file: Path) -> tuple[type[Drafter], PromptTemplate]:
    how, prompts = settings.drafting, find_prompts()
    if how is Drafting.AUTO:
        small = file.is_file() and file.stat().st_size < _SMALL_MODEL
        how = Drafting.SENTENCE if small else Drafting.WHOLE
    if how is Drafting.WHOLE:
        return AllAtOnce, PromptTemplate(prompts / "answer.md", ANSWER_VARIABLES)
    if find_writer(settings, file) is not None:
        return InOwnWords, PromptTemplate(prompts / "write.md", ANSWER_VARIABLES)
    return OneByOne, PromptTemplate(prompts / "shorten.md", SHORTEN_VARIABLES)


def describe_models(settings: Settings) -> list[ModelInfo]:
    """Find and check what the settings name.

    Raises:
        ModelError: A model is unknown, missing or damaged.
    """
    embedder = make_embedder(settings)
    found = [ModelInfo("embedder", embedder.id, embedder.where)]
    reader = make_reader(settings)
    if reader is None:
        found.append(ModelInfo("reader", "none", "hits are not re-ordered"))
    else:
        found.append(ModelInfo("reader", reader.name, reader.where))
    judge = make_judge(settings)
    if judge is None:
        found.append(ModelInfo("judge", "none", "only quotes pass"))
    else:
        found.append(ModelInfo("judge", judge.name, judge.where))
    generator = make_generator(settings)
    if generator is None:
        found.append(ModelInfo("generator", "none", "answers are quotes only"))
    else:
        found.append(ModelInfo("generator", generator.name, generator.where))
    return found


def prepare_libraries(settings: Settings) -> None:
    """Set what libraries read when they are first imported.

    Telemetry is off and, unless a hub model is named, hub access too. oneDNN, within
    torch, keeps the code it makes for each shape of input: a thousand shapes take
    some 80 MB, and the last few do as well.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    named = (settings.embedder, settings.reader, settings.judge, settings.generator)
    if not any(name.startswith("hf:") for name in named):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def make_gate() -> LogisticGate:
    """What tells how probably the passages that were found answer a question.

    Raises:
        ModelError: Its weights are not there or no such weights.
    """
    return read_gate(find_models() / "gate")


def make_wishes(embedder: Embedder) -> Wishes | None:
    """What tells a question's intent; None with another embedder than it was fitted to.

    Raises:
        ModelError: The head is missing or damaged.
    """
    head = read_head(find_models() / "intent")
    if head.embedder != embedder.id:
        return None
    return IntentReader(head, embedder.encode_queries)
