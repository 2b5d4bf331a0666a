"""What a list knows of irregular forms and a stemmer does not."""

import pytest

from qa.index.terms import index_term, index_terms
from qa.language.inflection import base_form
from qa.language.text import searchable, stem


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("bought", "buy"),
        ("began", "begin"),
        ("buses", "bus"),
        ("children", "child"),
        ("crises", "crisis"),
        ("ships", "ships"),
        ("harbour", "harbour"),
        ("flugelwort", "flugelwort"),
    ],
)
def test_base_form(word, base):
    assert base_form(word) == base


@pytest.mark.parametrize("word", ["left", "rose", "better", "oldest", "analyses"])
def test_a_word_that_may_be_another_part_of_speech_stays_as_it_is(word):
    assert base_form(word) == word


@pytest.mark.parametrize(
    ("asked", "written"), [("buy", "Bought"), ("bus", "buses"), ("write", "wrote")]
)
def test_a_question_and_a_text_mean_the_same_word(asked, written):
    assert stem(asked) == stem(written)
    assert index_term(asked) == index_term(written)


def test_full_text_search_knows_base_forms_and_leaves_all_else():
    text = "The Men bought 3 buses (1998); Düren’s gate was left open."
    assert searchable(text) == ("The man buy 3 bus (1998); Düren’s gate was left open.")


@pytest.mark.parametrize("written", ["won", "Wón", "52won", "men's", "left", "Düren"])
def test_what_is_stored_for_search_is_what_a_question_looks_for(written):
    assert index_terms(written) == [index_term(word) for word in written.split("'")]
