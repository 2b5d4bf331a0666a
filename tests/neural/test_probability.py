"""Log-odds as a probability."""

import pytest

from qa.neural.probability import probability


@pytest.mark.parametrize(
    ("odds", "chance"),
    [(0.0, 0.5), (1.0986123, 0.75), (-1.0986123, 0.25), (1000.0, 1.0), (-1000.0, 0.0)],
)
def test_odds_of_three_to_one_are_three_quarters_and_the_ends_are_safe(odds, chance):
    assert probability(odds) == pytest.approx(chance)
