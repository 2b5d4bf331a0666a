"""What each figure of a report means, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Direction = Literal["higher", "lower", "neither"]
_NOT_FIGURES = {"curves", "intervals", "models"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One figure, said in one line."""

    text: str
    better: Direction = "higher"


_UNKNOWN = Meaning("", "neither")
_COUNT = Meaning("how many were counted", "neither")
_MEANINGS = {
    "retrieval.hit@1": Meaning("the first passage holds the gold evidence"),
    "retrieval.hit@5": Meaning("one of the first five passages does"),
    "retrieval.mrr@10": Meaning("mean of 1 ÷ rank of the first that does, of ten"),
    "retrieval.evidence_recall": Meaning("gold is among the sentences shown"),
    "gate.aurc": Meaning("mean risk over all coverages", "lower"),
    "gate.auroc": Meaning("an answerable question is rated above one that is not"),
    "answerability.auroc": Meaning(
        "a passage that answers is rated above a look-alike"
    ),
    "answerability.baseline_auroc": Meaning(
        "the same by likeness of the closest sentence", "neither"
    ),
    "answerability.same_article_auroc": Meaning(
        "a passage that answers is rated above another of its article"
    ),
    "answerability.baseline_same_article_auroc": Meaning(
        "the same by likeness of the closest sentence", "neither"
    ),
    "answerability.calibration_error": Meaning(
        "mean gap between probability and truth, ten bins", "lower"
    ),
    "answerability.span_f1": Meaning("words shared with the answer expected"),
    "answers.answered": Meaning("answerable questions answered", "neither"),
    "answers.facts": Meaning("answers that state all that is expected"),
    "answers.cites_gold": Meaning("answers with a citation into a gold source"),
    "answers.to_the_point": Meaning("sentences cited that belong in the answer"),
    "answers.first_to_the_point": Meaning("answers that begin with such a one"),
    "answers.gold_cited": Meaning("sentences that belong in it and are cited"),
    "answers.quotes_verbatim": Meaning("citations found word for word in the article"),
    "answers.prose_share": Meaning("answers that are more than quotes", "neither"),
    "abstention.precision": Meaning("abstentions on questions without an answer"),
    "abstention.recall": Meaning("questions without an answer abstained on"),
    "abstention.false_refusals": Meaning("answerable questions abstained on", "lower"),
    "conversations.hit@5": Meaning("last turns that find the gold evidence"),
    "followups.changed.overlap@5": Meaning("top 5 shared with a person's rewrite"),
    "followups.unchanged.overlap@5": Meaning("the same, where none was needed"),
    "followups.raw_changed_overlap@5": Meaning(
        "rewrites shared without using the history", "neither"
    ),
    "spans.recall": Meaning("characters that answer and are in the top 5"),
    "spans.precision": Meaning("characters of the top 5 that answer"),
    "spans.iou": Meaning("characters in both, of those in either"),
    "claims.caught": Meaning("unsupported claims not called supported"),
    "claims.false_alarms": Meaning("supported claims not called supported", "lower"),
    "claims.precision": Meaning("claims called supported that are"),
    "claims.balanced_accuracy": Meaning("mean of caught and 1 − false alarms"),
    "claims.baseline_balanced_accuracy": Meaning("the better of the two", "neither"),
    "claims.overlap_balanced_accuracy": Meaning(
        "by shared words, best threshold", "neither"
    ),
    "claims.similarity_balanced_accuracy": Meaning(
        "by the embedder's cosine, best threshold", "neither"
    ),
    "claims.auc": Meaning("a supported claim is scored above one that is not"),
    "claims.alone_auc": Meaning("the same without any evidence", "neither"),
    "claims.caught_at_0.3": Meaning("unsupported claims caught at .3 false alarms"),
    "claims.caught_at_0.5": Meaning("unsupported claims caught at .5 false alarms"),
    "claims.supported": Meaning("claims that are supported", "neither"),
    "latency.retrieve_p50_s": Meaning("median, question to passages", "lower"),
    "latency.embed_p50_s": Meaning("median, embedding the question alone", "lower"),
    "latency.first_token_p50_s": Meaning("median, question to first text", "lower"),
    "latency.total_p50_s": Meaning("median, question to whole answer", "lower"),
}


def meaning(name: str) -> Meaning:
    """What ``part.figure`` means."""
    if name.startswith("kinds."):
        return Meaning("claims of this kind that are judged rightly")
    if "_by_kind." in name:
        return Meaning("claims of this kind caught at .3 false alarms")
    name = re.sub(r"^whole\.", "claims.", name)
    if name.endswith(".n"):
        return _COUNT
    return _MEANINGS.get(name, _UNKNOWN)


def figures_of(report: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Every figure of a report as ``part.figure`` and its value, in order."""
    for part, values in report.items():
        if isinstance(values, dict) and part not in _NOT_FIGURES:
            yield from _numbers(part, values)


def _numbers(path: str, values: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _numbers(f"{path}.{name}", value)
        elif isinstance(value, int | float):
            yield f"{path}.{name}", value


def shown(name: str, value: float) -> str:
    """A figure as people read it: counts whole, seconds and shares to three places."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f} s" if name.endswith("_s") else f"{value:.3f}"
