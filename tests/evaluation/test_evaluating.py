"""Figures that one can work out by hand."""

from dataclasses import replace

import pytest
from evaluating import Scripted, answer, bench, hit

from qa.errors import GenerationError
from qa.evaluation import evaluate, evaluate_retrieval
from qa.evaluation.questions import (
    Conversation,
    FollowUp,
    Gold,
    Question,
    QuestionSet,
)
from qa.schema import Turn

SEEDS = {"a.txt": "Ann built the red mill.", "b.txt": "Bob sold the blue boat."}
MILL = hit("a.txt", "Ann built the red mill.")
BOAT = hit("b.txt", "Bob sold the blue boat.")
BUILT = Gold("a.txt", "built the red mill")
SOLD = Gold("b.txt", "sold the blue boat")
QUESTIONS = (
    Question("1", "Who built?", True, (BUILT,), (("Ann", "Anne"),)),
    Question("2", "Who sold?", True, (SOLD,), (("Bob",), ("boat",))),
    Question("3", "What sank?", True, (Gold("c.txt", "sank"),)),
    Question("4", "Who flew?", False),
    Question("5", "Who swam?", False),
)
CERTAINTY = {
    "Who built?": 0.9,
    "Who sold?": 0.8,
    "What sank?": 0.3,
    "Who flew?": 0.8,
    "Who swam?": 0.1,
}


@pytest.fixture
def scripted():
    return Scripted(
        answer("Who built?", "It was Anne.", hits=[MILL, BOAT], seconds=1),
        answer("Who sold?", "It was Bob.", hits=[MILL, BOAT], seconds=2),
        answer("What sank?", hits=[MILL], seconds=3),
        answer("Who flew?", "Ann built the red mill.", hits=[MILL], seconds=4),
        answer("Who swam?", hits=[BOAT], seconds=5),
    )


@pytest.fixture
def report(scripted):
    told = bench(scripted, texts=SEEDS, certainty=CERTAINTY)
    return evaluate(QuestionSet(QUESTIONS), scripted, told)


def test_ranks_are_over_answerable_questions(report):
    assert report["retrieval"] == {
        "n": 3,
        "hit@1": pytest.approx(1 / 3),
        "hit@5": pytest.approx(2 / 3),
        "mrr@10": pytest.approx((1 + 1 / 2) / 3),
        "evidence_recall": pytest.approx(1 / 3),
    }


def test_facts_count_where_something_is_expected_and_abstentions_have_none(report):
    assert report["answers"] == {
        "n": 3,
        "answered": 2,
        "facts": 1 / 2,
        "cites_gold": 1 / 2,
        "quotes_verbatim": 1.0,
        "prose_share": 1.0,
    }


def test_an_abstained_question_with_expected_facts_lacks_them():
    question = Question("1", "Who built?", True, (BUILT,), (("Ann",),))
    scripted = Scripted(answer("Who built?", hits=[MILL]))
    report = evaluate(QuestionSet((question,)), scripted, bench(scripted))
    assert report["answers"]["facts"] == 0.0
    assert report["questions"][0]["facts"] is False


def test_a_citation_marker_is_no_fact():
    question = Question("1", "How many?", True, (BUILT,), (("1",),))
    scripted = Scripted(answer("How many?", "Several.", hits=[MILL]))
    told = bench(scripted, texts=SEEDS)
    report = evaluate(QuestionSet((question,)), scripted, told)
    assert report["answers"]["facts"] == 0.0


MARKED = (
    Question("1", "Who built?", True, sentences=("Ann built the red mill.",)),
    Question("2", "Who sold?", True, sentences=("Bob sold the blue boat.", "It sank.")),
    Question("3", "What sank?", True, sentences=("It sank.",)),
)


def test_what_is_cited_is_held_against_the_sentences_that_belong():
    both = answer("Who built?", "It was Anne.", hits=[BOAT])
    (first,) = both.citations
    second = replace(first, number=2, quote="Ann built\nthe red mill.")
    scripted = Scripted(
        replace(both, citations=(first, second)),
        answer("Who sold?", "It was Bob.", hits=[BOAT], quote="Bob sold the blue"),
        answer("What sank?", hits=[MILL]),
    )
    told = bench(scripted, texts=SEEDS)
    figures = evaluate(QuestionSet(MARKED), scripted, told)["answers"]
    # Of three citations two; of two answers the second; of three sentences two.
    assert figures["to_the_point"] == pytest.approx(2 / 3)
    assert figures["first_to_the_point"] == pytest.approx(1 / 2)
    assert figures["gold_cited"] == pytest.approx(2 / 3)


def test_without_such_sentences_no_citation_is_called_beside_the_point(report):
    assert "to_the_point" not in report["answers"]


@pytest.mark.parametrize("quote", ["Ann built the green mill", "nn built"])
def test_a_quote_must_stand_in_the_document_at_its_place(quote):
    scripted = Scripted(answer("Who built?", "Ann.", hits=[MILL], quote=quote))
    told = bench(scripted, texts=SEEDS)
    report = evaluate(QuestionSet(QUESTIONS[:1]), scripted, told)
    assert report["answers"]["quotes_verbatim"] == 0.0


def test_abstention_is_judged_against_all_questions(report):
    assert report["abstention"] == {
        "n": 5,
        "precision": 1 / 2,
        "recall": 1 / 2,
        "false_refusals": pytest.approx(1 / 3),
    }


def test_latencies_are_medians_and_abstentions_have_no_first_token(report):
    assert report["latency"] == {
        "retrieve_p50_s": pytest.approx(0.3),
        "first_token_p50_s": pytest.approx(1.0),
        "total_p50_s": 3,
    }


def test_the_gate_is_ranked_whatever_its_threshold(report):
    # Pairs (answerable, not): .9 beats both, .8 beats one and ties one, .3 beats one.
    assert report["gate"]["auroc"] == pytest.approx((2 + 1.5 + 1) / 6)
    curve = [
        (p["threshold"], p["coverage"], pytest.approx(p["risk"]))
        for p in report["curves"]["risk_coverage"]
    ]
    assert curve == [(0.9, 0.2, 0), (0.8, 0.6, 1 / 3), (0.3, 0.8, 1 / 2), (0.1, 1, 0.6)]
    area = 0.2 * 0 + 0.4 / 3 + 0.2 / 2 + 0.2 * 0.6
    assert report["gate"]["aurc"] == pytest.approx(area)


def test_hit_curve_has_ten_depths(report):
    assert (
        report["curves"]["hit@k"] == [pytest.approx(1 / 3)] + [pytest.approx(2 / 3)] * 9
    )


def test_every_share_lies_in_its_interval(report):
    for name, (low, high) in report["intervals"].items():
        part, figure = name.split(".")
        assert 0 <= low <= report[part][figure] <= high <= 1


def test_questions_keep_what_was_said(report):
    first = report["questions"][0]
    assert first["text"] == "It was Anne. [1]"
    assert first["citations"] == [
        {"number": 1, "file": "a.txt", "quote": "Ann built the red mill."}
    ]
    assert (first["rank"], first["facts"], first["abstained"]) == (1, True, False)
    assert "rank" not in report["questions"][3]
    assert "facts" not in report["questions"][2]


def test_parts_without_data_are_absent():
    question = Question("1", "Who built?", True)
    scripted = Scripted(answer("Who built?", "Ann.", hits=[MILL]))
    told = bench(scripted, texts=SEEDS)
    report = evaluate(QuestionSet((question,)), scripted, told)
    assert {"retrieval", "abstention", "gate", "conversations"}.isdisjoint(report)
    assert {"facts", "cites_gold"}.isdisjoint(report["answers"])


def test_retrieval_alone_gives_the_same_ranks_and_asks_for_no_answer(scripted, report):
    alone = evaluate_retrieval(
        QuestionSet(QUESTIONS), bench(scripted, certainty=CERTAINTY)
    )
    assert alone["gate"] == report["gate"]
    assert alone["curves"] == report["curves"]
    for figure in ("n", "hit@1", "hit@5", "mrr@10"):
        assert alone["retrieval"][figure] == report["retrieval"][figure]
    assert "answers" not in alone
    assert all("text" not in record for record in alone["questions"])


def test_a_conversation_is_asked_with_what_was_answered():
    talk = Conversation("c", ("Who built?", "And what?"), BUILT)
    scripted = Scripted(
        answer("Who built?", "Ann.", hits=[MILL]),
        answer("And what?", hits=[BOAT, MILL]),
    )
    report = evaluate(
        QuestionSet(conversations=(talk,)), scripted, bench(scripted, texts=SEEDS)
    )
    assert scripted.asked[-1] == ("And what?", (Turn("Who built?", "Ann. [1]"),))
    assert report["conversations"] == {"n": 1, "hit@5": 1.0}
    assert report["records"][0]["rank"] == 2


def test_follow_ups_are_measured_against_a_persons_wording():
    scripted = Scripted(
        answer("Who built it?", hits=[BOAT]),
        answer("A mill? Who built it?", hits=[BOAT, MILL]),
        answer("Who built the mill?", hits=[MILL]),
        answer("Who sold?", hits=[BOAT]),
    )
    follow_ups = (
        FollowUp("1", ("A mill?", "Who built it?"), "Who built the mill?", True),
        FollowUp("2", ("Who sold?",), "Who sold?", False),
    )
    report = evaluate_retrieval(QuestionSet(follow_ups=follow_ups), bench(scripted))
    assert report["followups"] == {
        "n": 2,
        "changed": {"n": 1, "overlap@5": 1.0},
        "unchanged": {"n": 1, "overlap@5": 1.0},
        "raw_changed_overlap@5": 0.0,
    }
    assert report["intervals"]["followups.changed.overlap@5"] == [1.0, 1.0]


def test_progress_names_the_stage_and_ends_full(scripted):
    told = []
    watched = replace(bench(scripted), progress=lambda *step: told.append(step))
    evaluate_retrieval(QuestionSet(QUESTIONS), watched)
    assert told[0] == ("questions", 0, 5)
    assert told[-1] == ("questions", 5, 5)


def test_a_lost_draft_ends_an_evaluation(scripted):
    lost = replace(answer("Who built?", "Yes.", hits=[MILL]), draft_lost="it broke off")
    asked = Scripted(lost)
    told = bench(asked, texts=SEEDS, certainty=CERTAINTY)
    with pytest.raises(GenerationError, match="it broke off"):
        evaluate(QuestionSet(QUESTIONS), asked, told)
