"""Whether a drafted sentence may be said, and with which evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.language.text import has_negation, tokens
from qa.schema import Evidence, Rejected, Strictness
from qa.verification.checker import Checker, Judgement
from qa.verification.drafts import is_verbatim
from qa.verification.strict import (
    Similarity,
    Support,
    malformed,
    supported_by_words,
    word_beyond,
    word_fault,
)

_YES_OR_NO = re.compile(r"(?:yes|no)\s*[,.:;!–—-]+\s+", re.IGNORECASE)
_UNREAL = frozenset(
    """will would shall should plan plans planned intend intends want wants wanted seek
    seeks sought try tries tried hope hopes aim aims offer offers offered refuse
    refuses demand demands ask asks asked""".split()
)
_NEGATED = re.compile(
    r"""\b(?: (?:do|does|did)(?:\s+not|n['’]t)
      | (?P<verb>is|are|was|were|has|have|had|can|could|may|might)(?:\s+not|n['’]t)
    )(?!\s+(?:all|every|each|only|just|yet|always|fully|entirely|necessarily|much|many
        |without|simply|merely|quite|\w+ly)\b)""",
    re.IGNORECASE | re.VERBOSE,
)


class Verifier:
    """Holds drafted sentences against the evidence.

    Strict says only what stands in a source word for word. Balanced says it in
    the source's words, shortened where that changes nothing, if the checker
    finds no fault. Lenient says it in other words too, if the checker finds them
    supported and has no doubt.

    Args:
        similarity: Cosine of a sentence with each of several texts.
        checker: None leaves it to the words.
        strictness: See above.
    """

    def __init__(
        self,
        similarity: Similarity,
        checker: Checker | None = None,
        strictness: Strictness = Strictness.BALANCED,
    ) -> None:
        self._similarity = similarity
        self._checker = checker
        self._strictness = strictness

    def verify(self, sentence: str, evidence: Sequence[Evidence]) -> Support | Rejected:
        """Check one sentence, without markers, against the evidence.

        A "Yes," or "No," in front is taken away: what follows is checked.

        Returns:
            The best support, or why there is none.
        """
        said = _YES_OR_NO.sub("", sentence, count=1)
        said = said[:1].upper() + said[1:]
        if (fault := malformed(said)) is not None:
            return Rejected(sentence, fault)
        outcome = supported_by_words(said, evidence, self._similarity)
        if isinstance(outcome, Rejected):
            if self._strictness is not Strictness.LENIENT:
                return Rejected(sentence, outcome.reason)
            return self._in_its_own_words(said, evidence) or outcome
        if self._strictness is Strictness.STRICT and not is_verbatim(
            said, outcome.evidence.text
        ):
            return Rejected(sentence, "it is not word for word what the source says")
        if self._checker is None:
            return outcome
        judgement = self._judge(said, outcome.evidence)
        if judgement.verdict != "supported":
            return Rejected(sentence, judgement.reason)
        return replace(outcome, score=judgement.score)

    def lost(self, draft: str, item: Evidence) -> Rejected | None:
        """A draft that cannot be verified any more, however it ends, and why.

        Args:
            draft: The beginning of a sentence, all of its words whole.
            item: What it is to be verified with.
        """
        if self._strictness is Strictness.LENIENT:
            return None
        word = word_beyond(draft, item)
        reason = f"“{word}” is not what the source says"
        return Rejected(f"{draft.strip()} …", reason) if word else None

    def answers(self, claim: str, item: Evidence) -> bool | None:
        """Whether a source says yes or no to a claim; None if neither is plain.

        It is plain only where the source says the claim in its own words, or says
        it with its verb negated and nothing else: "not all", "not yet" and "without"
        answer no question. What a source wants, plans or is said to do is no fact.
        """
        if _UNREAL.intersection(map(str.lower, tokens(item.text))) - set(tokens(claim)):
            return None
        if word_fault(claim, item, claim=True)[1] is None:
            return True
        affirmed, negations = _NEGATED.subn(lambda m: m["verb"] or "", item.text)
        if negations != 1 or any(map(has_negation, tokens(affirmed))):
            return None
        turned = replace(item, text=affirmed)
        fault = word_fault(claim, turned, claim=True, denied=True)[1]
        return False if fault is None else None

    def _in_its_own_words(
        self, sentence: str, evidence: Sequence[Evidence]
    ) -> Support | None:
        supports = [
            Support(sentence, item, judgement.score)
            for item in evidence
            for judgement in (self._judge(sentence, item),)
            if judgement.verdict == "supported" and not judgement.doubts
        ]
        return max(supports, key=lambda support: support.score, default=None)

    def _judge(self, sentence: str, item: Evidence) -> Judgement:
        assert self._checker is not None  # noqa: S101 - callers looked
        context = " ".join((*item.source.authors, item.source.publisher))
        return self._checker.judge(sentence, [item.text], context=context)
