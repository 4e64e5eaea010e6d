"""A second opinion where no R is at hand: greenwood, statsmodels and lifelines on random cohorts."""

import numpy as np
import pytest

from caseseries.estimators import cumulative_incidence, kaplan_meier, restricted_mean, turnbull
from caseseries.estimators.compare import gray_statistic
from caseseries.estimators.proportion import interval

SEEDS = range(12)


def cohort(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng([7, seed])
    n = int(rng.integers(12, 50))
    return rng.integers(1, 40, n).astype(float), rng.permutation(np.resize([0, 1, 1, 2], n)), np.resize([0, 1], n)


@pytest.mark.parametrize("seed", SEEDS)
def test_curves_as_greenwood(seed):
    import greenwood

    time, cause, _ = cohort(seed)
    event = (cause == 1).astype(int)
    theirs = greenwood.KaplanMeier(conf_type="log-log").fit(greenwood.Surv(time, event=event)).to_frame()
    ours = kaplan_meier(time, event)
    np.testing.assert_allclose(ours["survival"], theirs["estimate"], atol=1e-12)
    inside = ours["lower"].notna().to_numpy()
    np.testing.assert_allclose(ours["lower"][inside], theirs["conf_low"][inside], atol=1e-12)
    np.testing.assert_allclose(ours["upper"][inside], theirs["conf_high"][inside], atol=1e-12)
    theirs = greenwood.AalenJohansen().fit(greenwood.Surv(time, event=cause, type="mstate")).to_frame()
    ours = cumulative_incidence(time, cause)
    np.testing.assert_allclose(ours["incidence"], theirs["estimate"], atol=1e-12)
    np.testing.assert_allclose(ours["std_error"], theirs["std_error"], atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_gray_as_greenwood(seed):
    import greenwood

    time, cause, group = cohort(seed)
    with np.errstate(invalid="ignore"):  # it divides by a group that has run out
        theirs = greenwood.grays_test(greenwood.Surv(time, event=cause, type="mstate"), group, cause=1)
    ours = gray_statistic(time, cause, group, np.zeros(time.size, dtype=int), 1, 0)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_turnbull_as_greenwood(seed):
    import greenwood

    rng = np.random.default_rng([8, seed])
    left = rng.integers(0, 6, 25) * 7.0
    right = np.where(rng.random(25) < 0.2, np.inf, left + 7.0 * rng.integers(1, 4, 25))
    theirs = greenwood.Turnbull(tol=1e-12, max_iter=100_000).fit(greenwood.Surv(left, right, type="interval2"))
    frame, ours = theirs.to_frame(), turnbull(left, right)
    for high, share in zip(ours["right"], ours["mass"].cumsum(), strict=True):
        assert share == pytest.approx(frame.loc[frame["interval_high"] <= high, "prob_mass"].sum(), abs=1e-6)


@pytest.mark.parametrize(("method", "name"), [("wilson", "wilson"), ("clopper_pearson", "beta")])
def test_rates_as_statsmodels(method, name):
    from statsmodels.stats.proportion import proportion_confint

    n = np.repeat(np.arange(1, 40), np.arange(2, 41))
    x = np.concatenate([np.arange(m + 1) for m in range(1, 40)])
    ours, theirs = interval(x, n, method), proportion_confint(x, n, method=name)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_restricted_mean_as_lifelines(seed):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    time, cause, _ = cohort(seed)
    event = (cause == 1).astype(int)
    fitted = KaplanMeierFitter().fit(time, event)
    theirs = restricted_mean_survival_time(fitted, t=time.max())
    assert restricted_mean(time, event, time.max()).estimate == pytest.approx(theirs, rel=1e-8)
