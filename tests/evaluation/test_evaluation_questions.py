"""Questions files: each shape, and what is said of a wrong one."""

import json

import pytest

from qa.errors import EvaluationError
from qa.evaluation import load_questions, original_text
from qa.evaluation.questions import Conversation, FollowUp, Gold, Question
from qa.evaluation.written import Paragraph
from qa.schema import Span


@pytest.fixture
def written(tmp_path):
    def write(content, name="mine.jsonl"):
        path = tmp_path / name
        if not isinstance(content, str):
            content = "\n".join(json.dumps(line) for line in content)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_json_holds_questions_and_conversations(written):
    gold = {"source": "a.txt", "evidence": "so it is"}
    content = {
        "questions": [
            {"id": 1, "question": "Is it?", "gold": [gold], "must_include": [["yes"]]},
            {"id": "u", "question": "Was it?", "answerable": False, "kind": "none"},
        ],
        "conversations": [{"id": "c", "turns": ["Is it?", "Why?"], "gold": gold}],
    }
    loaded = load_questions(written(json.dumps(content), "mine.json"))
    place = Gold("a.txt", "so it is")
    assert loaded.questions == (
        Question("1", "Is it?", True, (place,), (("yes",),)),
        Question("u", "Was it?", False),
    )
    assert loaded.conversations == (Conversation("c", ("Is it?", "Why?"), place),)


def test_lines_of_squad_name_passages_and_alternative_answers(written):
    line = {
        "id": "5",
        "question": "When?",
        "answers": ["October 1973", "1973"],
        "gold_passage_ids": ["p-1"],
        "answerable": True,
    }
    assert load_questions(written([line])).questions == (
        Question(
            "5",
            "When?",
            True,
            (Gold("p-1"),),
            (("October 1973", "1973"),),
            answers=("October 1973", "1973"),
        ),
    )


def test_a_line_may_name_the_passage_that_looks_right(written):
    line = {"question": "Why?", "answerable": False, "adversarial_passage_id": "p-2"}
    (question,) = load_questions(written([line])).questions
    assert (question.gold, question.adversarial) == ((), "p-2")


def test_lines_with_spans_expect_no_facts(written):
    span = {"content": "late fees", "start_index": 4, "end_index": 13}
    line = {"question": "What?", "doc_id": "d", "spans": [span], "answers": ["late"]}
    assert load_questions(written([line])).questions == (
        Question(
            "1",
            "What?",
            True,
            (Gold("d", "late fees"),),
            (),
            (Span(4, 13),),
            answers=("late",),
        ),
    )


def test_lines_may_mix_kinds_and_be_blank(written):
    follow = {"id": "f", "user_turns": ["A?", "B?"], "rewrite": "A B?", "changed": True}
    talk = {"id": "c", "turns": ["A?", "B?"], "gold": {"source": "a.txt"}}
    path = written(f"{json.dumps(follow)}\n\n{json.dumps(talk)}\r\n")
    loaded = load_questions(path)
    assert loaded.follow_ups == (FollowUp("f", ("A?", "B?"), "A B?", True),)
    assert loaded.conversations == (Conversation("c", ("A?", "B?"), Gold("a.txt")),)


PARAGRAPH = {
    "id": "mill-1",
    "title": "The red mill",
    "sentences": ["It stood by a pond.", "Ann built it.", "Bob sold it in 1921."],
    "question": "what became of the mill",
    "answer_words": "sold it",
    "answer": [{"text": "Bob sold it.", "sentences": [3]}, {"sentences": [3, 2]}],
    "unsupported": [{"text": "Bob burnt it.", "of": 1, "kind": "role"}],
    "unanswerable": "Who bought the mill?",
}


def test_a_paragraph_with_its_questions_is_corpus_and_questions(written):
    own, near_miss = (
        loaded := load_questions(written(json.dumps(PARAGRAPH)))
    ).questions
    text = "It stood by a pond. Ann built it. Bob sold it in 1921."
    assert loaded.paragraphs == (Paragraph("mill-1", "The red mill", text),)
    assert own == Question(
        "mill-1",
        "what became of the mill",
        True,
        (Gold("mill-1"),),
        (("sold it",),),
        answers=("sold it",),
        sentences=("Ann built it.", "Bob sold it in 1921."),
    )
    assert near_miss == Question(
        "mill-1-near-miss", "Who bought the mill?", False, adversarial="mill-1"
    )


def test_a_question_may_name_the_sentences_of_its_answer(written):
    row = {"question": "Who built it?", "gold_sentences": ["Ann built it."]}
    (question,) = load_questions(written(json.dumps(row))).questions
    assert question.sentences == ("Ann built it.",)


def test_a_paragraph_without_the_sentence_it_names_is_refused(written):
    spoilt = PARAGRAPH | {"answer": [{"sentences": [4]}]}
    with pytest.raises(EvaluationError, match="line 1: there is no sentence 4"):
        load_questions(written(json.dumps(spoilt)))
    spoilt = PARAGRAPH | {"answer": [{"sentences": [0]}]}
    with pytest.raises(EvaluationError, match=r"line 1: “answer\.0\.sentences\.0”"):
        load_questions(written(json.dumps(spoilt)))


SPAN = '{"question": "A?", "spans": [{"content": "", "start_index": 2, "end_index": '


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"question": "A?"}\n{"question": ', "line 2: is not JSON"),
        ('{"question": "A?"}\n["B?"]', "line 2: is not a JSON object"),
        ('\n{"id": "1"}', "line 2: “question”: Field required"),
        ('{"question": ""}', "line 1: “question”"),
        ('{"question": "A?", "gold": [{}]}', "line 1: “gold.0.source”"),
        ('{"question": "A?", "answerable": "perhaps"}', "line 1: “answerable”"),
        ('{"id": "x", "question": "A?"}\n' * 2, "line 2: the id 'x' already stands at"),
        ("", "holds no questions"),
        ("[" * 100_000, "line 1: is "),
        (SPAN + '2}], "doc_id": "d"}', "line 1: a span ends before it starts"),
        (SPAN + "3}]}", "line 1: “spans” need a “doc_id”"),
    ],
)
def test_a_wrong_line_is_named(written, content, complaint):
    with pytest.raises(EvaluationError, match=r"mine\.jsonl") as raised:
        load_questions(written(content))
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[]", "needs a list “questions”"),
        ('{"questions": {}}', "needs a list “questions”"),
        ('{"questions": [{"question": "A?"}, {}]}', "question 2: “question”"),
        ('{"questions":\n [}', "at column 3 of line 2"),
    ],
)
def test_a_wrong_item_is_named(written, content, complaint):
    with pytest.raises(EvaluationError) as raised:
        load_questions(written(content, "mine.json"))
    assert complaint in str(raised.value)


def test_a_missing_file_and_a_binary_one_are_named(tmp_path):
    with pytest.raises(EvaluationError, match=r"none\.json: cannot be read"):
        load_questions(tmp_path / "none.json")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\x00")
    with pytest.raises(EvaluationError, match=r"b\.jsonl: is not UTF-8"):
        load_questions(tmp_path / "b.jsonl")


def test_originals_are_given_as_stored(tmp_path):
    (tmp_path / "a.txt").write_text("one-\ntwo", encoding="utf-8")
    record = {"id": 7, "text": "soft\u00adhyphen"}
    (tmp_path / "r.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert original_text(tmp_path, "a.txt") == "one-\ntwo"
    assert original_text(tmp_path, "r.jsonl#7") == "soft\u00adhyphen"
    with pytest.raises(EvaluationError, match="no record '8'"):
        original_text(tmp_path, "r.jsonl#8")
    with pytest.raises(EvaluationError, match="cannot be read"):
        original_text(tmp_path, "none.txt")
