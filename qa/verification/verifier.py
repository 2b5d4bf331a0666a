"""Whether a drafted sentence may be said, and with which evidence.

Exact tests come first, with their reasons; what they let through is for the judge,
who holds the sentence against each piece of evidence, with the one that it leans
on, and against two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Final

from qa.language.text import content_stems, exchanged, has_negation, tokens
from qa.language.word_lists import words
from qa.neural.judge import Judge, Opinion
from qa.schema import Evidence, Rejected, Strictness
from qa.verification.drafts import is_cut, is_quote
from qa.verification.faults import figure_fault, strange_name
from qa.verification.speakers import without_attribution

_LEAD = re.compile(r"[\w\"'“‘(]")
_YES_OR_NO = re.compile(r"(?:yes|no)\s*[,.:;!–—-]+\s+", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:(?:do|does|did)|(?P<verb>is|are|was|were|has|have|had|can|could|may|might))"
    r"(?:\s+not|n['’]t)\b",
    re.IGNORECASE,
)
_UNREAL = frozenset(
    """will would shall should plan plans planned intend intends want wants wanted seek
    seeks sought try tries tried hope hopes aim aims offer offers offered refuse
    refuses demand demands ask asks asked""".split()
)
"""What is wanted or planned is no fact, and a claim made of a question has no tense."""
_SHORTEST: Final = 3
_LONGEST: Final = 120
"""Words; a sentence beyond it is not read, which bounds the time a check takes."""
_JOINED: Final = 3
"""Pieces of evidence, the best, of which two are held together."""
_EXCERPT: Final = 160

Group = tuple[Evidence, ...]
Bar = Callable[[str], float]
"""The support that is needed over a text of evidence."""


@dataclass(frozen=True, slots=True)
class Support:
    """A sentence as it may be said, the evidence that supports it, first the piece
    that does so best, and how well, in [0, 1]; 1 where it is a quote.
    """

    sentence: str
    evidence: Group
    score: float


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the judge says of a sentence over a group of evidence."""

    group: Group
    opinion: Opinion

    @property
    def text(self) -> str:
        return _text(self.group)


class Verifier:
    """Holds drafted sentences against the evidence.

    Strict says only what stands in a source word for word. Balanced and lenient say
    it in other words too, if no exact test fails and the judge finds it supported.

    Args:
        judge: None lets only quotes pass.
        strictness: How probable support has to be.
    """

    def __init__(
        self, judge: Judge | None, strictness: Strictness = Strictness.BALANCED
    ) -> None:
        self._judge = None if strictness is Strictness.STRICT else judge
        self._strictness = strictness

    def verify(
        self, sentence: str, evidence: Sequence[Evidence], *, surely: bool = False
    ) -> Support | Rejected:
        """Check one sentence, without markers, against the evidence.

        A "Yes," or "No," in front is taken away: what follows is checked.

        Args:
            sentence: As drafted.
            evidence: What it may rest on.
            surely: Whether it needs as much support as a sentence that was cut, in
                whatever words it is.

        Returns:
            The best support, or why there is none.

        Raises:
            ModelError: The judge cannot be loaded.
        """
        said = _YES_OR_NO.sub("", sentence, count=1)
        said = said[:1].upper() + said[1:]
        if (fault := malformed(said)) is not None:
            return Rejected(sentence, fault)
        if not evidence:
            return Rejected(sentence, "there is no evidence")
        for item in evidence:
            if is_quote(said, item.text) or is_quote(said, item.told):
                return Support(said, (item,), 1.0)
        if self._judge is None:
            return Rejected(sentence, "it is not word for word what the source says")
        texts = [item.told for item in evidence]
        if (fault := figure_fault(_unattributed(said, evidence), texts)) is not None:
            return Rejected(sentence, fault)
        bar = partial(needed, self._judge, self._strictness, said, surely=surely)
        return self._weighed(self._judge, sentence, said, evidence, bar)

    def answers(self, claim: str, item: Evidence) -> bool | None:
        """Whether a source says yes or no to a claim; None if neither is plain.

        It says yes where it supports the claim, and no where it would, were its one
        negation taken away, and does not with it. Where two names in each other's
        place are supported as well or better ("China armed Russia"), the judge does not
        tell who did it, and neither is plain.

        Raises:
            ModelError: The judge cannot be loaded.
        """
        known = {token.lower() for token in tokens(item.text)} - {*tokens(claim)}
        unreal = known & (_UNREAL | words("hedges"))
        if self._judge is None or unreal or figure_fault(claim, [item.text]):
            return None
        affirmed, negations = _NEGATED.subn(lambda m: m["verb"] or "", item.text)
        plain = negations == 1 and not any(map(has_negation, tokens(affirmed)))
        texts = [item.text] + [" ".join(affirmed.split())] * plain
        claims = [claim, *exchanged(claim, item.text)]
        weighed = self._judge.weigh([(c, text) for text in texts for c in claims])
        supports = [opinion.support for opinion in weighed]
        bar = self._judge.needed(self._strictness)
        for verdict in (True, False)[: len(texts)]:
            said, *others = supports[: len(claims)]
            if said >= bar:
                return verdict if said > max(others, default=0.0) else None
            supports = supports[len(claims) :]
        return None

    def _weighed(
        self,
        judge: Judge,
        sentence: str,
        said: str,
        evidence: Sequence[Evidence],
        bar: Bar,
    ) -> Support | Rejected:
        """What the judge says: first of each piece, then of two together."""
        alone = _judged(
            judge, said, [(item,) for item in evidence] + _leaning(evidence)
        )
        best = max(alone, key=lambda w: w.opinion.support)
        if (found := _supported(said, alone, bar)) is not None:
            return _unturned(judge, sentence, found)
        single = sorted(
            (w for w in alone if len(w.group) == 1), key=lambda w: -w.opinion.support
        )
        tried = {w.group for w in alone}
        pairs = [
            tuple(sorted((a.group[0], b.group[0]), key=lambda item: item.number))
            for a, b in combinations(single[:_JOINED], 2)
        ]
        both = _judged(judge, said, [pair for pair in pairs if pair not in tried])
        if (found := _supported(said, both, bar)) is not None:
            return _unturned(judge, sentence, found)
        bare = _unattributed(said, best.group)
        known = [text for item in evidence for text in (item.told, _named(item))]
        reason = strange_name(bare, known) or objection(bare, best.text, best.opinion)
        return Rejected(sentence, reason)


def _supported(said: str, weighed: Sequence[_Weighed], bar: Bar) -> Support | None:
    """The group that supports a sentence best, if any does, by as few as do."""
    passed = [
        w
        for w in weighed
        if w.opinion.support >= bar(w.text)
        and figure_fault(_unattributed(said, w.group), [w.text]) is None
    ]
    if not passed:
        return None
    best = max(passed, key=lambda w: (-len(w.group), w.opinion.support))
    return Support(said, best.group, best.opinion.support)


def _unturned(judge: Judge, sentence: str, found: Support) -> Support | Rejected:
    """The support, unless the sentence is supported better with two names in each
    other's place: then the judge does not tell who did it to whom.
    """
    text = _text(found.evidence)
    turned = exchanged(_unattributed(found.sentence, found.evidence), text)
    opinions = judge.weigh([(other, text) for other in turned]) if turned else ()
    if any(opinion.support > found.score for opinion in opinions):
        return Rejected(sentence, "the source may say it the other way round")
    return found


def needed(
    judge: Judge,
    strictness: Strictness,
    said: str,
    source: str,
    *,
    surely: bool = False,
) -> float:
    """The support that a judge has to find, a probability above 1 for strict; where a
    sentence is its source's, cut, or is to be supported surely, that for cut ones.
    """
    return judge.needed(strictness, cut=surely or is_cut(said, source))


def malformed(sentence: str) -> str | None:
    """Why it is no sentence that could be checked."""
    if sentence.endswith("?"):
        return "it is a question"
    if not (_LEAD.match(sentence) and re.search(r"[.!…][\"'”’)\]]*$", sentence)):
        return "it is not a complete sentence"
    if len(content_stems(sentence)) < _SHORTEST:
        return "it says too little to be checked"
    if len(sentence.split()) > _LONGEST:
        return "it is too long to be checked"
    return None


def _leaning(evidence: Sequence[Evidence]) -> list[Group]:
    """Pieces that follow each other in their article: the later may lean on the
    earlier, as "It" and "This" do.
    """
    return [
        (before, item)
        for item in evidence
        for before in evidence
        if item.follows(before)
    ]


def _judged(judge: Judge, said: str, groups: Sequence[Group]) -> list[_Weighed]:
    pairs = [(_unattributed(said, group), _text(group)) for group in groups]
    return list(map(_Weighed, groups, judge.weigh(pairs))) if pairs else []


def _text(group: Group) -> str:
    return " ".join(" ".join(item.told.split()) for item in group)


def _unattributed(said: str, items: Sequence[Evidence]) -> str:
    """Without "According to Ann Oake, …" where she wrote the article."""
    return next(
        (
            bare
            for item in items
            if (bare := without_attribution(said, item.source)) != said
        ),
        said,
    )


def _named(item: Evidence) -> str:
    """Whose names may be used though no sentence has them."""
    source = item.source
    return " ".join((*source.authors, source.publisher, source.title, item.heading))


def objection(said: str, closest: str, opinion: Opinion) -> str:
    """What the judge has against a sentence, as far as it can be told.

    Args:
        said: The sentence that was judged.
        closest: The evidence that comes closest to supporting it.
        opinion: The judge's, of the two.
    """
    if not set(content_stems(said)) & set(content_stems(closest)):
        return "the source is about something else"
    if len(closest) > _EXCERPT:
        closest = closest[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    if (where := opinion.objection) is None:
        return f"the source does not say that; what comes closest is “{closest}”"
    against = said[where.start : where.end]
    return f"“{against}” is not what the source says; closest is “{closest}”"
