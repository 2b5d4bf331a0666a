"""Marked sentences: rows of files, what is drawn of them, and what a run learns."""

import json
import re
from dataclasses import replace
from random import Random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from training import CORPUS, PLAN, TEXT, figures, make_start, write_folder

from lab.errors import TrainingError
from lab.essays import ESSAYS
from lab.notes import NOTES
from lab.reader.batches import collate
from lab.reader.data import Example, Labelled
from lab.reader.export import export, load_trained
from lab.reader.held_out import Measure, judge, marked_example
from lab.reader.marked import Marked, is_held_out, load_marked
from lab.reader.marked_calibration import calibrate_sentences
from lab.reader.marked_mixture import MarkedMixture
from lab.reader.measure import main
from lab.reader.model import NOWHERE, load_start, losses, of_sentences, ranked, total
from lab.reader.plan import Supplies
from lab.reader.sources import Source, gather
from lab.reader.train import find_progress, train
from lab.tables import HELD_OUT_TABLES, TABLES
from lab.training.checkpoint import AVERAGED
from qa.neural.reader import SpanReader
from qa.schema import Span

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROW = {
    "id": "w-1",
    "title": "Oil crisis",
    "sentences": ["It began in October 1973.", "Egypt led it.", "Prices rose by 1974."],
    "question": "when did it begin",
    "answer_words": "October 1973",
    "answer": [{"text": "Then.", "sentences": [3]}, {"text": "So.", "sentences": [1]}],
    "unanswerable": "When did it end?",
}
QED = {
    "question": "who led the embargo",
    "passage": ["It began in 1973.", "Egypt led it.", "Prices rose."],
    "evidence": ["Egypt led it."],
    "answer": "Egypt",
    "title": "Embargo",
}


def marked(number, *, miss="Who has it?"):
    """Questions of as many articles; the second of three sentences answers."""
    return [
        Marked(
            title=f"Title {n}",
            sentences=(f"The lamp {n} was lit.", f"Bob {n} lit it.", "It rained."),
            question=f"who lit the oil {n}",
            gold=frozenset({0, 1}),
            direct=frozenset({1}),
            near_miss=miss,
        )
        for n in range(number)
    ]


def write(path, *rows):
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return make_start(tmp_path_factory.mktemp("start"))


@pytest.fixture
def tokenizer(start):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(start)


@pytest.mark.parametrize("place", [ESSAYS, NOTES])
def test_what_is_written_for_training_is_whole_and_kept_from_what_is_measured(place):
    titles = {}
    for file in sorted(place.parent.glob("*.jsonl")):
        rows = file.read_text("utf-8").splitlines()
        found = load_marked(file)
        assert len(found) == len(rows)
        assert all(min(item.gold) >= 0 for item in found)
        assert all(item.near_miss and item.place for item in found)
        titles[file.stem] = {item.title for item in found}
    learnt = titles.pop(place.stem)
    assert titles
    assert all(learnt.isdisjoint(of) for of in titles.values())


TABLE = {
    "title": "Ports",
    "prose": ["Fish was dear.", "Most went to Velmar."],
    "caption": "Table 1. Landings",
    "heads": ["Port", "2019", "2020"],
    "rows": [["Velmar", "38", ""], ["Ostrel", "12", "340"]],
    "questions": [
        {"question": "fish at Ostrel", "rows": [2], "near_miss": "oil at Ostrel"},
        {"question": "Velmar?", "rows": [1], "near_miss": "Norr?"},
    ],
    "prose_questions": [
        {"question": "Where to?", "sentences": [2], "near_miss": "Why?"}
    ],
}


def test_rows_are_read_below_their_heads_or_with_them(tmp_path):
    prose, below, labelled = load_marked(write(tmp_path / "t.jsonl", TABLE))
    assert (prose.sentences, prose.gold) == (tuple(TABLE["prose"]), {1})
    assert below.heading == "Table 1. Landings · Port | 2019 | 2020"
    assert below.sentences == ("Velmar | 38", "Ostrel | 12 | 340")
    assert (below.gold, below.direct, below.near_miss) == ({1}, {1}, "oil at Ostrel")
    assert labelled.heading == ""
    assert labelled.sentences == (
        "Table 1. Landings",
        "Port: Velmar; 2019: 38",
        "Port: Ostrel; 2019: 12; 2020: 340",
    )
    assert labelled.gold == {1}
    assert below.is_answered_by(labelled)  # which has that row too
    assert not below.is_answered_by(prose)
    text = "Ports. Table 1. Landings · Port | 2019 | 2020. Velmar | 38"
    assert marked_example(below).passage.startswith(text)
    mixture = MarkedMixture([below], (1.0,))
    drawn = [e for _ in range(9) for e in mixture.draw(Random(3))]
    assert all("Port | 2019 | 2020. " in example.passage for example in drawn)


def test_of_a_long_table_only_passages_with_the_row_answer(tmp_path):
    rows = [[f"Port {n}", "1" * 60, "2" * 60] for n in range(12)]
    asked = [{"question": "?", "rows": [12, 11], "near_miss": "??"}]
    table = TABLE | {"rows": rows, "questions": asked, "prose_questions": []}
    (found,) = load_marked(write(tmp_path / "t.jsonl", table))
    assert found.sentences[-2:] == tuple(" | ".join(row) for row in rows[-2:])
    assert len(found.sentences) < 7
    assert found.gold == {len(found.sentences) - 2, len(found.sentences) - 1}


def test_a_reader_is_measured_on_files_of_marked_questions(start, tmp_path, capsys):
    main([str(start), str(write(tmp_path / "t.jsonl", TABLE))])
    line = capsys.readouterr().out
    assert re.search(
        r"t\.jsonl, 3 questions on passages: belongs \d\.\d+, first .*near_miss ", line
    )


@pytest.mark.parametrize("file", [TABLES, HELD_OUT_TABLES])
def test_tables_for_training_are_whole(file):
    articles = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for article in articles:
        assert all(len(row) == len(article["heads"]) for row in article["rows"])
        for asked in article["questions"]:
            assert 0 < min(asked["rows"]) <= max(asked["rows"]) <= len(article["rows"])
    found = load_marked(file)
    asked = {row["question"] for a in articles for row in a["questions"]}
    assert asked <= {item.question for item in found}
    assert all(item.near_miss and item.place for item in found)


def test_tables_that_are_measured_are_not_learnt_from():
    titles = [
        {item.title for item in load_marked(file)} for file in (TABLES, HELD_OUT_TABLES)
    ]
    assert not titles[0] & titles[1]


def test_rows_of_both_forms_say_which_sentences_answer(tmp_path):
    written, qed = load_marked(write(tmp_path / "w.jsonl", ROW, QED))
    assert (written.gold, written.direct) == ({0, 2}, {0})
    assert (written.near_miss, written.complete) == ("When did it end?", True)
    assert (qed.gold, qed.direct, qed.near_miss) == ({1}, {1}, "")
    assert not qed.complete


def test_without_its_words_the_first_of_the_answer_states_it(tmp_path):
    for words in (None, "not said"):
        row = ROW | {"answer_words": words}
        (item,) = load_marked(write(tmp_path / "w.jsonl", row))
        assert item.direct == {2}


def test_what_must_not_be_learnt_from_is_left_out_by_its_evidence(tmp_path):
    path = write(tmp_path / "w.jsonl", ROW, QED)
    (left,) = load_marked(path, known={"Egypt led it."})
    assert left.question == ROW["question"]  # there it is no evidence


def test_paragraphs_of_an_essay_know_which_others_answer(tmp_path):
    essay = [ROW | {"paragraph": n, "also": [3] if n == 1 else []} for n in (1, 2, 3)]
    first, second, third = load_marked(write(tmp_path / "w.jsonl", *essay))
    (other,) = load_marked(write(tmp_path / "o.jsonl", ROW | {"title": "Other"}))
    (unknown,) = load_marked(write(tmp_path / "u.jsonl", ROW))
    assert first.is_answered_by(third)
    assert not first.is_answered_by(second)
    assert not third.is_answered_by(first)
    assert first.is_answered_by(first)
    assert first.is_answered_by(unknown)
    assert not first.is_answered_by(other)


def test_a_question_is_asked_of_its_essays_other_paragraphs():
    items = [
        replace(item, title="Essay", place=n, also=frozenset({3}))
        for n, item in enumerate(marked(4), 1)
    ]
    mixture = MarkedMixture(items, (1.0, 0.0, 0.0, 0.0))
    rng = Random(2)
    groups = [mixture.draw(rng) for _ in range(200)]
    examples = [example for group in groups for example in group]
    beside = [e for e in examples if "Bob 0" not in e.passage]
    assert 80 < len(beside) < 140
    assert not any(e.answerable for e in beside)
    assert {e.relevant for e in beside} == {None}  # what it is about is the same
    assert not any("Bob 2" in e.passage for e in examples)


@pytest.mark.parametrize("row", ["{", "[]", '{"question": "a"}', ""])
def test_a_file_of_something_else_is_named(tmp_path, row):
    path = tmp_path / "w.jsonl"
    path.write_text(row, encoding="utf-8")
    with pytest.raises(TrainingError, match=r"w\.jsonl: holds no questions"):
        load_marked(path)


def test_one_article_of_eight_is_held_out_whoever_asks(tmp_path):
    held = [is_held_out(f"Title {n}") for n in range(800)]
    assert 60 < sum(held) < 140
    assert held == [is_held_out(f"Title {n}") for n in range(800)]
    write_folder(tmp_path / "folder", ["A", "B", "C"])
    rows = [ROW | {"title": f"Title {n}"} for n in range(60)]
    sources = [
        Source(tmp_path / "folder"),
        Source(write(tmp_path / "w.jsonl", *rows), 2.0),
    ]
    supplies = gather(tmp_path, sources, (), 7)
    learnt = {item.title for item, _ in supplies.marked}
    watched = {item.title for item in supplies.held_out_marked}
    assert learnt
    assert watched
    assert not any(map(is_held_out, learnt))
    assert all(map(is_held_out, watched))
    assert {weight for _, weight in supplies.marked} == {2.0}
    assert supplies.measure.marked == supplies.held_out_marked


@pytest.mark.parametrize("name", ["dev", "dev_2", "fitting"])
def test_a_file_named_after_another_split_is_refused(tmp_path, name):
    write_folder(tmp_path / "folder", ["A", "B", "C"])
    dev = Source(write(tmp_path / f"{name}.jsonl", ROW))
    with pytest.raises(TrainingError, match=rf"{name}\.jsonl: files named dev"):
        gather(tmp_path, [Source(tmp_path / "folder"), dev], (), 7)


def drawn(number=400):
    mixture = MarkedMixture(marked(12), (1.0,) * 12)
    rng = Random(1)
    groups = [mixture.draw(rng) for _ in range(number)]
    return [example for group in groups for example in group]


def test_what_is_drawn_together_is_one_question_and_what_does_not_answer_it():
    mixture = MarkedMixture(marked(12), (1.0,) * 12)
    rng = Random(1)
    sizes = set()
    for _ in range(200):
        first, *others = mixture.draw(rng)
        sizes.add(1 + len(others))
        assert first.answerable or not others
        for other in others:
            same = other.question == first.question
            assert same == (other.relevant is False)
            assert not other.answerable
    assert sizes == {1, 2, 3}


def test_a_passage_may_begin_at_the_answer_and_loses_none_of_it():
    row = Marked("T", ("Ah.", "Oh.", "It is.", "So.", "No."), "q", {2, 3}, {2})
    rng = Random(3)
    drawn = [MarkedMixture([row], (1.0,)).draw(rng)[0] for _ in range(60)]
    texts = [
        [e.passage[s.start : s.end] for s in e.sentences] for e in drawn if e.answerable
    ]
    assert {tuple(each) for each in texts} >= {row.sentences, ("It is.", "So.")}
    for each, example in zip(texts, (e for e in drawn if e.answerable), strict=True):
        told = {t for t, s in zip(each, example.sentences, strict=True) if s.belongs}
        assert told == {"It is.", "So."}


def test_a_mistyped_question_keeps_its_labels_figures_and_first_letters():
    question = "who lit the 1,973 oldest lamps"
    row = Marked("T", ("Ann lit them.", "No."), question, {0}, {0})
    drawn = [MarkedMixture([row], (1.0,)).draw(Random(n))[0] for n in range(600)]
    kept = [e for e in drawn if e.answerable]
    asked = [e.question.rstrip("?").lower() for e in kept]
    asked = [q for q in asked if len(q.split()) == len(question.split())]
    wrong = {q for q in asked if q != question}
    assert 0.02 < sum(q in wrong for q in asked) / len(asked) < 0.15
    for each in wrong:
        assert each.startswith("who lit the 1,973 o"), each
        assert [w[0] for w in each.split()] == list("wlt1ol")
    slips = {abs(len(q) - len(question)) for q in wrong}
    assert slips >= {0, 1}
    assert all(any(s.belongs for s in e.sentences) for e in kept)


def test_a_question_spoken_to_somebody_is_the_same_question():
    row = Marked("T", ("Ann lit them.", "No."), "Who lit the lamps?", {0}, {0})
    drawn = [MarkedMixture([row], (1.0,)).draw(Random(n))[0] for n in range(600)]
    kept = [e for e in drawn if e.answerable and len(e.question.split()) > 4]
    assert 10 < len(kept) < 60
    plain = ["who lit the lamps" in e.question.lower() for e in kept]
    assert np.mean(plain) > 0.8  # some are mistyped too
    assert all(any(s.belongs for s in e.sentences) for e in kept)


def test_who_wrote_an_article_and_when_answers_nothing_else():
    rows = [
        Marked("T", ("Ann lit them.", "No."), "Who lit the lamps?", {0}, {0}),
        Marked("U", ("The lamps of Bo Wik are old.", "So."), "How old?", {0}, {0}),
    ]
    drawn = [MarkedMixture(rows, (1.0, 1.0)).draw(Random(n))[0] for n in range(600)]
    heads = set()
    for example in drawn:
        for place in example.sentences:
            told = example.passage[place.start : place.end]
            if told.startswith(("By", "Date")):
                heads.add(told)
                assert place.belongs is place.direct is False
    assert "By Bo Wik" in heads
    assert any(re.fullmatch(r"Date: .*\d{4}", told) for told in heads)


def test_labels_lie_on_their_sentences_and_only_a_question_s_own_answer():
    kinds = {"own": 0, "miss": 0, "other": 0}
    for example in drawn():
        asked = example.question.rstrip("?").lower()
        for place in example.sentences:
            text = example.passage[place.start : place.end]
            number = asked.rpartition("who lit the oil ")[2].split(" ")[0]
            belongs = {f"The lamp {number} was lit.", f"Bob {number} lit it."}
            assert place.belongs == (example.answerable and text in belongs)
            own = f"Bob {number} lit it."
            assert place.direct == (example.answerable and text == own)
        kinds["own"] += example.answerable
        kinds["miss"] += asked == "who has it"
        kinds["other"] += example.relevant is False
    assert min(kinds.values()) > 30, kinds
    assert drawn(50) == drawn(50)


def test_the_form_of_a_question_does_not_tell_whether_it_is_answered():
    shares = {
        answerable: np.mean(
            [
                e.question.endswith("?")
                for e in drawn(1500)
                if e.answerable is answerable
            ]
        )
        for answerable in (True, False)
    }
    assert shares[True] == pytest.approx(0.5, abs=0.06)
    assert shares[False] == pytest.approx(0.5, abs=0.06)


def test_of_evidence_alone_it_is_not_known_what_else_belongs():
    rows = [
        Marked("T", ("One.", "Two."), "q", frozenset({0}), frozenset({0}), "", False)
    ]
    mixture = MarkedMixture(rows, (1.0,))
    found = {mixture.draw(Random(n))[0] for n in range(20)}
    positive = [e for e in found if e.answerable and e.passage.endswith("One. Two.")]
    assert positive
    for example in positive:  # a head line above does not belong, that is known
        assert [place.belongs for place in example.sentences][-2:] == [True, None]


def test_a_span_tells_the_sentence_that_states_the_answer_and_no_more():
    place = (TEXT.index("12 dollars"), TEXT.index("12 dollars") + 10)
    marks = Example("?", TEXT, answerable=True, span=place).marks
    assert [mark.belongs for mark in marks] == [None, True, None, None]
    assert [mark.direct for mark in marks] == [False, True, False, False]
    nothing = Example("?", TEXT, answerable=False).marks
    assert {(mark.belongs, mark.direct) for mark in nothing} == {(False, False)}
    assert Example("?", TEXT, answerable=True).marks == ()


def test_collate_numbers_the_tokens_of_each_sentence(tokenizer):
    text = "T. it was bob. he left."
    marks = (Labelled(3, 14, True, None), Labelled(15, 23, False, True))
    examples = (
        Example("who?", text, answerable=True, sentences=marks),
        Example("who?", "no.", answerable=True),
    )
    batch = collate(tokenizer, examples, longest=64)
    for number, words in enumerate(("itwasbob.", "heleft.")):
        ids = batch.ids[0][batch.sentence[0] == number].tolist()
        tokens = tokenizer.convert_ids_to_tokens(ids)
        assert "".join(token.removeprefix("##") for token in tokens) == words
    assert (batch.sentence[1] == NOWHERE).all()
    assert batch.belongs[0].tolist() == [1.0, 0.0]
    assert batch.direct[0].isnan().tolist() == [True, False]
    assert batch.belongs[1].isnan().all()


def test_a_sentence_that_was_cut_off_teaches_nothing(tokenizer):
    text = " ".join(["he left."] * 8)
    marks = [Labelled(9 * n, 9 * n + 8, True, False) for n in range(8)]
    example = Example("who?", text, answerable=True, sentences=tuple(marks))
    cut = collate(tokenizer, (example,), longest=16)
    left = {n for n in cut.sentence[0].tolist() if n != NOWHERE}
    assert 0 < len(left) < 8
    for targets in (cut.belongs, cut.direct):
        known = (~targets[0].isnan()).nonzero().flatten().tolist()
        assert set(known) == left


def test_a_sentence_is_the_mean_of_its_tokens():
    tokens = torch.tensor([[[1.0], [3.0], [5.0], [9.0]]])
    sentence = torch.tensor([[0, 0, NOWHERE, 2]])
    assert of_sentences(tokens, sentence, 3)[0, :, 0].tolist() == [2.0, 0.0, 9.0]


def test_unknown_labels_teach_nothing(start, tokenizer):
    network = load_start(start, dropout=0.0)
    unknown = (Labelled(0, 3, None, None),)
    example = Example("who?", "no.", answerable=True, sentences=unknown)
    parts = losses(network, collate(tokenizer, [example], longest=64))
    assert parts["belongs"] == parts["direct"] == 0
    total(parts).backward()
    assert not network.sentence.weight.grad.any()


@pytest.fixture(scope="module")
def trained(start, tmp_path_factory):
    """The folder of a run with marked questions, and the reader made of it."""
    folder = tmp_path_factory.mktemp("run")
    supplies = Supplies(
        start,
        CORPUS,
        (1.0,) * len(CORPUS.questions),
        CORPUS,
        figures,
        marked=tuple((item, 1.0) for item in marked(12)),
        held_out_marked=tuple(marked(8)),
    )
    said = []
    averaged = train(supplies, folder / "work", PLAN, said.append)
    out = folder / "reader"
    settings = export(start, averaged, CORPUS, out, supplies.held_out_marked)
    return supplies, folder / "work", out, settings


def test_a_run_on_marked_questions_is_calibrated_and_read(trained):
    _, work, out, settings = trained
    assert (work / AVERAGED).exists()
    assert settings["sentences"]["examples"] == 8 * 3
    span_reader = SpanReader(out, name="tiny")
    spans = [[Span(0, 20), Span(21, 60)]]
    (reading,) = span_reader.read("When did it begin?", [TEXT], spans)
    assert len(reading.sentences) == 2
    assert all(0 <= s.belongs <= 1 and 0 <= s.direct <= 1 for s in reading.sentences)


def test_other_marked_questions_make_another_run(trained):
    supplies, work, _, _ = trained
    assert find_progress(supplies, work, PLAN) == PLAN.updates
    other = Supplies(
        supplies.start,
        CORPUS,
        supplies.weights,
        CORPUS,
        figures,
        marked=supplies.marked[1:],
    )
    with pytest.raises(TrainingError, match="a run that differs in data"):
        find_progress(other, work, PLAN)


def test_a_run_may_begin_with_a_reader_and_keeps_its_heads(trained):
    _, _, out, _ = trained
    before = load_start(out, dropout=0.0)
    weights = load_file(out / "model.safetensors")
    for name, tensor in before.state_dict().items():
        if name in weights:
            torch.testing.assert_close(tensor, weights[name].float())
    assert before.sentence.weight.dtype == torch.float32
    assert before.bert.config._attn_implementation == "lean"


def test_the_measure_tells_of_sentences_and_near_misses(start, tokenizer):
    network = load_start(start, dropout=0.0).eval()
    with torch.no_grad():
        found = Measure(CORPUS, tuple(marked(4)))(network, tokenizer)
    assert {"belongs", "first", "near_miss", "near_miss_best"} < set(found)
    example = marked_example(marked(1)[0])
    with torch.no_grad():
        (judged,) = judge(network, tokenizer, [example])
    assert len(judged.belongs) == len(judged.direct) == 3


def test_nothing_marked_leaves_the_logits_as_they_were_trained(start, tokenizer):
    network = load_start(start, dropout=0.0).eval()
    as_trained = {"weight": 1.0, "bias": 0.0}
    found = calibrate_sentences(network, tokenizer, ())
    assert found == {"belongs": as_trained, "direct": as_trained}


def test_a_share_of_the_start_may_be_kept(trained, tmp_path):
    _, work, out, _ = trained
    averaged = work / AVERAGED
    moved = {name: tensor + 1 for name, tensor in load_file(averaged).items()}
    save_file(moved, tmp_path / "moved.safetensors")
    network = load_trained(out, tmp_path / "moved.safetensors", keep=0.25)
    before = load_file(out / "model.safetensors")
    for name, tensor in network.state_dict().items():
        if name in moved:
            mean = 0.75 * moved[name] + 0.25 * before[name].float()
            torch.testing.assert_close(tensor, mean)


def test_what_answers_is_to_come_above_the_rest_of_its_group(tokenizer):
    def network(ids, *_):
        return torch.zeros(*ids.shape, 4), torch.tensor([[-3.0, 0.0], [3.0, 0.0]])

    asked = [
        Example("who?", "it was bob.", yes, sentences=(Labelled(0, 11, yes, yes),))
        for yes in (True, False)
    ]
    together = losses(network, collate(tokenizer, asked, longest=64))
    assert together["above"].item() == pytest.approx(6.002, abs=0.001)
    assert together["before"].item() == pytest.approx(0.693, abs=0.001)
    apart = [replace(example, group=n) for n, example in enumerate(asked)]
    parts = losses(network, collate(tokenizer, apart, longest=64))
    assert parts["above"] == parts["before"] == 0


def test_what_belongs_is_to_come_before_the_rest_of_its_group():
    nan = float("nan")
    belongs = torch.tensor([[1.0, 0.0, nan], [1.0, 1.0, nan], [0.0, nan, nan]])
    apart = torch.tensor([[1], [2], [3]]).expand(3, 3)
    logits = torch.tensor([[2.0, -2.0, 9.0], [0.0, 0.0, 9.0], [9.0, 9.0, 9.0]])
    assert ranked(logits, belongs, apart) == pytest.approx(0.018, abs=0.001)
    logits[0, :2] = torch.tensor([-2.0, 2.0])
    assert ranked(logits, belongs, apart) == pytest.approx(4.018, abs=0.001)
    together = torch.tensor([[1], [2], [1]]).expand(3, 3)
    mean = (4.018 + 11.0) / 2  # and before the sentence of the other passage
    assert ranked(logits, belongs, together) == pytest.approx(mean, abs=0.001)
    assert ranked(torch.zeros(2, 3), torch.full((2, 3), nan), apart[:2]).isnan()
