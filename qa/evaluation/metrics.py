"""What was asked to figures, each defined once; pure.

The definitions are those of docs/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from qa.evaluation.collecting import Asked, Conversed, Followed, Found
from qa.evaluation.curves import DEPTH, area, risk_curve
from qa.evaluation.figures import Figure, mean_of, share_among
from qa.evaluation.matching import (
    cites_gold,
    evidence_found,
    has_facts,
    has_prose,
    is_gold_sentence,
)
from qa.evaluation.scoring import auroc
from qa.language.text import normalise
from qa.schema import Citation

Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Texts:
    """Where texts are looked up.

    Attributes:
        seed: The seed text of a document, by ``Source.file``.
        document: Its canonical text, by ``Source.id``.
        original: The text exactly as stored, by ``Source.file``.
    """

    seed: Callable[[str], str]
    document: Callable[[str], str]
    original: Callable[[str], str]


def retrieval_figures(found: Sequence[Found]) -> Figures:
    """hit@1, hit@5 and MRR@10 over questions with a known gold place."""
    ranks = [item.rank for item in found]
    return {
        "hit@1": mean_of(_within(rank, 1) for rank in ranks),
        "hit@5": mean_of(_within(rank, 5) for rank in ranks),
        "mrr@10": mean_of(
            1 / rank if rank is not None and rank <= DEPTH else 0.0 for rank in ranks
        ),
    }


def evidence_figures(asked: Sequence[Asked]) -> Figures:
    """Whether gold was shown to the generator, over the same questions."""
    return {
        "evidence_recall": mean_of(
            evidence_found(item.answer.evidence, item.question.gold) for item in asked
        )
    }


def answer_figures(asked: Sequence[Asked], texts: Texts) -> Figures:
    """Figures of the answers to answerable questions.

    ``facts`` and ``cites_gold`` are absent where no question says what they
    need; an abstention has no facts.
    """
    figures: Figures = {}
    if any(item.question.must_include for item in asked):
        figures["facts"] = share_among(
            (
                not item.answer.abstained and has_facts(item.question, item.answer),
                bool(item.question.must_include),
            )
            for item in asked
        )
    if any(item.question.gold for item in asked):
        figures["cites_gold"] = share_among(
            (
                cites_gold(item.answer, item.question.gold),
                not item.answer.abstained and bool(item.question.gold),
            )
            for item in asked
        )
    marked = [
        item for item in asked if item.question.sentences and not item.answer.abstained
    ]
    if marked:
        figures |= _sentence_figures(marked)
    figures["quotes_verbatim"] = _quotes_verbatim(asked, texts)
    figures["prose_share"] = share_among(
        (has_prose(item.answer), not item.answer.abstained) for item in asked
    )
    return figures


def _sentence_figures(answered: Sequence[Asked]) -> Figures:
    """Whether what is cited are the sentences that belong in an answer."""
    cited = [
        [
            is_gold_sentence(citation.quote, item.question.sentences)
            for citation in item.answer.citations
        ]
        for item in answered
    ]
    quotes = [[c.quote for c in item.answer.citations] for item in answered]
    reached = [
        [is_gold_sentence(gold, shown) for gold in item.question.sentences]
        for item, shown in zip(answered, quotes, strict=True)
    ]
    return {
        "to_the_point": _pooled(cited),
        "first_to_the_point": mean_of(each[0] for each in cited),
        "gold_cited": _pooled(reached),
    }


def _pooled(outcomes: Sequence[Sequence[bool]]) -> Figure:
    """Of all outcomes, of any question, the share that is true."""
    return Figure(
        tuple(sum(each) / max(1, len(each)) for each in outcomes),
        tuple(float(len(each)) for each in outcomes),
    )


def _quotes_verbatim(asked: Sequence[Asked], texts: Texts) -> Figure:
    """Of all citations, the share that is in the document and in the seed."""
    seed = cache(lambda file: normalise(texts.seed(file)))

    def is_verbatim(citation: Citation) -> bool:
        text = texts.document(citation.document.id)
        return text[citation.start : citation.end] == citation.quote and (
            normalise(citation.quote) in seed(citation.document.file)
        )

    counts = [len(item.answer.citations) for item in asked]
    good = [sum(map(is_verbatim, item.answer.citations)) for item in asked]
    shares = (g / max(1, n) for g, n in zip(good, counts, strict=True))
    return Figure(tuple(shares), tuple(map(float, counts)))


def abstention_figures(asked: Sequence[Asked]) -> Figures:
    """Abstentions against what the questions say of themselves."""
    outcomes = [(item.answer.abstained, item.question.answerable) for item in asked]
    return {
        "precision": share_among(
            (not answerable, abstained) for abstained, answerable in outcomes
        ),
        "recall": share_among(
            (abstained, not answerable) for abstained, answerable in outcomes
        ),
        "false_refusals": share_among(outcomes),
    }


def gate_figures(found: Sequence[Found]) -> dict[str, float]:
    """How well answerability ranks questions, whatever the threshold.

    ``aurc`` counts a question as wrong when it is unanswerable or its gold
    evidence is not in the top 5; ``auroc`` needs both kinds of question.
    """
    scores = [item.answerability for item in found]
    points = risk_curve(scores, [not item.in_reach for item in found])
    figures = {"aurc": area(points)}
    yes = [item.answerability for item in found if item.question.answerable]
    no = [item.answerability for item in found if not item.question.answerable]
    if yes and no:
        figures["auroc"] = auroc(yes, no)
    return figures


def conversation_figures(conversed: Sequence[Conversed]) -> Figures:
    """Whether the last turn brings the gold evidence into the top 5."""
    return {"hit@5": mean_of(_within(item.rank, 5) for item in conversed)}


def follow_up_figures(followed: Sequence[Followed]) -> Figures:
    """Agreement with a person's wording where it was changed and where not."""
    changed = [item for item in followed if item.follow_up.changed]
    unchanged = [item for item in followed if not item.follow_up.changed]
    return {
        "changed.overlap@5": mean_of(item.overlap for item in changed),
        "unchanged.overlap@5": mean_of(item.overlap for item in unchanged),
        "raw_changed_overlap@5": mean_of(item.raw_overlap for item in changed),
    }


def latency_figures(asked: Sequence[Asked]) -> dict[str, float]:
    """Medians in seconds; a question that got no text has no first token."""
    timings = [item.answer.timings for item in asked]
    first = [t.first_token_s for t in timings if t.first_token_s is not None]
    return {
        "retrieve_p50_s": median(t.retrieve_s for t in timings),
        "first_token_p50_s": median(first) if first else 0.0,
        "total_p50_s": median(t.total_s for t in timings),
    }


def _within(rank: int | None, depth: int) -> bool:
    return rank is not None and rank <= depth
