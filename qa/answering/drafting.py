"""Evidence to drafted sentences: sentence by sentence, or all in one draft.

A small model that was taught to begins each sentence with the number of its source:
given the number, it says that one in its own words. Larger ones write an answer of
their own accord. What they draft is untrusted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.prompting import PromptTemplate, answer_prompt, shorten_prompt
from qa.neural.generation import Generator
from qa.schema import Evidence, Message, Prompt, Rejected
from qa.verification import drafted_sentences, settled_sentences

_WARMTH = 0.7
_TOKENS = 80
"""Of one sentence at most."""


@dataclass(frozen=True, slots=True)
class OneByOne:
    """Shortens each piece of evidence by itself.

    Attributes:
        attempts: Drafts of one piece at most: the likeliest, then others.
    """

    generator: Generator
    template: PromptTemplate
    attempts: int = 2

    def drafts(
        self,
        item: Evidence,
        cancel: threading.Event,
        lost: Callable[[str], Rejected | None],
    ) -> Iterator[str | Rejected]:
        """Shorter sentences for one piece of evidence, each once.

        Args:
            lost: Says why a draft so far is worth no further word; it ends there.
        """
        prompt = shorten_prompt(self.template, item)
        seen: set[str | Rejected] = set()
        for attempt in range(self.attempts):
            if cancel.is_set():
                return
            warmth = _WARMTH if attempt else 0.0
            tried = replace(prompt, temperature=warmth, seed=attempt)
            sentence = self._sentence(tried, cancel, lost)
            if sentence and sentence not in seen and not cancel.is_set():
                seen.add(sentence)
                yield sentence

    def _sentence(
        self,
        prompt: Prompt,
        cancel: threading.Event,
        lost: Callable[[str], Rejected | None],
    ) -> str | Rejected:
        """The first sentence of a draft, or what there was when it was lost."""
        draft = ""
        for piece in self.generator.stream(prompt, cancel):
            draft += piece
            whole, _, _ = draft.rpartition(" ")
            if rejected := lost(whole):
                return rejected
            if settled := settled_sentences(draft):
                return settled[0]
        return next(iter(drafted_sentences(draft)), "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sentence of an answer that is to be written.

    Attributes:
        evidence: All that may be drawn on.
        item: The piece of it that the sentence is to tell.
        said: The sentences before it, each with the number of its evidence.
    """

    question: str
    evidence: tuple[Evidence, ...]
    item: Evidence
    said: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InOwnWords:
    """Says each piece of evidence in other words, with all of it in view.

    Attributes:
        generator: Taught to begin a sentence with the number of its evidence.
        attempts: Drafts of one sentence at most: the likeliest, then others.
    """

    generator: Generator
    template: PromptTemplate
    attempts: int = 2

    def drafts(self, wanted: Wanted, cancel: threading.Event) -> Iterator[str]:
        """Sentences to choose from, each once."""
        texts = [item.text for item in wanted.evidence]
        before = "".join(f"[{number}] {text}\n" for number, text in wanted.said)
        marker = f"[{wanted.item.number}"
        begun = Message("assistant", before + marker)
        prompt = answer_prompt(self.template, wanted.question, texts)
        seen: set[str] = set()
        for attempt in range(self.attempts):
            tried = replace(
                prompt,
                messages=(*prompt.messages, begun),
                temperature=_WARMTH if attempt else 0.0,
                seed=attempt,
                one_line=True,
                max_tokens=_TOKENS,
            )
            sentence = self._sentence(tried, marker, cancel)
            if cancel.is_set():
                return
            if sentence and sentence not in seen:
                seen.add(sentence)
                yield sentence

    def _sentence(self, prompt: Prompt, marker: str, cancel: threading.Event) -> str:
        """The first sentence behind the marker that the prompt ends with."""
        draft = marker
        for piece in self.generator.stream(prompt, cancel):
            draft += piece
            if settled := settled_sentences(draft):
                return settled[0]
        return next(iter(drafted_sentences(draft)), "")


@dataclass(frozen=True, slots=True)
class AllAtOnce:
    """Answers from all evidence in one draft."""

    generator: Generator
    template: PromptTemplate

    def draft(
        self, question: str, evidence: Sequence[Evidence], cancel: threading.Event
    ) -> Iterator[str]:
        """Sentences of the draft, each as soon as it is complete."""
        prompt = answer_prompt(self.template, question, [e.text for e in evidence])
        draft, given = "", 0
        for piece in self.generator.stream(prompt, cancel):
            draft += piece
            settled = settled_sentences(draft)
            yield from settled[given:]
            given = max(given, len(settled))
        if not cancel.is_set():
            yield from drafted_sentences(draft)[given:]


Drafter = OneByOne | InOwnWords | AllAtOnce
