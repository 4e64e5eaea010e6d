"""Every figure in docs/numerics.md that no other test holds: computed here, and looked up on the page."""

from pathlib import Path

import numpy as np
import pytest

from caseseries.estimators import (
    blaker,
    cumulative_incidence,
    inverse_variance,
    kaplan_meier,
    pool_proportions,
    quantile,
    restricted_mean,
)
from caseseries.estimators.compare import gray_statistic
from caseseries.estimators.meta_analysis import POINTS
from reference.test_reference_pool import model_with
from reference.values import apart, cohorts, data, items, value

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "numerics.md").read_text(encoding="utf-8").split())


def says(text: str) -> None:
    assert text in PAGE


def short(number: float, digits: int) -> str:
    """A number as the page writes it, without a leading 0."""
    return f"{number:.{digits}f}".lstrip("0")


def test_intervals_of_statsmodels():
    from scipy.stats import binomtest
    from statsmodels.stats.proportion import proportion_confint

    lower, _ = proportion_confint(30, 31, method="binom_test")
    p_value = binomtest(30, 31, 0.8286).pvalue
    assert p_value > 0.05  # not rejected, and yet outside
    says(f"30/31: lower limit {short(lower, 4)}, yet p = {short(p_value, 3)} at .8286")
    assert blaker(30, 31).lower < 0.8394
    lower, upper = proportion_confint(np.array([0, 4]), 4, method="jeffreys")
    assert lower[0] > 0
    assert upper[1] < 1
    says("the Jeffreys interval of statsmodels is open at 0/n and n/n")


def test_medians_at_exactly_one_half():
    import greenwood
    from lifelines import KaplanMeierFitter
    from statsmodels.duration.survfunc import SurvfuncRight

    frame = cohorts("itp_L")
    time, event = frame["time"].to_numpy(), (frame["status"] > 0).to_numpy(int)
    assert np.isinf(KaplanMeierFitter().fit(time, event).median_survival_time_)
    assert np.isnan(SurvfuncRight(time, event).quantile(0.5))
    assert greenwood.KaplanMeier().fit(greenwood.Surv(time, event=event)).median() == 3
    assert quantile(kaplan_meier(time, event), 0.5).estimate == 4.5
    says("at exactly one half lifelines gives no median, statsmodels none, greenwood the first time")


def test_variance_of_the_restricted_mean_in_lifelines():
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    frame = data("veteran")
    fitted = KaplanMeierFitter().fit(frame["time"], frame["status"])
    with np.errstate(all="ignore"), pytest.warns(Warning):
        _, variance = restricted_mean_survival_time(fitted, t=500, return_variance=True)
    ours = restricted_mean(frame["time"], frame["status"], 500)
    says(f"veteran to day 500: standard error {np.sqrt(variance):.0f} instead of {ours.std_error:.1f}")


def test_two_kinds_of_variance_of_the_incidence():
    frame, theirs = cohorts("itp_A"), value("cif/itp_A/cmprsk")
    curve = cumulative_incidence(frame["time"], frame["status"]).query("cause == 1 and time == 8")
    other = theirs["var"][0][theirs["at"].index(8)]
    says(f"cohort A at day 8: {short(curve['std_error'].item() ** 2, 4)} and {short(other, 4)}")


def test_grays_test_with_times_apart_and_together():
    frame = cohorts("itp_all")
    group = np.unique(frame["arm"], return_inverse=True)[1]
    found = [
        gray_statistic(time, frame["status"].to_numpy(), group, np.zeros(len(frame), int), 1, 0).statistic
        for time in (apart(frame["time"].to_numpy()), frame["time"].to_numpy())
    ]
    says(f"Gray's test of {len(frame)} patients: {found[0]:.4f} apart, {found[1]:.4f} together")


def test_points_of_the_quadrature(monkeypatch):
    frame = data("itp_pool")
    ours = pool_proportions(frame["x"], frame["n"])
    seven, one = (value(f"glmm/itp_pool/glmer/nAGQ={points}") for points in (7, 1))
    says(f"metafor and meta: 7 ({seven['tau2']:.4f}) | {POINTS} ({ours.tau2:.4f}, as lme4 with 50)")
    says(f"one point is off by {100 * (1 - one['tau2'] / ours.tau2):.0f} %")
    says(f"its default iteration stops early: se {short(one['se'], 3)}")
    laplace = model_with(1, (frame["x"].to_numpy(), frame["n"].to_numpy()), monkeypatch)
    says(f"| {short(laplace.std_error, 3)} with one point")


def test_heterogeneity_that_inverse_variance_hides():
    frame = data("itp_pool")
    hidden, seen = (pool(frame["x"], frame["n"]) for pool in (inverse_variance, pool_proportions))
    says(f"from Q of inverse variance ({100 * hidden.i2:.0f} % on a set where tau2 is {seen.tau2:.1f})")


def test_two_cohorts():
    found = pool_proportions([2, 5], [4, 9])
    says(f"2/4 and 5/9: {100 * found.lower:.1f} to {100 * found.upper:.1f} %")


def test_number_of_packages():
    says(f"values of {len({item['package'].split()[0] for item in items().values()})} R packages")
