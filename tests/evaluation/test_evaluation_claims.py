"""A claims file to figures, and claims made to be told apart."""

import json
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import assert_one_line
from typer.testing import CliRunner

from qa.cli.app import app
from qa.errors import EvaluationError
from qa.evaluation import evaluate_claims, load_claims
from qa.evaluation.claim_files import Claim
from qa.evaluation.claims import best_split, claim_figures
from qa.evaluation.swaps import Maker, texts
from qa.schema import Strictness
from qa.settings import load_settings
from qa.verification import judge_claims
from qa.wiring import make_judge

FILE = [
    {"claim": "The pier froze.", "evidence": ["The pier froze."], "supported": True},
    {"claim": "Fish froze.", "evidence": "The pier froze.", "supported": False},
    {"claim": "The pier is old.", "evidence": ["A pier."], "supported": True},
    {"claim": "The pier is new.", "evidence": ["An old pier."], "supported": False},
]


@dataclass
class Judged:
    verdict: str
    score: float = 0.25
    alone: float = 0.5
    reason: str = "so it is"


def write(path, rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def measure(path, verdicts):
    verdicts = iter(verdicts)
    return evaluate_claims(
        load_claims(path),
        lambda claims: [Judged(next(verdicts)) for _ in claims],
        lambda _text, others: [0.5] * len(others),
        lambda *_: None,
    )


def test_the_figures_are_those_of_the_readme(tmp_path):
    report = measure(
        write(tmp_path / "c.jsonl", FILE),
        ["supported", "contradicted", "not_supported", "supported"],
    )
    claims = report["claims"]
    assert claims["n"] == 4
    assert claims["caught"] == 0.5
    assert claims["false_alarms"] == 0.5
    assert claims["precision"] == 0.5
    assert claims["balanced_accuracy"] == 0.5
    # All words of the first claim are in its evidence, half of the others'.
    assert claims["overlap_balanced_accuracy"] == 0.75
    assert claims["similarity_balanced_accuracy"] == 0.5
    assert claims["baseline_balanced_accuracy"] == 0.75
    low, high = report["intervals"]["claims.caught"]
    assert 0 <= low < 0.5 < high <= 1
    assert [record["verdict"] for record in report["records"]] == [
        "supported", "contradicted", "not_supported", "supported",
    ]  # fmt: skip
    assert report["records"][0] == {
        "id": "1",
        "claim": "The pier froze.",
        "supported": True,
        "verdict": "supported",
        "score": 0.25,
        "reason": "so it is",
    }


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_balanced_accuracy_is_the_mean_of_both_shares(pairs):
    figures = claim_figures([c for c, _ in pairs], [t for _, t in pairs])
    shares = []
    if "caught" in figures:
        shares.append(figures["caught"].value)
    if "false_alarms" in figures:
        shares.append(1 - figures["false_alarms"].value)
    mean = sum(shares) / len(shares)
    assert figures["balanced_accuracy"].value == pytest.approx(mean)


def test_a_baseline_gets_the_threshold_that_suits_it_best():
    scores, truth = [0.1, 0.4, 0.6, 0.9], [False, False, True, True]
    assert best_split(scores, truth).value == 1.0
    assert best_split([0.5] * 4, truth).value == 0.5
    assert best_split(scores, [not t for t in truth]).value == 0.5


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "holds no claims"),
        ([FILE[0], "{"], "line 2: is not JSON"),
        ([{**FILE[0], "supported": "yes"}], "line 1: “supported”"),
        ([{"claim": "It froze.", "supported": True}], "line 1: “evidence”"),
        ([{**FILE[0], "claim": ""}], "line 1: “claim”"),
        (["[" * 10_000], "line 1: is not JSON"),
        (["[]"], "line 1: “line”"),
    ],
)
def test_a_bad_file_is_told_by_line(tmp_path, rows, told):
    with pytest.raises(EvaluationError, match=told):
        load_claims(write(tmp_path / "c.jsonl", rows))


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(EvaluationError, match="cannot be read"):
        load_claims(tmp_path / "none.jsonl")
    (tmp_path / "c.jsonl").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(EvaluationError, match="not UTF-8"):
        load_claims(tmp_path / "c.jsonl")


def test_evidence_of_white_space_is_none(tmp_path):
    path = write(tmp_path / "c.jsonl", [{**FILE[0], "evidence": [" ", ""]}])
    assert load_claims(path) == (Claim("The pier froze.", (), supported=True),)


@pytest.mark.parametrize("label", ["supported", "contradicted", "not_supported"])
def test_a_label_says_whether_a_claim_is_supported(tmp_path, label):
    row = {"claim": "It froze.", "evidence": "The pier froze.", "label": label}
    (claim,) = load_claims(write(tmp_path / "c.jsonl", [row]))
    assert claim.supported == (label == "supported")
    assert claim.kind == ("" if claim.supported else label)
    with pytest.raises(EvaluationError, match="label"):
        load_claims(write(tmp_path / "c.jsonl", [row | {"label": "maybe"}]))


def test_a_bad_file_is_one_line_in_the_terminal(qa, tmp_path):
    path = write(tmp_path / "c.jsonl", ["{"])
    assert_one_line(qa("eval", "--claims", str(path)), 2, "line 1", "is not JSON")


def test_claims_and_questions_are_measured_one_at_a_time(tmp_path):
    path = str(write(tmp_path / "c.jsonl", FILE))
    result = CliRunner().invoke(app, ["eval", path, "--claims", path])
    assert result.exit_code == 2


PASSAGES = [
    (
        "Piers",
        """In 1987 the ferry company of Lindesund moved 1,200 boats to Maarheim. The
        northern pier (an old one) was built before the war by Anna Berg.""",
    ),
    (
        "Piers",
        """Copper lamps of Karlsen were exported to Oslo in the early winter. The
        council has rejected most plans of the Karlsen company since 1990.""",
    ),
    (
        "Boats",
        """The large boats of Vardal are sold to Norway by the Vardal company. However,
        the harbour also remained open for nearly 14 years after the fire.""",
    ),
]
PASSAGES = [(title, " ".join(text.split())) for title, text in PASSAGES]


def made(seed):
    return list(Maker(texts(PASSAGES), Random(seed)).make())


def test_made_claims_are_the_same_on_every_machine():
    assert made(3) == made(3)


def test_made_claims_know_what_they_are():
    found = [claim for seed in range(60) for claim in made(seed)]
    kinds = {claim.kind for claim in found if not claim.supported}
    assert kinds == {"number", "name", "negation", "opposite", "role", "passage"}
    for claim in found:
        own = any(claim.claim in text for text in claim.evidence)
        assert own == (claim.kind == "same"), claim


def test_what_is_unsupported_stands_over_the_evidence_of_its_own_sentence(tmp_path):
    row = {
        "sentences": ["The pier froze.", "Fish died."],
        "answer": [
            {"text": "It froze at the pier.", "sentences": [1]},
            {"text": "Fish were dead.", "sentences": [2]},
        ],
        "unsupported": [{"text": "Birds died.", "of": 2, "kind": "name"}],
    }
    claims = load_claims(write(tmp_path / "c.jsonl", [row]))
    assert [(c.text, c.evidence) for c in claims if not c.supported] == [
        ("Birds died.", ("Fish died.",))
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"text": "It froze.", "sentences": [3]}, "there is no sentence 3"),
        ({"sentences": [1]}, "lacks a text"),
    ],
)
def test_an_answer_without_its_sentence_or_text_is_refused(tmp_path, answer, message):
    row = {"sentences": ["The pier froze.", "Fish died."], "answer": [answer]}
    with pytest.raises(EvaluationError, match=f"line 1: .*{message}"):
        load_claims(write(tmp_path / "c.jsonl", [row]))


def test_written_paragraphs_are_read_as_they_are(tmp_path):
    row = {
        "sentences": ["The pier froze.", "Fish died."],
        "answer": [{"text": "Fish died of it.", "sentences": [2, 1]}],
        "unsupported": [{"text": "All fish died.", "of": 1, "kind": "quantifier"}],
    }
    path = write(tmp_path / "c.jsonl", [row])
    fair, false = load_claims(path)
    assert fair.evidence == ("Fish died.", "The pier froze.")
    assert fair.whole == false.whole == ("The pier froze.", "Fish died.")
    assert (fair.supported, false.supported, false.kind) == (True, False, "quantifier")
    said = {fair.text: Judged("supported", 0.9), false.text: Judged("no", 0.2, 0.9)}
    report = evaluate_claims(
        (fair, false),
        lambda claims: [said[text] for text, _ in claims],
        lambda _text, others: [0.5] * len(others),
        lambda *_: None,
    )
    for part in ("claims", "whole"):
        assert report[part]["auc"] == 1.0
        assert report[part]["alone_auc"] == 0.0
        assert report[part]["caught_at_0.3"] == 1.0
        assert report[part]["caught_at_0.3_by_kind"] == {"quantifier": 1.0}
    with pytest.raises(EvaluationError, match="line 1: “answer"):
        load_claims(write(path, [{**row, "answer": [{"text": "It froze."}]}]))


def test_of_passages_claims_are_made_and_measured_by_kind(tmp_path):
    rows = [
        *({"title": title, "text": text} for title, text in PASSAGES),
        {"title": "Piers", "text": "Not these, which were learnt from.", "split": "no"},
    ]
    path = write(tmp_path / "passages.jsonl", rows)
    claims = load_claims(path)
    assert len(claims) == 6
    report = measure(path, ["supported"] * 6)
    assert report["claims"]["false_alarms"] == 0.0
    for claim, record in zip(claims, report["records"], strict=True):
        assert record["kind"] == claim.kind
        assert report["kinds"][claim.kind] == float(claim.supported)


@pytest.mark.real
def test_the_shipped_judge_tells_swaps_from_rewordings():
    claims = made(1) + made(2) + made(3)
    pairs = [(claim.claim, claim.evidence) for claim in claims]
    judged = judge_claims(make_judge(load_settings()), pairs, Strictness.BALANCED)
    wrong = [
        claim
        for claim, judgement in zip(claims, judged, strict=True)
        if (judgement.verdict == "supported") != claim.supported
    ]
    assert len(wrong) <= len(claims) / 10, wrong
