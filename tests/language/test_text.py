"""What counts as the same word, a name, a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.text import (
    MARKS,
    content_stems,
    exchanged,
    has_negation,
    is_content,
    legibly,
    names,
    normalise,
    numbers,
    reads_as_english,
    searchable,
    stem,
    tokens,
    without_accents,
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


def test_letters_with_strokes_and_ligatures_have_the_stems_of_plain_ones():
    for written, plain in [("Søren", "Soren"), ("Łódź", "Lodz"), ("Straße", "Strasse")]:
        assert stem(written) == stem(plain)
    assert without_accents("Þórður Ægir ıĳ") == "Thordur Aegir iij"


def test_chinese_and_japanese_characters_are_tokens():
    assert tokens("灯塔建于1884年 by 李明") == [
        *"灯塔建于",
        "1884",
        "年",
        "by",
        "李",
        "明",
    ]
    assert searchable("灯塔 is ø") == " 灯  塔  is o"


def test_a_text_to_read_keeps_its_length():
    text = "Søren ground 6OO sacks in l847, l or O; 3,2OO æ."
    read = legibly(text)
    assert read == "Soren ground 600 sacks in 1847, l or O; 3,200 æ."
    assert len(read) == len(text)


def test_a_text_is_read_as_english_by_its_words():
    assert reads_as_english("The keeper of Velt lights the lamps.")
    assert reads_as_english("Velt 1904")
    assert not reads_as_english("сколько судов насчитывает флот")
    assert reads_as_english("ferry timetable cost")
    assert not reads_as_english("Quanto costa la diga?")
    assert not reads_as_english("Hvor lang er diget?")
    assert not reads_as_english("¿Cuánto costó el dique?")
    assert not reads_as_english("wie viele Boote liegen heute dort")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("China armed Russia.", ["Russia armed China."]),
        ("The firm sold ships.", []),
        ("Ann Oake met Xi, and Xi left.", ["Xi met Ann Oake, and Ann Oake left."]),
        ("A to B, in C", ["A to C, in B"]),
        ("China read China Daily.", ["China Daily read China."]),
        ("In Österreich É fell.", []),
        ("In Österreich saw Émile.", ["In Émile saw Österreich."]),
        ("Iraq and Iran fought.", []),
        ("Iran fought Iraq.", []),
    ],
)
def test_names_are_put_in_each_others_place(text, others):
    assert exchanged(text, "Iraq, and Iran, had fought") == others


def test_of_many_names_a_few_are_put_elsewhere():
    assert len(exchanged(" met ".join(f"Ann{n}" for n in range(30)))) == 6
