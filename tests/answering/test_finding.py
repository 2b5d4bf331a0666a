"""What answers a question: the same for an answer, an evaluation and a search."""

import pytest
from fakes import GATE, Library, WordJudge

from qa.answering import Answerer, Finder, Limits
from qa.evaluation.collecting import ask, find
from qa.evaluation.questions import Question
from qa.retrieval.retriever import Retriever
from qa.schema import Filters, Models, Turn

SEEDS = {
    "oake.md": (
        "---\nauthors: [Ann Oake]\npublisher: The Pier Press\ndate: 2016-03-22\n---\n"
        "# Winter ferries\n\nThe ferry left the southern pier in 1987. "
        "Ann Oake saw the copper lamp of the tower."
    ),
    "lind.md": (
        "---\nauthors: [Bo Lind]\ndate: 2018\n---\n# Summer ferries\n\n"
        "The ferry came to the southern pier in 1988 with thirty lamps."
    ),
}
QUESTIONS = [
    "When did the ferry leave the southern pier?",
    "What does Ann Oake say about the pier?",
    "According to Bo Lind, how many lamps came?",
    "Compare what Oake and Lind say about the ferry",
    "Who wrote Winter ferries?",
    "Which article is the newest?",
    "How many articles are there?",
    "Which articles discuss the ferry?",
    "Summarise the Pier Press document",
    "Hi! Could you tell me when the ferry came to the pier? Thanks.",
    "When did the ferry leave the pier? Who wrote Summer ferries?",
    "Does a zebra yodel about quantum bagels?",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("pier"))
    for file, content in SEEDS.items():
        library.write(file, content)
    library.build(size=20)
    return library


@pytest.fixture
def finder(library):
    index = library.open()
    return Finder(
        Retriever(index, library.embedder, reader=None, k=10), index, gate=GATE
    )


@pytest.fixture
def answerer(library, finder):
    return Answerer(
        finder,
        index=library.open(),
        judge=WordJudge(),
        drafter=None,
        models=Models(library.embedder.id, "none"),
        limits=Limits(),
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_an_evaluation_and_a_search_mean_the_same(question, finder, answerer):
    answer = answerer.answer(question)
    searched = finder.search(question)
    assert answer.understood == finder.understand(question)
    assert answer.answerability == searched.answerability
    same = {hit.passage.id for hit in answer.hits}
    assert {hit.passage.id for hit in searched.hits} == same
    asked = Question("1", question, True)
    (alone,) = find([asked], finder.search)
    (with_answer,) = ask([asked], answerer)
    assert alone.answerability == with_answer.found.answerability
    assert alone.answerability == searched.answerability
    assert alone.hits == searched.hits


def test_what_the_catalogue_knows_is_not_searched_for(finder, monkeypatch):
    monkeypatch.setattr(finder, "_retriever", None)
    for question in ("Who wrote Winter ferries?", "How many articles are there?"):
        found = finder.search(question)
        assert (found.answerability, bool(found.facts)) == (1.0, True)
    (hit,) = finder.search("Who wrote Winter ferries?").hits
    assert hit.source.file == "oake.md"


def test_the_choice_of_the_reader_holds_for_the_catalogue_too(finder):
    chosen = Filters(files=("oake.md",))
    (fact,) = finder.search("Which article is the newest?", filters=chosen).facts
    assert fact.source.file == "oake.md"


def test_a_follow_up_is_found_with_what_it_refers_to(finder):
    before = [Turn("What does Bo Lind say about the ferry?")]
    (question,) = finder.understand("And the lamps?", before)
    assert question.context == before[0].question
    assert finder.search("And the lamps?", before).hits[0].source.file == "lind.md"
