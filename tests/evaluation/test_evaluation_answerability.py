"""Whether a passage answers: figures that one can work out by hand."""

import json

import pytest
from fakes import Library, WordReader

from qa.errors import EvaluationError
from qa.evaluation import RecordJudge, evaluate_answerability
from qa.evaluation.answerability import (
    Judged,
    Opinion,
    answerability_figures,
)
from qa.evaluation.questions import Gold, Question, QuestionSet
from qa.schema import Reading

RECORDS = (
    ("mill", "Mills", "Ann built the red mill in 1931. It stood."),
    ("water", "Mills", "The wheel turns in spring."),
    ("boat", "Boats", "Bob sold the blue boat to Cleo."),
)
BUILT = Question(
    "1", "When was the mill built?", True, (Gold("mill"),), answers=("the 1931", "1930")
)
SANK = Question("2", "When did the boat sink?", False, adversarial="boat")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("records"))
    lines = [json.dumps({"id": i, "title": t, "text": x}) for i, t, x in RECORDS]
    library.write("passages.jsonl", "\n".join(lines))
    library.build()
    return library


def judge(library, reader):
    return RecordJudge(library.open(), library.embedder, reader)


def measured(library, *questions, reader=None):
    reader = reader or WordReader("1931")
    found = judge(library, reader).judge(questions)
    return list(found)


def test_a_question_is_asked_of_its_own_record_and_of_one_of_the_same_title(library):
    reader = WordReader("1931")
    built, sank = measured(library, BUILT, SANK, reader=reader)
    texts = [text for _, text in reader.read_texts]
    assert sorted(texts) == sorted(text for _, _, text in RECORDS)
    assert (built.own.answerable, built.own.answer) == (0.95, "1931")
    assert built.elsewhere.answerable == 0.05
    assert sank.own.answerable == 0.05
    assert sank.elsewhere is None


def test_likeness_is_that_of_the_closest_sentence(library):
    (built,) = measured(library, BUILT)
    query, sentence = library.embedder.encode_queries(
        [BUILT.question, "Mills: Ann built the red mill in 1931."]
    )
    assert built.own.likeness == pytest.approx(query @ sentence, abs=1e-3)


def test_questions_without_a_record_are_left_out(library):
    assert measured(library, Question("3", "Why?", True)) == []
    assert measured(library, Question("4", "Why?", False)) == []


def test_a_record_that_is_not_indexed_is_named(library):
    lost = Question("5", "Why?", True, (Gold("nowhere"),))
    with pytest.raises(EvaluationError, match=r"question 5: .*'nowhere'.*--corpus"):
        measured(library, lost)


class Ranker(WordReader):
    def read(self, question, passages, sentences=()):
        return tuple(Reading(1.0, None, None) for _ in passages)


def test_a_reader_that_only_ranks_is_refused(library):
    with pytest.raises(EvaluationError, match="only ranks"):
        measured(library, BUILT, reader=Ranker())


def test_the_report_has_the_documented_keys(library):
    bench = type("Silent", (), {"progress": staticmethod(lambda *_: None)})()
    questions = QuestionSet((BUILT, SANK))
    report = evaluate_answerability(
        questions, judge(library, WordReader("1931")), bench
    )
    part = report["answerability"]
    assert part["n"] == 2
    assert part["auroc"] == part["same_article_auroc"] == 1.0
    assert part["span_f1"] == 1.0
    assert part["calibration_error"] == pytest.approx(0.05)
    assert 0 <= part["baseline_auroc"] <= 1
    assert "answerability.span_f1" in report["intervals"]
    assert report["records"][0]["answer"] == "1931"
    with pytest.raises(EvaluationError, match="gold_passage_ids"):
        evaluate_answerability(QuestionSet(), judge(library, WordReader()), bench)


def test_figures_by_hand():
    def judged(answerable, probability, likeness, elsewhere=None):
        question = Question("q", "?", answerable)
        return Judged(question, Opinion(probability, likeness, ""), elsewhere)

    away = Opinion(0.3, 0.9, "")
    found = [
        judged(True, 0.8, 0.5, away),
        judged(True, 0.4, 0.7),
        judged(False, 0.6, 0.6),
    ]
    plain, figures = answerability_figures(found)
    assert plain["auroc"] == plain["baseline_auroc"] == 0.5
    assert plain["same_article_auroc"] == 1.0
    assert plain["baseline_same_article_auroc"] == 0.0
    assert plain["calibration_error"] == pytest.approx((0.2 + 0.6 + 0.6) / 3)
    assert figures == {}
