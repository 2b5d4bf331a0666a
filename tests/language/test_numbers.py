"""Numbers, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.numbers import missing, quantities
from qa.language.text import folded
from qa.verification.statements import plain


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,500 or 1.5 thousand", [1500, 1500]),
        ("$14.5 billion, 14.5bn, $14.5b", [14.5e9] * 3),
        ("two dozen ships and twenty-five men", [24, 25]),
        ("one hundred and five thousand", [105_000]),
        ("1.5 million and three hundred thousand", [1.5e6, 3e5]),
        ("half a million", [5e5]),
        ("in nineteen forty-five", [1945]),
        ("in 2005-06 and 1998/99", [2005, 2006, 1998, 1999]),
        ("the 1990s, the nineties", [1990, 1990]),
        ("the 3rd and the third", [3, 3]),
        ("2016-03-22", [22, 2016]),
        ("a decade, two decades", [10, 20]),
        ("S.O.S. and nothing else", []),
        ("one of them, no one else", []),
    ],
)
def test_numbers_are_read_in_digits_and_words(text, values):
    found = [q for q in quantities(plain(text)) if not q.implied]
    assert [q.value for q in found] == pytest.approx(values)
    assert {q.unit for q in found} <= {"number"}


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("a third of it", "33 % of it"),
        ("one third", "a third of the land"),
        ("two thirds", "67 percent"),
        ("5 per cent", "5%"),
        ("in 2006", "in 2005–06"),
        ("24 ships", "two dozen ships"),
        ("ten years ago", "a decade ago"),
        ("about $15 billion", "$14.5bn"),
        ("every year", "an annual meeting"),
        ("every five years", "every 5 years"),
        ("in the 1800s", "in the 19th century"),
        ("the two of them", "both of them"),
        ("on 22 March 2016", "on 2016-03-22"),
    ],
)
def test_what_is_written_otherwise_is_the_same(said, source):
    assert missing(plain(said), [plain(source)]) is None


@pytest.mark.parametrize(
    ("said", "source", "written"),
    [
        ("in 2016 it froze", "in 2015 it froze", "2016"),
        ("every five years", "annual drills", "every five years"),
        ("a third of it", "half of it", "a third"),
        ("$14.5 million", "$14.5 billion", "14.5 million"),
        ("two decades ago", "a decade ago", "two decades"),
        ("5 percent", "5 people", "5 percent"),
        ("grew by half", "grew by a third", "half"),
        ("only one of them", "both of them", "only one"),
    ],
)
def test_what_no_source_states_is_named_as_it_was_written(said, source, written):
    absent = missing(plain(said), [plain(source)])
    assert absent is not None
    assert absent.written == written


@given(number=st.integers(2, 9_999_999))
def test_separators_do_not_matter_and_another_number_does(number):
    assert missing(f"{number} men", [f"{number:,} men"]) is None
    assert missing(f"{number + 1} men", [f"{number:,} men"]) is not None


@given(text=st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert missing(plain(text), [plain(text)]) is None


@given(
    st.text(
        st.characters(categories=["Nd", "Nl", "No"]) | st.sampled_from("a .,%-"),
        max_size=8,
    )
)
def test_any_digits_of_any_script_are_read_or_passed_over(text):
    for written in (
        text,
        folded(text),
        f"{text} weavers",
        f"$1{text}m every {text} years",
    ):
        assert all(q.value == q.value for q in quantities(written))
        missing(written, [text])


@pytest.mark.parametrize("text", ["212¹ weavers", "212 ¹ weavers", "x² and ½", "Ⅷ ⑳ ٣"])
def test_raised_and_other_digits_do_not_crash(text):
    quantities(text)
    quantities(folded(text))


def test_a_power_is_not_another_number():
    assert missing("There are 8003 cells.", ["There are 800³ cells."]) is not None
    assert (
        missing("There are 8003 cells.", [folded("There are 800³ cells.")]) is not None
    )
    assert missing("There are 800 cells.", [folded("There are 800³ cells.")]) is None
