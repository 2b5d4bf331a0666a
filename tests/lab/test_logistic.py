"""The fit of a logistic regression, against data whose odds are known."""

import numpy as np
import pytest

from lab.logistic import logistic_fit
from qa.evaluation.scoring import calibration_error


def test_the_fit_finds_the_odds_that_made_the_data():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20_000, 2)) * [1.0, 3.0] + [0.0, 4.0]
    odds = features @ np.array([1.5, -0.5]) + 0.3
    truth = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float)
    assert logistic_fit(features, truth, ridge=0.01) == pytest.approx(
        [1.5, -0.5, 0.3], abs=0.1
    )
    assert calibration_error(1 / (1 + np.exp(-odds)), truth) < 0.02
    assert calibration_error(1 / (1 + np.exp(-odds - 2)), truth) > 0.1


def test_weights_separate_what_can_be_separated_and_count_as_often_as_said():
    rows = np.array([[0.0, 5.0], [1.0, 5.0], [0.0, 5.0], [1.0, 5.0]] * 20)
    truth = np.array([0.0, 1.0, 0.0, 1.0] * 20)
    first, second, bias = logistic_fit(rows, truth, ridge=3.0)
    assert first > 2
    assert abs(second) < 1e-6
    assert first + 5 * second + bias > 0 > 5 * second + bias
    weights = np.where(truth == 1, 9.0, 1.0)
    flat = logistic_fit(np.zeros((80, 1)), truth, ridge=3.0, weights=weights)
    assert flat[-1] == pytest.approx(np.log(9), abs=0.01)


def test_a_strong_ridge_holds_the_coefficients_small_and_spares_the_bias():
    rows = np.array([[0.0], [1.0]] * 40)
    truth = np.array([0.0, 1.0, 1.0, 1.0] * 20)
    free, _ = logistic_fit(rows, truth, ridge=0.01)
    held, bias = logistic_fit(rows, truth, ridge=1000.0)
    assert abs(held) < 0.1 < free
    assert bias + held / 2 == pytest.approx(np.log(3), abs=0.05)
