"""Times as places among the distinct ones, work in blocks, and iterations that reach no end."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from caseseries.estimators import arrays, cumulative_incidence, interval, kaplan_meier, turnbull


@pytest.mark.parametrize(
    ("time", "distinct", "place"),
    [
        ([3, 1, 3], [1, 3], [1, 0, 1]),
        ([2.25, 0.5, 1.75], [0.5, 1.75, 2.25], [2, 0, 1]),
        ([2.25, 0.5, 2.25], [0.5, 2.25], [1, 0, 1]),
        ([0.3, 0.1 + 0.2, 0.1], [0.1, 0.3], [1, 1, 0]),  # one time but for rounding
    ],
)
def test_distinct_times_and_where_each_stands(time, distinct, place):
    found, places = arrays.distinct_times(np.array(time, float))
    assert found == pytest.approx(distinct, rel=1e-12)
    assert places.tolist() == place


@pytest.mark.parametrize("estimate", [kaplan_meier, cumulative_incidence])
def test_a_curve_worked_out_in_blocks_is_the_same(monkeypatch, estimate):
    random = np.random.default_rng(3)
    time, cause = random.integers(1, 60, 80), random.integers(0, 2, 80)
    whole = estimate(time, cause)
    monkeypatch.setattr(arrays, "BLOCK", 7)
    pd.testing.assert_frame_equal(estimate(time, cause), whole)


def test_iterations_without_an_end_are_told(monkeypatch):
    monkeypatch.setattr(interval, "MOST_ITERATIONS", 0)
    with pytest.raises(RuntimeError, match="turnbull: no convergence within 0 iterations"):
        turnbull([0, 3, 5], [4, 7, 9])
    monkeypatch.setattr(interval, "MOST_ITERATIONS", -100)
    with pytest.raises(RuntimeError, match="turnbull: no convergence of the least squares"):
        interval.least_squares(np.eye(2), np.ones(2), np.ones(2))


@pytest.mark.parametrize("seed", range(12))
def test_least_squares_without_negative_coefficients_as_scipy_has_them_whatever_is_guessed(seed):
    random = np.random.default_rng(seed)
    design, guess = random.normal(size=(9, 5)), random.choice([1.0, 1e-12], 5)
    target = design @ random.choice([0.0, 0.0, 1.0, 2.0], 5) + random.normal(size=9)
    found = interval.least_squares(design, target, np.append(guess[:-1], 1.0))
    assert found == pytest.approx(optimize.nnls(design, target)[0], abs=1e-9)
