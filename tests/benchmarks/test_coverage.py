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


def span(values: pd.Series, digits: int = 2) -> str:
    """Smallest and largest value as the page writes them: .93 to 1."""
    low, high = (f"{value:.{digits}f}".lstrip("0") for value in (values.min(), values.max()))
    return f"{low} to {'1' if high.startswith('1.') else high}"


def says(text: str) -> None:
    page = " ".join((coverage.OUT.parent / "numerics.md").read_text(encoding="utf-8").split())
    assert text in page


def test_what_the_page_says_of_rates():
    rates = table("rates")
    widths = rates[rates["n"] == 4].groupby("method")["mean_width"].mean().round(2)
    assert widths[["clopper_pearson", "blaker", "wilson"]].tolist() == [0.75, 0.68, 0.61]
    says("the mean width is .75 and .68, against .61 for Wilson")
    wilson = rates[rates["method"] == "wilson"].groupby("n")["coverage"].mean()
    says(f"Wilson stays near its level on average ({span(wilson, 3)})")
    jeffreys = rates[rates["method"] == "jeffreys"].set_index(["n", "rate"])["coverage"]
    assert jeffreys.idxmin() == (4, 0.5)
    assert jeffreys.min() == 0.875
    says("Jeffreys drops to .875 at one half with 4 people")


def test_what_the_page_says_of_the_incidence_band():
    rows = table("incidence")
    both = rows.melt(["n", "rate"], ["coverage", "coverage_log_log"])["value"][(rows["n"] >= 15).tolist() * 2]
    says(f"From 15 people the two scales do alike, between {span(both).replace(' to ', ' and ')}")
    few = rows[rows["n"] < 15]
    says(f"the complementary log-log band holds {span(few.loc[few['rate'] > 0.1, 'coverage'])} over rates .2 to .9")
    first = rows.iloc[0]
    assert (first["n"], first["rate"], round(first["coverage"], 2)) == (4, 0.1, 0.85)
    assert round(3 * (1 - first["drawn"])) == 2
    says("falls short at .1 (.85 with 4 people), where two cohorts of three have no band at all")
    says(f"at high rates ({span(few.loc[few['rate'] == 0.9, 'coverage_log_log'])} at .9)")
    says(f"A band from 4 people is {span(rows.loc[rows['n'] == 4, 'mean_width'], 1)} wide")


def test_what_the_page_says_of_the_pooled_rate():
    rows = table("pooled")
    wide = rows[rows["spread"] == 1].set_index("cohorts")
    says(f"R's default, holds {span(wide.loc[3, 'coverage_z'])} with 3 cohorts and {span(wide.loc[9, 'coverage_z'])}")
    says(f"and the profile-likelihood interval {span(wide.loc[[3, 9], 'coverage_profile'])}")
    says(f"With t and k - 1 degrees of freedom it is {span(rows['coverage'])} everywhere")
    says(f"too wide with 3 cohorts ({span(rows.loc[rows['cohorts'] == 3, 'mean_width'])})")
    poorest = rows.loc[rows["coverage_inverse_variance"].idxmin()]
    assert (poorest["cohorts"], poorest["rate"]) == (9, 0.1)
    says(f"Inverse variance holds {span(rows['coverage_inverse_variance']).split()[0]} with 9 cohorts at a rate of .1")


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
