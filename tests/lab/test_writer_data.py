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
from lab.writer.examples import Written
from lab.writer.export import gguf_tensors
from lab.writer.train import Plan

COUNT = 20


def row(number):
    return {
        "title": f"Harbour {number}",
        "sentences": [f"Fact {place} of {number}." for place in range(1, 10)],
        "question": f"what of {number}",
        "answer": [
            {"text": f"Own {number} by 7 and 2.", "sentences": [7, 2]},
            {"text": f"Own {number} by 4.", "sentences": [4]},
        ],
    }


@pytest.fixture
def written(tmp_path):
    unsound = [row(99) | {"answer": [{"text": "?", "sentences": [10]}]}]
    write_rows(
        tmp_path, "train.jsonl", [row(number) for number in range(COUNT)] + unsound
    )
    return Written(tmp_path / "train.jsonl")


def drawn(written):
    for number in range(COUNT):
        for seed in range(20):
            yield number, written.draw(number, Random(seed))


def test_what_cites_a_sentence_that_there_is_not_is_left_out(written):
    assert len(written.rows) == COUNT


def test_a_marker_stands_for_the_sentence_that_the_answer_rests_on(written):
    for number, example in drawn(written):
        for line in example.answer.split("\n"):
            *markers, text = re.findall(r"\[(\d+)\]| (.+)", line)
            cited = {example.evidence[int(n) - 1] for n, _ in markers}
            places = (2, 7) if "7" in text[1].removeprefix(f"Own {number}") else (4,)
            assert cited == {f"Fact {place} of {number}." for place in places}


def test_evidence_has_strangers_and_is_no_more_than_in_an_answer(written):
    strangers, lengths = 0, set()
    for number, example in drawn(written):
        assert len(example.evidence) <= 7
        assert len(set(example.evidence)) == len(example.evidence)
        strangers += any(not t.endswith(f" of {number}.") for t in example.evidence)
        lengths.add(example.answer.count("\n") + 1)
    assert 0.2 < strangers / (20 * COUNT) < 0.5
    assert lengths == {1, 2}


def test_an_answer_that_ends_early_has_no_evidence_for_its_rest(written):
    for number, example in drawn(written):
        if "by 4" not in example.answer:
            assert f"Fact 4 of {number}." not in example.evidence


class Letters:
    """Encodes a prompt by its length and an answer by its letters."""

    def encode(self, example):
        return [1] * len(example.evidence), [ord(c) for c in example.answer]


def test_batches_are_the_same_from_any_number_on(written):
    whole = list(islice(batches(written, Letters(), size=2, seed=5), 24))
    assert len({len(batch.ids) for batch in whole}) == 1
    for first in (0, 3, 8, 17):
        rest = batches(written, Letters(), size=2, seed=5, first=first)
        for ours, theirs in zip(whole[first:], rest, strict=False):
            assert torch.equal(ours.ids, theirs.ids)
    other = next(batches(written, Letters(), size=2, seed=6))
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
