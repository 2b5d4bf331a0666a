"""A folder is watched, and what changed in it is built once it has come to rest."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qa.errors import SeedsError

_log = logging.getLogger(__name__)
_REST_MS = 500
"""Without a change, until a build begins."""
_LONGEST_MS = 10_000
"""From the first change on, however much follows."""
_RETRY_MS = 5000


def watch_folder(
    folder: Path,
    rebuild: Callable[[], bool],
    *,
    poll: bool,
    stop: threading.Event,
    rest_ms: int = _REST_MS,
    retry_ms: int = _RETRY_MS,
) -> None:
    """Call ``rebuild`` after changes below a folder until stopped.

    Hidden files do not count. It is called once in the beginning too, for what
    changed before the watch began, and a second time after a change.

    Args:
        folder: Links to it are followed, links in it are not.
        rebuild: Returns whether it succeeded; otherwise it is called again soon.
        poll: Look at all files again and again, for network drives, which tell of
            no changes. Systems that cannot tell are polled anyhow.
        stop: Ends the watch.
        rest_ms: Milliseconds without a change before a build.
        retry_ms: Milliseconds between a failure and the next try.

    Raises:
        KeyboardInterrupt: The user interrupts.
        SeedsError: The folder cannot be watched at all.
    """
    top = folder.resolve()
    options: dict[str, Any] = {
        "watch_filter": _Visible(top),
        "debounce": max(_LONGEST_MS, rest_ms),
        "step": rest_ms,
        "stop_event": stop,
        "rust_timeout": retry_ms,
        "yield_on_timeout": True,
        "ignore_permission_denied": True,
    }
    due = True
    for changes in _changes(top, poll=poll, options=options):
        if changes or due:
            # Once more after a change: polling tells times apart by the second.
            due = not rebuild() or bool(changes)


def _changes(top: Path, *, poll: bool, options: dict[str, Any]) -> Iterator[object]:
    """What changes, empty when nothing did for a while; polled where need be."""
    from watchfiles import watch
    from watchfiles._rust_notify import WatchfilesRustInternalError

    try:
        yield from watch(top, force_polling=poll or None, **options)
    except (OSError, WatchfilesRustInternalError) as exc:
        if poll:
            raise SeedsError(f"{top}: cannot be watched ({exc})") from exc
        _log.warning("%s: the system tells of no changes (%s); polling", top, exc)
        yield from _changes(top, poll=True, options=options)


class _Visible:
    """Whether a change counts: nothing hidden does, like half-written seeds."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def __call__(self, _change: object, path: str) -> bool:
        parts = Path(path).relative_to(self._top).parts
        return not any(part.startswith(".") for part in parts)
