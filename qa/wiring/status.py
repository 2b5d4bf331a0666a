"""Everything that ``qa status`` tells, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexMissingError, ModelError, SeedsError
from qa.index import Stats
from qa.neural.weights import cached_file, cached_folder
from qa.retrieval.copies import Repeat
from qa.schema import Source
from qa.settings import Origin, Settings, home, origins
from qa.wiring.models import describe_model
from qa.wiring.networks import quick_start
from qa.wiring.overview import COMPARED, Changes, library_repeats, seed_changes
from qa.wiring.stores import make_store


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model that the settings name, and whether it is there.

    Attributes:
        part: ``embedder``, ``reader``, ``judge`` or ``generator``.
        where: Folder, file, hub name or address.
        bytes: On disk; None where it is not on this disk, or not yet.
        problem: Why it cannot be used; empty if it can.
        note: Why it starts slowly; empty if it does not.
    """

    part: str
    name: str
    where: str
    bytes: int | None
    problem: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index as it is.

    Attributes:
        repeats: None where they were not looked for.
        changes: None where the seeds folder cannot be read.
    """

    stats: Stats
    articles: tuple[Source, ...]
    repeats: tuple[Repeat, ...] | None
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """The index, the models and the settings.

    Attributes:
        index: None where nothing has been built.
        problem: What stands in the way of an index or of a build; may be empty.
    """

    home: str
    index: Indexed | None
    problem: str
    models: tuple[ModelState, ...]
    settings: tuple[Origin, ...]


def describe_library(settings: Settings, *, repeats: bool = False) -> LibraryStatus:
    """Look at everything; nothing is fetched, loaded or changed.

    Args:
        settings: What to describe.
        repeats: Look for repeats in a large library too, where all is read for it.

    Raises:
        IndexDamagedError: The index cannot be read.
        IndexMismatchError: It was built by another embedder or version.
        ModelError: The embedder is not there.
    """
    models = describe_states(settings)
    indexed, problem = None, ""
    try:
        index = make_store(settings)
        stats = index.stats()
    except IndexMissingError as exc:
        problem = str(exc)
    else:
        with index.snapshot() as snapshot:
            changes = None
            try:
                limit = settings.max_seed_mb * 1_000_000
                changes = seed_changes(settings.seeds, snapshot, max_bytes=limit)
            except SeedsError as exc:
                problem = str(exc)
            wanted = repeats or snapshot.passage_count <= COMPARED
            found = library_repeats(snapshot) if wanted else None
            indexed = Indexed(stats, snapshot.sources(), found, changes)
    return LibraryStatus(
        str(home()), indexed, problem, models, tuple(origins(settings))
    )


def describe_states(settings: Settings) -> tuple[ModelState, ...]:
    """Each model, whether it is there, and its size; nothing is fetched."""
    parts = ("embedder", "reader", "judge", "generator")
    return tuple(_state(settings, part) for part in parts)


def _state(settings: Settings, part: str) -> ModelState:
    name = str(getattr(settings, part))
    if name.startswith("hf:"):
        hub = name.removeprefix("hf:")
        path = cached_file(hub) if hub.endswith(".gguf") else cached_folder(hub)
        problem = "" if path else "not fetched yet; the first question fetches it"
        return ModelState(part, name, hub, _size(path), problem)
    try:
        model = describe_model(settings, part)
    except ModelError as exc:
        return ModelState(part, name, "", None, str(exc))
    if model is None:
        return ModelState(part, "none", "", None, "")
    note = "" if part == "generator" else quick_start(settings, part)
    return ModelState(part, model.name, model.where, _size(Path(model.where)), "", note)


def _size(path: Path | None) -> int | None:
    """Bytes of a file, or of all files in a folder; None where there is none."""
    if path is None or not path.exists():
        return None
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files)
