"""What readers are told when a thread fails, which has no caller to raise to."""

from __future__ import annotations

import logging

from qa.errors import QaError

_log = logging.getLogger(__name__)


def failure_line(exc: Exception, what: str) -> str:
    """One line for the page; what nobody expected is also logged with its traceback.

    Args:
        exc: Why it failed.
        what: What failed, for the log.
    """
    if isinstance(exc, QaError):
        return exc.line
    _log.error("%s failed", what, exc_info=exc)
    return f"Unexpected {type(exc).__name__}; the terminal says more. Try again."
