"""A writer trained for a few updates: resumed, exported, taken up by llama.cpp."""

import hashlib
import json
import threading
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from lab.app import app
from lab.errors import TrainingError
from lab.training.checkpoint import AVERAGED
from lab.writer.train import Plan, train
from qa.neural.generation import LlamaGenerator
from qa.schema import Message, Prompt

pytestmark = [pytest.mark.real, pytest.mark.filterwarnings("ignore")]
PLAN = Plan(updates=2, batch=1, first_block=28, save_every=1, watched=1)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def ended(judged_folder, gguf, tmp_path_factory):
    told = []
    folder = tmp_path_factory.mktemp("run")
    path = train(judged_folder, gguf, folder, PLAN, told.append)
    assert [line.split(",")[0] for line in told] == ["update 1 of 2", "update 2 of 2"]
    return path


def test_only_the_adapter_of_the_last_blocks_is_learnt(ended):
    weights = load_file(ended)
    blocks = {name.split("layers.")[1].split(".")[0] for name in weights}
    assert blocks == {"28", "29"}
    assert len(weights) == 2 * 7 * 2
    assert all(
        value.shape[0 if ".lora_A." in name else 1] == 16
        for name, value in weights.items()
    )
    assert any(value.any() for name, value in weights.items() if ".lora_B." in name)


def test_a_run_cut_in_two_ends_with_the_same_weights(
    ended, judged_folder, gguf, tmp_path
):
    def stop(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(judged_folder, gguf, tmp_path, PLAN, stop)
    train(judged_folder, gguf, tmp_path, PLAN, lambda _: None)
    ours, theirs = load_file(tmp_path / AVERAGED), load_file(ended)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_another_plan_does_not_go_on_from_a_run(judged_folder, gguf, ended):
    with pytest.raises(TrainingError, match="another plan"):
        train(judged_folder, gguf, ended.parent, replace(PLAN, rank=8), print)


def test_the_command_writes_what_the_generator_drafts_with(
    ended, judged_folder, gguf, tmp_path
):
    out = tmp_path / "writer"
    command = ["train-writer", str(judged_folder), "--out", str(out), "--export-only"]
    none = CliRunner().invoke(app, [*command, "--work", str(tmp_path)])
    assert isinstance(none.exception, TrainingError)
    assert "no checkpoint yet" in str(none.exception)
    done = CliRunner().invoke(app, [*command, "--work", str(ended.parent)])
    assert done.exit_code == 0, done.output
    read = json.loads((out / "writer.json").read_text())
    adapter = out / "adapter.gguf"
    assert read["sha256"] == hashlib.sha256(adapter.read_bytes()).hexdigest()
    assert read["generator"]["bytes"] == gguf.stat().st_size
    generator = LlamaGenerator(
        gguf, name="", max_tokens=8, seconds=60.0, adapter=adapter
    )
    messages = Message("user", "Who sails?"), Message("assistant", "[1] Ann")
    assert "".join(generator.stream(Prompt(messages), threading.Event())).strip()
    generator.close()


def test_a_folder_without_the_data_is_named(tmp_path):
    ran = CliRunner().invoke(app, ["train-writer", str(tmp_path)])
    assert isinstance(ran.exception, TrainingError)
    assert "train.jsonl: is not there" in str(ran.exception)
