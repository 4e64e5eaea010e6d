"""Rates at the edges, differences, agreement and episodes of one person."""

import numpy as np
import pandas as pd
import pytest

from caseseries.estimators import (
    agreement,
    bootstrap_rate,
    clopper_pearson,
    clustered,
    cohen_kappa,
    cumulative_incidence,
    gee_rate,
    gwet_ac1,
    jeffreys,
    mid_p,
    newcombe,
    proportion,
)
from caseseries.estimators.competing import incidence_quantile
from caseseries.estimators.incidence_rate import poisson_rate

# Two-sided 95 % limits: k, n, Clopper-Pearson, Wilson, Jeffreys (0 and 1 at the edges), mid-P (scipy 1.17.1).
KNOWN = [
    (0, 4, (0.0000, 0.6024), (0.0000, 0.4899), (0.0000, 0.4448), (0.0000, 0.5271)),
    (2, 4, (0.0676, 0.9324), (0.1500, 0.8500), (0.1228, 0.8772), (0.0943, 0.9057)),
    (4, 4, (0.3976, 1.0000), (0.5101, 1.0000), (0.5552, 1.0000), (0.4729, 1.0000)),
    (13, 17, (0.5010, 0.9319), (0.5274, 0.9044), (0.5328, 0.9149), (0.5250, 0.9204)),
    (17, 33, (0.3354, 0.6920), (0.3522, 0.6750), (0.3494, 0.6784), (0.3470, 0.6807)),
    (23, 31, (0.5539, 0.8814), (0.5675, 0.8630), (0.5713, 0.8697), (0.5681, 0.8723)),
]
METHODS = ["wilson", "clopper_pearson", "jeffreys", "mid_p", "blaker"]


@pytest.mark.parametrize(("k", "n", "exact", "wilson", "equal_tailed", "half"), KNOWN)
def test_limits_of_published_rates(k, n, exact, wilson, equal_tailed, half):
    for function, limits in ((clopper_pearson, exact), (proportion, wilson), (jeffreys, equal_tailed), (mid_p, half)):
        found = function(k, n)
        assert (found.lower, found.upper) == pytest.approx(limits, abs=5.1e-5)
        assert found.estimate == k / n


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 4, 31, 400])
def test_edges_are_closed(method, n):
    none, everybody = proportion(0, n, method), proportion(n, n, method)
    assert none.lower == 0
    assert everybody.upper == 1
    assert 0 < none.upper < 1
    assert none.upper == pytest.approx(1 - everybody.lower, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_evaluable_says_nothing(method):
    found = proportion(0, 0, method)
    assert np.isnan(found.estimate)
    assert (found.lower, found.upper) == (0, 1)


def test_zero_of_four_newborns():
    assert clopper_pearson(0, 4).upper == pytest.approx(0.6024, abs=5e-5)


def test_difference_of_two_rates():
    # Newcombe 1998, Stat Med 17:873, table II, method 10: 56/70 and 48/80
    found = newcombe(56, 70, 48, 80)
    assert (found.estimate, found.lower, found.upper) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    none = newcombe(0, 10, 0, 10)
    assert (none.estimate, none.lower, none.upper) == pytest.approx((0, -0.2775, 0.2775), abs=5e-5)


def test_difference_with_an_empty_group():
    found = newcombe(0, 0, 2, 4)
    assert np.isnan(found.estimate)
    assert (found.lower, found.upper) == (-1, 1)


def readings(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    counts = np.array(table)
    return tuple(np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))


def test_chance_corrected_agreement_by_hand():
    """Gwet (2008, Br J Math Stat Psychol 61:29): 89 of 100 agree; mean shares .13, .255, .615 of the three classes."""
    found = gwet_ac1(*readings([[13, 0, 0], [0, 20, 7], [0, 4, 56]]))
    by_chance = (0.13 * 0.87 + 0.255 * 0.745 + 0.615 * 0.385) / 2
    assert found.estimate == pytest.approx((0.89 - by_chance) / (1 - by_chance))


def test_error_of_chance_corrected_agreement_is_that_of_the_jackknife():
    first, second = readings([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    kept = ~np.eye(len(first), dtype=bool)
    without = np.array([gwet_ac1(first[mask], second[mask]).estimate for mask in kept])
    jackknife = np.sqrt((len(first) - 1) ** 2 / len(first) * without.var(ddof=1))
    assert gwet_ac1(first, second).std_error == pytest.approx(jackknife, rel=0.05)


def test_kappa_falls_where_one_class_is_rare_and_ac1_does_not():
    rare = readings([[40, 2], [1, 1]])
    kappa, ac1 = cohen_kappa(*rare), gwet_ac1(*rare)
    assert kappa.observed == ac1.observed == pytest.approx(41 / 44)
    assert kappa.estimate < 0.4
    assert ac1.estimate > 0.9


@pytest.mark.parametrize("function", [cohen_kappa, gwet_ac1])
def test_agreement_on_one_class_only_is_not_defined(function):
    found = function(["CR"] * 5, ["CR"] * 5)
    assert np.isnan(found.estimate)
    assert found.note == "not defined: every case is in one category"


@pytest.mark.parametrize("function", [cohen_kappa, gwet_ac1])
def test_perfect_agreement(function):
    found = function(["CR", "R", "NR", "NR"], ["CR", "R", "NR", "NR"])
    assert found.estimate == pytest.approx(1)
    assert np.isnan([found.lower, found.upper]).all()  # four cases do not make it certain
    assert found.note == "no interval: nothing varied"


@pytest.mark.parametrize("function", [agreement.kappa_of_table, agreement.ac1_of_table])
@pytest.mark.parametrize("responders", [*range(1, 60), *range(60, 3000, 97)])
def test_no_spread_is_told_from_rounding(function, responders):
    """One reading is constant: kappa is 0 whatever the cases. Perfect agreement: both are 1."""
    constant, perfect = np.array([[0, responders], [0, 3694]]), np.array([[responders, 0], [0, 3694]])
    assert np.isnan(function(perfect).lower)
    if function is agreement.kappa_of_table:
        assert np.isnan(function(constant).lower)
    rare = function(np.array([[responders + 3694, 1], [1, 0]]))
    assert rare.lower < rare.estimate < rare.upper


def test_gee_is_that_of_statsmodels():
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    rng = np.random.default_rng(3)
    person, event = rng.integers(0, 25, 40), rng.integers(0, 2, 40)
    model = GEE(event, np.ones((40, 1)), groups=person, family=Binomial(), cov_struct=Independence())
    expected = model.fit(cov_type="bias_reduced")
    found = gee_rate(event, person)
    assert found.estimate == pytest.approx(event.mean())
    assert found.std_error == pytest.approx(float(expected.bse[0]), rel=1e-8)


def test_more_episodes_of_the_same_persons_do_not_shorten_the_interval():
    event = [1, 0] * 10
    person = [f"P{i:02}" for i in range(20)]
    once = gee_rate(event, person)
    twice = gee_rate(event * 2, person * 2)
    assert twice.n == 2 * once.n
    assert twice.std_error == pytest.approx(once.std_error)


def test_bootstrap_by_person_is_the_same_every_time():
    rng = np.random.default_rng(4)
    person, event = rng.integers(0, 25, 60), rng.integers(0, 2, 60)
    first, second = bootstrap_rate(event, person), bootstrap_rate(event, person)
    assert first == second
    assert first.lower < first.estimate < first.upper


def test_bootstrap_of_many_persons_draws_those_alike_together(monkeypatch):
    """The same distribution by other random numbers: limits agree as far as 2,000 samples can tell."""
    rng = np.random.default_rng(4)
    person, event = rng.integers(0, 900, 1300), rng.integers(0, 2, 1300)
    one_by_one = bootstrap_rate(event, person)
    monkeypatch.setattr(clustered, "ONE_BY_ONE", 0)
    together = bootstrap_rate(event, person)
    assert together.estimate == one_by_one.estimate
    for part in ("std_error", "lower", "upper"):
        assert getattr(together, part) == pytest.approx(getattr(one_by_one, part), rel=0.05), part
    assert together != one_by_one


@pytest.mark.parametrize("function", [gee_rate, bootstrap_rate])
def test_too_few_persons_or_one_outcome_is_said(function):
    few = function([1, 0, 1, 1], ["A", "A", "B", "C"])
    assert few.refused == "no interval: 3 persons, fewer than 10"
    assert function([1], ["A"]).refused == "no interval: 1 person, fewer than 10"
    assert (few.events, few.n, few.persons) == (3, 4, 3)
    alike = function([1] * 12, list("ABCDEFGHIJKL"))
    assert alike.refused == "no interval: all episodes ended alike"
    assert np.isnan(alike.lower)


def test_results_are_frozen():
    with pytest.raises(AttributeError):
        proportion(1, 4).estimate = 1
    assert isinstance(pd.DataFrame([vars(proportion(1, 4))]), pd.DataFrame)


@pytest.mark.parametrize(
    ("events", "lower", "upper"), [(0, 0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904)]
)
def test_a_rate_of_events_by_time_has_the_exact_limits_of_garwood(events, lower, upper):
    """Limits for a mean of Poisson counts as tabled by Garwood 1936."""
    assert poisson_rate(events, 1) == pytest.approx((events, lower, upper), abs=5e-5)
    assert poisson_rate(events, 20) == pytest.approx((events / 20, lower / 20, upper / 20), abs=5e-6)
    assert poisson_rate(events, 1, 0.9)[2] < upper


@pytest.mark.parametrize(("events", "time", "level"), [(-1, 1, 0.95), (1, 0, 0.95), (1, 1, 95)])
def test_a_rate_of_no_time_or_of_fewer_than_no_events_is_refused(events, time, level):
    with pytest.raises(ValueError):
        poisson_rate(events, time, level)


def test_incidence_quantile_needs_a_share():
    with pytest.raises(ValueError, match="p: must lie between 0 and 1"):
        incidence_quantile(cumulative_incidence([3, 7], [1, 1]), 1)


def test_the_interval_of_ac1_is_by_t_with_one_degree_less_than_cases():
    found = gwet_ac1(*readings([[3, 1, 0], [1, 2, 0], [0, 1, 2]]))
    assert (found.estimate - found.lower) / found.std_error == pytest.approx(2.262157, abs=1e-6)  # t table, 9 df
