"""The ``Judge`` protocol: does evidence support a sentence, and what objects to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.schema import Span, Strictness


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge says of a sentence over one piece of evidence.

    Attributes:
        support: Probability, in [0, 1], that the evidence supports the sentence.
        objection: Where in the sentence the words stand that carry most of what
            speaks against it; None where no few words do, or it cannot be told.
    """

    support: float
    objection: Span | None = None


class Judge(Protocol):
    """Reads sentences and their evidence for meaning."""

    @property
    def name(self) -> str:
        """Names the weights."""

    @property
    def where(self) -> str:
        """The folder or address it comes from."""

    def needed(self, strictness: Strictness, *, cut: bool = False) -> float:
        """The support from which on a sentence may be shown; above 1 for strict.

        Args:
            strictness: How sure to be.
            cut: Whether the sentence is its source's own, less some words: what is
                left out may matter, and hardly shows.
        """

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Opinion, ...]:
        """One opinion a pair of sentence and evidence, in the order given.

        Without evidence it tells what the sentence gives away by itself; a blank
        sentence has no support.

        Raises:
            ModelError: The model cannot be loaded.
        """
