"""The committed coverage tables are what the simulation gives, and say what the documentation says of them."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(coverage.OUT / f"{name}.csv")


def test_rates_are_those_of_every_outcome():
    found = coverage.rates()
    pd.testing.assert_frame_equal(found, table("rates"), check_exact=False, rtol=0, atol=6e-7)
    assert set(found["n"]) == {4, 8, 15, 31}
    assert found.groupby(["method", "n"]).size().eq(9).all()


@pytest.mark.parametrize("method", ["clopper_pearson", "blaker"])
def test_exact_intervals_never_hold_less_than_their_level(method):
    fine = np.linspace(0.005, 0.995, 199)
    assert min(coverage.rate_coverage(n, rate, method)[0] for n in (4, 8, 15, 31) for rate in fine) >= 0.95


def test_exact_coverage_is_that_of_drawn_samples():
    drawn = np.random.default_rng(2).binomial(15, 0.3, 40_000)
    lower, upper = coverage.limits(15, "wilson")
    held = ((lower <= 0.3) & (upper >= 0.3))[drawn].mean()
    assert coverage.rate_coverage(15, 0.3, "wilson")[0] == pytest.approx(held, abs=0.005)


@pytest.mark.slow
def test_a_cell_of_the_incidence_band():
    rows = table("incidence")
    expected = rows[(rows["n"] == 8) & (rows["rate"] == 0.5)].iloc[0]
    pd.testing.assert_series_equal(pd.Series(coverage.incidence_cell(8, 0.5)), expected, check_names=False, atol=6e-7)


@pytest.mark.slow
def test_a_cell_of_the_pooled_rate():
    rows = table("pooled")
    expected = rows[(rows["cohorts"] == 3) & (rows["spread"] == 0.5) & (rows["rate"] == 0.3)].iloc[0]
    found = pd.Series(coverage.pooled_cell(3, 0.5, 0.3))
    pd.testing.assert_series_equal(found, expected, check_names=False, atol=6e-7)


def test_every_cell_is_there():
    assert len(table("incidence")) == 4 * 9
    assert len(table("pooled")) == 3 * 3 * 3
