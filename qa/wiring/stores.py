"""Settings to the store that the index lies in."""

from __future__ import annotations

from qa.index import SqliteStore, Store, delete_index, has_index
from qa.index.lance import LanceStore, delete_shared
from qa.settings import Settings
from qa.wiring.models import make_embedder


def make_store(settings: Settings, *, embedder: str = "") -> Store:
    """The index, for questions of an embedder, by id; of the one that is set if none
    is given. Nothing is opened yet.

    Raises:
        ModelError: The embedder is not there.
        SettingsError: The store needs a package that is not installed.
    """
    embedder = embedder or make_embedder(settings).id
    if settings.store:
        return LanceStore(settings.store, embedder=embedder, scratch=settings.index)
    return SqliteStore(settings.index, embedder=embedder)


def may_have_index(settings: Settings) -> bool:
    """Whether there may be something to ask; shared storage is not looked into."""
    return bool(settings.store) or has_index(settings.index)


def delete_store(settings: Settings) -> None:
    """Remove the index, and nothing else where it lies.

    Raises:
        BuildLockedError: Another process of this machine is building.
        IndexDamagedError: It cannot be removed.
        SettingsError: The store needs a package that is not installed.
    """
    if settings.store:
        delete_shared(settings.store, scratch=settings.index)
    else:
        delete_index(settings.index)
