"""What the writer learns from: what is shown, what is written, the same every time."""

import re
from itertools import islice
from random import Random

import numpy as np
import pytest
import torch
from training import write_rows

from lab.errors import TrainingError
from lab.writer.batches import IGNORED, batches, collate
from lab.writer.examples import Drawing, Row, read_rows
from lab.writer.export import gguf_tensors
from lab.writer.train import Plan

COUNT = 20
SOURCE = (
    "The ferry company of Lindesund moved its whole timetable to the southern pier."
)
LIGHT = "The ferry company of Lindesund has shifted its timetable to the southern pier."
FREE = "Ships leave from elsewhere now, said the captain to his startled neighbours."
PLAIN = "The ferry company moved its timetable to the southern pier."


def row(number):
    facts = [f"Fact {place} of {number}." for place in range(1, 10)]
    told = ((f"Own {number} by 7 and 2.", (2, 7)), (f"Own {number} by 4.", (4,)))
    return Row(f"what of {number}", tuple(facts), told)


@pytest.fixture
def drawing():
    return Drawing([row(number) for number in range(COUNT)])


def drawn(drawing):
    for number in range(COUNT):
        for seed in range(20):
            yield number, drawing.draw(number, Random(seed))


@pytest.fixture
def folder(tmp_path):
    answer = [
        {"text": LIGHT, "sentences": [2]},
        {"text": FREE, "sentences": [2]},
        {"text": PLAIN, "sentences": [2]},
        {"text": LIGHT, "sentences": [3]},
    ]
    sentences = ["It froze.", SOURCE]
    written = {"question": "why", "sentences": sentences, "answer": answer}
    write_rows(tmp_path / "written", "train.jsonl", [written])
    pairs = [{"source": SOURCE, "target": text} for text in (LIGHT, SOURCE, FREE)]
    write_rows(tmp_path / "pairs", "onestop_train.jsonl", pairs)
    return tmp_path


def test_only_what_is_said_in_few_new_words_is_learnt(folder):
    assert read_rows(folder, "train") == [
        Row("why", ("It froze.", SOURCE), ((LIGHT, (2,)),)),
        Row("", (SOURCE,), ((LIGHT, (1,)),)),
    ]


def test_data_with_nothing_to_learn_is_named(folder):
    write_rows(folder / "written", "train.jsonl", [])
    write_rows(folder / "pairs", "onestop_train.jsonl", [])
    with pytest.raises(TrainingError, match="no sentence of the part 'train'"):
        read_rows(folder, "train")


def test_words_of_the_question_are_not_new(folder):
    asked = {
        "question": "Who shifted the ferry timetable?",
        "sentences": [SOURCE],
        "answer": [{"text": LIGHT, "sentences": [1]}],
    }
    write_rows(folder / "written", "train.jsonl", [asked])
    assert [row.question for row in read_rows(folder, "train")] == [""]


def test_a_sentence_that_nobody_asked_for_gets_words_of_its_own_as_question(folder):
    drawing = Drawing(read_rows(folder, "train"))
    questions = {drawing.draw(1, Random(seed)).question for seed in range(20)}
    assert len(questions) > 5
    for question in questions:
        words = question.split()
        assert 3 <= len(words) <= 5
        places = [SOURCE.lower().index(word) for word in words]
        assert places == sorted(places)


def test_a_marker_stands_for_the_sentence_that_the_answer_rests_on(drawing):
    for number, example in drawn(drawing):
        assert example.question == f"what of {number}"
        both, one = example.answer.split("\n")
        for line, places in ((both, (2, 7)), (one, (4,))):
            markers, _, text = line.partition(" ")
            cited = [example.evidence[int(n) - 1] for n in re.findall(r"\d+", markers)]
            assert cited == [f"Fact {place} of {number}." for place in places]
            assert text.startswith(f"Own {number} by {7 if len(places) == 2 else 4}")


def test_other_sentences_and_strangers_stand_beside_the_evidence(drawing):
    strangers, beside = 0, 0
    for number, example in drawn(drawing):
        own = sum(t.endswith(f" of {number}.") for t in example.evidence)
        strangers += own < len(example.evidence)
        beside += own - 3
    assert 0.2 < strangers / (20 * COUNT) < 0.4
    assert 0.15 < beside / (6 * 20 * COUNT) < 0.35


class Letters:
    """Encodes a prompt by its length and an answer by its letters."""

    def encode(self, example):
        return [1] * len(example.evidence), [ord(c) for c in example.answer]


def test_batches_are_the_same_from_any_number_on(drawing):
    whole = list(islice(batches(drawing, Letters(), size=2, seed=5), 24))
    assert len({len(batch.ids) for batch in whole}) == 1
    for first in (0, 3, 8, 17):
        rest = batches(drawing, Letters(), size=2, seed=5, first=first)
        for ours, theirs in zip(whole[first:], rest, strict=False):
            assert torch.equal(ours.ids, theirs.ids)
    other = next(batches(drawing, Letters(), size=2, seed=6))
    assert not torch.equal(other.ids, whole[0].ids)


def test_only_what_is_to_be_said_is_learnt():
    batch = collate([([5, 6, 7], [8, 9]), ([5], [8])])
    assert batch.ids.tolist() == [[5, 6, 7, 8], [5, 0, 0, 0]]
    assert batch.targets.tolist() == [
        [IGNORED, IGNORED, 8, 9],
        [8, IGNORED, IGNORED, IGNORED],
    ]


def test_a_rate_is_level_until_the_last_quarter():
    plan = Plan(updates=100, warm_up=10, peak=1.0)
    rates = [plan.learning_rate(update) for update in range(101)]
    assert rates[0] == 0.1
    assert set(rates[9:76]) == {1.0}
    assert rates[88] == pytest.approx(0.48)
    assert rates[100] == 0.0


def turned(rows, angle, halves):
    """The rows of one head of four turned by position, pair by pair."""
    pairs = [(0, 2), (1, 3)] if halves else [(0, 1), (2, 3)]
    out = rows.copy()
    for number, (a, b) in enumerate(pairs, 1):
        c, s = np.cos(angle * number), np.sin(angle * number)
        out[a], out[b] = rows[a] * c - rows[b] * s, rows[a] * s + rows[b] * c
    return out


def test_queries_and_keys_agree_where_the_rows_are_turned_in_either_order():
    layer = "base_model.model.model.layers.3.self_attn.{}_proj.lora_{}.default.weight"
    random = np.random.default_rng(0)
    rows = {name: random.normal(size=(4, 2)) for name in "qk"}
    weights = {layer.format(name, "B"): value for name, value in rows.items()}
    weights[layer.format("v", "A")] = rows["q"]
    made = gguf_tensors(weights, {"q": 1, "k": 1})
    assert set(made) == {
        "blk.3.attn_q.weight.lora_b",
        "blk.3.attn_k.weight.lora_b",
        "blk.3.attn_v.weight.lora_a",
    }
    q, k = (made[f"blk.3.attn_{name}.weight.lora_b"] for name in "qk")
    ours = turned(q, 0.3, halves=False).T @ turned(k, 0.8, halves=False)
    theirs = turned(rows["q"], 0.3, halves=True).T @ turned(rows["k"], 0.8, halves=True)
    np.testing.assert_allclose(ours, theirs)
    assert made["blk.3.attn_v.weight.lora_a"] is rows["q"]


def test_what_is_no_part_of_an_adapter_is_refused():
    with pytest.raises(TrainingError, match=r"embed\.weight: is no part"):
        gguf_tensors({"embed.weight": np.zeros((1, 1))}, {})
