"""What the page greets with: how many articles there are, and what one may ask."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import QaError
from qa.index import Store
from qa.ui.panels.example_questions import example_question

_EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """The indexed articles as the page greets with them.

    Attributes:
        articles: Indexed documents.
        examples: Questions they should answer.
        problem: Why there is nothing to ask, empty if there is something.
        generation: Of the index; 0 without one.
    """

    articles: int
    examples: tuple[str, ...]
    problem: str
    generation: int = 0


def summarise_library(index: Store) -> LibrarySummary:
    """Look at the index as it is now."""
    try:
        with index.snapshot() as snapshot:
            generation = snapshot.generation
            articles = snapshot.document_count
            places = range(0, articles, max(1, articles // _EXAMPLES))[:_EXAMPLES]
            picked = [source for n in places for source in snapshot.sources(n, 1)]
            documents = [snapshot.document(source.id) for source in picked]
    except QaError as exc:
        return LibrarySummary(0, (), exc.line)
    if not articles:
        return LibrarySummary(0, (), "There are no articles yet.")
    examples = [
        example_question(document, turn) for turn, document in enumerate(documents)
    ]
    return LibrarySummary(
        articles=articles,
        examples=tuple(examples),
        problem="",
        generation=generation,
    )
