"""The gate: a library with questions it answers or not, and weights fitted on them."""

import json
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.gate.asked import Asked, gather
from lab.gate.fit import balanced, fit_gate_weights, gate_figures
from lab.gate.measuring import Measured, load, save
from lab.reader.marked import is_held_out
from qa.answering.gate import GATE, Coverage, read_gate
from qa.schema import Strictness


def measured(number, *, answerable, origin="a", seed=3):
    """Questions whose cosine tells, whose words tell the wrong way round."""
    rng = Random(f"{seed} {answerable} {origin}")
    found = []
    for n in range(number):
        cosine = min(1.0, max(0.0, rng.gauss(0.6 if answerable else 0.45, 0.1)))
        words = min(1.0, max(0.0, rng.gauss(0.4 if answerable else 0.6, 0.2)))
        coverage = Coverage(cosine, words, 1.0, 1.0)
        asked = Asked("?", answerable, origin, f"Title {n}")
        found.append(Measured(asked, (replace(coverage, reading=0.5),), (coverage,)))
    return found


@pytest.fixture(scope="module")
def found():
    return measured(60, answerable=True) + measured(60, answerable=False)


def test_what_tells_is_weighed_and_what_tells_the_wrong_way_round_is_left_out(found):
    stored = fit_gate_weights(found, refused=0.1)
    assert stored["unread"]["cosine"] > 1
    assert stored["unread"]["words"] == 0
    assert stored["unread"]["figures"]["auroc"] > 0.8
    assert stored["read"]["figures"]["n"] == 120


def test_a_question_is_as_the_passage_that_makes_most_of_it(found):
    worse = Coverage(0.0, 0.0, 1.0, 1.0)
    more = [replace(m, unread=(*m.unread, worse)) for m in found]
    with_others, alone = (
        fit_gate_weights(each, refused=0.1)["unread"] for each in (more, found)
    )
    assert with_others == alone


def test_fewer_refusals_are_had_by_weighing_the_answerable_more(found):
    lenient, strict = (fit_gate_weights(found, refused=r) for r in (0.02, 0.5))
    assert lenient["answerable_share"] > strict["answerable_share"] == 0.5
    at = [
        stored["read"]["figures"]["thresholds"]["balanced"]["refused"]
        for stored in (lenient, strict)
    ]
    assert at[0] <= 0.02 < at[1]


def test_questions_weigh_the_same_within_both_kinds():
    found = [
        *measured(30, answerable=True),
        *measured(10, answerable=False),
        *measured(20, answerable=False, origin="b"),
    ]
    weights = balanced(found, 0.8)
    assert weights.sum() == pytest.approx(60)
    assert weights[:30] == pytest.approx(0.8 * 60 / 30)
    assert weights[30:] == pytest.approx(0.2 * 60 / 30)


def test_figures_are_of_what_is_answered_from_a_threshold_on():
    found = measured(2, answerable=True) + measured(2, answerable=False)
    chances = np.array([0.9, 0.3, 0.6, 0.1])
    figures = gate_figures(found, chances, np.ones(4))
    assert figures["auroc"] == 0.75
    assert figures["questions"] == {"a, answerable": 2, "a, unanswerable": 2}
    at = figures["thresholds"][str(Strictness.BALANCED)]
    assert at == {"probability": 0.5, "answered": 0.5, "risk": 0.5, "refused": 0.5}
    gaps = np.array([0.1, 0.7, 0.6, 0.1])
    assert figures["calibration_error"] == pytest.approx(gaps.mean(), abs=1e-3)


@pytest.mark.parametrize("answerable", [True, False])
def test_questions_of_one_kind_only_fit_no_gate(answerable):
    with pytest.raises(TrainingError, match="too few questions"):
        fit_gate_weights(measured(40, answerable=answerable), refused=0.1)


def test_what_was_measured_is_fitted_again_without_the_data(tmp_path, found):
    kept = tmp_path / "measured.jsonl"
    save(kept, found)
    assert load(kept) == found
    command = ["fit-gate", "--measured", str(kept), "--out", str(tmp_path / "gate")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "written, from 120 questions" in " ".join(result.output.split())
    gate = read_gate(tmp_path / "gate")
    assert gate(Coverage(0.9, 0.5, 1.0, 1.0)) > gate(Coverage(0.2, 0.5, 1.0, 1.0))
    assert (tmp_path / "gate" / GATE).is_file()


def written(folder, number):
    path = folder / "train.jsonl"
    rows = (
        {
            "id": f"w{n}",
            "title": f"Title {n}",
            "sentences": [f"Number {n}.", "Two."],
            "question": f"asked {n}",
            "unanswerable": f"near miss {n}",
        }
        for n in range(number)
    )
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_written_paragraph_has_both_its_questions_or_is_absent(tmp_path):
    library, *_ = gather([written(tmp_path, 80)], sample=4, seed=1)
    assert len(library.paragraphs) == 4
    held = {paragraph.title for paragraph in library.paragraphs}
    kinds = {"written": [], "absent": []}
    for item in library.asked:
        kinds[item.origin].append(item)
    assert [i.answerable for i in kinds["written"]] == [True] * 4 + [False] * 4
    assert {i.title for i in kinds["written"]} == held
    assert all(map(is_held_out, held))
    assert len(kinds["absent"]) == 4
    assert not any(i.answerable or i.title in held for i in kinds["absent"])


def test_few_texts_are_asked_of_themselves_and_of_what_others_say(tmp_path):
    place = written(tmp_path, 25).rename(tmp_path / "fitting.jsonl")
    whole, *small = gather([place], sample=25, seed=1)
    assert [len(library.paragraphs) for library in small] == [13, 12]
    kept = {p.title for library in small for p in library.paragraphs}
    assert kept == {p.title for p in whole.paragraphs}
    for library in small:
        own = {paragraph.title for paragraph in library.paragraphs}
        assert {item.origin for item in library.asked} == {"few"}
        assert {i.title for i in library.asked if i.answerable} == own
        others = [i for i in library.asked if i.title not in own]
        assert len(others) == len(own) // 2
        assert all(i.question.startswith("asked") for i in others)
        assert not any(item.answerable for item in others)


def test_of_a_file_for_fitting_all_is_held_out(tmp_path):
    place = written(tmp_path, 30).rename(tmp_path / "fitting.jsonl")
    library, *_ = gather([place], sample=40, seed=1)
    assert len(library.paragraphs) == 30
    assert {item.origin for item in library.asked} == {"written"}


@pytest.mark.parametrize("number", [4, 19])
def test_one_small_library_has_no_other_to_ask_about(tmp_path, number):
    place = written(tmp_path, number).rename(tmp_path / "fitting.jsonl")
    assert len(gather([place], sample=20, seed=1)) == 1


def corpus(folder):
    rows = {
        "passages": [
            {"id": f"p{n}", "title": f"T{n}", "text": "Text."} for n in range(2)
        ],
        "questions_train": [
            {
                "id": f"q{n}{m}",
                "question": f"q {n} {m}",
                "answerable": m % 2 == 0,
                "answers": ["Text"] * (m % 2 == 0),
                "gold_passage_ids": [f"p{n}"] * (m % 2 == 0),
                "adversarial_passage_id": f"p{n}",
            }
            for n in range(2)
            for m in range(6)
        ],
        "questions_dev": [{"no": "question"}],
    }
    for name, values in rows.items():
        text = "\n".join(map(json.dumps, values))
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_gives_as_many_of_both_kinds_of_the_articles_named(tmp_path):
    (library,) = gather([corpus(tmp_path)], sample=2, seed=1, articles=["T1"])
    assert {item.title for item in library.asked} == {"T1"}
    assert sorted(item.answerable for item in library.asked) == [False] * 2 + [True] * 2
    assert len(library.paragraphs) == 2


def test_single_articles_are_asked_of_their_words_and_of_another_s(tmp_path):
    rows = [
        {
            "id": f"w{n}",
            "title": f"Title {n}",
            "sentences": [f"The lamp {n}a was lit."],
            "question": "Which?",
            "unanswerable": "When?",
            "answer_words": None if n == 0 else f"Lamp {n}a",
        }
        for n in range(120)
    ]
    path = tmp_path / "w.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    asked = gather([path], sample=6, seed=1)[0].asked
    of_one = [item for item in asked if item.origin == "of one"]
    assert len(of_one) >= 10
    for item in of_one:
        number = item.title.removeprefix("Title ")
        own = f"What does “{item.title}” say about “Lamp {number}a”?"
        assert item.answerable == (item.question == own)


@pytest.mark.parametrize("line", ["{", '{"title": "a"}', "[]"])
def test_a_file_of_something_else_is_refused_by_name(tmp_path, line):
    path = tmp_path / "w.jsonl"
    path.write_text(f"{line}\n{line}", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"w\.jsonl: holds no written paragraphs"):
        gather([path], sample=2, seed=1)
