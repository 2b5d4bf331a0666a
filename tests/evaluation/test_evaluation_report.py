"""Reports compared, drawn, saved and printed."""

import json
import re
from copy import deepcopy
from html.parser import HTMLParser

import pytest
from evaluating import Scripted, answer, bench, hit

from qa.errors import EvaluationError
from qa.evaluation import (
    compare,
    evaluate,
    figures_of,
    load_report,
    meaning,
    report_to_html,
)
from qa.evaluation.drawing import duration, histogram
from qa.evaluation.questions import (
    Conversation,
    FollowUp,
    Gold,
    Question,
    QuestionSet,
)

HOSTILE = "</title></style><script>alert(1)</script><img src=http://evil.example/x>\"'&"


def measured(text="Ann.", question="Who built?"):
    found = hit("a.txt", f"Ann built the mill. {text}")
    questions = (
        Question(
            "1",
            question,
            True,
            (Gold("a.txt", "built the mill"),),
            (("Ann",),),
            sentences=("Ann built the mill.",),
        ),
        Question("2", "Who flew?", False),
    )
    scripted = Scripted(
        answer(question, text, hits=[found]),
        answer("Who flew?", hits=[found]),
        answer(f"So? {question}", hits=[found]),
        answer("So?", hits=[found]),
    )
    talk = Conversation("c", (question,), Gold("a.txt", "built the mill"))
    follow = FollowUp("f", ("So?", question), question, True)
    told = bench(scripted, texts={"a.txt": found.passage.text})
    return evaluate(QuestionSet(questions, (talk,), (follow,)), scripted, told)


@pytest.fixture
def report():
    return measured()


def test_a_report_compared_with_itself_shows_no_change(report):
    comparison = compare(report, report)
    assert {change.verdict for change in comparison.figures} == {"same"}
    assert not any(change.clear or change.delta for change in comparison.figures)
    assert (comparison.flips, comparison.only_before, comparison.only_after) == (
        (),
        (),
        (),
    )


def test_figures_get_better_or_worse_by_their_own_direction(report):
    after = deepcopy(report)
    after["retrieval"]["hit@1"] = 0.5
    after["abstention"]["false_refusals"] = 0.25
    after["latency"]["total_p50_s"] = 0.1
    after["answers"]["prose_share"] = 0.75
    verdicts = {c.name: c.verdict for c in compare(report, after).figures}
    assert verdicts["retrieval.hit@1"] == "worse"
    assert verdicts["abstention.false_refusals"] == "worse"
    assert verdicts["latency.total_p50_s"] == "better"
    assert verdicts["answers.prose_share"] == "different"


def test_a_change_is_clear_beyond_both_intervals(report):
    after = deepcopy(report)
    after["retrieval"]["hit@1"] = 0.5
    (change,) = [
        c for c in compare(report, after).figures if c.name == "retrieval.hit@1"
    ]
    assert (change.delta, change.clear) == (-0.5, False)
    after["intervals"]["retrieval.hit@1"] = [0.4, 0.6]
    (change,) = [
        c for c in compare(report, after).figures if c.name == "retrieval.hit@1"
    ]
    assert change.clear


def test_questions_flip_in_what_both_reports_say_of_them(report):
    after = deepcopy(report)
    after["questions"][0] |= {"rank": 6, "facts": False, "abstained": True}
    after["questions"][1] |= {"abstained": False}
    flips = [(f.id, f.aspect, f.after, f.verdict) for f in compare(report, after).flips]
    assert flips == [
        ("1", "found", False, "worse"),
        ("1", "facts", False, "worse"),
        ("1", "abstained", True, "worse"),
        ("2", "abstained", False, "worse"),
    ]
    back = compare(after, report).flips
    assert {flip.verdict for flip in back} == {"better"}
    del after["questions"][0]["facts"]
    assert "facts" not in {flip.aspect for flip in compare(report, after).flips}


def test_questions_of_one_report_only_are_named(report):
    after = deepcopy(report)
    after["questions"][1]["id"] = "3"
    comparison = compare(report, after)
    assert (comparison.only_before, comparison.only_after) == (("2",), ("3",))


def test_every_figure_has_a_meaning(report):
    names = [name for name, _ in figures_of(report)]
    assert "followups.changed.overlap@5" in names
    assert all(meaning(name).text for name in names)


def test_a_saved_report_is_read_back(report, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    assert load_report(path) == report


@pytest.mark.parametrize("content", ["{", "[]", '{"questions": []}', "\x00"])
def test_what_is_no_report_is_refused(content, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"a\.json: is not"):
        load_report(path)
    with pytest.raises(EvaluationError, match=r"none\.json: cannot be read"):
        load_report(tmp_path / "none.json")


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text between."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_hostile_text_stays_text():
    report = measured(HOSTILE, HOSTILE)
    report["questions"][0]["rejected"] = [{"text": HOSTILE, "reason": HOSTILE}]
    report["models"]["generator"] = HOSTILE
    page = Elements(report_to_html(report, title=HOSTILE))
    assert {"script", "img", "a", "link", "iframe"}.isdisjoint(t for t, _ in page.tags)
    assert page.text.count(HOSTILE) >= 6


def test_a_page_refers_to_nothing_outside_itself(report):
    html = report_to_html(report, title="seeds")
    page = Elements(html)
    assert not {"src", "href", "xlink:href"} & {
        name for _, attributes in page.tags for name in attributes
    }
    assert not re.search(r"https?://|url\(|@import", html)
    policy = [a["content"] for t, a in page.tags if t == "meta" and "content" in a]
    assert any("default-src 'none'" in content for content in policy)


def test_a_page_shows_every_figure_and_four_charts(report):
    page = Elements(report_to_html(report, title="seeds"))
    charts = [a for t, a in page.tags if t == "svg" and a.get("role") == "img"]
    assert [chart["aria-label"] for chart in charts] == [
        "hit@k for k from 1 to 10",
        "Risk against coverage",
        "Time to passages",
        "Time to answer",
    ]
    rows = [t for t, _ in page.tags].count("tr")
    assert rows == len(list(figures_of(report))) + 2 + len(report["records"])


def test_a_page_can_be_drawn_of_any_part_alone(report):
    alone = {"followups": report["followups"], "intervals": {}}
    assert "retrieval only" in report_to_html(alone, title="follow-ups")


def test_a_histogram_counts_every_duration_once():
    drawing = histogram([0.01, 0.011, 0.5, 0.0, 40], title="t", name="n")
    counts = re.findall(r"<title>[^<]* to [^<]*: (\d+)</title>", drawing)
    assert sum(map(int, counts)) == 5


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0123, "12 ms"), (0.00126, "1.3 ms"), (1.0, "1 s"), (12.6, "13 s")],
)
def test_durations_have_a_unit_that_suits_them(seconds, text):
    assert duration(seconds) == text
