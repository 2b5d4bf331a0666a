"""The ``Reader`` protocol, and what its adapters share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

from qa.schema import Reading, Span

NOT_READ: Final = Reading(relevance=-30.0, answerable=0.0, answer=None)
"""Of a blank passage."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class Reader(Protocol):
    """Reads passages with a question in mind."""

    @property
    def name(self) -> str:
        """Names the weights."""

    @property
    def where(self) -> str:
        """The folder or address it comes from."""

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[Span]] = (),
    ) -> tuple[Reading, ...]:
        """One reading a passage, in the order given; blank ones are ``NOT_READ``.

        ``Reading.answer`` counts from the beginning of its passage.

        Args:
            question: What is looked for.
            passages: Texts.
            sentences: Of each passage those to judge, counted from its beginning;
                without them no sentence is judged.

        Raises:
            ModelError: The model cannot be loaded.
        """


def encodable(text: str) -> str:
    """The text, of the same length, without halves of surrogate pairs."""
    return _SURROGATES.sub("\ufffd", text)
