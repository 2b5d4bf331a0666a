"""What was asked to a report: the JSON that is printed, saved and compared.

Keys are those of docs/evaluation.md; a part that a file has no data for is
absent. ``intervals`` holds 95 % intervals under ``part.figure``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from qa.errors import EvaluationError
from qa.evaluation.answerability import Judged, answerability_figures
from qa.evaluation.collecting import Asked, Conversed, Followed, Found
from qa.evaluation.curves import hit_curve, risk_curve, thin
from qa.evaluation.figures import Figure
from qa.evaluation.matching import evidence_found, has_facts
from qa.evaluation.metrics import (
    Figures,
    Texts,
    abstention_figures,
    answer_figures,
    conversation_figures,
    evidence_figures,
    follow_up_figures,
    gate_figures,
    latency_figures,
    retrieval_figures,
)
from qa.schema import Hit

Report = dict[str, Any]


class Sheet:
    """A report while it is filled in: figures in parts, intervals beside them."""

    def __init__(self) -> None:
        self.report: Report = {}
        self._intervals: dict[str, list[float]] = {}

    def add(self, part: str, counts: dict[str, int], figures: Figures) -> None:
        """Put figures into a part; a dot in a figure's name makes a level."""
        values = self.report.setdefault(part, {})
        values.update(counts)
        for name, figure in figures.items():
            *path, last = name.split(".")
            place = values
            for step in path:
                place = place.setdefault(step, {})
            place[last] = figure.value
            self._add_interval(f"{part}.{name}", figure)

    def _add_interval(self, name: str, figure: Figure) -> None:
        interval = figure.interval()
        if interval is not None:
            self._intervals[name] = list(interval)

    def finish(self) -> Report:
        """The report, intervals after the figures and what was asked last."""
        lists = {k: v for k, v in self.report.items() if isinstance(v, list)}
        parts = {k: v for k, v in self.report.items() if k not in lists}
        return {**parts, "intervals": self._intervals, **lists}


def add_retrieval(sheet: Sheet, found: Sequence[Found]) -> None:
    """Ranks, curves and the gate's ranking of the questions."""
    placed = [f for f in found if f.question.answerable and f.question.gold]
    if placed:
        sheet.add("retrieval", {"n": len(placed)}, retrieval_figures(placed))
        sheet.report["curves"] = {
            "hit@k": list(hit_curve([item.rank for item in placed])),
        }
    judged = [f for f in found if not f.question.answerable or f.question.gold]
    if judged:
        scores = [item.answerability for item in judged]
        points = risk_curve(scores, [not item.in_reach for item in judged])
        sheet.report["gate"] = {"n": len(judged), **gate_figures(judged)}
        curves = sheet.report.setdefault("curves", {})
        curves["risk_coverage"] = [asdict(point) for point in thin(points)]


def add_found(
    sheet: Sheet, found: Sequence[Found], *, embedding: Sequence[float]
) -> None:
    """All that can be said without answers, and the seconds of embedding alone."""
    if not found:
        return
    add_retrieval(sheet, found)
    sheet.report["latency"] = {
        "retrieve_p50_s": median(item.seconds for item in found),
        "embed_p50_s": median(embedding),
    }
    sheet.report["questions"] = [_found_record(item) for item in found]


def add_asked(sheet: Sheet, asked: Sequence[Asked], texts: Texts) -> None:
    """Retrieval, answers, abstention and latency."""
    if not asked:
        return
    add_retrieval(sheet, [item.found for item in asked])
    answerable = [item for item in asked if item.question.answerable]
    placed = [item for item in answerable if item.question.gold]
    if placed:
        sheet.add("retrieval", {}, evidence_figures(placed))
    if answerable:
        answered = sum(not item.answer.abstained for item in answerable)
        counts = {"n": len(answerable), "answered": answered}
        sheet.add("answers", counts, answer_figures(answerable, texts))
    if len(answerable) < len(asked):
        sheet.add("abstention", {"n": len(asked)}, abstention_figures(asked))
    sheet.report["latency"] = latency_figures(asked)
    sheet.report["models"] = asdict(asked[0].answer.models)
    sheet.report["questions"] = [_asked_record(item) for item in asked]


def add_answerability(sheet: Sheet, judged: Sequence[Judged]) -> None:
    """The reader's verdicts on single passages."""
    plain, figures = answerability_figures(judged)
    sheet.add("answerability", {"n": len(judged)}, figures)
    sheet.report["answerability"] |= plain
    sheet.report.setdefault("records", []).extend(
        {
            "id": item.question.id,
            "question": item.question.question,
            "answerable": item.question.answerable,
            "probability": round(item.own.answerable, 4),
            "likeness": round(item.own.likeness, 4),
            "answer": item.own.answer,
        }
        for item in judged
    )


def add_conversations(sheet: Sheet, conversed: Sequence[Conversed]) -> None:
    """Whether last turns find what they refer to."""
    if conversed:
        figures = conversation_figures(conversed)
        sheet.add("conversations", {"n": len(conversed)}, figures)
        sheet.report.setdefault("records", []).extend(
            {
                "id": item.conversation.id,
                "turns": list(item.conversation.turns),
                "rank": item.rank,
                "hits": _places(item.hits),
            }
            for item in conversed
        )


def add_follow_ups(sheet: Sheet, followed: Sequence[Followed]) -> None:
    """Agreement with the retrieval of a person's wording."""
    if not followed:
        return
    changed = sum(item.follow_up.changed for item in followed)
    sheet.add("followups", {"n": len(followed)}, follow_up_figures(followed))
    part = sheet.report["followups"]
    part["changed"] = {"n": changed, **part["changed"]}
    part["unchanged"] = {"n": len(followed) - changed, **part["unchanged"]}
    sheet.report.setdefault("records", []).extend(
        {
            "id": item.follow_up.id,
            "question": item.follow_up.turns[-1],
            "rewrite": item.follow_up.rewrite,
            "changed": item.follow_up.changed,
            "overlap@5": item.overlap,
            "raw_overlap@5": item.raw_overlap,
        }
        for item in followed
    )


def load_report(path: Path) -> Report:
    """Read a report that was saved.

    Raises:
        EvaluationError: It cannot be read or is no report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise EvaluationError(f"{path}: cannot be read ({exc.strerror})") from exc
    except ValueError as exc:
        raise EvaluationError(f"{path}: is not JSON; save it with --save") from exc
    if not isinstance(report, dict) or not isinstance(report.get("intervals"), dict):
        raise EvaluationError(f"{path}: is not a report; save one with --save")
    return report


def _found_record(found: Found) -> Report:
    question = found.question
    return {
        "id": question.id,
        "question": question.question,
        "answerable": question.answerable,
        **({"rank": found.rank} if question.gold else {}),
        "answerability": round(found.answerability, 4),
        "seconds": {"retrieve": round(found.seconds, 4)},
        "hits": _places(found.hits),
    }


def _asked_record(asked: Asked) -> Report:
    answer, question = asked.answer, asked.question
    record = _found_record(asked.found)
    record["abstained"] = answer.abstained
    if question.gold:
        record["evidence_found"] = evidence_found(answer.evidence, question.gold)
    if question.must_include:
        has_all = has_facts(question, answer)
        record["facts"] = not answer.abstained and has_all
    record["text"] = answer.text
    record["citations"] = [
        {"number": c.number, "file": c.document.file, "quote": c.quote}
        for c in answer.citations
    ]
    record["rejected"] = [{"text": r.text, "reason": r.reason} for r in answer.rejected]
    record["seconds"] |= {
        "first_token": answer.timings.first_token_s,
        "total": answer.timings.total_s,
    }
    return record


def _places(hits: Sequence[Hit]) -> list[Report]:
    return [
        {"file": h.source.file, "start": h.passage.start, "score": round(h.score, 4)}
        for h in hits
    ]
