"""The checker's training: claims from questions and judgements, and the formula."""

import json

import numpy as np
import pytest
from fakes import BagOfWordsEmbedder
from typer.testing import CliRunner

from lab.app import app
from lab.checker.asked import as_claim
from lab.checker.fit import fit_formula
from lab.checker.judged import Asked, Judged, asked, gather, load_judged
from lab.errors import TrainingError
from qa.errors import ModelError
from qa.neural.embedding import Cosines
from qa.verification import WeighedSupport, read_formula
from qa.verification.faults import find_faults
from qa.verification.ground import ground
from qa.verification.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("Who wrote the book?", "Anna", "Anna wrote the book."),
        ("When did it freeze?", "1987", "It freeze in 1987."),
        ("When was the tower built?", "1939", "The tower was built in 1939."),
        ("Where is the pier?", "in Oslo", "The pier is in Oslo."),
        ("In what year did it burn?", "1901", "In 1901, it burn."),
        ("How many boats sank?", "12", "12 boats sank."),
        ("What is the name of the ship?", "Fram", "The name of the ship is Fram."),
        ("What was the ship called?", "Fram", "The ship was called Fram."),
        ("What company owns it?", "Vardal", "Vardal owns it."),
        ("Is it so?", "yes", None),
        ("Who?", "", None),
    ],
)
def test_a_question_with_its_answer_makes_a_claim(question, answer, claim):
    assert as_claim(question, answer) == claim


def test_a_question_is_held_against_the_sentence_that_answers_it():
    passage = "Oslo is old. The tower was built in 1939. In 1939 the pier froze."
    found = list(asked([Asked("When was the tower built?", passage, "1939")]))
    evidence = ("The tower was built in 1939.",)
    claim = "The tower was built in 1939."
    assert found == [Judged(claim, evidence, supported=True, origin="asked")]


WICE = {
    "claim": "It froze.",
    "evidence_sentences": ["It froze.", "Fish died.", "All."],
    "supporting_sentence_sets": [[0], [1]],
    "label": "supported",
    "meta": {"claim_title": "Ice"},
}
CHUNK = {"claim": "It froze.", "evidence": "It may.", "label": "partially_supported"}
EXPERT = {
    "claim": "It froze [1].",
    "question": "Did it?",
    "evidence": ["[1] http://a.b/c\n\nIt froze."],
    "evidence_has_text": True,
    "support": "Complete",
}


def write(path, *rows):
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def test_judgements_of_each_shape_are_read(tmp_path):
    files = [
        write(tmp_path / "wice.jsonl", WICE, CHUNK),
        write(tmp_path / "expert.jsonl", EXPERT, {**EXPERT, "support": "Missing"}),
    ]
    found = load_judged(files)
    assert [(c.claim, c.evidence, c.supported, c.origin) for c in found] == [
        ("It froze.", ("It froze.",), True, "wice"),
        ("It froze.", ("It froze.", "Fish died."), True, "wice"),
        ("It froze.", ("It may.",), False, "wice"),
        ("It froze.", ("It froze.",), True, "expertqa"),
    ]
    # The chunk does not say its article: it goes where the claim goes.
    assert len({claim.held_out for claim in found[:3]}) == 1


def test_two_fifths_of_the_documents_are_kept_out(tmp_path):
    rows = [{**EXPERT, "question": f"Why {i}?"} for i in range(500)]
    found = load_judged([write(tmp_path / "e.jsonl", *rows)])
    assert 0.33 < np.mean([claim.held_out for claim in found]) < 0.47


def test_what_is_no_data_is_told(tmp_path):
    for bad in (tmp_path / "none.jsonl", tmp_path, write(tmp_path / "a.jsonl", {})):
        with pytest.raises(TrainingError, match="cannot be learnt from"):
            gather([bad], seed=1)


def made_up(count):
    for i in range(count):
        source = (f"The pier of town {i + 20} froze in the long hard winter.",)
        yield Judged(f"The pier of town {i + 20} froze.", source, True, "wice")
        yield Judged("Copper lamps are cheap.", source, False, "wice")


def test_a_formula_tells_what_it_was_fitted_on_apart():
    cosines = Cosines(BagOfWordsEmbedder())
    claims = list(made_up(20))
    support = WeighedSupport(cosines, fit_formula(claims, cosines))
    for claim in claims:
        said = statement(claim.claim)
        source = ground(said, claim.evidence)
        score = support(said, source, find_faults(said, source))
        assert 0 <= score <= 1
        assert (score > 0.5) == claim.supported


def test_remembered_vectors_are_those_of_the_embedder_and_not_asked_for_twice():
    embedder = BagOfWordsEmbedder()
    asked_for = []
    encode = embedder.encode_documents

    class Counting:
        def encode_documents(self, texts):
            asked_for.extend(texts)
            return encode(texts)

    cosines = Cosines(Counting(), kept=3)
    vectors = encode(["ice", "ice and fish"])
    assert cosines("ice", ["ice and fish"]) == [pytest.approx(vectors[0] @ vectors[1])]
    assert cosines("ice and fish", ["ice", "ice"])[0] == pytest.approx(
        vectors[0] @ vectors[1]
    )
    assert asked_for == ["ice", "ice and fish"]
    cosines("ice", ["a", "b"])  # more than are kept: the rest is forgotten
    cosines("ice", ["ice and fish"])
    assert asked_for.count("ice and fish") == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "cannot be read"), ("{}", "is no formula"), ('{"formula": {}}', "bias")],
)
def test_a_formula_that_cannot_be_used_is_told(tmp_path, text, told):
    if text is not None:
        (tmp_path / "checker.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=told):
        read_formula(tmp_path)


@pytest.mark.real
def test_the_command_writes_what_the_checker_reads(tmp_path):
    rows = [
        {"claim": c.claim, "evidence": list(c.evidence), "supported": c.supported}
        for c in made_up(8)
    ]
    data = write(tmp_path / "claims.jsonl", *rows)
    arguments = ["train-checker", str(data), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert read_formula(tmp_path / "out")["covered"] > 0
