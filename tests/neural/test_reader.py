"""The reader's contract, on the fake, on a tiny network, and on the shipped weights."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from fakes import WordReader
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import BertConfig, BertModel

from qa.errors import ModelError
from qa.neural.reader import NOT_READ, CrossEncoderReader, SpanReader, read_settings
from qa.neural.reader.reader_network import ReaderNetwork
from qa.neural.reader.running import load_network
from qa.neural.reader.sentence_decoding import UNSEEN, sentence_odds
from qa.neural.reader.span_decoding import NEVER, best_spans
from qa.neural.weights import find_models
from qa.schema import Span

PASSAGES = (
    "The ferry of Lindesund sank in 1931. Nobody drowned.",
    "",
    "The copper lamp of the Maarheim tower burns since 1874.",
    "  \n ",
    "A very long timetable, " * 120 + "which ends at the pier.",
    "\ud800 half of a pair, and naïve “quotes”",
)
QUESTION = "When did the ferry sink?"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """A network of random weights over the words of the passages."""
    folder = tmp_path_factory.mktemp("reader")
    words = sorted({*" ".join((*PASSAGES[:5], QUESTION)).lower().split()} | {".", ","})
    vocabulary = {word: number for number, word in enumerate((*_SPECIAL, *words))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    (folder / "config.json").write_text(config.to_json_string())
    torch.manual_seed(1)
    network = ReaderNetwork(BertModel(config, add_pooling_layer=False))
    save_file(network.state_dict(), folder / "model.safetensors")
    settings = {
        "format": 2,
        "sha256": {},
        "longest": 64,
        "overlap": 16,
        "longest_span": 8,
        "calibration": {"answerable": 0.5, "span": 0.5, "bias": 0},
        "sentences": {
            "belongs": {"weight": 1, "bias": 0.5},
            "direct": {"weight": 2, "bias": 0},
        },
    }
    (folder / "reader.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(params=["words", "tiny", pytest.param("real", marks=pytest.mark.real)])
def reader(request):
    if request.param == "words":
        return WordReader("1931", "pier", judges=True)
    if request.param == "tiny":
        return SpanReader(request.getfixturevalue("tiny_folder"), name="tiny")
    return SpanReader(find_models() / "reader", name="real")


def test_each_passage_has_its_reading_in_order(reader):
    together = reader.read(QUESTION, PASSAGES)
    assert len(together) == len(PASSAGES)
    for passage, reading in zip(PASSAGES, together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        assert alone.relevance == pytest.approx(reading.relevance, abs=0.15)
        assert alone.answerable == pytest.approx(reading.answerable, abs=0.05)


def test_an_answer_lies_in_its_passage(reader):
    for passage, reading in zip(PASSAGES, reader.read(QUESTION, PASSAGES), strict=True):
        assert 0 <= reading.answerable <= 1
        if passage.strip():
            assert 0 <= reading.answer.start < reading.answer.end <= len(passage)


def test_blank_passages_are_not_read(reader):
    readings = reader.read(QUESTION, PASSAGES)
    assert readings[1] == readings[3] == NOT_READ
    assert reader.read(QUESTION, []) == ()


def test_a_question_may_be_of_any_length(reader):
    assert len(reader.read("why " * 2000, PASSAGES[:1])) == 1
    assert len(reader.read("", PASSAGES[:1])) == 1


SENTENCES = ((Span(0, 35), Span(36, 51)), (), (Span(0, 55),), (), (Span(9, 20),), ())


def test_each_sentence_named_is_judged_in_order(reader):
    readings = reader.read(QUESTION, PASSAGES, SENTENCES)
    for reading, sentences in zip(readings, SENTENCES, strict=True):
        assert len(reading.sentences or ()) == len(sentences)
        for sentence in reading.sentences or ():
            assert 0 <= sentence.belongs <= 1
            assert 0 <= sentence.direct <= 1
    plain = reader.read(QUESTION, PASSAGES)
    assert [r.answerable for r in plain] == [r.answerable for r in readings]
    assert not any(reading.sentences for reading in plain)


def test_a_sentence_is_the_mean_of_its_tokens_and_of_windows_the_most(tiny_folder):
    """By the network itself, its windows laid out anew."""
    reader = SpanReader(tiny_folder, name="tiny")
    passage, sentence = PASSAGES[4], Span(600, 1500)
    (reading,) = reader.read(QUESTION, [passage], [[sentence]])
    model = reader._model()
    asked = model.tokens(QUESTION).ids
    means = []
    for window in reader._windows(model, len(asked), [passage], [[sentence]]):
        ids = [model.first, *asked, model.separator, *window.ids, model.separator]
        types = [0] * (len(asked) + 2) + [1] * (len(window.ids) + 1)
        inside = [False] * (len(asked) + 2) + [True] * len(window.ids) + [False]
        arrays = (np.array([row]) for row in (ids, [1] * len(ids), types, inside))
        tokens, _ = model.run.logits(*arrays)
        own = [
            tokens[0, len(asked) + 2 + place, 2]
            for place, (start, _) in enumerate(window.offsets)
            if sentence.start <= start < sentence.end
        ]
        means += [np.mean(own)] if own else []
    assert len(means) > 1
    odds = math.log(reading.sentences[0].belongs / (1 - reading.sentences[0].belongs))
    assert odds == pytest.approx(max(means) + 0.5, abs=0.05)


def test_odds_of_sentences_are_means_and_unseen_ones_are_never():
    tokens = np.array([[1.0, 0.0], [3.0, 2.0], [5.0, -4.0]], np.float32)
    offsets = [(10, 12), (13, 15), (20, 22)]
    spans = [Span(10, 15), Span(16, 30), Span(0, 9), Span(22, 40)]
    found = sentence_odds(tokens, offsets, spans)
    assert found[:2].tolist() == [[2.0, 1.0], [5.0, -4.0]]
    assert (found[2:] == UNSEEN).all()


def test_windows_cover_a_long_passage_and_overlap(tiny_folder):
    reader = SpanReader(tiny_folder, name="tiny")
    passage = PASSAGES[4]
    windows = reader._windows(reader._model(), 10, [passage], [()])
    assert len(windows) > 2
    assert windows[0].offsets[0][0] == 0
    assert windows[-1].offsets[-1][1] == len(passage)
    for before, after in pairwise(windows):
        assert len(set(before.offsets) & set(after.offsets)) >= 16


@pytest.mark.real
def test_the_shipped_reader_finds_an_answer_and_misses_one():
    reader = SpanReader(find_models() / "reader", name="real")
    asked = "In which year did the ferry of Lindesund sink?"
    about, beside = reader.read(asked, [PASSAGES[0], PASSAGES[2]])
    assert PASSAGES[0][about.answer.start : about.answer.end] == "1931"
    assert about.answerable > 0.5 > beside.answerable
    assert about.relevance > beside.relevance


def test_the_best_span_is_in_order_inside_and_short_enough():
    logits = torch.full((1, 6, 2), -1.0)
    logits[0, 0] = torch.tensor([1.0, 2.0])  # no answer
    logits[0, 4, 0] = 9.0  # the best start stands after the best end
    logits[0, 2, 1] = 9.0
    logits[0, 5, 1] = 5.0
    inside = torch.tensor([[False, False, True, True, True, True]])
    first, last, margin = best_spans(logits.numpy(), inside.numpy(), longest=3)
    assert (first.item(), last.item()) == (4, 5)
    assert margin.item() == 9 + 5 - 3
    first, last, _ = best_spans(logits.numpy(), inside.numpy(), longest=1)
    assert first.item() == last.item()


def test_nothing_outside_the_passage_is_an_answer(tiny_folder):
    network = load_network(tiny_folder)
    ids = torch.tensor([[2, 5, 6, 3, 7, 8, 3]])
    passage = torch.tensor([[False] * 4 + [True] * 2 + [False]])
    tokens, judged = network(ids, torch.ones_like(ids), torch.zeros_like(ids), passage)
    spans = tokens[..., :2]
    assert judged.shape == (1, 2)
    assert (spans[0, [1, 2, 3, 6]] == NEVER).all()
    assert (spans[0, [0, 4, 5]] > NEVER).all()


@pytest.mark.parametrize("content", ["{", "{}", '{"format": 1}', "[]"])
def test_settings_that_cannot_be_used_are_named(tmp_path, content):
    (tmp_path / "reader.json").write_text(content)
    with pytest.raises(ModelError, match=r"reader\.json: not the settings .* again"):
        read_settings(tmp_path)


def test_a_folder_that_lacks_a_file_is_named(tmp_path, tiny_folder):
    with pytest.raises(ModelError, match=r"reader\.json: cannot be read"):
        SpanReader(tmp_path, name="none")
    settings = (tiny_folder / "reader.json").read_bytes()
    (tmp_path / "reader.json").write_bytes(settings)
    with pytest.raises(ModelError, match="the reader cannot be loaded"):
        SpanReader(tmp_path, name="half").read(QUESTION, PASSAGES)


class Scores:
    """Stands for a cross-encoder: the length of the passage is its score."""

    def predict(self, pairs):
        return torch.tensor([float(len(passage)) for _, passage in pairs])


def test_a_cross_encoder_only_ranks():
    reader = CrossEncoderReader("owner/ranker")
    reader._loaded = Scores()
    short, blank, long = reader.read(QUESTION, ["a pier", "", "a longer pier"])
    assert long.relevance > short.relevance
    assert (short.answerable, short.answer) == (None, None)
    assert blank == NOT_READ
    assert reader.name == "ranker"


def test_a_cross_encoder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"reader .*cannot be loaded.*`reader`"):
        CrossEncoderReader(str(tmp_path)).read(QUESTION, PASSAGES)
