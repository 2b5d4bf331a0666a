"""Words that occur nowhere, and what they are taken for."""

import pytest

from qa.index import index_term
from qa.question.spelling import Vocabulary, respelt

LIBRARY = (
    "submarines decided sanctions tankers criticised Velmar harbour what secondly "
    "fiftyish"
).split()
TERMS = {index_term(word): word for word in LIBRARY}
KNOWN = Vocabulary(
    term=index_term,
    occurs=lambda said: [word for word in said if index_term(word) in TERMS],
    near=lambda term: [known for known in TERMS if known[0] == term[0]],
    written=lambda term: TERMS.get(term, ""),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Waht do submarienes do?", "What do submarines do?"),
        ("Who desides on sanctons?", "Who decided on sanctions?"),
        ("how mutch do tankres pay", "how much do tankers pay"),
        ("the criticism", "the criticised"),
        ("TELL ME WAHT", "TELL ME WHAT"),
        ("Wher is the harbour?", "Where is the harbour?"),
        ("Wich day do submarines call?", "Which day do submarines call?"),
    ],
)
def test_a_mistyped_word_is_searched_as_the_nearest_of_the_library(typed, meant):
    text, notes = respelt(typed, KNOWN)
    assert text.lower() == meant.lower()
    assert all("occurs nowhere" in note for note in notes)


def test_what_was_taken_for_what_is_said():
    assert respelt("Waht do submarines do?", KNOWN)[1] == ()
    _, notes = respelt("Who pays for the submarienes?", KNOWN)
    assert notes == ("Searched for “submarines”: “submarienes” occurs nowhere.",)


@pytest.mark.parametrize(
    "question",
    [
        "Why do elephants sleep?",
        "Who lives in Velmor today and Tarn?",
        "Where is Valmur?",
        "Where is Velmar?",
        "What do submarines do?",
        "Is it 1936?",
        "Who pays the tnakres?",
        "Where is Subamrien?",
        "Who is Waht?",
        "Who met Duringg?",
        "What is the second rule of fifty?",
    ],
)
def test_english_words_and_other_names_stay(question):
    text, notes = respelt(question.replace("Velmor", "Vilmer"), KNOWN)
    assert (text, notes) == (question.replace("Velmor", "Vilmer"), ())
