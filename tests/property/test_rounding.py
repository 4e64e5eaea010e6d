"""A rounded release of a planted cohort: every number of people is a multiple, and nothing is told that may not be told
as it is, so that what does not follow from the exact numbers does not follow from the rounded ones.
"""

from functools import cache

import pytest
from statsmodels.stats.proportion import proportion_confint

from caseseries.model.methods import EXACT, WILSON
from property.planted import Planted, plant
from property.test_disclosure import THRESHOLDS, Behind, made

pytestmark = pytest.mark.xdist_group("disclosure")
BASES = {3: 5, 4: 3}
"""Of each seed."""


@cache
def rounded(seed: int) -> Planted:
    return plant(seed, THRESHOLDS[seed], rounding=BASES[seed])


@pytest.mark.parametrize(("seed", "base"), BASES.items())
def test_every_number_of_people_is_a_multiple_near_the_exact_one(seed, base):
    exact, told = Behind(made(seed)).told(), Behind(rounded(seed)).told()
    assert len(told) > 20
    assert set(told) <= set(exact)
    least = THRESHOLDS[seed] - THRESHOLDS[seed] % base
    for name, (number, mask) in told.items():
        if name != "everybody":  # whom the outsider need not be told
            assert number % base == 0 and (number == 0 or number >= least), name
            assert abs(number - mask.sum()) <= base, name


@pytest.mark.parametrize("seed", BASES)
def test_rates_and_their_limits_are_those_of_the_rounded_numbers(seed):
    """Limits by statsmodels."""
    estimates = rounded(seed).told.estimates
    rates = estimates[estimates["method"].isin([WILSON, EXACT])]
    assert len(rates)
    for row in rates.itertuples():
        kind = "wilson" if row.method == WILSON else "beta"
        limits = proportion_confint(row.events, row.n, alpha=1 - row.level, method=kind)
        assert (row.estimate, row.lower, row.upper) == pytest.approx((row.events / row.n, *limits), abs=1e-9)
    spread = rounded(seed).told.spread.set_index("definition")
    for name, row in rates[(rates["statistic"] == "response_rate") & (rates["group"] == "all")].groupby("definition"):
        assert (spread.loc[name, ["events", "n", "estimate"]] == row.iloc[0][["events", "n", "estimate"]]).all()


def test_something_is_told_of_curves_and_groups():
    told = [rounded(seed).told.estimates for seed in BASES]
    assert any((one["statistic"] == "cumulative_incidence").any() for one in told)
    assert any((one["group"] != "all").any() for one in told)
