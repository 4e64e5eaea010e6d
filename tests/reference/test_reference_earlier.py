"""The robust meta-analytic-predictive prior, held to what RBesT prints and to plain integration.

Printed values: RBesT, article "Getting started with RBesT (binary)", data set AS:
gMAP(cbind(r, n - r) ~ 1 | study, data = AS, tau.dist = "HalfNormal", tau.prior = 1, beta.prior = 2,
family = binomial), which samples.
"""

import numpy as np
import pytest
from scipy import special, stats

from caseseries.estimators.earlier import GRID, RATES, SLOPE, STEP, earlier_rates, mixture, surprise, update

EVENTS, N = [23, 12, 19, 9, 39, 6, 9, 10], [107, 44, 51, 39, 139, 20, 78, 35]
PRINTED = {1.0: (0.2550, 0.0864, 0.1060, 0.2470, 0.4610), 0.5: (0.2590, 0.0776, 0.1290, 0.2500, 0.4420)}
"""Scale of tau -> mean, standard deviation, 2.5, 50 and 97.5 % of the prior."""
WEIGHTS = np.array([0.4612914, 0.1917812, 0.1893896, 0.1575378])
A = np.array([33.9513487, 19.4400089, 12.2692310, 2.2521243])
B = np.array([103.0146367, 41.5205219, 55.9202833, 5.4812202])
"""The beta mixture that RBesT fits to its sample."""


def rbest_mixture():
    return sum(w * stats.beta(a, b).pdf(RATES) * SLOPE for w, a, b in zip(WEIGHTS, A, B, strict=True))


@pytest.mark.parametrize("spread", PRINTED)
def test_the_prior_is_that_of_rbest_within_the_error_of_its_sampler(spread):
    prior = earlier_rates(EVENTS, N, vague=0, spread=spread)
    told = prior.mean, prior.std_dev, *(prior.quantile(p) for p in (0.025, 0.5, 0.975))
    assert told[:2] == pytest.approx(PRINTED[spread][:2], abs=0.004)
    assert told[2:] == pytest.approx(PRINTED[spread][2:], abs=0.011)


@pytest.mark.parametrize(("vague", "printed"), [(0.0, 38), (0.2, 27)])
def test_the_effective_size_of_rbests_mixture_is_the_one_it_prints(vague, printed):
    """round(ess(map)) and round(ess(robustify(map, weight = 0.2, mean = 1/2)))."""
    assert round(mixture(rbest_mixture(), vague).effective_size) == printed


def test_the_prior_is_that_of_plain_integration():
    """Distribution of the logit by sums over mu, tau and the deviates of two series."""
    prior = earlier_rates([7, 3], [10, 9], vague=0)
    mu, tau = np.linspace(-8, 8, 321)[:, None], np.linspace(0.005, 5, 500)[None, :]
    nodes, weights = np.polynomial.hermite.hermgauss(60)
    found = stats.norm.pdf(mu, 0, 2) * stats.norm.pdf(tau)
    for x, n in ((7, 10), (3, 9)):
        eta = mu[..., None] + tau[..., None] * np.sqrt(2) * nodes
        found = found * np.sum(weights * np.exp(x * eta - n * np.logaddexp(0, eta)), axis=2)
    for place in (-2.0, -0.5, 0.0, 1.5):
        exact = np.sum(found * stats.norm.cdf(place, mu, tau)) / np.sum(found)
        ours = np.sum(prior.density[place - STEP / 2 > GRID]) * STEP + np.interp(place, GRID, prior.density) * STEP / 2
        assert ours == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize(("a", "b"), [(3, 5), (20, 7), (2, 2)])
def test_a_beta_prior_is_worth_the_sum_of_its_parameters_and_updates_as_it_must(a, b):
    prior = mixture(stats.beta(a, b).pdf(RATES) * SLOPE, 0.0)
    assert prior.effective_size == pytest.approx(a + b, rel=2e-3)
    after = update(prior, 2, 4)
    assert after.mean == pytest.approx((a + 2) / (a + b + 4), abs=1e-6)
    assert after.quantile(0.025) == pytest.approx(stats.beta(a + 2, b + 2).ppf(0.025), abs=1e-3)


def test_the_uniform_part_takes_over_where_the_new_series_is_unlike_the_earlier_ones():
    prior = earlier_rates([28, 45, 33], [30, 50, 36])
    like, unlike = update(prior, 9, 10), update(prior, 1, 10)
    assert like.vague < 0.2 < unlike.vague
    assert abs(unlike.mean - 2 / 12) < 0.06
    assert surprise(prior, 1, 10) < 0.01 < 0.5 < surprise(prior, 9, 10)


def test_the_share_of_the_uniform_part_after_a_series_is_that_of_the_beta_binomial():
    prior = mixture(stats.beta(8, 3).pdf(RATES) * SLOPE, 0.2)
    marginal = stats.betabinom(4, 8, 3).pmf(2), stats.betabinom(4, 1, 1).pmf(2)
    expected = 0.2 * marginal[1] / (0.8 * marginal[0] + 0.2 * marginal[1])
    assert update(prior, 2, 4).vague == pytest.approx(expected, rel=1e-4)
    tails = stats.betabinom(4, 8, 3).cdf(2), stats.betabinom(4, 8, 3).sf(1)
    assert surprise(prior, 2, 4) == pytest.approx(min(1, 2 * min(tails)), rel=1e-4)


def test_densities_integrate_to_one():
    for prior in (earlier_rates([0], [5]), earlier_rates([5], [5]), update(earlier_rates([2, 3], [4, 9]), 4, 4)):
        assert prior.density.sum() * STEP == pytest.approx(1, abs=2e-4)
    assert special.expit(GRID[0]) < 1e-4


@pytest.mark.parametrize("wrong", [{"vague": 1.0}, {"vague": -0.1}, {"spread": 0}, {"location": 0}])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="vague"):
        earlier_rates([1], [4], **wrong)


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="events"):
        earlier_rates([5], [4])
