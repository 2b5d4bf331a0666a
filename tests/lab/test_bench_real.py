"""The bench on the embedded models: each figure can be measured, however roughly."""

import shutil
import warnings
from pathlib import Path

import pytest

from lab.bench.cold import measure_cold, measure_warm
from lab.bench.encoding import measure_encoding
from lab.bench.memory import measure_memory
from lab.bench.stages import measure_stages
from lab.bench.writing import measure_writing
from qa.errors import EvaluationError
from qa.settings import load_settings
from qa.wiring import run_build

SEED = "atlantic-community-future-of-relations.md"
QUESTIONS = [
    "What binds Russia and China?",
    "Where do they cooperate to balance the US?",
    "What has pressing the West given each?",
]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (home / "seeds").mkdir()
    shutil.copy(Path(__file__).parents[2] / "seeds" / SEED, home / "seeds")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # What torch and transformers say about themselves is not ours to mend.
        warnings.simplefilter("ignore")
        patch.setenv("QA_HOME", str(home))
        settings = load_settings()
        run_build(settings)
        yield settings


def figures(rows):
    assert all(row.value > 0 for row in rows)
    assert all(row.reference is None or row.reference > 0 for row in rows)
    return [row.name for row in rows]


def test_a_cold_question_is_timed_beside_the_plain_script(settings):
    (row,) = measure_cold(settings, QUESTIONS[0], rounds=1)
    assert figures([row]) == ["cold question"]
    assert row.reference


def test_warm_questions_and_their_stages_are_timed(settings):
    assert figures(measure_warm(settings, QUESTIONS, loading=1)) == [
        "warm question, first sentence",
        "warm question, retrieved and read",
    ]
    assert figures(measure_stages(settings, QUESTIONS)) == [
        "question embedded and searched",
        "20 passages read",
        "first word of a draft",
        "words behind it",
        "sentence judged",
    ]


def test_questions_without_an_answer_are_said_to_be_of_no_use(settings):
    with pytest.raises(EvaluationError, match="ask others"):
        measure_warm(settings, ["How do I bake sourdough bread?"], loading=0)


def test_writing_is_measured_beside_quotes(settings):
    rows = {row.name: row for row in measure_writing(settings, QUESTIONS)}
    assert rows["whole answer, median"].value > 0
    assert rows["first sentence, median"].reference > 0
    assert 0 <= rows["of these, shown"].value <= 1
    assert 0 <= rows["of what is shown, in own words"].value <= 1
    assert rows["memory of the generator's process"].value > 10
    with pytest.raises(EvaluationError, match="ask others"):
        list(measure_writing(settings, QUESTIONS[:2]))


def test_embedding_and_memory_are_measured(settings):
    rows = measure_encoding(settings, ["The ferry froze.", "It sank."] * 4, rounds=1)
    assert len(figures(rows)) == 2
    assert figures(measure_memory(QUESTIONS[0])) == [
        "memory, answering process",
        "memory, generator's process",
    ]
