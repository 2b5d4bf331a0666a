"""What the judge learns from: sentences with one thing changed or left out."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.judge.cuts import cut_fairly, cut_unfairly
from lab.judge.examples import chunk_of, collate, losses
from lab.judge.held_out import caught_at, held_out
from lab.judge.sources import sources
from lab.judge.swaps import swapped

UNFAIR = {
    "limiter": ("The town nearly sold the pier.", "The town sold the pier."),
    "condition": (
        "The town sells the pier if the tax is lifted.",
        "The town sells the pier.",
    ),
    "attribution": (
        "The mayor denied that the firm sold ships.",
        "The firm sold ships.",
    ),
    "voice": ("The mayor was attacked by a crew.", "The mayor attacked a crew."),
    "head": (
        "Changes in the ruling council may have effects.",
        "The ruling council may have effects.",
    ),
    "scope": ("It is the largest port in Asia.", "It is the largest port."),
    "small word": ("It sailed to Oslo.", "It sailed from Oslo."),
}
FAIR = [
    (
        "The strike, which nobody had expected, closed the port for three weeks.",
        "The strike closed the port for three weeks.",
    ),
    ("However, the port is poor.", "The port is poor."),
    (
        "The port sold its ships (all of wood) to the town.",
        "The port sold its ships to the town.",
    ),
    (
        "The port sold its ships, but the mayor was against it for years.",
        "The port sold its ships.",
    ),
]
KEPT = [
    "He took bribes, which the mayor denied.",
    "It raises taxes (if the court agrees) in May.",
    "Ferries sank.",
]


def all_of(make, sentence):
    return {make(sentence, Random(seed)) for seed in range(200)} - {None}


@pytest.mark.parametrize("kind", UNFAIR)
def test_what_limits_a_sentence_is_cut(kind):
    sentence, cut = UNFAIR[kind]
    made = {(swap.kind, swap.text) for swap in all_of(cut_unfairly, sentence)}
    assert (kind, cut) in made
    assert sentence not in {text for _, text in made}


@pytest.mark.parametrize(("sentence", "cut"), FAIR)
def test_what_is_said_beside_may_go(sentence, cut):
    assert all_of(cut_fairly, sentence) == {cut}


@pytest.mark.parametrize("sentence", KEPT)
def test_what_limits_or_denies_is_not_said_beside(sentence):
    assert all_of(cut_fairly, sentence) == set()


@given(st.text(max_size=80), st.integers(0, 9))
def test_any_text_can_be_cut_or_changed(text, seed):
    rng = Random(seed)
    for swap in (cut_unfairly(text, rng), swapped(text, [text], ["Oslo"], rng)):
        if swap is not None:
            assert 0 <= swap.start <= swap.end <= len(swap.text)
    fair = cut_fairly(text, rng)
    assert fair is None or len(fair) < len(text) + 1


def test_a_swap_changes_one_place():
    sentence = "In 1987 Anna Berg sold 12 large ships to Norland."
    for swap in all_of(lambda text, rng: swapped(text, [], ["Oslo"], rng), sentence):
        if swap.kind != "role":
            tail = len(swap.text) - swap.end
            assert swap.text[: swap.start].lower() == sentence[: swap.start].lower()
            assert not tail or swap.text[-tail:] == sentence[-tail:]


def test_a_group_stays_in_one_batch_and_a_chunk_can_be_drawn_again(judged_folder):
    draws = sources(judged_folder)
    made = chunk_of(draws, 16, 3, 0)
    for examples, groups in made:
        assert len(examples) == len(groups) <= 16
    everywhere = [set(groups) for _, groups in made]
    assert not any(a & b for a, b in pairwise(everywhere))
    assert chunk_of(draws, 16, 3, 0) == made != chunk_of(draws, 16, 3, 1)


def test_every_source_has_fair_and_false_sentences(judged_folder):
    for _, draw in sources(judged_folder):
        found = {e.supported for seed in range(40) for e in draw(Random(seed))}
        assert found == {True, False}


def test_held_out_claims_stand_over_three_kinds_of_evidence(judged_folder):
    parts = held_out(judged_folder)
    assert {"cited", "whole", "alone", "cuts", "claims", "judged"} <= set(parts)
    cited, whole = parts["cited"].examples, parts["whole"].examples
    assert [e.claim for e in cited] == [e.claim for e in whole]
    assert all(a.evidence in b.evidence for a, b in zip(cited, whole, strict=True))
    assert not any(e.evidence for e in parts["alone"].examples)
    assert set(parts["cuts"].kinds) - {""}


def test_what_false_sentences_score_is_counted_below_a_share_of_the_fair():
    import numpy as np

    values = np.array([0.9, 0.8, 0.7, 0.2, 0.75, 0.1])
    truth = np.array([True, True, True, True, False, False])
    assert caught_at(values, truth, 0.3) == 0.5


def test_the_loss_falls_when_support_is_right(judged_folder, judged_tokenizer):
    import torch

    examples, groups = chunk_of(sources(judged_folder), 16, 3, 0)[0]
    batch = collate(judged_tokenizer, examples, groups)

    def fixed(sign):
        def network(ids, *_):
            support = sign * (2 * batch.supported - 1)
            return support, torch.zeros(ids.shape)

        return {k: float(v) for k, v in losses(network, batch).items()}

    right, wrong = fixed(4.0), fixed(-4.0)
    assert right["support"] < wrong["support"]
    assert right["order"] < wrong["order"]
