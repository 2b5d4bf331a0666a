"""What was found: put in order, and as evidence or citations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from qa.language.injection import is_order
from qa.schema import Citation, Document, Evidence, Hit, Span

_NEAREST = 3


def in_turn(found: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The best hit of each question, then the second of each, none twice."""
    ranked = [hit for hits in zip_longest(*found) for hit in hits if hit is not None]
    first: dict[str, Hit] = {}
    for hit in ranked:
        first.setdefault(hit.passage.id, hit)
    return tuple(first.values())


def cited_first(hits: Sequence[Hit], evidence: Sequence[Evidence]) -> tuple[Hit, ...]:
    """Hits that hold what was cited lead, the others keep their order."""

    def holds(hit: Hit) -> bool:
        return any(
            item.source.id == hit.source.id
            and hit.passage.start <= item.start < hit.passage.end
            for item in evidence
        )

    return tuple(sorted(hits, key=lambda hit: not holds(hit)))


def evidence_at(document: Document, span: Span, number: int) -> Evidence:
    """Words of a document that state a fact about it, as a piece of evidence."""
    text = document.text[span.start : span.end]
    return Evidence(
        number,
        document.source,
        "",
        span.start,
        span.end,
        text,
        1.0,
        page=document.page_at(span.start),
        from_picture=document.is_from_picture(span.start),
    )


def best_told(hit: Hit) -> int | None:
    """The number of a passage's best sentence that gives no orders, if there is one."""
    scores = hit.sentence_scores
    told = [n for n in range(len(scores)) if not is_order(hit.passage.sentence(n))]
    return max(told, key=lambda number: scores[number], default=None)


def nearest(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """The best sentence of each of the first passages; no order to the model."""
    shown: list[Citation] = []
    for hit in hits[:_NEAREST]:
        if (best := best_told(hit)) is None:
            continue
        span = hit.passage.sentences[best]
        shown.append(
            Citation(
                len(shown) + 1,
                hit.source,
                hit.passage.heading,
                span.start,
                span.end,
                hit.passage.sentence(best),
                "quoted",
                max(0.0, min(1.0, hit.sentence_scores[best])),
                page=hit.passage.page_of(best),
                from_picture=hit.passage.is_from_picture(best),
            )
        )
    return tuple(shown)
