"""Files that hold a corpus and its questions in one: a paragraph a line, with a
question that its numbered sentences answer and a near miss that none does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_Text = Annotated[str, Field(min_length=1)]
_Number = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage that a questions file brings along."""

    id: str
    title: str
    text: str


class _Support(BaseModel):
    """A sentence of the answer, and the numbers of those that support it."""

    sentences: Annotated[list[_Number], Field(min_length=1)]


class WrittenParagraph(BaseModel):
    """A line of such a file; keys that measure other things are left alone."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: _Text
    title: str = ""
    sentences: Annotated[list[_Text], Field(min_length=1)]
    question: _Text
    answer: Annotated[list[_Support], Field(min_length=1)]
    answer_words: str | None = None
    unanswerable: str = ""

    @property
    def paragraph(self) -> Paragraph:
        """What is to be indexed."""
        return Paragraph(self.id, self.title, " ".join(self.sentences))

    def rows(self) -> tuple[dict[str, Any], ...]:
        """Its questions, as a questions file would have them.

        Raises:
            ValueError: A number names no sentence.
        """
        numbers = sorted({n for part in self.answer for n in part.sentences})
        if numbers[-1] > len(self.sentences):
            raise ValueError(f"there is no sentence {numbers[-1]}")
        own = {
            "id": self.id,
            "question": self.question,
            "gold_passage_ids": [self.id],
            "gold_sentences": [self.sentences[n - 1] for n in numbers],
            "answers": [self.answer_words] if self.answer_words else [],
        }
        if not self.unanswerable:
            return (own,)
        near_miss = {
            "id": f"{self.id}-near-miss",
            "question": self.unanswerable,
            "answerable": False,
            "adversarial_passage_id": self.id,
        }
        return own, near_miss
