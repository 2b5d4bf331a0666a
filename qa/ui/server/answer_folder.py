"""Answers and conversations as files, for every server that shares the folder.

A reader whose server is gone is sent to another, which has never seen them: it finds
the conversation under the session's name, and the answers that links lead to.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from qa.errors import SettingsError
from qa.ui.page.conversation import Exchange
from qa.ui.server.signing import ExchangeSigner

_log = logging.getLogger(__name__)
_ids = TypeAdapter(list[str])
_ID: Final = re.compile(r"[0-9a-f]{16}")
_KEPT: Final = 5000
"""Files; those written longest ago go first."""
_BETWEEN: Final = 100
"""Files written before the oldest are looked for again."""


class AnswerFolder:
    """The folder. What is read from it was signed by one of the servers.

    Args:
        folder: Made if it is not there.
        signer: With the key that the servers share.
        kept: Files at most, or a few more.

    Raises:
        SettingsError: It cannot be made.
    """

    def __init__(
        self, folder: Path, signer: ExchangeSigner, *, kept: int = _KEPT
    ) -> None:
        self._folder = folder
        self._signer = signer
        self._kept = kept
        self._written = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise SettingsError(
                f"{folder}: cannot be used ({exc.strerror}); check the setting "
                "`answers`"
            ) from exc

    def keep(self, exchange: Exchange) -> None:
        """Keep an answer that has ended."""
        self._write(self._answer(exchange.id), self._signer.sign(exchange))

    def find(self, answer: str) -> Exchange | None:
        """The answer of an id; ids come from anybody."""
        if not _ID.fullmatch(answer):
            return None
        text = _read(self._answer(answer))
        return None if text is None else self._signer.read(text)

    def keep_conversation(self, session: str, answers: list[str]) -> None:
        """Keep which answers a conversation consists of."""
        self._write(self._conversation(session), _ids.dump_json(answers).decode())

    def conversation(self, session: str) -> list[str] | None:
        """The answers that a conversation consists of; None if it was never kept."""
        text = _read(self._conversation(session))
        if text is None:
            return None
        try:
            return _ids.validate_json(text)
        except ValidationError:
            return []  # damaged: the next question begins anew

    def _answer(self, name: str) -> Path:
        return self._folder / f"{name}.answer"

    def _conversation(self, session: str) -> Path:
        """A session's name comes from its browser; to know it is to own it."""
        name = sha256(session.encode(errors="replace")).hexdigest()[:32]
        return self._folder / f"{name}.conversation"

    def _write(self, path: Path, text: str) -> None:
        """A disk that is full must not cost the reader an answer."""
        partial = path.with_name(
            f"{path.name}.{os.getpid()}-{threading.get_ident()}.partial"
        )
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
            self._written += 1
            if self._written % _BETWEEN == 1:
                self._forget_oldest()
        except OSError as exc:
            _log.warning("%s: is not kept (%s)", path, exc)

    def _forget_oldest(self) -> None:
        """Make room, and drop what a killed server left; others do so too."""
        aged = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                aged.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(aged)[: max(0, len(aged) - self._kept)]:
            path.unlink(missing_ok=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        _log.warning("%s: cannot be read (%s)", path, exc)
        return None
