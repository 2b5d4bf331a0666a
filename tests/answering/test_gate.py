"""Whether the passages answer: what raises the probability, and what the bar is."""

import json
import math
from dataclasses import replace

import pytest
from fakes import understood
from hypothesis import given
from hypothesis import strategies as st
from passages_found import hit, judged, read

from qa.answering import gate
from qa.answering.gate import Coverage, LogisticGate, Weights, features, read_gate
from qa.errors import ModelError
from qa.neural.weights import find_models
from qa.schema import Strictness

SHIPPED = read_gate(find_models() / "gate")


def cover_each(text, hits):
    return gate.cover(understood(text), hits)


def cover(text, hits):
    """Of the one passage."""
    (found,) = cover_each(text, hits)
    return found


_PLAIN = ["ferry", "pier", "winter", "copper", "lamp", "tower"]
_SCORE = st.floats(0, 1)
_PARTS = st.builds(Coverage, *[_SCORE] * len(Coverage.__slots__))


@given(coverage=_PARTS, part=st.sampled_from(Coverage.__slots__), more=_SCORE)
def test_more_coverage_never_makes_an_answer_less_likely(coverage, part, more):
    value = max(more, getattr(coverage, part))
    better = replace(coverage, **{part: value})
    assert 0 < SHIPPED(coverage) <= SHIPPED(better) < 1


def test_the_gate_tells_full_from_no_coverage():
    assert SHIPPED(Coverage(0.8, 1.0, 1.0, 1.0)) > 0.9
    assert SHIPPED(Coverage(0.1, 0.0, 0.0, 0.0)) < 0.1


_CONTENT = st.lists(st.sampled_from([*_PLAIN, "Lindesund"]), max_size=5)


@given(held=_CONTENT, added=_CONTENT, asked=_CONTENT)
def test_a_passage_with_more_of_the_words_covers_more(held, added, asked):
    question = " ".join(["What", *asked])
    less = cover(question, [hit(" ".join(["Of", *held]))])
    more = cover(question, [hit(" ".join(["Of", *held, *added]))])
    assert 0 <= less.words <= more.words <= 1
    assert 0 <= less.names <= more.names <= 1


def test_coverage_is_that_of_one_passage_and_not_of_all_together():
    assert cover("Which ferry lamp?", [hit("The ferry lamp.")]).words == 1
    apart = [hit("The ferry."), hit("The lamp.", name="q")]
    assert [c.words < 1 for c in cover_each("Which ferry lamp?", apart)] == [True] * 2


def test_names_count_apart_and_what_the_catalogue_states_counts():
    assert cover("Does Oslo freeze?", [hit("Lindesund may freeze.")]).names == 0
    assert cover("Do Harbours freeze?", [hit("They freeze.")]).names == 1
    assert cover("does it freeze?", [hit("Nothing.")]).names == 1


def test_nothing_found_covers_nothing_but_what_was_not_asked():
    assert cover("Does Oslo freeze?", []) == Coverage(0.0, 0.0, 0.0, 1.0)
    assert cover("?", []) == Coverage(0.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("question", "text", "kind"),
    [
        ("How many ferries leave the pier?", "The ferries leave the pier.", 0),
        ("How many ferries leave the pier?", "The 12 ferries leave the pier.", 1),
        ("How many ferries leave the pier?", "The twelve ferries leave it.", 1),
        ("How many ferries leave the pier?", "Several ferries leave it.", 1),
        ("How many ferries leave the pier?", "In 1987 ferries left it.", 0),
        ("How many F-16 were bought?", "They bought the F-16 and the G20.", 0),
        ("When did the ferry leave?", "The ferry left the winter pier.", 0),
        ("When did the ferry leave?", "The ferry left the pier in 1987.", 1),
        ("When did the ferry leave?", "It left in the early 1240s.", 1),
        ("When did the ferry leave?", "It left in the winter.", 1),
        ("When ferries leave, what is lit?", "A lamp is lit.", 1),
        ("How long is the pier?", "The two piers were built in the 1960s.", 0),
        ("How long is the pier?", "It is two miles long.", 1),
        ("How long is the pier?", "It is 250 long.", 1),
        ("How long has it stood?", "It has stood since 1987.", 1),
        ("How much fish is sold?", "Fish is sold at the two piers.", 0),
        ("How much fish is sold?", "Half of the fish is sold.", 1),
        ("How much did trade grow?", "Trade grew.", 0),
        ("What share is sold?", "The share sold is large.", 0),
        ("How much does the mayor like fish?", "She likes fish.", 1),
        ("How far does the pact go?", "It goes far.", 1),
        ("How large a role does it play?", "It plays a large role.", 1),
        ("How deep is the mistrust?", "They hardly trust each other.", 1),
        ("How much influence has she?", "She has considerable influence.", 1),
        ("How much fish is sold?", "Most of it is sold.", 1),
        ("When would they leave?", "They would leave if the pier froze.", 1),
        ("How often do they meet?", "They meet frequently.", 1),
        ("How many pacts are there?", "There is no reason to ask.", 0),
        ("When was it signed?", "The 400 ships were signed over.", 0),
        ("When was it signed?", "It was signed in 843.", 1),
        ("How much did it cost?", "It cost USD25 a day.", 1),
        ("How long did it take?", "Despite tensions it took ten years.", 1),
        ("Why did the ferry leave?", "The ferry left the winter pier.", 1),
    ],
)
def test_where_a_number_measure_or_date_is_asked_for_one_has_to_be_there(
    question, text, kind
):
    assert cover(question, [hit(text)]).kind == kind


def test_the_number_has_to_be_in_the_best_sentence():
    passages = [hit("The ferries leave the pier."), hit("12 lamps burn.", name="q")]
    found = cover_each("How many ferries leave the pier?", passages)
    assert [coverage.kind for coverage in found] == [0, 0]


def test_only_passages_that_were_read_count_and_each_by_its_own_reading():
    unread = hit("The ferry leaves the pier.")
    assert cover("Does it leave?", [unread]).reading is None
    unsure = read(unread, "ferry", answerable=0.2)
    sure = read(unread, "ferry", answerable=0.7)
    found = cover_each("Does it leave?", [unsure, sure, unread])
    assert [coverage.reading for coverage in found] == [0.2, 0.7]


def test_unread_the_first_passages_count():
    assert len(cover_each("Does it leave?", [hit("A ferry leaves.")] * 20)) == 8


def test_of_all_sentences_the_one_that_most_probably_belongs_counts():
    unjudged = read(hit("The ferry leaves the pier."), "ferry")
    assert cover("Does it leave?", [unjudged]).sentence is None
    two = judged(hit("The ferry leaves.", "It is red."), 0.2, 0.6)
    assert cover("Does it leave?", [two]).sentence == 0.6
    assert "sentence" not in features(cover("Does it leave?", [unjudged]))
    one = judged(hit("The lamp burns."), 0.8)
    assert features(cover("?", [one]))["sentence"] == pytest.approx(math.log(4))


def test_each_passage_is_held_against_the_words_by_itself():
    words, answer = hit("The ferry lamp of Oslo burns."), hit("It burns.", name="q")
    asked = "Does Oslo's ferry lamp burn?"
    has, lacks = cover_each(asked, [judged(words, 0.2), judged(answer, 0.9)])
    assert (has.words, has.names, has.sentence) == (1, 1, 0.2)
    assert lacks.words < 0.5
    assert (lacks.names, lacks.sentence) == (0, 0.9)


def test_the_reader_decides_where_coverage_does_not():
    half = Coverage(0.5, 0.6, 1.0, 1.0)
    yes, no = (SHIPPED(replace(half, reading=p, sentence=p)) for p in (0.97, 0.03))
    assert no < 0.5 < yes


def test_the_dearer_a_wrong_answer_the_higher_the_bar():
    bars = [strictness.threshold for strictness in Strictness]
    assert bars == pytest.approx([0.25, 0.5, 0.75])


def test_with_a_reading_the_weights_are_others():
    gate = LogisticGate(
        read=Weights(-1.0, cosine=0, words=0, names=0, kind=0, reading=2.0),
        unread=Weights(-1.0, cosine=2.0, words=0, names=0, kind=0),
    )
    odds = {p: -1 + 2 * math.log(p / (1 - p)) for p in (0.3, 0.8)}
    for reading, expected in odds.items():
        found = gate(Coverage(1.0, 1.0, 1.0, 1.0, reading))
        assert math.log(found / (1 - found)) == pytest.approx(expected)
    unread = gate(Coverage(1.0, 1.0, 1.0, 1.0))
    assert math.log(unread / (1 - unread)) == pytest.approx(1.0)


def test_a_reading_that_is_sure_has_bounded_odds():
    sure = features(Coverage(1.0, 1.0, 1.0, 1.0, 1.0))["reading"]
    assert sure == pytest.approx(math.log(0.999 / 0.001))
    assert "reading" not in features(Coverage(1.0, 1.0, 1.0, 1.0))


_MODEL = {"bias": -1, "cosine": 1, "words": 1, "names": 1, "kind": 1, "reading": 1}


def test_a_gate_is_read_with_its_figures_left_to_people(tmp_path):
    stored = {"read": {**_MODEL, "figures": {"n": 9}}, "unread": _MODEL, "format": 1}
    (tmp_path / gate.GATE).write_text(json.dumps(stored), encoding="utf-8")
    assert read_gate(tmp_path).read == Weights(-1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"words": -0.1}, "read.words: Input should be greater than or equal to 0"),
        ({"kind": "much"}, "read.kind: Input should be a valid number"),
        ({"bias": math.inf}, "read.bias: Input should be a finite number"),
        ({"cosine": None}, "read.cosine: "),
    ],
)
def test_weights_that_are_none_are_refused_by_name(tmp_path, changed, said):
    stored = {"read": {**_MODEL, **changed}, "unread": _MODEL}
    (tmp_path / gate.GATE).write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ModelError) as raised:
        read_gate(tmp_path)
    assert f"gate.json: {said}" in str(raised.value)
    assert "python -m lab fit-gate" in str(raised.value)


def test_a_gate_that_is_not_there_or_no_json_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"gate\.json: cannot be read"):
        read_gate(tmp_path)
    (tmp_path / gate.GATE).write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"gate\.json: the file: "):
        read_gate(tmp_path)
