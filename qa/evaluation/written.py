"""Files that hold a corpus and its questions in one: a paragraph a line, with a
question that its numbered sentences answer and a near miss that none does.
"""

from __future__ import annotations

from collections.abc import Iterable
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


class _Answer(BaseModel):
    """A sentence of the answer, and the numbers of those that support it."""

    text: str = ""
    sentences: Annotated[list[_Number], Field(min_length=1)]


class _Unsupported(BaseModel):
    """What the paragraph does not say, in place of a sentence of the answer."""

    text: _Text
    of: _Number
    kind: str = ""


class Answered(BaseModel):
    """A paragraph with an answer, and what is no answer: what claims are made of."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    sentences: Annotated[list[_Text], Field(min_length=1)]
    answer: Annotated[list[_Answer], Field(min_length=1)]
    unsupported: list[_Unsupported] = []

    def cited(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The sentences of some numbers.

        Raises:
            ValueError: A number names no sentence.
        """
        numbers = tuple(numbers)
        if max(numbers) > len(self.sentences):
            raise ValueError(f"there is no sentence {max(numbers)}")
        return tuple(self.sentences[number - 1] for number in numbers)


class WrittenParagraph(Answered):
    """A line of such a file; keys that measure other things are left alone."""

    id: _Text
    title: str = ""
    question: _Text
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
        own = {
            "id": self.id,
            "question": self.question,
            "gold_passage_ids": [self.id],
            "gold_sentences": list(self.cited(numbers)),
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
