"""What acronyms stand for, and names that articles write as acronyms."""

import pytest

from qa.answering.acronyms import acronym_asked, long_form, names_shortened


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What does CSA stand for?", ("CSA", True)),
        ("what is csa short for", ("CSA", True)),
        ("What is the abbreviation CSA?", ("CSA", True)),
        ("What does the acronym “CSA” mean?", ("CSA", True)),
        ("What do the letters CSA mean?", ("CSA", True)),
        ("What do the initials csa stand for?", ("CSA", True)),
        ("What does CSA mean?", ("CSA", False)),
        ("Who sent letters to the CSA?", ("", False)),
        ("Who wrote the letters?", ("", False)),
        ("What do Paul's letters mean?", ("", False)),
        ("When were the initials carved?", ("", False)),
        ("What does the flag of the CSA stand for?", ("", False)),
        ("What is the CSA?", ("", False)),
        ("What does it mean?", ("", False)),
        ("What does infrastructure mean?", ("", False)),
    ],
)
def test_an_acronym_is_asked_for_by_itself(question, asked):
    assert acronym_asked(question) == asked


@pytest.mark.parametrize(
    ("acronym", "sentence", "words"),
    [
        (
            "CSA",
            "The Coastal Safety Agency (CSA) licenses pilots.",
            "Coastal Safety Agency",
        ),
        ("GTO", "The Guild of Tug Owners, known as GTO, sued.", "Guild of Tug Owners"),
        ("LNG", "LNG, i.e. liquefied natural gas, burns.", "liquefied natural gas"),
        ("UFM", "UFM means Union of Fishermen.", "Union of Fishermen"),
        ("CSA", "The Coastal Safety Agency licenses pilots.", ""),
        ("CSA", "Cold seas are the matter of the CSA.", ""),
        ("PSC", "The PSC was abolished in 2003.", ""),
        ("CSA", "The CSA sets aims.", ""),
    ],
)
def test_words_whose_letters_spell_an_acronym_are_its_long_form(
    acronym, sentence, words
):
    assert " ".join(long_form(acronym, sentence)) == words


def test_a_name_of_several_words_may_be_an_acronym():
    question = "Whom did the Guild of Tug Owners sue in Port Ann?"
    assert list(names_shortened(question)) == [
        ("Guild of Tug Owners", "GTO", "Whom did the GTO sue in Port Ann?")
    ]
