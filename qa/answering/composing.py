"""An answer while it grows: its sentences, citations, what was left out, and when."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.schema import (
    Citation,
    Dropped,
    Evidence,
    Rejected,
    Sentence,
    Timings,
    Verdict,
    Verified,
)


@dataclass(frozen=True, slots=True)
class Cited:
    """Evidence for a sentence, and how well it supports it, in [0, 1]."""

    evidence: Evidence
    verdict: Verdict
    score: float


@dataclass(slots=True)
class Composing:
    """An answer while it grows; citations are numbered as they first appear.

    Attributes:
        draft_lost: Why the generator's words did not come; empty if they did.
    """

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    draft_lost: str = ""

    @property
    def last_source(self) -> str | None:
        """The article that the last sentence cites first."""
        if not self.sentences:
            return None
        return self.citations[self.sentences[-1].citations[0] - 1].document.id

    def cites(self, item: Evidence) -> bool:
        """Whether a sentence already cites it."""
        return self._citation(item) is not None

    def add(self, text: str, cited: Sequence[Cited]) -> Verified:
        """A sentence with what it cites, at least one piece of evidence."""
        known = len(self.citations)
        for support in cited:
            if not self.cites(support.evidence):
                self.citations.append(_citation(support, len(self.citations) + 1))
        found = [self._citation(support.evidence) for support in cited]
        numbers = dict.fromkeys(c.number for c in found if c is not None)
        sentence = Sentence(text, tuple(numbers))
        self.sentences.append(sentence)
        return Verified(sentence, tuple(self.citations[known:]))

    def reject(self, rejected: Rejected) -> Dropped:
        """Keep what is not shown, with its reason."""
        self.rejected.append(rejected)
        return Dropped(rejected)

    def _citation(self, item: Evidence) -> Citation | None:
        place = (item.source.id, item.start, item.end)
        return next(
            (c for c in self.citations if (c.document.id, c.start, c.end) == place),
            None,
        )


def _citation(support: Cited, number: int) -> Citation:
    item = support.evidence
    return Citation(
        number=number,
        document=item.source,
        heading=item.heading,
        start=item.start,
        end=item.end,
        quote=item.text,
        verdict=support.verdict,
        score=support.score,
        answer=item.answer,
        page=item.page,
        from_picture=item.from_picture,
    )


class Clock:
    """Seconds since the question."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._retrieved: float | None = None
        self._spoke: float | None = None

    def retrieved(self) -> None:
        """The passages are found; only the first time counts."""
        if self._retrieved is None:
            self._retrieved = time.perf_counter() - self._start

    def spoke(self) -> None:
        """A sentence was verified; only the first counts."""
        if self._spoke is None:
            self._spoke = time.perf_counter() - self._start

    def timings(self) -> Timings:
        """What was noted, and the time until now."""
        return Timings(
            self._retrieved or 0.0, self._spoke, time.perf_counter() - self._start
        )
