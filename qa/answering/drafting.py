"""Evidence to drafted sentences. What a generator drafts is untrusted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.prompting import PromptTemplate, answer_prompt
from qa.neural.generation import Generator
from qa.schema import Evidence
from qa.verification import drafted_sentences, settled_sentences


@dataclass(frozen=True, slots=True)
class Drafter:
    """Answers a question from numbered sentences, in one draft.

    Attributes:
        small: Whether the generator is small: few of its drafts are fair, so each has
            to keep near the words of its source, and needs as much support as a
            sentence that was cut.
    """

    generator: Generator
    template: PromptTemplate
    small: bool = False

    def draft(
        self, question: str, evidence: Sequence[Evidence], cancel: threading.Event
    ) -> Iterator[str]:
        """Sentences of the draft, each as soon as it is complete.

        Args:
            question: As it is searched for, so that it needs no history.
            evidence: What the answer is to speak of; small models lose themselves in
                more.
            cancel: Once set, the draft ends.

        Raises:
            GenerationError: The draft is lost.
        """
        told = [item.told for item in evidence]
        prompt = answer_prompt(self.template, question, told)
        draft, given = "", 0
        for piece in self.generator.stream(prompt, cancel):
            draft += piece
            settled = settled_sentences(draft)
            yield from settled[given:]
            given = max(given, len(settled))
        if not cancel.is_set():
            yield from drafted_sentences(draft)[given:]
