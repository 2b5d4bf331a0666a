"""The models that the settings name: found, checked, not loaded yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qa.answering import Drafter
from qa.answering.gate import LogisticGate, read_gate
from qa.answering.prompting import (
    ANSWER_VARIABLES,
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
from qa.neural.generation import Generator, LlamaGenerator, Patience, RemoteGenerator
from qa.neural.judge import Judge, NliJudge, TrainedJudge
from qa.neural.processors import threads_for_question
from qa.neural.reader import CrossEncoderReader, Reader, SpanReader
from qa.neural.weights import find_models
from qa.question import Wishes
from qa.question.intent_head import IntentReader, read_head
from qa.settings import DEFAULT_GENERATOR, Settings
from qa.wiring.model_files import (
    FoundModel,
    find_adapter,
    find_embedder,
    find_gguf,
    find_trained,
)
from qa.wiring.networks import exported

_FEW = 2000
"""Passages and sentences that are embedded before torch would have started."""


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
    found = _chosen(settings, "reader")
    if found is None:
        return None
    if isinstance(found, str):
        return CrossEncoderReader(found)
    export = partial(exported, settings, "reader")
    return SpanReader(found.folder, name=found.name, exported=export)


def make_judge(settings: Settings) -> Judge | None:
    """The judge the settings name, checked, not loaded yet; None for none.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    found = _chosen(settings, "judge")
    if found is None:
        return None
    if isinstance(found, str):
        return NliJudge(found)
    export = partial(exported, settings, "judge")
    return TrainedJudge(found.folder, name=found.name, exported=export)


def _chosen(settings: Settings, part: str) -> FoundModel | str | None:
    """What training here made, or the folder or hub name of another model, if any."""
    name = str(getattr(settings, part))
    if name == "none":
        return None
    prepare_libraries(settings)
    found = find_trained(settings, part)
    if found is None:
        return name.removeprefix("hf:")
    return found if found.digest else str(found.folder)


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
            patience=Patience(
                connect=settings.connect_seconds,
                first=settings.first_token_seconds,
                between=settings.next_token_seconds,
                draft=settings.answer_seconds,
            ),
            key=settings.openai_key,
        )
    path, label = find_gguf(settings)
    return LlamaGenerator(
        path,
        name=label,
        max_tokens=settings.answer_tokens,
        seconds=settings.answer_seconds,
        threads=settings.threads,
        opening=_template(settings).opening,
        keep=settings.cache / "openings",
        adapter=find_adapter(settings),
    )


def make_cosines(settings: Settings, kept: int = 4096) -> Cosines:
    """Cosines by the embedder the settings name, so many vectors remembered."""
    return Cosines(make_embedder(settings), kept)


def make_drafter(settings: Settings, generator: Generator) -> Drafter:
    """How the generator is made to draft.

    Raises:
        SettingsError: A prompt template cannot be used.
    """
    return Drafter(generator, _template(settings), small=_is_taught(settings))


def _is_taught(settings: Settings) -> bool:
    """Whether the generator is the small one that was taught here."""
    return settings.generator == DEFAULT_GENERATOR


def _template(settings: Settings) -> PromptTemplate:
    """The default generator was taught without an example, others need one."""
    name = "write.md" if _is_taught(settings) else "answer.md"
    return PromptTemplate(find_prompts() / name, ANSWER_VARIABLES)


def describe_models(settings: Settings) -> list[ModelInfo]:
    """Find and check what the settings name.

    Raises:
        ModelError: A model is unknown, missing or damaged.
    """
    without = {
        "embedder": "",
        "reader": "hits are not re-ordered",
        "judge": "only quotes pass",
        "generator": "answers are quotes only",
    }
    return [
        describe_model(settings, part) or ModelInfo(part, "none", so)
        for part, so in without.items()
    ]


def describe_model(settings: Settings, part: str) -> ModelInfo | None:
    """Find and check one of them; None where the settings want none.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    if part == "embedder":
        embedder = make_embedder(settings)
        return ModelInfo(part, embedder.id, embedder.where)
    makers: dict[str, Callable[[Settings], Reader | Judge | Generator | None]] = {
        "reader": make_reader,
        "judge": make_judge,
        "generator": make_generator,
    }
    model = makers[part](settings)
    return ModelInfo(part, model.name, model.where) if model else None


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
