"""The embedder contract, on the fake and on the real model."""

from contextlib import nullcontext

import numpy as np
import pytest
from fakes import BagOfWordsEmbedder

from qa.errors import ModelError
from qa.neural.embedding import SentenceTransformerEmbedder

TEXTS = ["The harbour freezes in winter.", "A cold store for fish.", "Winter harbour"]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.real)])
def any_embedder(request):
    if request.param == "real":
        return request.getfixturevalue("real_embedder")
    return BagOfWordsEmbedder()


def test_documents_and_queries_are_unit_rows_of_the_stated_dimension(any_embedder):
    for encode in (any_embedder.encode_documents, any_embedder.encode_queries):
        vectors = encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (3, any_embedder.dimension)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(any_embedder):
    assert any_embedder.encode_documents([]).shape == (0, any_embedder.dimension)
    assert any_embedder.encode_queries([]).shape == (0, any_embedder.dimension)
    assert list(any_embedder.count_tokens([])) == []


def test_what_is_alike_in_words_is_near(any_embedder):
    near, far = any_embedder.encode_documents(TEXTS[:2])
    query = any_embedder.encode_queries(["harbour winter"])[0]
    assert query @ near > query @ far


def test_a_text_has_the_same_vector_alone_and_in_company(any_embedder):
    together = any_embedder.encode_documents(TEXTS)
    alone = np.vstack([any_embedder.encode_documents([text]) for text in TEXTS])
    assert (np.sum(together * alone, axis=1) > 0.999).all()


def test_tokens_add_up_and_exceed_the_window_where_the_text_does(any_embedder):
    counts = any_embedder.count_tokens([*TEXTS[:2], " ".join(TEXTS[:2]), ""])
    assert counts[0] + counts[1] == counts[2] > 0
    assert counts[3] == 0
    (long,) = any_embedder.count_tokens(["harbour " * 1000])
    assert long >= 1000 > any_embedder.window


def test_the_fake_keeps_what_it_encoded_and_can_be_computed_by_hand():
    fake = BagOfWordsEmbedder()
    fake.encode_queries(["not kept"])
    vectors = fake.encode_documents(["ice ice", "ICE", "sea"])
    assert fake.encoded == ["ice ice", "ICE", "sea"]
    assert vectors[0] @ vectors[1] == pytest.approx(1)
    assert vectors[0] @ vectors[2] == 0


@pytest.mark.real
def test_text_beyond_the_window_would_be_cut_without_a_word(real_embedder):
    # Why passages must fit: these two texts differ only after the window.
    texts = ["harbour " * 300 + end for end in ("winter", "fish")]
    first, second = real_embedder.encode_documents(texts)
    assert first @ second == pytest.approx(1, abs=1e-3)
    assert real_embedder.window == 256


class _Stub:
    """Stands for a loaded model with damaged weights."""

    def __init__(self, row):
        self._row = row

    def encode_document(self, texts, **_):
        return np.array([self._row] * len(texts), np.float32)

    encode_query = encode_document


@pytest.mark.parametrize("row", [[np.nan, 1.0], [np.inf, 0.0], [0.0, 0.0], [0.1, 0.1]])
def test_broken_vectors_are_a_model_error_and_never_stored(row):
    embedder = SentenceTransformerEmbedder("/models/damaged", id="x")
    embedder._loaded, embedder._autocast = _Stub(row), nullcontext
    for encode in (embedder.encode_documents, embedder.encode_queries):
        with pytest.raises(ModelError, match=r"/models/damaged.*damaged"):
            encode(["text"])


def test_vectors_of_any_length_are_made_unit_rows():
    embedder = SentenceTransformerEmbedder("/models/long", id="x")
    embedder._loaded, embedder._autocast = _Stub([3.0, 4.0]), nullcontext
    assert embedder.encode_queries(["text"]).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)]
    ]


@pytest.mark.real
@pytest.mark.parametrize("damage", ["missing", "not a model"])
def test_a_folder_that_holds_no_model_is_a_model_error(tmp_path, damage, real_embedder):
    folder = tmp_path / "model"
    if damage == "not a model":
        folder.mkdir()
        (folder / "config.json").write_text("{}", encoding="utf-8")
        (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="setting `embedder`"):
        SentenceTransformerEmbedder(folder, id="x").encode_queries(["text"])
