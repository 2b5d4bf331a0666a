"""Which sentences are shown: weights and thresholds fitted on what was measured."""

import json
import re
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.evidence.fit import fit_evidence_weights, shown_figures
from lab.evidence.measuring import Found, Weighed, gather, load, save
from lab.reader.marked import is_held_out
from qa.answering.bearing import EVIDENCE, read_bearing


def measured(number=80, seed=3):
    """Questions on two passages of four sentences; of the first two belong. Log-odds of
    belonging tell, those beyond the passage's the wrong way round.
    """
    rng = Random(seed)
    found = []
    for n in range(number):
        sentences = []
        for rank, golds in ((0.0, (True, True, False, False)), (-1.0, (False,) * 4)):
            for gold in golds:
                belongs = rng.gauss(1.5 if gold else -1.5)
                above = float(not gold)
                values = (belongs, above, *[0.0] * 4, rank)
                sentences.append(Weighed(values, 0.5, gold))
        found.append(Found(f"q {n}", f"Title {n}", 2, tuple(sentences)))
    return found


@pytest.fixture(scope="module")
def found():
    return measured()


def test_what_tells_is_weighed_and_what_tells_the_wrong_way_round_is_left_out(found):
    stored = fit_evidence_weights(found, to_the_point=0.85, whole=0.9, beside=0.0)
    assert stored["weights"]["belongs"] > 0.5
    assert stored["weights"]["above_passage"] == 0
    assert stored["weights"]["rank"] > 1
    assert stored["figures"]["auroc"] > 0.9
    assert stored["figures"]["to_the_point"] >= 0.85


def test_what_is_shown_has_the_lowest_threshold_that_keeps_to_the_point(found):
    loose, strict = (
        fit_evidence_weights(found, to_the_point=t, whole=0.5, beside=0.0)
        for t in (0.6, 0.93)
    )
    assert loose["shown"] < strict["shown"]
    assert loose["figures"]["gold_cited"] > strict["figures"]["gold_cited"]
    assert strict["figures"]["to_the_point"] >= 0.93


def test_answers_are_made_of_more_than_is_shown_where_that_leaves_too_much_out(found):
    some, most = (
        fit_evidence_weights(found, to_the_point=0.93, whole=w, beside=0.0)
        for w in (0.5, 0.95)
    )
    assert some["given"] == some["shown"]
    assert most["given"] < most["shown"]
    assert most["figures"]["gold_given"] >= 0.95


def test_figures_are_of_the_sentences_that_an_answer_would_cite():
    def sentence(gold, direct=0.1):
        return Weighed((0.0,) * 4, direct, gold)

    found = [
        Found("a", "A", 3, (sentence(True), sentence(False, 0.9), sentence(True))),
        Found("b", "B", 1, (sentence(True), sentence(False))),
        Found("c", "C", 1, ()),
    ]
    chances = [np.array([0.8, 0.7, 0.3]), np.array([0.2, 0.4]), np.zeros(0)]
    # Of the first two, the more direct leads; of the second the likeliest; no third.
    assert shown_figures(found, chances, 0.5, 0.0) == {
        "shown": 3,
        "to_the_point": 0.333,
        "first_to_the_point": 0.0,
        "gold_cited": 0.2,
    }
    # Beside the likeliest of the first, .8, the other is not shown.
    assert shown_figures(found, chances, 0.5, 0.9)["shown"] == 2


def test_sentences_of_one_kind_only_fit_nothing(found):
    no_gold = [Found(f.question, f.title, 0, f.sentences[2:]) for f in found]
    with pytest.raises(TrainingError, match="too few questions"):
        fit_evidence_weights(no_gold, to_the_point=0.8, whole=0.8, beside=0.0)


def test_what_was_measured_is_fitted_again_without_the_data(tmp_path, found):
    kept = tmp_path / "measured.jsonl"
    save(kept, found)
    assert load(kept) == found
    command = ["fit-evidence", "--measured", str(kept), "--out", str(tmp_path / "e")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "written, from 80 questions" in " ".join(result.output.split())
    bearing = read_bearing(tmp_path / "e")
    assert (tmp_path / "e" / EVIDENCE).is_file()
    assert bearing.weights.belongs > 0.5


def test_only_articles_held_out_from_the_reader_are_asked_of(tmp_path):
    rows = [
        {
            "id": f"w{n}",
            "title": f"Title {n}",
            "sentences": [f"Number {n}.", "Two."],
            "question": f"asked {n}",
            "answer": [{"sentences": [2]}],
        }
        for n in range(80)
    ]
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    marked, paragraphs = gather([path])
    assert marked
    assert all(is_held_out(item.title) for item in marked)
    assert {p.title for p in paragraphs} == {item.title for item in marked}
    texts = [re.sub(r"\d+", "1", p.text) for p in paragraphs[:3]]
    whole = "Number 1. Two."
    assert texts == [whole, "Number 1.", "Two."], "every other one is cut in two"
    path.write_text(json.dumps(rows[0] | {"title": "Title 1"}), encoding="utf-8")
    assert not is_held_out("Title 1")
    with pytest.raises(TrainingError, match="marked sentences are needed"):
        gather([path])
    kept, _ = gather([path.rename(tmp_path / "fitting.jsonl")])
    assert [item.title for item in kept] == ["Title 1"]


def test_what_was_measured_for_other_features_is_refused(tmp_path, found):
    kept = tmp_path / "measured.jsonl"
    first = found[0]
    fewer = [replace(s, features=s.features[1:]) for s in first.sentences]
    save(kept, [replace(first, sentences=tuple(fewer))])
    with pytest.raises(ValueError, match="6 features, not 7"):
        load(kept)
    result = CliRunner().invoke(app, ["fit-evidence", "--measured", str(kept)])
    assert isinstance(result.exception, TrainingError)
