"""Questions that the page offers: only such as the library was seen to answer."""

import threading

import pytest

from qa.answering import Finder
from qa.retrieval.retriever import Retriever
from qa.ui.panels.welcome import summarise_library
from qa.ui.server.examples import ExampleQuestions, find_examples

SEEDS = {
    "pier.md": "# Piers\n\nThe pier of Lindesund was rebuilt by the town in 1987.",
    "dike.md": "# Dikes\n\nWater came. The dike near Karsund is 14 kilometres long.",
    "mill.md": "# Mills\n\nNobody knows who lived there.",
}
ASKED = (
    "How long is the dike near Karsund?",
    "What is “Mills” about?",
    "When was the pier of Lindesund rebuilt by the town?",
)


@pytest.fixture
def index(library):
    for file, content in SEEDS.items():
        library.write(file, content)
    library.build()
    return library.open()


def finder(library, index, *, sure=0.9):
    retriever = Retriever(index, library.embedder, reader=None, k=10)
    return Finder(retriever, index, gate=lambda _: sure)


def test_what_a_sentence_answers_is_asked_and_else_the_plain_question(library, index):
    summary = summarise_library(index)
    found = find_examples(summary, finder(library, index), index, threading.Event())
    assert found == ASKED


def test_what_the_gate_is_not_sure_of_is_not_offered(library, index):
    summary = summarise_library(index)
    unsure = finder(library, index, sure=0.7)
    found = find_examples(summary, unsure, index, threading.Event())
    assert found == summary.examples


def test_questions_are_looked_for_once_a_generation_and_beside(library, index):
    looked = threading.Event()
    examples = ExampleQuestions(looked.set)
    summary = summarise_library(index)
    assert examples.offered(summary) == summary.examples
    examples.look(summary, finder(library, index), index)
    assert looked.wait(10)
    assert (examples.offered(summary), examples.looking) == (ASKED, False)
    assert examples.generation == summary.generation
    looked.clear()
    examples.look(summary, finder(library, index), index)
    assert not looked.wait(0.2)
    library.write("lamp.md", "# Lamps\n\nThe lamp of Velt is 3 metres tall.")
    library.build()
    later = summarise_library(index)
    assert examples.offered(later) == later.examples
    examples.look(later, finder(library, index), index)
    assert looked.wait(10)
    assert "How tall is the lamp of Velt?" in examples.offered(later)


def test_a_page_that_is_closed_looks_no_further(library, index):
    stopping = threading.Event()
    stopping.set()
    summary = summarise_library(index)
    assert find_examples(summary, finder(library, index), index, stopping) == ()
