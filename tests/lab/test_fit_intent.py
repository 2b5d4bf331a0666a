"""Intents: a head learnt from questions, its threshold, and how ways are compared."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.intent.asked import Asked, load_asked
from lab.intent.comparing import accuracy, mistaken, scores
from lab.intent.fit import fit_intents, to_json
from lab.intent.head import FITS, UNITS, fit_head
from lab.intent.patterns import intent_by_patterns
from qa.question.intent_head import HEAD, INTENTS, classify, read_head
from qa.schema import Source

_SOURCE = Source(
    "1", "1.txt", "Winter Ferries", ("Ann Oake",), "Pier Press", "2001-03-01"
)


def _encode(texts):
    """One dimension for each intent, and one that says nothing."""
    rows = [[float(name in text.split()) for name in INTENTS] for text in texts]
    return np.column_stack((np.array(rows), np.ones(len(rows))))


def _questions(unclear=0):
    clear = [Asked(f"{name} {n}", name, ()) for name in INTENTS for n in range(10)]
    return clear + [Asked(f"date of {n}", "content", ()) for n in range(unclear)]


def _fit(asked, cost):
    return fit_intents(asked, _encode, embedder="bag", seed=1, cost=cost)


def test_what_is_fitted_tells_what_it_learnt_and_is_read_as_written(tmp_path):
    fitted = _fit(_questions(), 8.0)
    stored = json.dumps(to_json(fitted, {"a.jsonl": "abc"}))
    (tmp_path / HEAD).write_text(stored, encoding="utf-8")
    head = read_head(tmp_path)
    told = [classify(row, head) for row in _encode(INTENTS)]
    assert told == list(INTENTS)
    assert fitted.figures["accuracy"] == 1
    assert json.loads(stored)["data"] == {"a.jsonl": "abc"}


def test_the_dearer_a_misread_content_question_the_surer_the_head_has_to_be():
    asked = _questions(unclear=4)
    cheap, dear = (_fit(asked, cost) for cost in (1.0, 30.0))
    assert cheap.head.content_at_most > dear.head.content_at_most
    assert cheap.figures["content_misread"] > dear.figures["content_misread"] == 0


def test_a_class_weighs_by_the_root_of_how_rare_it_is():
    vectors = np.array([[0.0]] * 90 + [[0.0]] * 10)
    head = fit_head(vectors, [0] * 90 + [1] * 10, classes=2, seed=1)
    often, rarely = head.chances(vectors[:1])[0]
    assert often / rarely == pytest.approx(3, rel=0.3)  # 9 without weights


def test_what_several_fits_say_is_one_layer():
    vectors = np.eye(2)
    head = fit_head(vectors, [0, 1], classes=2, seed=1)
    assert head.hidden.shape == (FITS * UNITS, 3)
    assert head.output.shape == (2, FITS * UNITS + 1)
    again = fit_head(vectors, [0, 1], classes=2, seed=1)
    assert np.array_equal(head.output, again.output)


def test_scores_count_what_is_asked_told_and_right():
    wanted = ["content", "content", "date", "date"]
    told = ["content", "date", "date", "content"]
    of_date = scores(wanted, told)["date"]
    assert (of_date.asked, of_date.told, of_date.right) == (2, 2, 1)
    assert (of_date.precision, of_date.recall) == (0.5, 0.5)
    assert scores(wanted, told)["age"].precision == 1
    assert accuracy(wanted, told) == 0.5
    assert mistaken(wanted, told) == 1


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Who wrote “Winter Ferries”?", "authors"),
        ("Which article is the newest?", "age"),
        ("How many articles are there?", "count"),
        ("Which articles mention ice?", "topic"),
        ("Summarise the Winter Ferries article.", "summary"),
        ("Compare the views on ice.", "comparison"),
        ("Who wrote the treaty?", "content"),
    ],
)
def test_the_patterns_say_what_the_answerer_would_do(question, intent):
    assert intent_by_patterns(question, [_SOURCE]) == intent


@pytest.mark.parametrize("line", ["{", "{}", '{"question": "a", "intent": "b"}'])
def test_a_file_of_something_else_is_refused_by_name(tmp_path, line):
    path = tmp_path / "held.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(TrainingError, match=r"held\.jsonl: holds no questions"):
        load_asked(path)


def test_the_commands_are_there():
    listed = CliRunner().invoke(app, ["--help"]).output
    assert "fit-intent" in listed
    assert "measure-intent" in listed
