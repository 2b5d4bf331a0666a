"""Means, intervals and curves against brute force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.curves import area, hit_curve, risk_curve, thin
from qa.evaluation.figures import Figure, mean_of, share_among
from qa.evaluation.matching import contains, is_from

unit = st.floats(0, 1, allow_subnormal=False)
scores = st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.9]), min_size=1, max_size=12)


def test_interval_of_a_share_is_that_of_the_binomial():
    low, high = mean_of([True] * 50 + [False] * 50).interval()
    assert low == pytest.approx(0.40, abs=0.02)
    assert high == pytest.approx(0.60, abs=0.02)


def test_interval_is_the_same_in_every_run():
    figure = mean_of([1, 0, 0, 1, 1, 0.5])
    assert figure.interval() == figure.interval()


def test_interval_narrows_as_the_sample_grows():
    few, many = mean_of([1, 0] * 5).interval(), mean_of([1, 0] * 500).interval()
    assert many[1] - many[0] < (few[1] - few[0]) / 5


def test_large_samples_are_resampled_in_parts():
    low, high = mean_of([1, 0] * 3000).interval()
    assert 0.48 < low < 0.5 < high < 0.52


def test_ratio_counts_only_where_it_applies():
    figure = share_among([(True, True), (False, True), (True, False)])
    assert figure.value == 0.5


def test_nothing_counted_is_zero_without_interval():
    figure = share_among([(True, False)])
    assert (figure.value, figure.interval()) == (0.0, None)


@given(st.lists(st.tuples(unit, st.integers(0, 3)), min_size=1, max_size=20))
def test_interval_lies_between_the_extremes(pairs):
    figure = Figure(tuple(v for v, _ in pairs), tuple(float(w) for _, w in pairs))
    interval = figure.interval()
    counted = [v for v, w in pairs if w]
    assert (interval is None) == (not counted)
    if interval:
        slack = 1e-9
        assert min(counted) - slack <= interval[0] <= interval[1]
        assert interval[1] <= max(counted) + slack


@given(st.lists(st.one_of(st.none(), st.integers(1, 30)), min_size=1))
def test_hit_curve_never_falls(ranks):
    curve = hit_curve(ranks)
    assert len(curve) == 10
    assert list(curve) == sorted(curve)
    assert curve[0] == pytest.approx(ranks.count(1) / len(ranks))


@given(scores, st.data())
def test_risk_curve_ends_at_the_share_that_is_wrong(certainty, data):
    flags = st.lists(st.booleans(), min_size=len(certainty), max_size=len(certainty))
    wrong = data.draw(flags)
    points = risk_curve(certainty, wrong)
    assert len(points) == len(set(certainty))
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(sum(wrong) / len(wrong))
    for point in points:
        kept = [
            w for s, w in zip(certainty, wrong, strict=True) if s >= point.threshold
        ]
        assert point.risk == pytest.approx(sum(kept) / len(kept))
    assert 0 <= area(points) <= 1 + 1e-9


def test_a_gate_that_knows_risks_less_than_one_that_does_not():
    wrong = [False, False, True, True]
    wise = area(risk_curve([0.9, 0.8, 0.2, 0.1], wrong))
    foolish = area(risk_curve([0.1, 0.2, 0.8, 0.9], wrong))
    assert wise < 0.5 < foolish


def test_a_thinned_curve_keeps_its_ends():
    points = risk_curve([i / 999 for i in range(999)], [False] * 999)
    thinned = thin(points)
    assert len(thinned) == 100
    assert (thinned[0], thinned[-1]) == (points[0], points[-1])


@pytest.mark.parametrize(
    ("text", "snippet", "expected"),
    [
        ("The “glue” that\nbinds", 'the "glue" that binds', True),
        ("co-\noperation grew", "cooperation", True),
        ("a b c x x", "a b c d e", True),
        ("a b x x x", "a b c d e", False),
        ("c b a x x", "a b c d e", False),
        ("anything", "", True),
    ],
)
def test_contains_takes_sixty_percent_of_the_words_in_order(text, snippet, expected):
    assert contains(text, snippet) is expected


@pytest.mark.parametrize(
    ("file", "source", "expected"),
    [
        ("a.txt", "a.txt", True),
        ("p.jsonl#7", "7", True),
        ("p.jsonl#7", "p.jsonl#7", True),
        ("p.jsonl#17", "7", False),
        ("a.txt", "", False),
    ],
)
def test_a_gold_source_is_a_file_or_a_record(file, source, expected):
    assert is_from(file, source) is expected
