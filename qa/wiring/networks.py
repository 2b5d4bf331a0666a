"""Models exported once, in a child process, so that questions start without torch.

The child, ``python -m qa.wiring.networks FOLDER``, reads the recipes as JSON;
the memory that torch takes ends with it.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from qa.errors import ModelError
from qa.neural.exported import Networks, Recipe, Stored
from qa.neural.exported.store import digest_of
from qa.settings import Settings
from qa.wiring.model_files import FoundModel, find_embedder, find_trained

_SECONDS: Final = 300.0
_PARTS: Final = ("embedder", "reader", "judge")
_lock = threading.Lock()
_tried: set[str] = set()
_log = logging.getLogger(__name__)


def networks_of(settings: Settings) -> Networks:
    """Where the exported networks of all libraries are."""
    return Networks(settings.cache / "networks")


def recipes_of(settings: Settings, part: str) -> dict[str, Recipe]:
    """What can be exported of the settings' models, by part.

    Args:
        settings: They name the models.
        part: The one that is wanted; what is wrong with another is told where that
            is used.

    Raises:
        ModelError: Its model is unknown, missing or damaged.
    """
    found = {part: _find(settings, part)}
    for other in {*_PARTS} - {part}:
        with suppress(ModelError):
            found[other] = _find(settings, other)
    return {
        part: _recipe(part, model)
        for part, model in found.items()
        if model is not None and model.digest
    }


def exported(settings: Settings, part: str) -> Stored | None:
    """The exported network of a part, made now if there is none yet.

    Returns:
        None where the model is none that can be exported.
    """
    networks, recipes = networks_of(settings), recipes_of(settings, part)
    if part not in recipes:
        return None
    with _lock:
        if (stored := networks.find(recipes[part])) is not None:
            return stored
        missing = [
            recipe
            for recipe in recipes.values()
            if recipe.key not in _tried
            and networks.find(recipe) is None
            and not networks.refusal(recipe)
        ]
        if missing and _writable(networks.folder):
            _tried.update(recipe.key for recipe in missing)
            _export(networks, missing)
        return networks.find(recipes[part])


def quick_start(settings: Settings, part: str) -> str:
    """Whether a part starts without torch; empty if it does, else why not.

    Raises:
        ModelError: A model is unknown, missing or damaged.
    """
    networks, recipes = networks_of(settings), recipes_of(settings, part)
    if part not in recipes:
        return "runs in torch, which takes seconds to start: not a model to export"
    if networks.find(recipes[part]) is not None:
        return ""
    refusal = networks.refusal(recipes[part])
    if refusal:
        return f"runs in torch, which takes seconds to start: {refusal}"
    return "not exported yet; the first build or question does it"


def _find(settings: Settings, part: str) -> FoundModel | None:
    embeds = part == "embedder"
    return find_embedder(settings) if embeds else find_trained(settings, part)


def _recipe(part: str, model: FoundModel) -> Recipe:
    return Recipe(part, str(model.folder), digest_of(model.folder, model.digest))


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _export(networks: Networks, missing: Sequence[Recipe]) -> None:
    """Export in a child; what goes wrong there leaves the models to torch."""
    root = str(Path(__file__).parents[2])
    paths = [root, os.environ.get("PYTHONPATH", "")]
    command = [sys.executable, "-m", "qa.wiring.networks", str(networks.folder)]
    try:
        ran = subprocess.run(
            command,
            input=json.dumps([asdict(recipe) for recipe in missing]),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
            env={
                "OMP_WAIT_POLICY": "PASSIVE",  # a busy machine is not kept waiting
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            },
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        _log.warning("the models are not exported: %s", exc)
        return
    if ran.returncode:
        _log.warning("the models are not exported: %s", ran.stderr[-2000:])


def main() -> None:
    """Export what standard input names into the folder of the command line."""
    from qa.neural.embedding.encoder_export import export_embedder
    from qa.neural.pair_export import export_judge, export_reader

    exporters: dict[str, Callable[[str, Path], dict[str, Any]]] = {
        "embedder": export_embedder,
        "judge": export_judge,
        "reader": export_reader,
    }
    networks = Networks(Path(sys.argv[1]))
    for values in json.load(sys.stdin):
        recipe = Recipe(**values)
        export = exporters[recipe.part]
        with suppress(ModelError):  # it is written down; the next model may do
            networks.make(recipe, lambda folder: export(recipe.folder, folder))  # noqa: B023


if __name__ == "__main__":
    main()
