"""Answers are found by their ids until they are unused for longest."""

from qa.schema import Citation, Source
from qa.ui.page.conversation import Exchange
from qa.ui.server.recent_answers import RecentAnswers

CITATION = Citation(1, Source("d", "a.md", "A"), "", 0, 5, "Words", "quoted", 1.0)


def test_the_answers_unused_for_longest_are_forgotten():
    answers = RecentAnswers(limit=2)
    for letter in "ab":
        answers.remember(Exchange(f"0{letter}" * 8, "Why?", citations=(CITATION,)))
    assert answers.find("0a" * 8) is not None
    answers.remember(Exchange("0c" * 8, "Why?", citations=(CITATION,)))
    assert answers.cited(f"{'0b' * 8}-1") is None
    exchange, citation = answers.cited(f"{'0a' * 8}-1")
    assert (exchange.id, citation) == ("0a" * 8, CITATION)
