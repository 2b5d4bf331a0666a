"""On what terms a question is answered: what a program may say in plain values."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from qa.errors import FilterError, QuestionError, SettingsError
from qa.schema import Filters, Strictness, Turn


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a question is answered; see ``Answerer.stream``."""

    history: tuple[Turn, ...]
    filters: Filters | None
    strictness: Strictness
    sources: int | None
    cancel: threading.Event

    @classmethod
    def read(
        cls,
        *,
        history: Sequence[Turn | tuple[str, str]],
        filters: Filters | None,
        strictness: Strictness | str,
        sources: int | None,
        cancel: threading.Event | None,
    ) -> Self:
        """Take what was given, plain values too, or say what is wrong with it.

        Raises:
            SettingsError: ``strictness`` or ``sources`` is none there is.
            FilterError: ``filters`` are none.
            QuestionError: The history holds something else than turns.
        """
        try:
            chosen = Strictness(strictness)
        except ValueError as exc:
            known = ", ".join(Strictness)
            raise SettingsError(
                f"strictness {strictness!r}: there is no such; give one of {known}"
            ) from exc
        if sources is not None and (type(sources) is not int or sources < 1):
            raise SettingsError(f"sources {sources!r}: give a whole number from 1")
        _check_filters(filters)
        turns = tuple(_turn(item) for item in history)
        return cls(turns, filters, chosen, sources, cancel or threading.Event())


def _check_filters(filters: Filters | None) -> None:
    if filters is None:
        return
    if not isinstance(filters, Filters):
        raise FilterError(
            f"filters: give Filters(files=[…], publishers=[…]), not {filters!r}"
        )
    for name in ("files", "publishers"):
        if isinstance(given := getattr(filters, name), str):
            raise FilterError(f"filters: {name} is a list; give [{given!r}]")


def _turn(given: object) -> Turn:
    if isinstance(given, Turn):
        return given
    if (
        isinstance(given, tuple | list)
        and len(given) == len(Turn.__slots__)
        and all(isinstance(part, str) for part in given)
    ):
        return Turn(*given)
    raise QuestionError(
        f"history: give Turn(question, answer) for each turn, not {given!r}"
    )
