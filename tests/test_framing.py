"""Questions that name whose article they ask: what is left, and of which articles."""

import pytest

from qa.framing import Framed, unframed
from qa.schema import Source

OAKE = Source("a", "a.md", "Winter ferries of the north", ("Ann Oake",), "Pier Press")
LIND = Source("b", "b.md", "The summer ferries", ("Bo Lind", "Ann Dahl"), "Harbour")
PLAIN = Source("c", "c.md", "Fish")


def ask(question):
    return unframed(question, lambda: [OAKE, LIND, PLAIN])


@pytest.mark.parametrize(
    ("question", "asked", "files"),
    [
        ("What does Ann Oake say about ice?", "What is said about ice?", ["a.md"]),
        ("what did Lind write on the ice", "What is said about the ice?", ["b.md"]),
        ("What does the Pier Press article say about ice?", None, ["a.md"]),
        ("What do Lind and Dahl think of ice?", None, ["b.md"]),
        ("What is Oake's view on ice?", None, ["a.md"]),
        ("How does Bo Lind describe ice?", None, ["b.md"]),
        ("What does “The Summer Ferries” say about ice?", None, ["b.md"]),
        ("What does the paper on winter ferries say about ice?", None, ["a.md"]),
        ("What do the articles say about ice?", None, []),
        ("According to Ann Oake, why did it freeze?", "Why did it freeze?", ["a.md"]),
        ("Why did it freeze, according to Oake?", "Why did it freeze?", ["a.md"]),
    ],
)
def test_the_frame_is_taken_off(question, asked, files):
    assert ask(question) == Framed(asked or "What is said about ice?", tuple(files))


@pytest.mark.parametrize(
    "question",
    [
        "What does the mayor say about ice?",
        "What does she say about ice?",
        "What does Ann say about ice?",
        "What does Oake's rival say about ice?",
        "What does the ferries article say about ice?",
        "How does the north see ice?",
        "According to the law, who owns the ice?",
        "What does Ann Oake do?",
        "Why does the ferry freeze?",
    ],
)
def test_what_names_no_source_stays(question):
    assert ask(question) == Framed(question)


def test_the_sources_are_not_loaded_for_a_question_without_a_frame():
    assert unframed("Why does it freeze?", lambda: 1 / 0) == Framed(
        "Why does it freeze?"
    )
