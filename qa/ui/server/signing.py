"""Answers for the browser to keep, signed: what comes back altered is not taken.

A reader's history lives in the browser. Only what this program once verified may
come back as an answer, so each is signed with a key that stays on the server.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from qa.errors import SettingsError
from qa.ui.page.conversation import Exchange

KEY_FILE = ".page-key"
_KEY_BYTES = 32
_LOCK_SECONDS = 10.0
_exchange = TypeAdapter(Exchange)


class ExchangeSigner:
    """Signs exchanges (HMAC-SHA256), and reads what it signed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, exchange: Exchange) -> str:
        """The exchange as text that cannot be altered unnoticed."""
        text = _exchange.dump_json(exchange).decode()
        return f"{self._mac(text)} {text}"

    def read(self, signed: str) -> Exchange | None:
        """The exchange; None if it was not signed here."""
        mac, _, text = signed.partition(" ")
        if not hmac.compare_digest(mac.encode(), self._mac(text).encode()):
            return None
        try:
            return _exchange.validate_json(text)
        except ValidationError:
            return None  # signed by a version that kept other things

    def _mac(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), "sha256").hexdigest()


def load_key(home: Path) -> bytes:
    """The key of a home folder, made when there is none.

    Raises:
        SettingsError: It can be neither read nor written.
    """
    path = home / KEY_FILE
    try:
        if not _is_there(path):
            home.stat()  # the lock would make a home that was misspelt
            # Several servers may start on one home: one of them makes the key.
            with FileLock(f"{path}.lock", timeout=_LOCK_SECONDS, mode=0o600):
                if not _is_there(path):
                    _make(path)
        return path.read_bytes()
    except OSError as exc:
        raise SettingsError(
            f"{path}: cannot be used ({exc.strerror or exc}); check the folder's "
            "permissions"
        ) from exc


def _is_there(path: Path) -> bool:
    """Whether there is a key; an empty one would seal nothing."""
    return path.exists() and path.stat().st_size > 0


def _make(path: Path) -> None:
    """Write a new key, so that nobody ever sees a part of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_bytes(secrets.token_bytes(_KEY_BYTES))
    partial.replace(path)
