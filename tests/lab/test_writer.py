"""The writer's training: what it learns from, an update, a stop, and the adapter."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from lab.errors import TrainingError
from lab.writer.examples import (
    NOTHING,
    Taught,
    Teacher,
    chosen,
    worth,
)
from lab.writer.export import rotated
from qa.neural.judge import Opinion

ROW = {
    "question": "Why was the ferry moved?",
    "sentences": [
        "The harbour of Lindesund freezes every winter.",
        "So the ferry was moved to the southern pier in 1987.",
        "Sailing clubs use the old pier in summer.",
    ],
    "answer": [
        {"text": "The harbour freezes, so the ferry was moved.", "sentences": [1, 2]},
        {"text": "It has been at the southern pier since 1987.", "sentences": [2]},
    ],
}
TAUGHT = Taught(
    ROW["question"],
    tuple(ROW["sentences"]),
    (
        ("The harbour freezes, so the ferry was moved.", (0, 1)),
        ("It has been at the southern pier since 1987.", (1,)),
    ),
)


class Lenient:
    """Supports everything but one sentence."""

    def __init__(self, refused=""):
        self._refused = refused

    def needed(self, strictness, *, cut=False):
        return 0.7

    def weigh(self, pairs):
        return [Opinion(0.1 if said == self._refused else 0.9) for said, _ in pairs]


def test_what_the_judge_would_let_be_said_is_learnt():
    assert worth([ROW], Lenient()) == [TAUGHT]
    (cut,) = worth([ROW], Lenient(ROW["answer"][1]["text"]))
    assert cut == replace(TAUGHT, said=TAUGHT.said[:1])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Icy waters made navigators relocate vessels.", id="other words"),
        pytest.param("The ferry was moved, as the harbour freezes.", id="turned"),
        pytest.param("It freezes.", id="too little"),
        pytest.param("At the southern pier, since 1987.", id="needs its question"),
    ],
)
def test_what_a_small_model_should_not_imitate_is_not(text):
    row = {**ROW, "answer": [{"text": text, "sentences": [1, 2]}]}
    assert worth([row], Lenient()) == []


def test_sentences_are_numbered_as_the_product_would_with_others_among_them():
    seen = set()
    for seed in range(40):
        sentences, answer = chosen(TAUGHT, Random(seed))
        seen.add(len(sentences))
        assert sentences[0] == ROW["sentences"][0]
        number = sentences.index(ROW["sentences"][1]) + 1
        assert answer == (
            f"The harbour freezes, so the ferry was moved [1][{number}]. "
            f"It has been at the southern pier since 1987 [{number}]."
        )
    assert seen == {2, 3}


@pytest.fixture(scope="module")
def teacher(gguf):
    from llama_cpp import Llama

    return Teacher(Llama(str(gguf), vocab_only=True, verbose=False))


@pytest.mark.real
def test_only_the_answer_is_learnt(teacher):
    example = teacher.example(TAUGHT, Random(1))
    learnt = [t for t in example.targets if t != NOTHING]
    assert len(example.ids) == len(example.targets)
    assert 10 < len(learnt) < len(example.ids) / 2
    assert list(example.ids[-len(learnt) + 1 :]) == learnt[:-1]


@pytest.mark.real
def test_equal_seeds_make_equal_batches_of_like_length(teacher):
    rows = [replace(TAUGHT, question=f"Why{' so' * n}?") for n in range(40)]

    def first(seed):
        batches = teacher.batches(rows, 2, seed)
        return [next(batches) for _ in range(20)]

    assert first(1) == first(1) != first(2)
    lengths = [[len(e.ids) for e in batch] for batch in first(1)]
    assert max(max(pair) - min(pair) for pair in lengths) < 20


def test_rotary_halves_stand_in_turn():
    rows = np.arange(8, dtype=np.float32)[:, None]
    assert rotated(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


_LOGITS = """
import json, sys
from llama_cpp import Llama
model, adapter, ids = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
llama = Llama(model, n_ctx=128, logits_all=True, verbose=False,
              lora_path=adapter or None, n_threads=1, n_threads_batch=1)
llama.eval(ids)
print(json.dumps(llama.scores[len(ids) - 1].tolist()))
"""


def logits(gguf, adapter, ids):
    ran = subprocess.run(
        [sys.executable, "-c", _LOGITS, str(gguf), str(adapter), json.dumps(ids)],
        capture_output=True,
        check=True,
        env={"OMP_NUM_THREADS": "1"},
    )
    return np.array(json.loads(ran.stdout))


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_a_run_is_gone_on_with_and_its_adapter_does_in_llama_what_it_did_in_torch(
    gguf, teacher, tmp_path
):
    import torch

    from lab.training.checkpoint import Weights
    from lab.writer.export import export
    from lab.writer.train import Plan, adapted, train

    torch.set_num_threads(1)
    plan = Plan(updates=3, batch=2, rank=2, alpha=4, peak=5e-3, save_every=1)
    rows = [TAUGHT] * 40
    told = []
    averaged, loss = train(
        gguf, rows, rows[:1], teacher, tmp_path / "work", plan, told.append
    )
    losses = [float(line.split()[-4]) for line in told]
    assert losses[-1] < losses[0]
    # The run is over: nothing is computed anew, and the end is the same.
    again = train(gguf, rows, rows[:1], teacher, tmp_path / "work", plan, told.append)
    assert again == (averaged, loss)
    assert len(told) == 3
    other = replace(plan, updates=4)
    with pytest.raises(TrainingError, match="another plan"):
        train(gguf, rows, rows[:1], teacher, tmp_path / "work", other, told.append)

    out = tmp_path / "writer"
    written = export(averaged, gguf, out, alpha=plan.alpha, figures={"nats": loss})
    assert json.loads((out / "writer.json").read_text()) == written
    network = adapted(gguf, plan, torch.device("cpu"))
    weights = Weights(network, plan)
    weights.restore(tmp_path / "work")
    ids = list(teacher.example(TAUGHT, Random(1)).ids)
    with weights.averaged(), torch.no_grad():
        wanted = network(torch.tensor([ids])).logits[0, -1].float().numpy()
    plain, over = (logits(gguf, path, ids) for path in ("", out / "adapter.gguf"))
    apart = np.abs(over - wanted).mean()
    assert apart < np.abs(plain - wanted).mean() / 3
    assert np.corrcoef(over, wanted)[0, 1] > 0.99


def test_an_adapter_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    from lab.writer import export as module

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_adapter", full)
    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"GGUF")
    with pytest.raises(TrainingError, match=r"No space left on device.*--out"):
        module.export(Path("x"), gguf, tmp_path / "out", alpha=1.0, figures={})
