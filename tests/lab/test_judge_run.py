"""A judge trained for a few updates: resumed, exported, loaded by the product."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.judge import held_out
from lab.judge.examples import Example
from lab.judge.export import crosswise, export, needed_for, needed_surely, shown
from lab.judge.held_out import HeldOut
from lab.judge.train import Plan, train_one
from lab.training.checkpoint import AVERAGED
from qa.neural.judge import TrainedJudge
from qa.schema import Strictness

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PLAN = Plan(updates=4, batch=16, save_every=2, peak=1e-3)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True, scope="module")
def own_texts_are_few(judged_folder):
    few = (judged_folder / "train" / "written" / "dev.jsonl",)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HELD_OUT_ESSAYS", "HELD_OUT_NOTES"):
            patch.setattr(held_out, name, few)
        patch.setattr(held_out, "HELD_OUT_RESTATEMENTS", few[0])
        yield


@pytest.fixture(scope="module")
def ended(judged_folder, judged_start, tmp_path_factory):
    told = []
    folder = tmp_path_factory.mktemp("run")
    path = train_one(judged_folder, judged_start, folder, PLAN, told.append)
    assert [line.split(":")[0].split(",")[1] for line in told] == [
        " update 2 of 4",
        " update 4 of 4",
    ]
    return path


def same(left, right):
    a, b = load_file(left), load_file(right)
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_a_run_cut_in_two_ends_with_the_same_weights(
    ended, judged_folder, judged_start, tmp_path, monkeypatch
):
    def stop(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_one(judged_folder, judged_start, tmp_path, PLAN, stop)
    assert not same(tmp_path / AVERAGED, ended)
    train_one(judged_folder, judged_start, tmp_path, PLAN, lambda _: None)
    assert same(tmp_path / AVERAGED, ended)


def test_another_plan_does_not_go_on_from_a_run(judged_folder, judged_start, ended):
    other = replace(PLAN, updates=6)
    with pytest.raises(TrainingError, match="another plan"):
        train_one(judged_folder, judged_start, ended.parent, other, print)


def test_what_is_exported_judges_and_is_trained_on(
    ended, judged_folder, judged_start, tmp_path
):
    out = tmp_path / "judge"
    settings = export(judged_start, ended, judged_folder, out)
    judge = TrainedJudge(out, name="made")
    assert 0.0 <= judge.weigh([("It sank.", "It sank in May.")])[0].support <= 1.0
    for cut in (False, True):
        assert judge.needed(Strictness.BALANCED, cut=cut) >= judge.needed(
            Strictness.LENIENT, cut=cut
        )
    assert {"cited.auc", "whole.auc", "alone.auc", "cuts.auc"} <= set(
        settings["figures"]
    )
    on = train_one(judged_folder, out, tmp_path / "on", PLAN, lambda _: None)
    before = load_file(out / "model.safetensors")["support.weight"].float()
    fresh, further = (load_file(p)["support.weight"] for p in (ended, on))
    assert (further - before).norm() < (further - fresh).norm() + fresh.norm()


def test_the_command_trains_and_exports(judged_folder, judged_start, tmp_path):
    out = tmp_path / "judge"
    options = ["--updates", "2", "--batch", "16", "--save-every", "1"]
    folders = ["--start", judged_start, "--out", out, "--work", tmp_path / "work"]
    done = CliRunner().invoke(
        app, ["train-judge", str(judged_folder), *options, *map(str, folders)]
    )
    assert done.exit_code == 0, done.output
    assert "AUC" in done.output
    assert json.loads((out / "judge.json").read_text())["format"] == 1


def test_what_is_needed_is_the_lowest_bar_that_is_precise_enough():
    import numpy as np

    chance = np.array([0.1, 0.4, 0.6, 0.8, 0.9])
    truth = np.array([False, False, True, False, True])
    assert needed_for(chance, truth, 0.95) == 0.9
    assert needed_for(chance, truth, 0.85) == 0.6
    assert needed_for(chance, truth, 0.8) == 0.6
    assert needed_for(chance[::-1], truth[::-1], 0.8) == 0.6
    assert needed_for(chance, ~truth, 1.0) == 1.0
    at = shown(chance, truth, 0.6)
    assert at["caught"] == pytest.approx(2 / 3)
    assert at["false_alarms"] == 0.0


def test_each_half_is_measured_with_what_the_other_needs():
    import numpy as np

    # Of the first half what is false scores up to .8, of the other up to .2.
    titles = np.array([f"t{n // 10}" for n in range(40)])
    first = np.isin(titles, ["t0", "t2"])
    truth = np.arange(40) % 2 == 0
    chance = np.where(truth, np.where(first, 0.9, 0.5), np.where(first, 0.8, 0.2))
    part = HeldOut(
        tuple(Example("", "", bool(value)) for value in truth),
        ("",) * 40,
        tuple(titles.tolist()),
    )
    found = crosswise(chance, part, 0.95)
    # The first half's bar shows nothing of the other, whose bar shows all of the first.
    assert found == {"precision": 0.85, "caught": 0.5, "false_alarms": 0.5}


def test_a_bar_set_on_few_claims_is_on_the_safe_side():
    import numpy as np

    chance = np.linspace(0.0, 1.0, 40)
    truth = [
        number % 8 != 0 if number > 19 else number % 4 == 0 for number in range(40)
    ]
    part = HeldOut(
        tuple(Example("", "", value) for value in truth),
        ("",) * 40,
        tuple(str(number // 2) for number in range(40)),
    )
    surely = needed_surely(chance, part, 0.85)
    assert needed_for(chance, part.truth, 0.85) < surely < 1.0
