"""Where exported networks are kept: one folder each, sealed, written in one go."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from qa.errors import ModelError
from qa.neural.weights import checked_sha256

GRAPH: Final = "network.onnx"
TOKENIZER: Final = "tokenizer.json"
_MANIFEST: Final = "network.json"
_FORMAT: Final = 2
_KEPT: Final = 9
"""Folders at most; those used longest ago go first."""
_LOCK_SECONDS: Final = 180.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is exported: the same recipe always gives the same network.

    Attributes:
        part: ``embedder``, ``reader`` or ``judge``.
        folder: Of the model.
        digest: Of every file of it that counts.
    """

    part: str
    folder: str
    digest: str

    @property
    def key(self) -> str:
        """Names the folder of the exported network."""
        text = f"{_FORMAT} {self.part} {self.digest}"
        return f"{self.part}-{sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Stored:
    """An exported network, checked.

    Attributes:
        folder: Holds ``GRAPH`` and ``TOKENIZER``.
        details: What the exporter says of it.
    """

    folder: Path
    details: Mapping[str, Any]

    def read(self, name: str) -> bytes:
        """The bytes of one of its files."""
        return (self.folder / name).read_bytes()


class Networks:
    """The folder of exported networks; everything in it can be made again.

    Args:
        folder: Made when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, recipe: Recipe) -> Stored | None:
        """The network of a recipe; None if it is not there as it was written."""
        folder = self.folder / recipe.key
        stated = self._stated(folder)
        if stated is None or stated["refused"]:
            return None
        try:
            intact = all(
                checked_sha256(folder / name, self.folder / "checked.json") == digest
                for name, digest in stated["sha256"].items()
            )
        except ModelError:
            return None
        return Stored(folder, stated["details"]) if intact else None

    def refusal(self, recipe: Recipe) -> str:
        """Why there can be no such network; empty if there may be one."""
        stated = self._stated(self.folder / recipe.key)
        return str(stated["refused"]) if stated else ""

    def refuse(self, recipe: Recipe, reason: str) -> None:
        """Remember that a model cannot be exported."""
        self._write(recipe, lambda _: {}, reason)

    def make(self, recipe: Recipe, export: Callable[[Path], Mapping[str, Any]]) -> None:
        """Store what an exporter writes, unless another process just has.

        Args:
            recipe: What is exported.
            export: Writes files into an empty folder and returns the details.

        Raises:
            ModelError: The model cannot be exported; this is remembered.
            OSError: The folder cannot be written, or is locked for long.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS)
        try:
            with lock:
                if self.find(recipe) is not None:
                    return
                self._sweep()
                try:
                    self._write(recipe, export, "")
                except ModelError as exc:
                    self.refuse(recipe, str(exc))
                    raise
        except Timeout as exc:
            raise TimeoutError(f"{self.folder}: another export does not end") from exc

    def _stated(self, folder: Path) -> dict[str, Any] | None:
        try:
            stated = json.loads((folder / _MANIFEST).read_bytes())
            complete = stated["format"] == _FORMAT and {
                "refused",
                "sha256",
                "details",
            } <= set(stated)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return stated if complete else None

    def _write(
        self,
        recipe: Recipe,
        export: Callable[[Path], Mapping[str, Any]],
        refused: str,
    ) -> None:
        """Write under a temporary name, sync, rename."""
        partial = self.folder / f"{recipe.key}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        details = export(partial)
        digests = {}
        for path in sorted(partial.iterdir()):
            digests[path.name] = sha256(path.read_bytes()).hexdigest()
            _sync(path)
        stated = {
            "format": _FORMAT,
            "part": recipe.part,
            "model": recipe.folder,
            "refused": refused,
            "sha256": digests,
            "details": dict(details),
        }
        manifest = partial / _MANIFEST
        manifest.write_text(json.dumps(stated, indent=1), encoding="utf-8")
        _sync(manifest)
        final = self.folder / recipe.key
        shutil.rmtree(final, ignore_errors=True)
        partial.rename(final)

    def _sweep(self) -> None:
        """Drop what a killed export left, and networks of models long changed."""
        for left in self.folder.glob("*.partial"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
        folders = [path for path in self.folder.iterdir() if path.is_dir()]
        folders.sort(key=lambda path: path.stat().st_mtime_ns)
        for old in folders[: max(0, len(folders) - _KEPT + 1)]:
            shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def digest_of(folder: Path, weights: str) -> str:
    """Of a model's settings and vocabulary, and of its weights as already digested."""
    state = sha256(weights.encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".txt", ".model"} and path.is_file():
            state.update(str(path.relative_to(folder)).encode())
            state.update(path.read_bytes())
    return state.hexdigest()
