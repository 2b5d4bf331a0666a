"""The judge's contract: on a tiny network, on an NLI model, on the shipped weights."""

import json
import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from test_reader import tiny_tokenizer
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizerFast,
)

from qa.errors import ModelError
from qa.neural.judge import NliJudge, TrainedJudge, read_settings
from qa.neural.judge.judge_network import NEVER, JudgeNetwork
from qa.neural.judge.trained import INPUTS, _in_words, _Told
from qa.neural.pair_network import load
from qa.neural.weights import find_models
from qa.schema import Span, Strictness

EVIDENCE = "The ferry of Lindesund sank in 1931. Nobody drowned."
PAIRS = [
    ("Nobody drowned when the ferry sank.", EVIDENCE),
    ("  ", EVIDENCE),
    ("The lamp burns.", ""),
    ("The timetable ends. " * 40, EVIDENCE * 40),
    ("\ud800 half of a pair, and naïve “quotes”", EVIDENCE),
]


@pytest.fixture(scope="session")
def tiny_body(tmp_path_factory):
    """A body of random weights over the words of the evidence, and its folder."""
    folder = tmp_path_factory.mktemp("judge")
    size = tiny_tokenizer(folder, [EVIDENCE, *(claim for claim, _ in PAIRS[:4])])
    config = BertConfig(
        vocab_size=size,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    (folder / "config.json").write_text(config.to_json_string())
    return folder, config


@pytest.fixture(scope="session")
def tiny_folder(tiny_body):
    folder, config = tiny_body
    torch.manual_seed(1)
    network = JudgeNetwork(BertModel(config, add_pooling_layer=False))
    save_file(network.state_dict(), folder / "model.safetensors")
    settings = {
        "format": 1,
        "sha256": {},
        "longest": 64,
        "calibration": {"support": 1.0, "bias": 0.0},
        "needed": {"balanced": 0.6, "lenient": 0.3},
        "needed_of_cuts": {"balanced": 0.9, "lenient": 0.5},
    }
    (folder / "judge.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture
def tiny(tiny_folder):
    return TrainedJudge(tiny_folder, name="tiny")


@pytest.fixture(scope="module")
def shipped():
    return TrainedJudge(find_models() / "judge", name="shipped")


def test_each_pair_has_an_opinion_in_its_place(tiny):
    opinions = tiny.weigh(PAIRS)
    assert len(opinions) == len(PAIRS)
    assert all(0.0 <= opinion.support <= 1.0 for opinion in opinions)
    assert opinions[1].support == 0.0
    alone = [tiny.weigh([pair])[0].support for pair in PAIRS]
    assert [o.support for o in opinions] == pytest.approx(alone, abs=1e-5)
    assert tiny.weigh([]) == ()


def test_sentence_and_evidence_are_told_apart(tiny):
    (pair,) = [(claim, EVIDENCE) for claim, _ in PAIRS[:1]]
    there, back = tiny.weigh([pair, pair[::-1]])
    assert there.support != back.support
    model = load(Path(tiny.where), None, INPUTS, lambda _: None)
    ids, mask, types = model.arrays([([7, 8], [9]), ([7], [])])
    assert ids[0].tolist() == [model.first, 7, 8, model.separator, 9, model.separator]
    assert types.tolist() == [[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0]]
    assert mask.tolist() == [[1] * 6, [1, 1, 1, 1, 0, 0]]


def test_an_objection_is_words_of_the_sentence(tiny):
    for (claim, _), opinion in zip(PAIRS, tiny.weigh(PAIRS), strict=True):
        if (where := opinion.objection) is not None:
            said = claim[where.start : where.end]
            assert said.strip() == said
            assert said


CLAIM = "It opens in mid-June, they say."


@pytest.mark.parametrize(
    ("shares", "named"),
    [
        ({"mid": 0.6, "-": 0.3, "June": 0.02}, "mid-"),
        ({"in": 0.21, "mid": 0.5, "say": 0.29}, "in mid"),
        ({"in": 0.19, "mid": 0.5, "say": 0.31}, "mid"),
        ({"mid": 0.3, "June": 0.3, "say": 0.3}, None),
        ({"June": 0.46}, "June"),
        ({"June": 0.44}, None),
        ({",": 0.9}, None),
        ({"Ju": 0.3, "ne": 0.3}, "June"),
        (dict.fromkeys(["opens", "in", "mid", "-", "June"], 0.18), "opens in mid-"),
        ({}, None),
    ],
)
def test_few_neighbouring_words_that_carry_much_of_the_objection_are_named(
    shares, named
):
    pattern = "Ju|ne" if "ne" in shares else r"\w+|[^\w\s]"
    found = list(re.finditer(pattern, CLAIM)) if shares else []
    weights = [shares.get(m[0], 0.001) for m in found]
    opinion = _in_words(_Told(0.2, tuple(m.span() for m in found), weights), CLAIM)
    span = opinion.objection
    assert opinion.support == 0.2
    assert (span and CLAIM[span.start : span.end]) == named


def test_strictness_needs_more_and_strict_more_than_there_is(tiny):
    for cut, (lenient, balanced) in {False: (0.3, 0.6), True: (0.5, 0.9)}.items():
        assert tiny.needed(Strictness.LENIENT, cut=cut) == lenient
        assert tiny.needed(Strictness.BALANCED, cut=cut) == balanced
        assert tiny.needed(Strictness.STRICT, cut=cut) > 1.0


def test_only_the_sentence_is_objected_to(tiny_body):
    _, config = tiny_body
    network = JudgeNetwork(BertModel(config, add_pooling_layer=False)).eval()
    ids = torch.randint(5, 20, (2, 9))
    claim = torch.zeros(2, 9, dtype=torch.bool)
    claim[:, 1:4] = True
    with torch.no_grad():
        support, objection = network(
            ids, torch.ones_like(ids), torch.zeros_like(ids), claim
        )
    assert support.shape == (2,)
    assert (objection[~claim] == NEVER).all()
    assert (objection[claim] > NEVER).all()


@pytest.mark.parametrize("file", ["tokenizer.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_is_named(tiny_folder, tmp_path, file):
    for path in tiny_folder.iterdir():
        if path.name != file:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ModelError, match=str(tmp_path)):
        TrainedJudge(tmp_path, name="broken").weigh(PAIRS[:1])


def test_settings_of_another_form_are_refused(tmp_path):
    (tmp_path / "judge.json").write_text('{"format": 1}')
    with pytest.raises(ModelError, match=r"judge\.json"):
        read_settings(tmp_path)


def nli_folder(tiny_body, folder, labels):
    source, config = tiny_body
    config = BertConfig(**{**config.to_dict(), "num_labels": len(labels)})
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    torch.manual_seed(2)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(tokenizer_file=str(source / "tokenizer.json")).save_pretrained(
        folder
    )
    return str(folder)


def test_any_nli_cross_encoder_is_a_judge(tiny_body, tmp_path):
    labels = ["contradiction", "entailment", "neutral"]
    judge = NliJudge(nli_folder(tiny_body, tmp_path / "nli", labels))
    opinions = judge.weigh(PAIRS)
    assert judge.name == "nli"
    assert opinions[1].support == 0.0
    assert all(0.0 <= opinion.support <= 1.0 for opinion in opinions)
    assert judge.needed(Strictness.LENIENT) < judge.needed(Strictness.BALANCED)
    assert judge.needed(Strictness.STRICT) > 1.0


def test_a_cross_encoder_without_entailment_is_no_judge(tiny_body, tmp_path):
    judge = NliJudge(nli_folder(tiny_body, tmp_path / "other", ["good", "bad"]))
    with pytest.raises(ModelError, match="good, bad"):
        judge.weigh(PAIRS[:1])


def test_a_judge_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelError, match="setting `judge`"):
        NliJudge(str(tmp_path / "none")).weigh(PAIRS[:1])


@pytest.mark.real
def test_the_shipped_judge_reads_meaning(shipped):
    source = "The mayor, who feared a strike, sold the northern pier to the company."
    said = {
        "The northern pier was sold by the mayor to the company.": True,
        "Fearing a strike, the mayor sold the pier.": True,
        "The company sold the northern pier to the mayor.": False,
        "The mayor refused to sell the northern pier.": False,
        "The mayor sold the southern pier to the company.": False,
    }
    opinions = shipped.weigh([(claim, source) for claim in said])
    needed = shipped.needed(Strictness.BALANCED)
    assert [opinion.support >= needed for opinion in opinions] == [*said.values()]


@pytest.mark.real
def test_the_shipped_judge_says_what_it_objects_to(shipped):
    claim = "In March the company of Lindesund sold its seven ferries."
    source = "In March the company of Lindesund bought seven ferries."
    (opinion,) = shipped.weigh([(claim, source)])
    assert opinion.support < shipped.needed(Strictness.BALANCED)
    where = opinion.objection or Span(0, len(claim))
    assert where.start <= claim.index("sold") < where.end
