"""What readers say of answers is kept as a questions file."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from qa.errors import SettingsError
from qa.evaluation.questions import Gold, load_questions
from qa.schema import Citation, Filters, Models, Sentence, Source, Span, Strictness
from qa.ui.page.conversation import Exchange, Terms
from qa.ui.page.feedback import Feedback

SOURCE = Source("d", "a.md", "A title", ("Ann Lee",))
CITATION = Citation(
    1, SOURCE, "", 0, 12, "Words were so", "supported", 0.9, Span(0, 5), 4
)
DONE = Exchange(
    "00ff" * 4,
    "Why?",
    Terms(Filters(("a.md",)), Strictness.STRICT),
    earlier=("Who?",),
    stage="answered",
    sentences=(Sentence("So it was.", (1,)),),
    citations=(CITATION,),
    models=Models("e", "g"),
)
ALONE = replace(DONE, earlier=())


def questions(home):
    return load_questions(home / "feedback.jsonl")


def test_a_good_answer_becomes_a_question_with_its_citations_as_gold(tmp_path):
    Feedback(tmp_path).record(ALONE, "good")
    (question,) = questions(tmp_path).questions
    assert (question.id, question.question) == (DONE.id, "Why?")
    assert question.gold == (Gold("a.md", "Words were so"),)
    assert question.answerable


def test_a_good_answer_to_a_follow_up_becomes_a_conversation(tmp_path):
    Feedback(tmp_path).record(DONE, "good")
    (conversation,) = questions(tmp_path).conversations
    assert conversation.turns == ("Who?", "Why?")
    assert conversation.gold == Gold("a.md", "Words were so")


@pytest.mark.parametrize(("rating", "answerable"), [("good", False), ("poor", True)])
def test_an_abstention_says_whether_the_articles_answer(tmp_path, rating, answerable):
    abstained = replace(ALONE, stage="abstained", sentences=())
    Feedback(tmp_path).record(abstained, rating)
    (question,) = questions(tmp_path).questions
    assert question.answerable is answerable
    assert question.gold == ()


def test_a_poor_answer_has_no_gold_and_is_kept_to_be_looked_at(tmp_path):
    Feedback(tmp_path).record(DONE, "poor")
    (question,) = questions(tmp_path).questions
    assert question.gold == ()
    line = json.loads((tmp_path / "feedback.jsonl").read_text(encoding="utf-8"))
    assert (line["rating"], line["answer"]) == ("poor", "So it was. [1]")


def test_the_last_word_on_an_answer_counts_and_other_lines_stay(tmp_path):
    own = '{"question": "My own?"}\n'
    (tmp_path / "feedback.jsonl").write_text(own, encoding="utf-8")
    feedback = Feedback(tmp_path)
    feedback.record(ALONE, "good")
    feedback.record(replace(ALONE, id="1" * 16), "good")
    feedback.record(ALONE, "poor")
    text = (tmp_path / "feedback.jsonl").read_text(encoding="utf-8")
    assert text.startswith(own)
    assert text.count(ALONE.id) == 1
    assert '"poor"' in text
    assert len(questions(tmp_path).questions) == 3


_RATING = """
import sys
from dataclasses import replace
from pathlib import Path
from qa.ui.page.conversation import Exchange
from qa.ui.page.feedback import Feedback
home, first = Path(sys.argv[1]), int(sys.argv[2])
kept = Feedback(home)
print("ready", flush=True)
sys.stdin.readline()
for number in range(first, first + 50):
    kept.record(Exchange(f"{number:016d}", "Why?", stage="abstained"), "good")
"""


def test_two_servers_that_write_at_once_lose_nothing(tmp_path):
    def start(first):
        command = [sys.executable, "-c", _RATING, tmp_path, str(first)]
        return subprocess.Popen(command, stdin=-1, stdout=-1, text=True)

    with start(0) as one, start(50) as other:
        for server in (one, other):
            assert server.stdout.readline() == "ready\n"
        for server in (one, other):
            server.stdin.write("go\n")
            server.stdin.flush()
    assert (one.returncode, other.returncode) == (0, 0)
    assert len(questions(tmp_path).questions) == 100


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "feedback.jsonl").mkdir()
    with pytest.raises(SettingsError, match="cannot be written"):
        Feedback(tmp_path).record(DONE, "good")
