"""How near a sentence keeps to its source, and whose words it gives as plain fact."""

import pytest

from qa.verification import is_freed, share_in_order

CLAIMED = "It is often claimed that the great bell of Tarnow weighs eleven tonnes."
CALLED = "Her critic Ivo Tamm called the promise “a fairy tale for investors”."


@pytest.mark.parametrize(
    ("said", "share"),
    [("the pier of Lind froze", 1.0), ("froze Lind", 0.5), ("ships", 0.0), ("of", 0.0)],
)
def test_words_count_as_near_where_they_keep_their_order(said, share):
    assert share_in_order(said, "The old pier of Lind froze in May.") == share


def test_what_the_source_means_by_it_may_be_named():
    said, source = "Ken Doyle was born in 1921.", "He was born in 1921."
    assert share_in_order(said, source) == 0.5
    assert share_in_order(said, source, named="Who is Ken Doyle?") == 1.0
    # A word that the source has as well keeps its place.
    turned = share_in_order("The bell claimed.", "He claimed the bell.", named="bell")
    assert turned == 0.5


@pytest.mark.parametrize(
    ("said", "source", "freed"),
    [
        ("The great bell of Tarnow weighs eleven tonnes.", CLAIMED, True),
        ("It is claimed that the bell weighs eleven tonnes.", CLAIMED, False),
        ("It was a fairy tale for investors.", CALLED, True),
        ("Ivo Tamm called it a fairy tale.", CALLED, False),
        ("The ship sank in 1902.", "The ship that sank in 1902 was old.", False),
        ("The pier froze.", "The pier froze in May.", False),
        ("The pier froze.", "Friends of the pier claim that the pier froze.", True),
        ("Ships.", "The pier froze.", False),
    ],
)
def test_what_is_told_of_others_is_not_given_as_plain_fact(said, source, freed):
    assert is_freed(said, source) == freed
