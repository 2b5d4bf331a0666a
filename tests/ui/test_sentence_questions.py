"""Questions made of sentences by their shape."""

import pytest

from qa.ui.panels.sentence_questions import question_of


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "The pier of Lindesund was rebuilt by the town in 1987.",
            "When was the pier of Lindesund rebuilt by the town?",
        ),
        (
            "The harbour of Lindesund is closed to tankers because the ice is thick.",
            "Why is the harbour of Lindesund closed to tankers?",
        ),
        (
            "The dike near Karsund is 14 kilometres long.",
            "How long is the dike near Karsund?",
        ),
        (
            "Fear of a flood has held Karsund and Lindesund together, and still does.",
            "What has held Karsund and Lindesund together?",
        ),
        (
            "The old director of the town was fond of Lindesund herring.",
            "Who was fond of Lindesund herring?",
        ),
    ],
)
def test_a_sentence_is_asked_for(sentence, question):
    assert question_of(sentence) == question


@pytest.mark.parametrize(
    "sentence",
    [
        "It was rebuilt by the town of Lindesund in 1987.",
        "The ferry that left Lindesund was sunk in 1987.",
        "The pier of Lindesund was not rebuilt in 1987.",
        "The pier of Lindesund was rebuilt by its keeper in 1987.",
        "A harbour is closed to all tankers in winter.",
        "Is the pier of Lindesund closed?",
        "Lindesund is a town.",
    ],
)
def test_what_needs_more_than_the_sentence_is_not_asked(sentence):
    assert question_of(sentence) == ""
