"""What a question wants: names masked, and a head that knows when it is unsure."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.question.intent_head import (
    HEAD,
    INTENTS,
    IntentHead,
    Layers,
    classify,
    digest,
    read_head,
    told_by,
)
from qa.question.linking import NameMask
from qa.schema import Source


def masked(question, sources):
    return NameMask(sources).mask(question)[0]


_SHIPPED = Path(__file__).parents[2] / "models" / "intent"
_LIBRARY = (
    Source(
        "1", "1.txt", "Winter Ferries", authors=("Ann Oake",), publisher="Pier Press"
    ),
    Source("2", "2.txt", "Winter", authors=("Bo Lind", "Sun"), publisher="The Harbour"),
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who wrote “Winter Ferries”?", "Who wrote ARTICLE?"),
        ("who wrote winter   ferries", "who wrote ARTICLE"),
        ("winter-ferries: date?", "ARTICLE: date?"),
        ("What did Ann Oake write?", "What did AUTHOR write?"),
        ("what's Oake's point", "what's AUTHOR's point"),
        ("Compare Oake and Lind on ice", "Compare AUTHOR and AUTHOR on ice"),
        ("pieces from the pier press", "pieces from the PUBLISHER"),
        ("pieces from the harbour", "pieces from the PUBLISHER"),
        ("pieces from Harbour", "pieces from PUBLISHER"),
        ("pieces from HARBOUR", "pieces from PUBLISHER"),
        ("Which harbour freezes?", "Which harbour freezes?"),
        ("who wrote «winter»", "who wrote ARTICLE"),
        ("Do ferries run in wintertime?", "Do ferries run in wintertime?"),
        ("Who is Ann?", "Who is Ann?"),
        ("Is the sunset late?", "Is the sunset late?"),
    ],
)
def test_whole_names_are_masked_and_parts_of_words_are_not(question, expected):
    assert masked(question, _LIBRARY) == expected


def test_a_letter_alone_names_nobody():
    by = [Source("1", "1.txt", "Ice", authors=("Joe S.", "Mary O'Dell"))]
    assert masked("Who wrote on Velt's Ice, and Dell's?", by) == (
        "Who wrote on Velt's ARTICLE, and AUTHOR's?"
    )
    assert masked("What does Joe S. write?", by) == "What does AUTHOR. write?"


def test_a_source_without_a_name_masks_nothing():
    assert masked("What is it?", [Source("1", "1.txt", "…")]) == "What is it?"


def _head(content_at_most, slope=4.0):
    """One hidden unit, that of the first number of a vector, speaks for a date."""
    hidden = np.array([[1.0, 0.0, 0.0]])
    output = np.zeros((len(INTENTS), 2))
    output[INTENTS.index("date"), 0] = slope
    return IntentHead("bag", Layers(hidden, output), content_at_most)


def test_a_question_is_one_of_content_from_its_probability_on():
    content = 1 / (np.exp(4) + len(INTENTS) - 1)
    vector = np.array([1.0, 0.0])
    assert classify(vector, _head(content + 1e-9)) == "date"
    assert classify(vector, _head(content - 1e-9)) == "content"


def test_a_unit_below_nothing_counts_as_nothing():
    below = np.array([-1.0, 0.0])
    for slope in (4.0, -4.0):
        chances = _head(1.0, slope).layers.chances(below[None])[0]
        assert np.allclose(chances, 1 / len(INTENTS))


def test_odds_of_any_size_are_weighed():
    assert classify(np.array([1e4, 0.0]), _head(0.01)) == "date"


def test_below_the_bar_the_likeliest_of_the_others_is_told():
    chances = np.array([[0.6, 0.1, 0.3], [0.3, 0.5, 0.2]])
    assert told_by(chances, 0.5).tolist() == [0, 1]
    assert told_by(chances, 0.99).tolist() == [2, 1]
    assert told_by(chances, 0.1).tolist() == [0, 0]


def test_the_head_that_is_shipped_can_be_read():
    head = read_head(_SHIPPED)
    layers = head.layers
    assert layers.hidden.shape[1] == 385
    assert layers.output.shape == (len(INTENTS), len(layers.hidden) + 1)
    assert 0 < head.content_at_most < 0.5


def _stored():
    return json.loads((_SHIPPED / HEAD).read_text(encoding="utf-8"))


def _moved(stored):
    stored["output"][0][0] += 1


def _other_intents(stored):
    stored["intents"].reverse()


def _short_row(stored):
    stored["hidden"][0].pop()
    stored["sha256"] = digest(stored["hidden"], stored["output"])


def _one_unit_less(stored):
    stored["hidden"].pop()
    stored["sha256"] = digest(stored["hidden"], stored["output"])


def _one_intent_less(stored):
    stored["output"].pop()
    stored["sha256"] = digest(stored["hidden"], stored["output"])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_moved, "was changed"),
        (_other_intents, "other intents"),
        (_short_row, "do not fit"),
        (_one_unit_less, "do not fit"),
        (_one_intent_less, "other intents"),
        (dict.clear, "embedder: Field required"),
    ],
)
def test_a_damaged_head_is_refused_by_name(tmp_path, damage, said):
    stored = _stored()
    damage(stored)
    (tmp_path / HEAD).write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ModelError, match=rf"intent\.json: .*{said}"):
        read_head(tmp_path)


def test_a_missing_head_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"intent\.json: cannot be read"):
        read_head(tmp_path)


def _told(embedder, question):
    head = read_head(_SHIPPED)
    vector = embedder.encode_queries([masked(question, _LIBRARY)])[0]
    return classify(np.asarray(vector), head)


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("whos the author of winter ferries", "authors"),
        ("When did “Winter Ferries” come out?", "date"),
        ("anything by oake", "works"),
        ("how many articles do you have", "count"),
        ("Summarise Winter Ferries, please", "summary"),
        ("Why does the ferry stop in winter?", "content"),
        ("What does Oake say about ice?", "content"),
        ("Who is Ann Oake?", "content"),
        ("How many of the articles are from 2016?", "count"),
        ("What are your sources?", "list"),
    ],
)
def test_the_shipped_head_tells_plain_questions(real_embedder, question, intent):
    assert _told(real_embedder, question) == intent
