"""Pooled rates: known answers, what cannot be estimated, and what must not change the answer."""

import numpy as np
import pytest

from caseseries.estimators import clopper_pearson, inverse_variance, leave_one_out, pool_proportions
from caseseries.estimators.meta_analysis import POINTS, _likelihood, logits

FIVE = ([3, 9, 5, 2, 7], [4, 10, 12, 9, 8])


def test_five_cohorts():
    # 101-point quadrature in scipy 1.17.1: mu .65374, tau2 1.38969, rate .6579
    found = pool_proportions(*FIVE)
    assert (found.mu, found.tau2, found.estimate) == pytest.approx((0.65374, 1.38969, 0.6579), abs=6e-5)
    assert found.lower < found.estimate < found.upper
    assert found.prediction_lower < found.lower
    assert found.prediction_upper > found.upper


def test_three_cohorts():
    found = pool_proportions([23, 17, 2], [31, 33, 4])
    assert (found.mu, found.tau2, found.estimate) == pytest.approx((0.48026, 0.08940, 0.6178), abs=6e-5)


def test_enough_quadrature_points():
    assert POINTS >= 25


@pytest.mark.parametrize(
    ("events", "n", "words"),
    [
        ([4], [5], "one cohort: nothing to pool"),
        ([0, 0], [4, 5], "no responder in any cohort: no model can be fitted"),
        ([4, 5], [4, 5], "responders only in every cohort: no model can be fitted"),
        (
            [4, 0],
            [4, 6],
            "every cohort has responders only or none: the spread has no limit and no model can be fitted",
        ),
    ],
)
@pytest.mark.parametrize("function", [pool_proportions, inverse_variance])
def test_what_cannot_be_estimated_is_said(function, events, n, words):
    found, exact = function(events, n), clopper_pearson(sum(events), sum(n))
    assert (found.method, found.note) == (f"Clopper-Pearson of the sum, {sum(events)}/{sum(n)}", words)
    assert (found.estimate, found.lower, found.upper) == (exact.estimate, exact.lower, exact.upper)
    assert np.isnan([found.mu, found.std_error, found.tau2, found.i2, found.prediction_lower]).all()


def test_cohorts_too_far_apart_are_not_pooled():
    found = pool_proportions([9, 21, 2, 21, 11], [9, 21, 13, 21, 11])
    assert found.method == "Clopper-Pearson of the sum, 64/75"
    assert found.note == "cohorts lie too far apart to pool (tau above 5 on the logit scale)"


@pytest.mark.parametrize(
    ("events", "n"),
    [
        ([5, 6], [11, 6]),
        ([0, 15, 0], [6, 22, 10]),
        ([22, 1, 23], [24, 20, 23]),
        ([0, 0, 0, 0, 3, 0], [11, 19, 21, 8, 13, 20]),
    ],
)
def test_one_mixed_cohort_among_full_and_empty_ones(events, n):
    """Steps to a mode once swung to and fro here; the maximum is checked against a fine sum over the intercept."""
    found = pool_proportions(events, n)
    x, m = np.array(events, dtype=float), np.array(n, dtype=float)
    tau = np.sqrt(found.tau2)
    best = _by_sum(x, m, found.mu, tau)
    for mu, spread in ((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)):
        assert _by_sum(x, m, found.mu + mu, tau + spread) < best


@pytest.mark.parametrize(("mu", "tau"), [(-3, 4), (3, 4.9), (0, 2)])
def test_quadrature_far_from_the_data(mu, tau):
    x, n = np.array([10.0, 0, 3]), np.array([20.0, 5, 20])
    assert _likelihood(x, n, mu, tau)[0] == pytest.approx(_by_sum(x, n, mu, tau), abs=1e-4)


def test_equal_rates_have_no_spread():
    found = pool_proportions([2, 4, 6], [4, 8, 12])
    assert (found.tau2, found.i2) == (0, 0)
    assert found.std_error == pytest.approx(24**-0.5 * 2)  # 1 / sqrt(n p q)
    assert found.note == "cohorts differ no more than by chance (tau2 = 0)"
    assert inverse_variance([2, 4, 6], [4, 8, 12]).std_error == pytest.approx(24**-0.5 * 2)


def test_prediction_only_from_three_cohorts_and_rules_named():
    two, three = pool_proportions([3, 5], [6, 9]), pool_proportions([3, 5, 2], [6, 9, 7])
    assert np.isnan([two.prediction_lower, two.prediction_upper]).all()
    assert np.isfinite([three.prediction_lower, three.prediction_upper]).all()
    assert three.prediction_rule == "t with k - 2 df, Higgins, Thompson and Spiegelhalter 2009"
    assert three.i2_rule == "tau2 / (tau2 + typical variance within cohorts), Higgins and Thompson 2002"


@pytest.mark.parametrize(("events", "n"), [([5, 6, 4, 11], [18, 9, 9, 22]), ([27, 13, 6, 9], [41, 27, 14, 17]), FIVE])
def test_a_spread_is_the_likeliest_also_where_it_is_small(events, n):
    """The slope of the likelihood by tau is 0 there; it was sought among 0 and 0.1 first."""
    found = pool_proportions(events, n)
    x, m = np.array(events, dtype=float), np.array(n, dtype=float)
    assert found.tau2 > 0
    assert _likelihood(x, m, found.mu, np.sqrt(found.tau2))[1] == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize(("events", "n"), [([18, 28, 26, 11], [27, 41, 49, 23]), FIVE])
def test_reml_spread_solves_its_equation(events, n):
    """sum(w^2 (y - mean)^2) = sum(w) - sum(w^2) / sum(w), w = 1 / (variance + tau2) (Viechtbauer 2005)."""
    values, variances = logits(np.array(events), np.array(n))
    w = 1 / (variances + inverse_variance(events, n).tau2)
    squares = np.sum(w**2 * (values - np.average(values, weights=w)) ** 2)
    assert squares == pytest.approx(np.sum(w) - np.sum(w**2) / np.sum(w), rel=1e-9)


def test_half_added_hides_spread_and_the_model_does_not():
    events, n = [7, 4, 0, 0, 16, 2, 8, 5, 11], [12, 4, 7, 5, 31, 9, 8, 14, 25]
    assert inverse_variance(events, n).tau2 == 0
    assert pool_proportions(events, n).tau2 == pytest.approx(3.7603, abs=1e-4)


def test_order_of_cohorts_and_names_of_outcomes_change_nothing():
    events, n = np.array(FIVE[0]), np.array(FIVE[1])
    found = pool_proportions(events, n)
    turned = pool_proportions(events[::-1], n[::-1])
    assert turned.estimate == pytest.approx(found.estimate, abs=1e-9)
    mirrored = pool_proportions(n - events, n)
    assert mirrored.estimate == pytest.approx(1 - found.estimate, abs=1e-9)
    assert (mirrored.lower, mirrored.upper) == pytest.approx((1 - found.upper, 1 - found.lower), abs=1e-8)


def test_leave_one_out():
    found = leave_one_out(*FIVE)
    assert len(found) == 5
    assert found[1].estimate == pool_proportions([3, 5, 2, 7], [4, 12, 9, 8]).estimate
    assert leave_one_out([0, 3], [4, 9])[1].note == "one cohort: nothing to pool"


def test_gradient_is_that_of_the_likelihood():
    x, n = (np.array(c, dtype=float) for c in FIVE)
    value, gradient, curvature = _likelihood(x, n, 0.4, 1.1)
    h = 1e-5
    by_mu = (_likelihood(x, n, 0.4 + h, 1.1)[0] - _likelihood(x, n, 0.4 - h, 1.1)[0]) / (2 * h)
    by_tau = (_likelihood(x, n, 0.4, 1.1 + h)[0] - _likelihood(x, n, 0.4, 1.1 - h)[0]) / (2 * h)
    assert gradient == pytest.approx([by_mu, by_tau], abs=1e-8)
    again = (_likelihood(x, n, 0.4 + h, 1.1)[1][0] - _likelihood(x, n, 0.4 - h, 1.1)[1][0]) / (2 * h)
    assert curvature == pytest.approx(again, abs=1e-6)
    assert value == pytest.approx(_by_sum(x, n, 0.4, 1.1), abs=1e-9)


def _by_sum(x, n, mu, tau):
    """The same integral by a fine sum over the intercept."""
    b = np.linspace(-12, 12, 24001) * tau
    density = np.exp(-((b / tau) ** 2) / 2) / np.sqrt(2 * np.pi) / tau
    eta = mu + b
    inside = np.exp(x[:, None] * eta - n[:, None] * np.logaddexp(0, eta)) * density
    return np.log(inside.sum(axis=1) * (b[1] - b[0])).sum()
