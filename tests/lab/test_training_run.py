"""Batches, a run of a few updates, a stop, a resume, calibration and the export."""

import hashlib
import json
import os
import signal
from dataclasses import replace
from random import Random

import pytest
import torch
from safetensors.torch import load_file
from training import CORPUS, PLAN, TEXT, make_start, supplies, write_rows

import lab.reader.loop as loop
from lab.errors import TrainingError, TrainingStoppedError
from lab.reader.batches import batched, collate, numbered
from lab.reader.calibration import calibration_examples
from lab.reader.data import Example
from lab.reader.export import export, load_trained
from lab.reader.held_out import Measure, judge
from lab.reader.loop import Links, work
from lab.reader.model import IGNORED, load_start, losses
from lab.reader.plan import Plan, Report, Step
from lab.reader.train import find_progress, train
from lab.training import body
from lab.training.body import computing_type
from lab.training.checkpoint import AVERAGED, CHECKPOINT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return make_start(tmp_path_factory.mktemp("start"))


@pytest.fixture
def tokenizer(start):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(start)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_collate_marks_the_tokens_of_the_answer(tokenizer):
    examples = (
        Example("who?", "it was bob.", answerable=True, span=(7, 10), relevant=True),
        Example("who?", "it was bob.", answerable=False),
        Example("who?", "no " * 90 + "bob", answerable=True, span=(270, 273)),
    )
    batch = collate(tokenizer, examples, longest=64)
    tokens = tokenizer.convert_ids_to_tokens(
        batch.ids[0, batch.start[0] : batch.end[0] + 1].tolist()
    )
    assert "".join(t.removeprefix("##") for t in tokens) == "bob"
    assert (batch.start[1], batch.end[1]) == (0, 0)
    assert (batch.start[2], batch.end[2]) == (IGNORED, IGNORED)
    assert batch.relevant.isnan().tolist() == [False, True, True]
    assert batch.ids.shape == (3, 64)


def test_padding_is_not_attended_to(start):
    body = load_start(start, dropout=0.0).eval().bert
    ids = torch.randint(5, 40, (2, 10))
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    with torch.no_grad():
        padded = body(input_ids=ids, attention_mask=mask).last_hidden_state[1, :5]
        alone = body(input_ids=ids[1:, :5]).last_hidden_state[0]
    torch.testing.assert_close(padded, alone, atol=1e-5, rtol=1e-4)


def test_workers_meet_batches_of_like_length_at_the_same_time():
    texts = [Example("q", "x" * n, answerable=False, group=n) for n in range(1, 31)]
    one = [len(b[0].passage) for b in batched(texts, 5, Random(1))]
    two = [len(b[0].passage) for b in batched(texts[::-1], 5, Random(1))]
    assert one == two
    assert one != sorted(one)
    assert len(one) == 6


def test_what_is_drawn_together_has_a_number_of_its_own():
    one, two = (Example(q, "x", answerable=False) for q in "ab")
    found = numbered([(one,), (one, two), (one, two, two)], 5)
    groups = [("a", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert [(e.question, e.group) for e in found] == groups


def test_what_was_drawn_together_stands_together():
    texts = [
        Example("q", "x" * (n % 7 + n // 2), answerable=False, group=n // 2)
        for n in range(40)
    ]
    for batch in batched(texts, 4, Random(1)):
        assert batch[0].group == batch[1].group
        assert batch[2].group == batch[3].group


def test_the_plan_has_two_phases_under_one_learning_rate():
    plan = Plan(workers=4)
    assert (plan.updates, plan.seed, plan.save_every) == (4000, 7, 200)
    assert [plan.pseudo_share(u) for u in (0, 999, 1000, 3999)] == [0.8, 0.8, 0.2, 0.2]
    assert [plan.dropout_at(u) for u in (0, 999, 1000)] == [0.0, 0.0, 0.1]
    rates = [plan.learning_rate(u) for u in range(4000)]
    assert max(rates) == rates[199] == rates[200] == plan.peak
    assert rates[3999] < plan.peak / 1000
    assert 1 <= Plan(batch=60 * 7 * 4).workers <= 4
    with pytest.raises(TrainingError, match=r"--batch 10 .* 45"):
        Plan(batch=10, workers=3)


class UnpluggedError(Exception):
    pass


class Listener:
    """Keeps what a run says; may pull the plug, or ask for a stop, at an update."""

    def __init__(self, *, unplug=0, stop=0):
        self.said, self.unplug, self.stop = [], unplug, stop

    def tell(self, event):
        self.said.append(event)
        if isinstance(event, Step) and event.update == self.unplug:
            raise UnpluggedError

    def stopped(self):
        steps = sum(isinstance(event, Step) for event in self.said)
        return bool(self.stop) and steps + 1 >= self.stop

    @property
    def links(self):
        return Links(self.stopped, self.tell)

    @property
    def saved(self):
        return [e.update for e in self.said if isinstance(e, Report)]


def run(start, folder, plan=PLAN, **asked):
    folder.mkdir(exist_ok=True)
    listener = Listener(**asked)
    work(0, supplies(start), folder, plan, listener.links)
    return listener


def assert_same(one, two):
    first, second = load_file(one), load_file(two)
    assert first.keys() == second.keys()
    for name, tensor in first.items():
        assert torch.equal(tensor, second[name]), name


def test_a_run_cut_anywhere_ends_with_the_very_same_weights(start, tmp_path):
    plan = replace(PLAN, turn=0.25)
    whole = run(start, tmp_path / "whole", plan)
    assert whole.saved == [3, 6, 8]
    with pytest.raises(UnpluggedError):
        run(start, tmp_path / "cut", plan, unplug=5)
    stopped = run(start, tmp_path / "cut", plan, stop=2)
    assert stopped.saved == [5]
    assert run(start, tmp_path / "cut", plan).saved == [6, 8]
    for file in (CHECKPOINT, AVERAGED):
        assert_same(tmp_path / "whole" / file, tmp_path / "cut" / file)


def test_training_lowers_the_loss_and_freezes_the_word_embeddings(start, tmp_path):
    plan = replace(PLAN, updates=60, save_every=20, peak=1e-2, dropout=0.0, turn=0.0)
    reports = [
        e for e in run(start, tmp_path / "a", plan).said if isinstance(e, Report)
    ]
    losses = [sum(report.loss.values()) for report in reports]
    assert losses[-1] < losses[0]
    assert reports[-1].held_out == {"held": 1.0}
    names = load_file(tmp_path / "a" / AVERAGED)
    assert not any("word_embeddings" in name for name in names)


def test_another_seed_or_dropout_gives_other_weights(start, tmp_path):
    run(start, tmp_path / "a")
    for folder, plan in (("b", replace(PLAN, seed=8)), ("c", replace(PLAN, dropout=0))):
        run(start, tmp_path / folder, plan)
        with pytest.raises(AssertionError):
            assert_same(tmp_path / "a" / AVERAGED, tmp_path / folder / AVERAGED)


def test_a_folder_with_another_run_or_a_damaged_checkpoint_is_refused(start, tmp_path):
    needed = supplies(start)
    assert find_progress(needed, tmp_path, PLAN) == 0
    run(start, tmp_path)
    assert find_progress(needed, tmp_path, replace(PLAN, save_every=9)) == 8
    with pytest.raises(TrainingError, match=r"differs in updates; .*--work"):
        find_progress(needed, tmp_path, replace(PLAN, updates=9))
    with pytest.raises(TrainingError, match="differs in data"):
        find_progress(replace(needed, weights=(1.0, 2.0, 1.0)), tmp_path, PLAN)
    (tmp_path / CHECKPOINT).write_bytes(b"rubbish")
    with pytest.raises(TrainingError, match="damaged; delete"):
        find_progress(needed, tmp_path, PLAN)


TWO = replace(PLAN, updates=4, workers=2, save_every=4)


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU has one worker")
def test_two_workers_stop_at_the_same_update_and_go_on(start, tmp_path):
    said = []

    def interrupting(event):
        said.append(event)
        if len(said) == 1:
            os.kill(os.getpid(), signal.SIGINT)

    plan = replace(TWO, updates=400)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(TrainingStoppedError, match="of 400; the same command goes on"):
        train(supplies(start), tmp_path / "run", plan, interrupting)
    assert signal.getsignal(signal.SIGINT) == before
    reached = find_progress(supplies(start), tmp_path / "run", plan)
    assert 0 < reached < 400
    assert said[-1] == replace(said[-1], update=reached, held_out={})


def test_a_worker_that_fails_says_why_in_one_line(start, tmp_path):
    broken = replace(supplies(start), measure=None)
    with pytest.raises(TrainingError, match="'NoneType' object is not callable"):
        train(broken, tmp_path, replace(PLAN, updates=1), lambda event: None)


def test_calibration_asks_of_own_paragraphs_and_of_look_alikes():
    examples = calibration_examples(CORPUS)
    own = [(q.text, q.paragraph.text, bool(q.answers)) for q in CORPUS.questions]
    assert [(e.question, e.passage, e.answerable) for e in examples][:1] == own[:1]
    assert set(own) <= {(e.question, e.passage, e.answerable) for e in examples}
    assert not any(e.span for e in examples)


def test_the_measure_names_its_figures_and_the_judge_keeps_the_order(start, tokenizer):
    network = load_start(start, dropout=0.0).eval()
    with torch.no_grad():
        figures = Measure(CORPUS)(network, tokenizer)
        examples = [
            Example("who?", TEXT[:n], answerable=True) for n in (300, 20, 150, 60)
        ]
        together = judge(network, tokenizer, examples, size=2)
        alone = [judge(network, tokenizer, [e])[0] for e in examples]
    assert set(figures) == {
        "adversarial", "adversarial_margin", "same_article", "relevant", "span_f1",
    }  # fmt: skip
    assert [j.answerable for j in together] == pytest.approx(
        [j.answerable for j in alone], abs=1e-5
    )
    assert all(
        j.text and j.text in e.passage for j, e in zip(alone, examples, strict=True)
    )


def test_a_finished_run_becomes_a_folder_whose_files_fit_each_other(start, tmp_path):
    run(start, tmp_path / "run")
    out = tmp_path / "reader"
    out.mkdir()
    (out / "MODEL_CARD.md").write_text("by hand", encoding="utf-8")
    settings = export(start, tmp_path / "run" / AVERAGED, CORPUS, out)
    assert json.loads((out / "reader.json").read_text(encoding="utf-8")) == settings
    assert len(settings["sha256"]) == 3
    for name, digest in settings["sha256"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert (out / "MODEL_CARD.md").read_text(encoding="utf-8") == "by hand"
    assert len(list(out.iterdir())) == 5
    stored = load_file(out / "model.safetensors")
    network = load_trained(start, tmp_path / "run" / AVERAGED)
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point():
            assert stored[name].dtype == torch.float16
            torch.testing.assert_close(
                stored[name].float(), tensor, atol=1e-3, rtol=1e-3
            )
    assert settings["calibration"]["examples"] >= 3


def test_the_product_reads_what_training_wrote(start, tmp_path):
    reader = pytest.importorskip("qa.neural.reader")
    run(start, tmp_path / "run")
    export(start, tmp_path / "run" / AVERAGED, CORPUS, tmp_path / "reader")
    span_reader = reader.SpanReader(tmp_path / "reader", name="tiny")
    (reading,) = span_reader.read("When did it begin?", [TEXT])
    assert 0 < reading.answerable < 1


def test_weights_of_another_network_are_not_exported(start, tmp_path):
    from safetensors.torch import save_file

    save_file({"other": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(TrainingError, match="not weights of this network"):
        export(start, tmp_path / "other.safetensors", CORPUS, tmp_path / "out")


def test_a_reader_that_cannot_be_written_costs_no_training(start, tmp_path):
    run(start, tmp_path / "run")
    write_rows(tmp_path, "file", [])
    with pytest.raises(TrainingError, match="nothing is trained anew"):
        export(start, tmp_path / "run" / AVERAGED, CORPUS, tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("device", "able", "expected"),
    [
        ("cpu", True, torch.bfloat16),
        ("cpu", False, torch.float32),
        ("cuda", False, torch.bfloat16),
    ],
)
def test_bfloat16_is_not_emulated(monkeypatch, device, able, expected):
    monkeypatch.setattr(body, "computes_bfloat16", lambda: able)
    assert computing_type(torch.device(device)) == expected


@pytest.mark.parametrize(
    ("able", "expected"), [(False, torch.float32), (True, torch.bfloat16)]
)
def test_a_run_learns_in_either_type(tmp_path, monkeypatch, start, able, expected):
    def measured(network, batch):
        computed.add(network.bert.encoder.layer[0].output.dense.weight.dtype)
        return losses(network, batch)

    computed = set()
    monkeypatch.setattr(body, "computes_bfloat16", lambda: able)
    monkeypatch.setattr(loop, "losses", measured)
    told = []
    folder = tmp_path / "work"
    folder.mkdir()
    work(0, supplies(start), folder, PLAN, Links(lambda: False, told.append))
    assert computed == {expected}
    found = [step.loss for step in told if isinstance(step, Step)]
    assert len(found) == PLAN.updates
    assert all(torch.isfinite(torch.tensor(found)))
