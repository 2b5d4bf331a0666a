"""The Python interface: ``from qa import answer, stream, build_index, open_index``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from qa.answering import Answerer
from qa.build import BuildReport, Progress
from qa.schema import Answer, Event, Filters, Strictness, Turn
from qa.settings import Settings, load_settings
from qa.wiring import assemble, may_have_index, run_build, start_loading

_lock = threading.Lock()
_opened: dict[str, Answerer] = {}


def answer(
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters | None = None,
    strictness: Strictness | str | None = None,
    sources: int | None = None,
) -> Answer:
    """Answer a question from the index of the current home folder.

    Args:
        question: At most 2,000 characters.
        history: Earlier turns, oldest first.
        filters: Which articles to answer from.
        strictness: How sure the answer has to be, other than set: ``lenient``,
            ``balanced`` or ``strict``.
        sources: Sentences of evidence at most, other than set.

    Raises:
        QaError: A subclass says what is wrong and what to do.
    """
    return open_index().answer(
        question,
        history=history,
        filters=filters,
        strictness=strictness,
        sources=sources,
    )


def stream(
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters | None = None,
    strictness: Strictness | str | None = None,
    sources: int | None = None,
    cancel: threading.Event | None = None,
) -> Iterator[Event]:
    """Like ``answer``, as events: ``Retrieved``, ``Verified`` …, ``Answered``.

    Raises:
        QaError: A subclass says what is wrong and what to do.
    """
    return open_index().stream(
        question,
        history=history,
        filters=filters,
        strictness=strictness,
        sources=sources,
        cancel=cancel,
    )


def open_index(settings: Settings | None = None) -> Answerer:
    """The answerer of an index; one for each distinct settings is kept.

    Its models begin to load; a first question waits for them.

    Raises:
        QaError: A setting or a model cannot be used.
    """
    settings = settings or load_settings()
    key = settings.model_dump_json()
    with _lock:
        if key not in _opened:
            parts = assemble(settings)
            if may_have_index(settings):
                start_loading(parts)
            _opened[key] = parts.answerer
        return _opened[key]


def build_index(
    settings: Settings | None = None,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Bring the index up to date with the seeds folder.

    Raises:
        QaError: A subclass says what is wrong and what to do.
    """
    return run_build(settings or load_settings(), progress)
