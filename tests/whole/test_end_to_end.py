"""The whole path with the embedded models: seeds to cited answers."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from qa.settings import Settings
from qa.wiring import assemble, run_build

SHIPPED = Path(__file__).parents[2] / "seeds"
REAL = Path(__file__).parents[3] / "shared" / "seeds"
OUTSIDE = "How do I bake sourdough bread with rye flour?"

pytestmark = pytest.mark.real


class Home:
    """A home folder with its own index, and the parts that answer from it."""

    def __init__(self, folder: Path, seeds: Path) -> None:
        self.folder = folder
        # Made from values: no variable or file from outside has a say.
        self.settings = Settings(
            seeds=folder / "seeds", index=folder / "index", threads=1
        )
        shutil.copytree(seeds, self.settings.seeds)
        self.settings.seeds.chmod(0o755)
        with warnings.catch_warnings():
            # What torch and transformers say about themselves is not ours to mend.
            warnings.simplefilter("ignore")
            self.first_build = run_build(self.settings)
            self.second_build = run_build(self.settings)
        self.parts = assemble(self.settings)

    def ask(self, question):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.parts.answerer.answer(question)

    def assert_verbatim(self, answer):
        with self.parts.index.snapshot() as snapshot:
            for citation in (*answer.citations, *answer.nearest):
                text = snapshot.document(citation.document.id).text
                assert text[citation.start : citation.end] == citation.quote


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("shipped"), SHIPPED)
    yield home
    home.parts.generator.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    if not REAL.is_dir():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"{REAL} is not there")
    home = Home(tmp_path_factory.mktemp("real"), REAL)
    yield home
    home.parts.generator.close()


def test_a_second_build_embeds_nothing(shipped):
    assert shipped.first_build.count("added") >= 5
    assert shipped.first_build.embedded > 50
    assert shipped.second_build.embedded == 0
    assert shipped.second_build.generation is None


@pytest.mark.parametrize(
    ("question", "file", "quoted"),
    [
        (
            "Which Chinese scholar has argued for an alliance with Russia?",
            "rusi-alliance-likelier.md",
            "Yan Xuetong",
        ),
        (
            "What did the EU decline to sign at the Belt and Road summit in May 2017?",
            "decreasing-asymmetry.md",
            "joint trade statement",
        ),
        (
            "Who wrote A Calculated Relationship?",
            "cipher-brief-calculated-relationship.md",
            "Yun Sun",
        ),
    ],
)
def test_the_shipped_seeds_answer_with_the_right_article(
    shipped, question, file, quoted
):
    answer = shipped.ask(question)
    assert not answer.abstained
    assert file in {citation.document.file for citation in answer.citations}
    assert any(quoted in c.quote or quoted in answer.text for c in answer.citations)
    assert all(sentence.citations for sentence in answer.sentences)
    shipped.assert_verbatim(answer)


def test_what_the_articles_do_not_hold_is_not_answered(shipped):
    answer = shipped.ask(OUTSIDE)
    assert answer.abstained
    assert answer.sentences == ()
    assert len(answer.nearest) == 3
    shipped.assert_verbatim(answer)


def test_the_next_question_is_answered_when_the_model_was_killed(shipped):
    question = "What did Deng Xiaoping introduce the non-alliance policy for?"
    before = shipped.ask(question)
    generator = shipped.parts.generator
    child = generator._child._process
    child.kill()
    child.wait()
    after = shipped.ask(question)
    assert generator._child._process.pid != child.pid
    assert after.sentences == before.sentences
    assert after.rejected == before.rejected
    assert "Deng Xiaoping" in after.text


def test_courtesies_cost_no_answer_and_what_is_left_open_is_named(shipped):
    asked = "What did Deng Xiaoping introduce the non-alliance policy for?"
    other = "how many submarines does the Chilean navy operate?"
    answer = shipped.ask(f"Hi! I am writing a paper. {asked} And {other} Thanks.")
    assert answer.sentences[0] == shipped.ask(asked).sentences[0]
    assert answer.unanswered == (f"H{other[1:]}",)


def test_ask_prints_the_documented_object(shipped):
    done = subprocess.run(
        [sys.executable, "-m", "qa", "ask", "--json", "Who wrote the RUSI commentary?"],
        env={**os.environ, "QA_HOME": str(shipped.folder), "QA_GENERATOR": "none"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert set(found) == {
        "question",
        "text",
        "abstained",
        "shape",
        "strictness",
        "sentences",
        "citations",
        "rejected",
        "nearest",
        "unanswered",
        "notes",
        "understood",
        "answerability",
        "draft_lost",
        "timings",
        "models",
    }
    cited = found["citations"] + found["nearest"]
    assert cited
    for citation in cited:
        keys = {"number", "document", "heading", "start", "end", "quote", "verdict"}
        assert set(citation) == keys | {"score", "answer", "page", "from_picture"}
        known = {"id", "title", "authors", "publisher", "published", "url", "file"}
        assert set(citation["document"]) == known | {"retrieved"}
    assert set(found["timings"]) == {"retrieve_s", "first_token_s", "total_s"}
    assert found["models"]["generator"] == "none"


@pytest.mark.parametrize(
    ("question", "number", "gold"),
    [
        ("Which prominent scholar argues for an alliance with Russia?", "004",
         "Yan Xuetong"),
        ("Which Russian fighter jets did recent arms sales include?", "001", "Su-35"),
        ("Which concept put forward by the Obama administration did China reject?",
         "002", "G-2"),
        ("What do many Chinese still hold against Russia since the Qing dynasty?",
         "003", "grudge"),
        ("What put Moscow in the position of demandeur towards Beijing?", "000",
         "demandeur"),
    ],
)  # fmt: skip
def test_the_real_articles_answer_with_the_right_words(real, question, number, gold):
    answer = real.ask(question)
    assert not answer.abstained
    cited = [c for c in answer.citations if c.document.file.startswith(number)]
    assert any(gold in citation.quote for citation in cited)
    assert all(sentence.citations for sentence in answer.sentences)
    real.assert_verbatim(answer)


def test_the_real_articles_do_not_answer_everything(real):
    assert real.ask(OUTSIDE).abstained
