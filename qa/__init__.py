"""Ask your own articles and check every sentence of the answer.

Importing this package is free; models load when a question is asked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.api import answer, build_index, open_index, stream
    from qa.errors import QaError
    from qa.schema import Answer, Citation, Filters, Turn

__version__ = "0.2.0"
__all__ = [
    "Answer",
    "Citation",
    "Filters",
    "QaError",
    "Turn",
    "answer",
    "build_index",
    "open_index",
    "stream",
]
_HOMES = {
    "answer": "qa.api",
    "build_index": "qa.api",
    "open_index": "qa.api",
    "stream": "qa.api",
    "QaError": "qa.errors",
    "Answer": "qa.schema",
    "Citation": "qa.schema",
    "Filters": "qa.schema",
    "Turn": "qa.schema",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
