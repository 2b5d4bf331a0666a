"""Span figures, and passages found again in the text as stored."""

import pytest
from evaluating import Scripted, answer, bench, hit
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import evaluate_retrieval
from qa.evaluation.questions import Gold, Question, QuestionSet
from qa.evaluation.spans import Original, length, overlap, span_scores, union
from qa.schema import Span

spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8)).map(
        lambda pair: Span(pair[0], pair[0] + pair[1])
    ),
    max_size=6,
)


def characters(items):
    return {place for span in items for place in range(span.start, span.end)}


@given(spans, spans)
def test_unions_and_overlaps_are_those_of_character_sets(left, right):
    assert characters(union(left)) == characters(left)
    assert length(union(left)) == len(characters(left))
    expected = len(characters(left) & characters(right))
    assert overlap(union(left), union(right)) == expected


@pytest.mark.parametrize(
    ("stored", "text", "expected"),
    [
        ("One.  Two\n\nthree.", "Two three.", "Two\n\nthree."),
        ("A co-\noperation of states!", "cooperation of states!", None),
        ("A “cafe\u0301” o\u00adpens. Go.", "café” opens.", "cafe\u0301” o\u00adpens."),
        ("A ﬁrst of ½ dozen", "first of ½ dozen", "ﬁrst of ½ dozen"),
        ("So (he said) it is", "(he said)", "(he said)"),
    ],
)
def test_a_passage_is_found_whatever_became_of_spaces_and_hyphens(
    stored, text, expected
):
    (span,) = Original(stored).locate(hit("a", text).passage)
    assert stored[span.start : span.end] == (expected or stored[2:])


def test_of_two_places_the_nearer_is_taken():
    original = Original("Thank you. Long ago. Thank you.")
    assert original.locate(hit("a", "Thank you.", start=0).passage) == (Span(0, 10),)
    assert original.locate(hit("a", "Thank you.", start=25).passage) == (Span(21, 31),)


def test_sentences_are_found_where_something_between_them_is_left_out():
    text = "First one. Second one."
    passage = hit("a", text, sentences=(Span(0, 10), Span(11, 22))).passage
    found = Original("First one. SHARE THIS! Second one.").locate(passage)
    assert found == (Span(0, 10), Span(23, 34))


def test_what_is_nowhere_is_left_out():
    original = Original("Something else.")
    assert original.locate(hit("a", "Not there.").passage) == ()
    assert original.locate(hit("a", "…!").passage) == ()


def test_figures_by_hand():
    stored = "abcde fghij klmno pqrst"
    question = Question("1", "?", True, (Gold("d", "fghij klmno"),), (), (Span(6, 17),))
    hits = (hit("d", "abcde fghij"), hit("d", "fghij"), hit("e", "pqrst"))
    scores = span_scores(question, hits, lambda _: Original(stored))
    # 11 characters answer; 11 + 5 are shown, each once; 5 are common.
    assert scores.recall == pytest.approx(5 / 11)
    assert scores.precision == pytest.approx(5 / 16)
    assert scores.iou == pytest.approx(5 / 22)


def test_only_the_first_five_passages_count():
    question = Question("1", "?", True, (Gold("d", "abc"),), (), (Span(0, 3),))
    hits = (*[hit("e", "xyz", start=i) for i in range(5)], hit("d", "abc"))
    scores = span_scores(question, hits, lambda _: Original("abc xyz"))
    assert (scores.recall, scores.precision) == (0, 0)


def test_what_cannot_be_found_lowers_precision():
    question = Question("1", "?", True, (Gold("d", "abc"),), (), (Span(0, 3),))
    hits = (hit("d", "abc"), hit("d", "nowhere"))
    scores = span_scores(question, hits, lambda _: Original("abc"))
    assert scores.precision == pytest.approx(3 / 10)


def test_no_hits_give_zero():
    question = Question("1", "?", True, (Gold("d", "abc"),), (), (Span(0, 3),))
    scores = span_scores(question, (), lambda _: Original("abc"))
    assert (scores.recall, scores.precision, scores.iou) == (0, 0, 0)


def test_a_report_holds_them_where_questions_have_spans():
    question = Question("1", "Q?", True, (Gold("d", "abc"),), (), (Span(0, 3),))
    scripted = Scripted(answer("Q?", hits=[hit("d", "abc")]))
    report = evaluate_retrieval(
        QuestionSet((question,)), bench(scripted, texts={"d": "abc def"})
    )
    assert report["spans"] == {"n": 1, "recall": 1.0, "precision": 1.0, "iou": 1.0}
    assert report["intervals"]["spans.iou"] == [1.0, 1.0]
