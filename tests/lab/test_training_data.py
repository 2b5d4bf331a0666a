"""Loading, what is kept out, pseudo-questions, and that a negative is one."""

import json
from dataclasses import replace
from random import Random

import pytest
from training import (
    CORPUS,
    OIL,
    OTHER,
    PUMPS,
    QUESTIONS,
    STEAM,
    TEXT,
    write_folder,
    write_rows,
)

from lab.errors import TrainingError
from lab.reader.cloze import mentions, phrases, pseudo_question
from lab.reader.data import Corpus, load_corpus, locate, sentences
from lab.reader.mixture import Mixture
from lab.reader.negatives import (
    LookAlikes,
    mentions_answer,
    swap_mention,
    swap_word,
    turn_around,
    without_sentence,
)
from lab.reader.sources import (
    Source,
    choose_held_out,
    gather,
    load_source,
    parse_source,
)


def test_questions_are_joined_with_their_paragraphs_and_splits_kept_out(tmp_path):
    row = {"title": "A", "text": TEXT}
    write_rows(
        tmp_path,
        "passages.jsonl",
        [row | {"id": "a", "split": "train"}, row | {"id": "b", "split": "dev"}],
    )
    asked = {"question": "When?", "answers": ["1974"], "answerable": True}
    trap = {"question": "Why?", "answers": [], "answerable": False}
    write_rows(
        tmp_path,
        "questions.jsonl",
        [
            asked | {"id": "q", "gold_passage_ids": ["a"]},
            asked | {"id": "t", "gold_passage_ids": ["b"], "split": "test"},
            trap | {"id": "u", "adversarial_passage_id": "a", "split": "train"},
        ],
    )
    corpus = load_source(Source(tmp_path))
    assert [p.id for p in corpus.paragraphs] == ["a"]
    assert [(q.id, q.paragraph.id, q.answers) for q in corpus.questions] == [
        ("q", "a", ("1974",)),
        ("u", "a", ()),
    ]
    assert corpus.without_titles(["A"]) == Corpus((), ())
    assert corpus.only_titles(["A"]) == corpus


@pytest.mark.parametrize("name", ["dev", "val", "test", "dev_1", "validation"])
def test_a_file_named_after_another_split_is_never_opened(tmp_path, name):
    folder = write_folder(tmp_path / "data", "ab")
    for kind in ("passages", "questions"):
        (folder / f"{kind}_{name}.jsonl").write_text("{broken", encoding="utf-8")
    assert len(load_source(Source(folder)).questions) == 4


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{broken", r"questions\.jsonl, line 2: not JSON"),
        ("[1]", "line 2: not an object"),
        ("{}", "line 2: 'question' is absent"),
        (
            '{"question": "q", "answerable": "yes"}',
            "'answerable' is absent or no true or false",
        ),
        (
            '{"question": "q", "answerable": true, "answers": ["a"]}',
            "'gold_passage_ids' is absent or no list",
        ),
        (
            '{"question": "q", "answerable": false, "adversarial_passage_id": "z"}',
            "no passage 'z'",
        ),
    ],
)
def test_a_bad_record_is_named_by_file_and_line(tmp_path, row, message):
    write_rows(tmp_path, "passages.jsonl", [{"id": "a", "title": "A", "text": TEXT}])
    (tmp_path / "questions.jsonl").write_text(f"\n{row}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        load_corpus([tmp_path / "passages.jsonl"], [tmp_path / "questions.jsonl"])


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(TrainingError, match=r"passages\*"):
        load_source(Source(tmp_path))
    with pytest.raises(TrainingError, match="nowhere: no such folder"):
        load_source(Source(tmp_path / "nowhere"))
    (tmp_path / "passages.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(TrainingError, match="UTF-8"):
        load_source(Source(tmp_path))


def squad(*questions, title="The_Pier_%28Port_Ann%29"):
    paragraph = {"context": TEXT, "qas": list(questions)}
    return json.dumps({"data": [{"title": title, "paragraphs": [paragraph]}]})


def test_files_of_squad_are_read_as_they_are(tmp_path):
    file = tmp_path / "train-v2.0.json"
    answers = [{"text": "1974"}, {"text": "1974"}, {"text": "in 1974"}]
    when = {"id": "a", "question": " When? ", "answers": answers}
    why = {"id": "b", "question": "Why?", "answers": [], "is_impossible": True}
    who = {"id": "c", "question": "Who?", "answers": answers, "is_impossible": True}
    file.write_text(squad(when, why, who), encoding="utf-8")
    corpus = load_source(Source(file))
    (paragraph,) = corpus.paragraphs
    assert (paragraph.title, paragraph.text) == ("The Pier (Port Ann)", TEXT)
    assert [(q.id, q.text, q.answers) for q in corpus.questions] == [
        ("a", "When?", ("1974", "in 1974")),
        ("b", "Why?", ()),
        ("c", "Who?", ()),
    ]
    assert {q.paragraph for q in corpus.questions} == {paragraph}


def test_a_file_of_squad_stands_beside_folders(tmp_path):
    folder = write_folder(tmp_path / "data", "abc")
    file = tmp_path / "train.json"
    when = {"id": "a", "question": "When?", "answers": [{"text": "1974"}]}
    file.write_text(squad(when, title="P_Q"), encoding="utf-8")
    supplies = gather(tmp_path, [Source(folder, 0.5), Source(file, 2.0)], ["b"], 7)
    assert {q.paragraph.title for q in supplies.corpus.questions} == {"a", "c", "P Q"}
    assert supplies.weights == (*(0.5,) * 4, 2.0)
    assert not supplies.marked


def test_sentences_that_are_watched_are_not_learnt_from_elsewhere(tmp_path):
    folder = write_folder(tmp_path / "data", "abc")
    file = tmp_path / "train.json"
    asked = [
        {"id": "a", "question": "When?", "answers": [{"text": "1974"}]},
        {"id": "b", "question": "Why?", "answers": []},
    ]
    said = ["The pier burnt in 1974.", "It was old."]
    told = squad(*asked, title="P").replace(
        json.dumps(TEXT), json.dumps(" ".join(said))
    )
    file.write_text(told, encoding="utf-8")
    row = {"question": "When?", "answer": [{"text": "", "sentences": [1]}]}
    rows = [row | {"title": f"T{n}", "sentences": said} for n in range(20)]
    write_rows(tmp_path, "marked.jsonl", rows)
    sources = [Source(folder), Source(file), Source(tmp_path / "marked.jsonl")]
    assert not gather(tmp_path, sources, ["P"], 7).marked
    assert gather(tmp_path, sources, ["a"], 7).marked


@pytest.mark.parametrize(
    "text",
    [
        *("{broken", "{}", "[]", '{"data": []}', '{"data": [{"title": 1}]}'),
        squad({"id": "a", "question": "When?", "answers": []}).replace(
            json.dumps(TEXT), "null"
        ),
    ],
)
def test_a_json_file_of_another_form_is_named(tmp_path, text):
    file = tmp_path / "train.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match=r"train\.json: is not in SQuAD's form"):
        load_source(Source(file))
    with pytest.raises(TrainingError, match=r"no\.json: cannot be read \(No such"):
        load_source(Source(tmp_path / "no.json"))


def test_squads_dev_file_is_not_learnt_from(tmp_path):
    file = tmp_path / "dev-v1.1.json"
    file.write_text(squad(), encoding="utf-8")
    with pytest.raises(TrainingError, match="not learnt from"):
        load_source(Source(file))


def test_a_source_may_carry_a_weight():
    assert parse_source("a/b").weight == 1.0
    assert parse_source("a/b=0.35") == Source(parse_source("a/b").folder, 0.35)
    for text in ("a=b", "a=", "a=0", "a=-1", "a=inf", "a=nan"):
        with pytest.raises(TrainingError, match="WEIGHT"):
            parse_source(text)


def test_held_out_articles_are_nowhere_in_what_is_learnt_from(tmp_path):
    folder = write_folder(tmp_path / "data", "abc")
    supplies = gather(tmp_path, [Source(folder, 0.5)], ["b"], 7)
    assert {q.paragraph.title for q in supplies.corpus.questions} == {"a", "c"}
    assert {p.title for p in supplies.corpus.paragraphs} == {"a", "c"}
    assert {p.title for p in supplies.held_out.paragraphs} == {"b"}
    assert supplies.weights == (0.5,) * 4


@pytest.mark.parametrize(
    ("held_out", "message"),
    [(["a", "b"], "needed to learn from"), (["nowhere"], "no article")],
)
def test_both_sides_need_both_kinds_of_question(tmp_path, held_out, message):
    folder = write_folder(tmp_path / "data", "ab")
    with pytest.raises(TrainingError, match=message):
        gather(tmp_path, [Source(folder)], held_out, 7)


def test_without_unanswerable_questions_the_form_of_one_is_shown(tmp_path):
    folder = write_folder(tmp_path / "data", "abc", traps=False)
    with pytest.raises(TrainingError, match='"answerable": false'):
        gather(tmp_path, [Source(folder)], [], 7)
    with pytest.raises(TrainingError, match="held out"):
        gather(tmp_path, [Source(folder)], ["a"], 7)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_held_out_by_itself_leaves_both_kinds_on_both_sides(seed):
    titles = [f"t{n}" for n in range(100)]
    questions = []
    for n, title in enumerate(titles):
        paragraph = replace(OIL, id=title, title=title)
        questions.append(replace(QUESTIONS[0], paragraph=paragraph))
        if n < 2:
            questions.append(replace(QUESTIONS[2], paragraph=paragraph))
    corpus = Corpus(tuple(questions), ())
    chosen = choose_held_out(corpus, seed)
    assert len(chosen) == 3
    assert chosen == choose_held_out(corpus, seed)
    assert len({"t0", "t1"} & set(chosen)) == 1


def test_sentences_tile_the_text():
    ranges = sentences(TEXT)
    assert len(ranges) == 4
    assert " ".join(TEXT[a:b] for a, b in ranges) == TEXT


def test_locate_takes_the_sentence_that_shares_most_with_the_question():
    text = "In 1973 it rained. The embargo of Egypt began in 1973, not in 19730."
    start, end = locate("1973", "When did the embargo of Egypt begin?", text)
    assert text[start:end] == "1973"
    assert start > 20
    assert locate("1999", "When?", text) is None
    assert locate("973", "When?", text) is None


def test_mentions_and_phrases_carry_their_offsets():
    found = (*mentions(TEXT), *phrases(TEXT))
    assert {"October 1973", "Egypt", "12", "embargo", "small farmers"} <= {
        m.text for m in found
    }
    assert all(TEXT[m.start : m.end] == m.text for m in found)


def test_a_pseudo_question_asks_and_does_not_give_its_answer_away():
    made = 0
    for start, end in sentences(TEXT):
        sentence = TEXT[start:end]
        for mention in (*mentions(sentence), *phrases(sentence)):
            question = pseudo_question(sentence, mention, "Oil crisis", Random(0))
            made += bool(question)
            assert not question or question.endswith("?")
            if sentence.count(mention.text) == 1:
                assert f" {mention.text} " not in question
    assert made > 10


def test_a_swapped_mention_is_of_the_text_and_not_of_the_question_or_answer():
    question = "When did Egypt proclaim an embargo?"
    found = {
        swap_mention(question, [TEXT], ["October 1973"], Random(n)) for n in range(40)
    }
    for swapped in found:
        name = swapped.removeprefix("When did ").removesuffix(" proclaim an embargo?")
        assert name in TEXT
        assert name not in {"Egypt", "October 1973", "October"}
    assert len(found) > 2
    assert swap_mention("when did it begin?", [TEXT], [], Random(0)) == ""


def test_a_question_turned_around_says_the_opposite_or_denies():
    asked = "What was the first oil shock?"
    assert turn_around(asked, Random(0)) == "What was the last oil shock?"
    denied = {turn_around("Who did proclaim an embargo?", Random(n)) for n in range(9)}
    assert denied - {""}
    assert all({"not", "never"} & set(text.split()) for text in denied - {""})


def test_a_swapped_word_comes_from_the_other_text():
    question = "Who could not afford machines?"
    changed = swap_word(question, [OTHER], Random(0))
    (new,) = set(changed.rstrip("?").split()) - set(question.rstrip("?").split())
    assert new in OTHER


def test_a_passage_less_its_sentence_answers_no_more():
    span = locate("12 dollars", "", TEXT)
    rest = without_sentence(TEXT, span, ["12 dollars"])
    assert not mentions_answer(rest, ["12 dollars"])
    assert "Japan" in rest
    assert without_sentence(TEXT, span, ["Japan"]) == ""


def test_look_alikes_are_the_paragraphs_of_the_same_words():
    near = LookAlikes((OIL, STEAM, PUMPS))
    assert near.top("Who was angry about the oil shock?", 1) == (OIL,)
    assert near.top("Who ordered an engine and an engine?", 1) == (STEAM,)
    assert len(near.top("words that are nowhere zzz", 2)) == 2


def drawn(pseudo, count=400):
    rng = Random(3)
    mixture = Mixture(CORPUS, [1.0] * len(QUESTIONS), CORPUS.paragraphs)
    return [mixture.draw(rng, pseudo) for _ in range(count)]


@pytest.mark.parametrize("pseudo", [0.0, 1.0])
def test_spans_lie_in_their_passages_and_negatives_have_none(pseudo):
    examples = drawn(pseudo)
    assert {e.answerable for e in examples} == {True, False}
    for e in examples:
        if e.answerable:
            assert 0 <= e.span[0] < e.span[1] <= len(e.passage)
        else:
            assert e.span is None
        assert not (e.relevant is False and e.answerable)


def test_a_negative_differs_from_every_question_on_its_passage_or_lacks_its_answer():
    answers = {q.text: q.answers for q in QUESTIONS}
    kinds = set()
    for e in drawn(0.0):
        if e.answerable:
            assert mentions_answer(e.passage, answers[e.question])
            continue
        known = answers.get(e.question)
        kinds.add("changed" if known is None else "elsewhere" if known else "trap")
        assert not known or not mentions_answer(e.passage, known)
    assert kinds == {"changed", "elsewhere", "trap"}


def test_the_same_seed_draws_the_same_examples():
    assert drawn(0.5, 100) == drawn(0.5, 100)


def test_weights_decide_how_often_a_question_is_drawn():
    rng = Random(0)
    mixture = Mixture(CORPUS, [1e-12, 1.0, 1.0], CORPUS.paragraphs)
    asked = [mixture.draw(rng, 0.0) for _ in range(200)]
    assert not any(e.question == QUESTIONS[0].text for e in asked)
    assert any(e.question == QUESTIONS[1].text for e in asked)


def test_passages_without_prose_are_an_error_not_an_endless_search():
    poor = Corpus(QUESTIONS, (replace(OIL, text="1. 2. 3."),))
    with pytest.raises(TrainingError, match="prose"):
        Mixture(poor, [1.0] * 3, poor.paragraphs).draw(Random(0), 1.0)


def test_rows_are_json_as_people_write_it(tmp_path):
    row = {"id": "a", "title": "Ä", "text": "Ärger."}
    text = "\n" + json.dumps(row, ensure_ascii=False) + "\n\n"
    (tmp_path / "passages.jsonl").write_text(text, encoding="utf-8")
    (paragraph,) = load_corpus([tmp_path / "passages.jsonl"], []).paragraphs
    assert (paragraph.title, paragraph.text) == ("Ä", "Ärger.")
