"""What counts as the same word, a name, a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.text import (
    MARKS,
    content_stems,
    has_negation,
    is_content,
    names,
    normalise,
    numbers,
    stem,
    tokens,
    written_tokens,
)


@given(st.text())
def test_normalised_text_is_lower_case_on_one_line(text):
    found = normalise(text)
    assert found == " ".join(found.split())
    assert not set(found) & set("’‘“”–—\n")


def test_typography_does_not_make_another_text():
    assert normalise("The “North–South”  line’s") == 'the "north-south" line\'s'
    assert normalise("increas-\n  ingly") == "increasingly"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. and the U.K.", ["The", "US", "and", "the", "UK"]),
        ("China’s rise", ["China", "rise"]),
        ("the states' ties", ["the", "states", "ties"]),
        ("14,000.5 tons.", ["14000.5", "tons"]),
        ("don't", ["don't"]),
        ("", []),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


def test_written_tokens_keep_marks_possessives_and_separators():
    assert written_tokens("China’s U.S. trade—1,200 tons (or/and more); it’s so:") == [
        "China's", "US", "trade", "-", "1,200", "tons", "(", "or", "/", "and", "more",
        ")", ";", "it's", "so", ":",
    ]  # fmt: skip


@given(st.text())
def test_tokens_are_the_written_ones_without_marks(text):
    assert len(tokens(text)) == sum(t not in MARKS for t in written_tokens(text))


def test_one_name_in_its_forms_has_one_stem():
    assert stem("Russian") == stem("Russia") == stem("RUSSIA")
    assert stem("Chinese") == stem("Sino") == stem("China")
    assert stem("US") == stem("American") == stem("USA")
    assert stem("sanctions") == stem("sanctioned")


def test_us_is_a_country_and_us_is_not():
    assert is_content("US")
    assert not is_content("us")
    assert content_stems("Tell us about the US") == ["us"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2005–06 it cost 1,200 in all.", {"2005", "2006", "1200"}),
        ("3.5 per cent, 2014.", {"3.5", "2014"}),
        ("from 2012–17", {"2012", "2017"}),
        ("Su-35 and S-400", {"35", "400"}),
        ("none", set()),
    ],
)
def test_numbers(text, expected):
    assert numbers(text) == expected


def test_names_are_capitalised_words_but_not_the_first_for_that_alone():
    assert names("Yesterday Ann met Bo in Paris.") == {"ann", "bo", stem("Paris")}
    assert names("NATO grew.") == {"nato"}
    assert names("Moscow spoke, and Moscow acted.") == {stem("Moscow")}
    assert names("") == set()


@pytest.mark.parametrize("word", ["not", "NEVER", "isn't", "without"])
def test_negations(word):
    assert has_negation(word)
    assert not has_negation("nothingness")
