"""Settings to the store that the index lies in."""

from __future__ import annotations

from qa.index import SqliteStore, Store
from qa.settings import Settings
from qa.wiring.models import make_embedder


def make_store(settings: Settings, *, embedder: str = "") -> Store:
    """The index, for questions of an embedder, by id; of the one that is set if none
    is given. Nothing is opened yet.

    Raises:
        ModelError: The embedder is not there.
    """
    embedder = embedder or make_embedder(settings).id
    return SqliteStore(settings.index, embedder=embedder)
