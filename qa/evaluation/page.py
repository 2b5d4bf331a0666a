"""A report to one HTML file that opens anywhere, without network or script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from qa.evaluation.collecting import TOP
from qa.evaluation.curves import DEPTH
from qa.evaluation.drawing import SHARES, Axis, histogram, interval_bar, line_chart
from qa.evaluation.glossary import figures_of, meaning, shown
from qa.evaluation.report import Report
from qa.schema import Strictness

_FILTERS = {
    "missed": "evidence not in the top 5",
    "misjudged": "abstained or answered wrongly",
    "factless": "facts missing",
    "abstained": "abstained",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table of figures."""

    part: str
    name: str
    value: str
    interval: str
    bar: Markup
    meaning: str


@dataclass(frozen=True, slots=True)
class _Chart:
    """A drawing and what to read from it."""

    title: str
    caption: str
    drawing: Markup


def report_to_html(report: Report, *, title: str) -> str:
    """The whole page; every text of the report is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        title=title,
        models=report.get("models", {}),
        rows=list(_rows(report)),
        charts=list(_charts(report)),
        questions=report.get("questions", []),
        records=report.get("records", []),
        marks=_marks,
        filters=list(_filters(report)),
    )


def _filters(report: Report) -> Iterator[tuple[str, str, int]]:
    """Marks that some question has: the class, the words, how many."""
    counts = Counter(mark for q in report.get("questions", []) for mark in _marks(q))
    for mark, words in _FILTERS.items():
        if counts[mark]:
            yield mark, words, counts[mark]


def _rows(report: Report) -> Iterator[_Row]:
    for path, value in figures_of(report):
        part, _, name = path.partition(".")
        interval = report["intervals"].get(path)
        is_share = isinstance(value, float) and 0 <= value <= 1
        drawn = is_share and not path.endswith("_s")
        yield _Row(
            part=part,
            name=name,
            value=shown(path, value),
            interval=f"{interval[0]:.3f} – {interval[1]:.3f}" if interval else "",
            bar=_inline(interval_bar(value, interval)) if drawn else Markup(),
            meaning=meaning(path).text,
        )


def _charts(report: Report) -> Iterator[_Chart]:
    curves = report.get("curves", {})
    if "hit@k" in curves:
        yield _hit_chart(curves["hit@k"])
    if "risk_coverage" in curves:
        yield _risk_chart(curves["risk_coverage"], report["questions"])
    for key, title in (("retrieve", "Time to passages"), ("total", "Time to answer")):
        seconds = [
            record["seconds"][key]
            for record in report.get("questions", [])
            if key in record["seconds"]
        ]
        if seconds:
            drawing = histogram(
                seconds, title="duration, bins of equal ratio", name=title
            )
            caption = "How many questions took how long; the dashed line is the median."
            yield _Chart(title, caption, _inline(drawing))


def _hit_chart(shares: list[float]) -> _Chart:
    points = [(float(k), share) for k, share in enumerate(shares, 1)]
    ticks = tuple((float(k), str(k)) for k in range(1, DEPTH + 1))
    drawing = line_chart(
        points,
        Axis("passages looked at (k)", 0.7, DEPTH + 0.3, ticks),
        Axis("questions", 0, 1, SHARES),
        name="hit@k for k from 1 to 10",
        marked=[(point, f"hit@{point[0]:.0f}: {point[1]:.3f}") for point in points],
    )
    caption = "Share of answerable questions whose evidence is in the first k passages."
    return _Chart("Finding the passage", caption, _inline(drawing))


def _risk_chart(curve: list[dict[str, float]], questions: list[Report]) -> _Chart:
    points = [(point["coverage"], point["risk"]) for point in curve]
    judged = [q for q in questions if _is_judged(q)]
    answered = [q for q in judged if not q.get("abstained", True)]
    kept = {
        str(s): [q for q in judged if q["answerability"] >= s.threshold]
        for s in Strictness
    }
    marked = [
        _standing(name, some, judged)
        for name, some in (("now", answered), *kept.items())
        if some
    ]
    drawing = line_chart(
        points,
        Axis("coverage: questions answered", 0, 1, SHARES),
        Axis("risk", 0, 1, SHARES),
        name="Risk against coverage",
        marked=marked,
    )
    caption = (
        "Answering only what the gate is surest of: of those questions, the share "
        "that has no answer or whose evidence is not in the first five passages."
        " The dots are where each strictness puts the bar"
        + (", and where this run stands." if answered else ".")
    )
    return _Chart("Knowing when to abstain", caption, _inline(drawing))


def _standing(
    name: str, answered: list[Report], judged: list[Report]
) -> tuple[tuple[float, float], str]:
    """Coverage and risk of answering some of the questions, and how to say it."""
    coverage = len(answered) / len(judged)
    risk = sum(not _in_reach(q) for q in answered) / len(answered)
    return (coverage, risk), f"{name}: {coverage:.0%} answered, risk {risk:.0%}"


def _inline(drawing: str) -> Markup:
    """A drawing as it is: ``drawing`` escapes whatever stands in it."""
    return Markup(drawing)  # noqa: S704 - see above


def _is_judged(record: Report) -> bool:
    return not record["answerable"] or "rank" in record


def _in_reach(record: Report) -> bool:
    rank = record.get("rank")
    return bool(record["answerable"] and rank is not None and rank <= TOP)


def _marks(record: Report) -> tuple[str, ...]:
    """What is wrong with a question, as classes to filter by."""
    abstained = record.get("abstained")
    marks = {
        "missed": record["answerable"] and _is_judged(record) and not _in_reach(record),
        "misjudged": abstained is not None and abstained == record["answerable"],
        "factless": record.get("facts") is False,
        "abstained": bool(abstained),
    }
    return tuple(mark for mark, holds in marks.items() if holds)
